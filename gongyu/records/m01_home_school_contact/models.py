"""Preferences, proposals, visits, declines and follow-ups. What families said is encrypted."""

from django.db import models
from django.db.models import Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Post, Staff

# Django looks for every model of an app here.
from .models_concerns import (  # noqa: F401
    Anomaly,
    AnomalyStep,
    Contact,
    ContactChild,
    HandOver,
)
from .states import DECLINE, FOLLOW_UP, PROPOSAL, VISIT


def _one_of(table: dict) -> Q:
    return Q(status__in=list(table))


class Setting(models.TextChoices):
    HOME = "home", "家中"
    ELSEWHERE = "elsewhere", "约访（家以外）"


class Capacity(models.TextChoices):
    """In which capacity somebody visits; it follows from the post held on that day."""

    CLASS_TEACHER = "class_teacher", "班主任"
    LEADER = "leader", "校领导"
    SUBJECT_TEACHER = "subject_teacher", "科任教师"
    OTHER_STAFF = "other_staff", "其他教职工"


class Preference(models.Model):
    """What a family prefers for visits; nothing else about the family."""

    child = models.OneToOneField(Child, models.CASCADE, related_name="visit_preference")
    prefers = models.CharField("希望地点", max_length=10, choices=Setting.choices, blank=True)
    times = models.CharField("方便的时间", max_length=60, blank=True)
    language = models.CharField("习惯用语", max_length=20, blank=True)
    # The day on which the family itself asked for a visit; a visit after it answers it.
    asked_on = models.DateField("家长提出希望家访", null=True, blank=True)
    note = SecretField("其他说明", blank=True, default="")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "家访意愿"
        constraints = [
            models.CheckConstraint(
                condition=Q(prefers__in=["", *Setting.values]),
                name="home_school_contact_preference_known",
            )
        ]


class Proposal(models.Model):
    """Times for a visit, proposed to one family (one child, or siblings together)."""

    class AnsweredBy(models.TextChoices):
        FAMILY = "family", "家长"
        TEACHER = "teacher", "教师代填"

    class_place = models.ForeignKey(Place, models.PROTECT, related_name="visit_proposals")
    children = models.ManyToManyField(Child, related_name="visit_proposals")
    proposer = models.ForeignKey(Staff, models.PROTECT, related_name="visit_proposals")
    post = models.ForeignKey(Post, models.PROTECT, related_name="visit_proposals")
    message = models.CharField("给家长的话", max_length=300, blank=True)
    # Another place than home that the family may choose, such as the school or the village hall.
    elsewhere = models.CharField("家以外的地点", max_length=60, blank=True)
    status = models.CharField(max_length=12, default="proposed")
    proposed_on = models.DateField()
    answer_by = models.DateField("请在此日前回复")
    chosen_time = models.ForeignKey(
        "ProposedTime", models.PROTECT, null=True, blank=True, related_name="+"
    )
    chosen_setting = models.CharField(max_length=10, choices=Setting.choices, blank=True)
    answer_words = SecretField("家长的话", blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=8, choices=AnsweredBy.choices, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "家访预约"
        constraints = [
            models.CheckConstraint(
                condition=_one_of(PROPOSAL), name="home_school_contact_proposal_status_known"
            ),
            models.CheckConstraint(
                condition=Q(chosen_setting__in=["", *Setting.values]),
                name="home_school_contact_proposal_setting_known",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__gte=models.F("proposed_on")),
                name="home_school_contact_proposal_leaves_time",
            ),
        ]
        indexes = [
            models.Index(fields=["class_place", "status"], name="visits_proposal_class"),
            models.Index(fields=["proposer", "status"], name="visits_proposal_proposer"),
        ]

    @property
    def label(self) -> str:
        return PROPOSAL[self.status]["label"]


class ProposedTime(models.Model):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    class Meta:
        verbose_name = "可选时间"
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "starts_at"], name="home_school_contact_time_once"
            )
        ]


