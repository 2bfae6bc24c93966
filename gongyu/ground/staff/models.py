"""Staff and the posts they hold from a day until a day. A post is what gives a role."""

from django.db import models
from django.db.models import Q

from gongyu.ground.calendar.intervals import Held
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField


class Role(models.TextChoices):
    CLASS_TEACHER = "class_teacher", "班主任"
    SUBJECT_TEACHER = "subject_teacher", "科任教师"
    MORAL_EDUCATION_HEAD = "moral_education_head", "德育主任"
    SCHOOL_LEADER = "school_leader", "副校长"
    HEAD = "head", "校长"
    REGISTRAR = "registrar", "学籍管理员"
    DISTRICT_OFFICER = "district_officer", "区县教委干部"
    CITY_OFFICER = "city_officer", "市教委干部"
    AUDITOR = "auditor", "审计员"
    ADMINISTRATOR = "administrator", "系统管理员"
    # Reads the sealed reports of one school, and nobody else does.
    REPORT_LIAISON = "report_liaison", "强制报告联络员"
    # Of a village or community: reaches families without a phone.
    CHILDREN_DIRECTOR = "children_director", "儿童主任"
    # Works on the complaints that reach the desk of a district or of the city.
    COMPLAINT_HANDLER = "complaint_handler", "投诉举报办理人"


class Staff(models.Model):
    """A person who works in a school or a department."""

    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    id_number = SecretField("身份证件号", blank=True, default="")
    id_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    phone = SecretField("手机号", blank=True, default="")
    phone_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)

    class Meta:
        verbose_name = "教职工"

    def __str__(self) -> str:
        return self.name


class Post(Held):
    """One person's post in one place: a class teacher's place is the class, a head's the school,
    an officer's the department."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="posts")
    place = models.ForeignKey(Place, models.PROTECT, related_name="posts")
    role = models.CharField("岗位", max_length=24, choices=Role.choices)
    acting = models.BooleanField("代理", default=False)
    subject = models.CharField("任教学科", max_length=20, blank=True)
    basis = models.CharField("任职依据", max_length=120, blank=True)

    class Meta(Held.Meta):
        verbose_name = "任职"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(condition=Q(role__in=Role.values), name="staff_post_role_known"),
            models.UniqueConstraint(
                fields=["staff", "place", "role", "subject", "from_on"], name="staff_post_once"
            ),
        ]
        indexes = [models.Index(fields=["place", "role"], name="staff_post_place_role")]
