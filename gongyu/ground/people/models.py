"""Children, those who care for them, and where they are enrolled, each from a day until a day."""

from django.db import models
from django.db.models import Q

from gongyu.ground.access.models import User
from gongyu.ground.calendar.intervals import Held
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField

from .states import ROSTER_IMPORT


class Sex(models.TextChoices):
    MALE = "M", "男"
    FEMALE = "F", "女"
    UNKNOWN = "U", "未知"


class Child(models.Model):
    """A child. ID and registry numbers are encrypted; their keyed digests find the child again."""

    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices, default=Sex.UNKNOWN)
    born_on = models.DateField("出生日期", null=True, blank=True)
    id_kind = models.CharField("证件类型", max_length=20, blank=True, default="")
    id_number = SecretField("身份证件号", blank=True, default="")
    id_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    registry_number = SecretField("全国学籍号", blank=True, default="")
    registry_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    home = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="children_living_here"
    )
    address = SecretField("现住址", blank=True, default="")

    class Meta:
        verbose_name = "儿童"
        indexes = [models.Index(fields=["name"], name="people_child_name")]

    def __str__(self) -> str:
        return self.name


class Carer(models.Model):
    """A grown-up who cares for children, guardian or not."""

    name = models.CharField("姓名", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    id_number = SecretField("身份证件号", blank=True, default="")
    id_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    phone = SecretField("联系电话", blank=True, default="")
    phone_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    other_phone = SecretField("备用电话", blank=True, default="")

    class Meta:
        verbose_name = "照护人"

    def __str__(self) -> str:
        return self.name


class Relation(models.TextChoices):
    FATHER = "father", "父亲"
    MOTHER = "mother", "母亲"
    GRANDFATHER = "grandfather", "祖父/外祖父"
    GRANDMOTHER = "grandmother", "祖母/外祖母"
    SIBLING = "sibling", "兄姐"
    RELATIVE = "relative", "其他亲属"
    INSTITUTION = "institution", "机构"
    OTHER = "other", "其他"


class Care(Held):
    """Who cares for a child from a day until a day; a carer need not be a guardian."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="cares")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="cares")
    relation = models.CharField("关系", max_length=12, choices=Relation.choices)
    is_guardian = models.BooleanField("监护人", default=False)
    is_daily_carer = models.BooleanField("日常照护", default=False)
    position = models.PositiveSmallIntegerField(default=1)

    class Meta(Held.Meta):
        verbose_name = "照护关系"
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(fields=["child", "carer", "from_on"], name="people_care_once"),
        ]


class Bar(Held):
    """A carer barred from contact with a child or from information about it, with the basis."""

    child = models.ForeignKey(Child, models.CASCADE, related_name="bars")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="bars")
    contact = models.BooleanField("禁止接触", default=True)
    information = models.BooleanField("不得告知信息", default=True)
    basis = models.CharField("依据", max_length=120)

    class Meta(Held.Meta):
        verbose_name = "限制"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                condition=Q(contact=True) | Q(information=True), name="people_bar_bars_something"
            ),
        ]


class Enrolment(Held):
    """A child in a class of a school from a day until a day; a move to another class is a new row."""

    class HowIn(models.TextChoices):
        ADMITTED = "admitted", "招生入学"
        TRANSFERRED = "transferred", "转入"
        MOVED_CLASS = "moved_class", "校内调班"
        PROMOTED = "promoted", "升级"
        RETURNED = "returned", "复学"

    class HowOut(models.TextChoices):
        TRANSFERRED = "transferred", "转出"
        MOVED_CLASS = "moved_class", "校内调班"
        PROMOTED = "promoted", "升级"
        GRADUATED = "graduated", "毕业"
        LEFT = "left", "离校"

    child = models.ForeignKey(Child, models.CASCADE, related_name="enrolments")
    school = models.ForeignKey(Place, models.PROTECT, related_name="enrolments_in_school")
    school_class = models.ForeignKey(Place, models.PROTECT, related_name="enrolments_in_class")
    how_in = models.CharField("入学方式", max_length=12, choices=HowIn.choices)
    how_out = models.CharField("离校方式", max_length=12, choices=HowOut.choices, blank=True)
    boarding = models.BooleanField("住校", default=False)
    pupil_number = models.CharField("校内学号", max_length=30, blank=True)

    class Meta(Held.Meta):
        verbose_name = "学籍"
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(until_on__isnull=True),
                name="people_enrolment_one_open",
            ),
            models.UniqueConstraint(
                fields=["child", "from_on"], name="people_enrolment_one_start_a_day"
            ),
        ]
        indexes = [models.Index(fields=["school_class", "from_on"], name="people_enrolment_class")]


class Leave(Held):
    """Time in which a child is enrolled and yet not at school (exception E2)."""

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", "休学"
        LONG_ILLNESS = "long_illness", "长期病假"
        TAUGHT_AT_HOME = "taught_at_home", "送教上门"
        ABROAD = "abroad", "出境"

    child = models.ForeignKey(Child, models.CASCADE, related_name="leaves")
    kind = models.CharField("类别", max_length=16, choices=Kind.choices)
    basis = models.CharField("依据", max_length=120, blank=True)

    class Meta(Held.Meta):
        verbose_name = "休学与不在校"


class RosterImport(models.Model):
    """One roster on its way in: uploaded → read → seen → confirmed → done (`states.ROSTER_IMPORT`).

    The file and the preview lie encrypted under the data folder and go when the import ends.
    """

    class Kind(models.TextChoices):
        PUPILS = "pupils", "学生名册"
        STAFF = "staff", "教职工名册"

    class Covers(models.TextChoices):
        PART = "part", "部分学生"
        CLASSES = "classes", "表中各班的全部学生"
        SCHOOL = "school", "全校学生"

    school = models.ForeignKey(Place, models.PROTECT, related_name="roster_imports")
    kind = models.CharField("名册种类", max_length=8, choices=Kind.choices, blank=True)
    covers = models.CharField("范围", max_length=8, choices=Covers.choices, default=Covers.PART)
    on = models.DateField("名册日期")
    status = models.CharField("状态", max_length=12, default="uploaded")
    file_name = SecretField("文件名", blank=True, default="")
    kept_as = models.CharField(max_length=40, unique=True)
    uploaded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="roster_imports"
    )
    uploaded_at = models.DateTimeField("上传时间")
    changed_at = models.DateTimeField("状态时间")
    expires_on = models.DateField("文件保留至(不含)")
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)
    warnings = models.PositiveIntegerField(default=0)
    # Counts by what happens (added, moved …); codes and numbers only.
    summary = models.JSONField(default=dict)
    # What was decided about doubtful rows: place in the file → child id, 0 for a new child.
    answers = models.JSONField(default=dict)
    with_leavers = models.BooleanField("登记离校", default=False)
    # The fingerprint of the preview that was seen; a confirmation holds for this one alone.
    seen = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "名册导入"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(ROSTER_IMPORT)), name="people_roster_status_known"
            ),
        ]
        indexes = [models.Index(fields=["school", "uploaded_at"], name="people_roster_school")]


class HeaderMapping(models.Model):
    """What a school said once about a column: heading → field, "-" for a column that is not used."""

    school = models.ForeignKey(Place, models.CASCADE, related_name="header_mappings")
    kind = models.CharField(max_length=8, choices=RosterImport.Kind.choices)
    heading = models.CharField("表头", max_length=60)
    field = models.CharField("含义", max_length=40)

    class Meta:
        verbose_name = "表头对应"
        constraints = [
            models.UniqueConstraint(
                fields=["school", "kind", "heading"], name="people_heading_once"
            ),
        ]