class Link(models.Model):
    """A one-time link by which one carer answers a proposal; only the token's digest is kept."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="links")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="visit_links")
    salt = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "一次性链接"
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "carer"], name="home_school_contact_link_once"
            )
        ]


class Visit(models.Model):
    """A visit that was held, or an attempt that failed. Never changed: a correction is a new row."""

    class Outcome(models.TextChoices):
        HELD = "held", "已家访"
        NOT_FOUND = "not_found", "没遇到人"
        REFUSED = "refused", "家长谢绝"

    visited_on = models.DateField("家访日期")
    visitor = models.ForeignKey(Staff, models.PROTECT, related_name="visits")
    post = models.ForeignKey(Post, models.PROTECT, related_name="visits")
    outcome = models.CharField("结果", max_length=10, choices=Outcome.choices)
    setting = models.CharField("地点", max_length=10, choices=Setting.choices, blank=True)
    met = models.ManyToManyField(Carer, related_name="visits_met", blank=True)
    met_other = models.CharField("还见到", max_length=60, blank=True)
    asked = SecretField("家长的想法和请求", blank=True, default="")
    follows = SecretField("接下来做什么", blank=True, default="")
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="visits"
    )
    status = models.CharField(max_length=12, default="standing")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField("更正或撤销的原因", max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    # Made by the form: the same form sent twice is the same visit.
    key = models.CharField(max_length=36)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "家访记录"
        constraints = [
            models.UniqueConstraint(
                fields=["recorded_by", "key"], name="home_school_contact_visit_sent_once"
            ),
            models.CheckConstraint(
                condition=_one_of(VISIT), name="home_school_contact_visit_status_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="held", setting__in=Setting.values)
                | Q(outcome__in=["not_found", "refused"], setting=""),
                name="home_school_contact_visit_has_a_place",
            ),
            models.CheckConstraint(
                condition=Q(status="standing") | Q(ended_at__isnull=False),
                name="home_school_contact_visit_ended_when",
            ),
        ]
        indexes = [models.Index(fields=["visitor", "visited_on"], name="visits_visit_visitor")]

    @property
    def is_held(self) -> bool:
        return self.outcome == self.Outcome.HELD


class VisitChild(models.Model):
    """One child of a visit: the class of that day, and whose visit counts for this child."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.PROTECT, related_name="visits")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="visits_of_class")
    school = models.ForeignKey(Place, models.PROTECT, related_name="visits_of_school")
    # A sibling's own class teacher who came along; otherwise the visitor's post.
    post = models.ForeignKey(Post, models.PROTECT, related_name="visits_of_children")
    capacity = models.CharField("身份", max_length=16, choices=Capacity.choices)
    note = SecretField("关于这个孩子", blank=True, default="")

    class Meta:
        verbose_name = "家访涉及的孩子"
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "child"], name="home_school_contact_visit_child_once"
            ),
            models.CheckConstraint(
                condition=Q(capacity__in=Capacity.values),
                name="home_school_contact_visit_capacity_known",
            ),
        ]
        indexes = [models.Index(fields=["class_place"], name="visits_child_class")]


class Decline(models.Model):
    """A family that wants no visit this school year, after two attempts and the head's word."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="visit_declines")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="visit_declines")
    school = models.ForeignKey(Place, models.PROTECT, related_name="visit_declines_of_school")
    school_year = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, default="waiting")
    asked_on = models.DateField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    acknowledged_on = models.DateField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    until_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    reason = models.CharField("说明", max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "家长谢绝"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "school_year"],
                condition=Q(status__in=["waiting", "acknowledged"]),
                name="home_school_contact_decline_once_a_year",
            ),
            models.CheckConstraint(
                condition=_one_of(DECLINE), name="home_school_contact_decline_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="acknowledged")
                | Q(acknowledged_on__isnull=False, until_on__isnull=False),
                name="home_school_contact_decline_has_days",
            ),
        ]
        indexes = [models.Index(fields=["school", "status"], name="visits_decline_school")]

    @property
    def label(self) -> str:
        return DECLINE[self.status]["label"]


class FollowUp(models.Model):
    """What somebody promised to do after a visit, by a day."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="follow_ups")
    child = models.ForeignKey(Child, models.PROTECT, related_name="follow_ups")
    school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Staff, models.PROTECT, related_name="follow_ups")
    due_on = models.DateField("完成日期")
    what = SecretField("做什么")
    status = models.CharField(max_length=12, default="open")
    done_on = models.DateField(null=True, blank=True)
    handed_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_to"
    )
    note = models.CharField("说明", max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "后续事项"
        constraints = [
            models.CheckConstraint(
                condition=_one_of(FOLLOW_UP), name="home_school_contact_follow_up_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(done_on__isnull=False),
                name="home_school_contact_follow_up_done_when",
            ),
        ]
        indexes = [models.Index(fields=["owner", "status"], name="visits_follow_up_owner")]

    @property
    def label(self) -> str:
        return FOLLOW_UP[self.status]["label"]


class Draft(models.Model):
    """A half-written record, kept on the server for its writer alone and for 72 hours."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="visit_drafts")
    child = models.ForeignKey(Child, models.CASCADE, related_name="visit_drafts")
    content = SecretField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = "草稿"
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "child"], name="home_school_contact_draft_one_each"
            )
        ]
