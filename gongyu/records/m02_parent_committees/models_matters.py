"""What a committee does in the open: papers, matters and their settlement; and how the district
looks after it. Amounts are of a matter as a whole: who paid stands nowhere."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from gongyu.ground.staff.models import Staff

from .codes import FOCUSES, MATTER_KINDS, PAPER_KINDS, PROBLEMS
from .models_ballots import Poll
from .states import MATTER, OPEN_MATTERS, RECTIFICATION


class Picture(models.Model):
    """A picture made anew from what was sent: no place, no camera, no payment code in it. Kept in
    the database, so that it comes and goes with what it belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jpeg = models.BinaryField()

    class Meta:
        verbose_name = "图片"


class Paper(models.Model):
    """A plan, minutes, an activity or a word to the families, read by all of them."""

    committee = models.ForeignKey(
        "parent_committees.Committee", models.PROTECT, related_name="papers"
    )
    kind = models.CharField("类别", max_length=10)
    focus = models.CharField("主题", max_length=10, blank=True)
    on = models.DateField("日期")
    title = models.CharField("标题", max_length=80)
    text = models.TextField("内容", max_length=2000, blank=True)
    picture = models.OneToOneField(Picture, models.PROTECT, null=True, blank=True, related_name="+")
    member = models.ForeignKey(
        "parent_committees.Member", models.PROTECT, null=True, blank=True, related_name="+"
    )
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    put_up_at = models.DateTimeField()
    # What the form sent along, so that a second tap puts nothing up twice.
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "家委会公开内容"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=sorted(PAPER_KINDS)), name="parent_committees_paper_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="activity", focus__in=sorted(FOCUSES))
                | (~Q(kind="activity") & Q(focus="")),
                name="parent_committees_paper_focus_of_activity",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False) ^ Q(staff__isnull=False),
                name="parent_committees_paper_has_an_author",
            ),
        ]
        indexes = [models.Index(fields=["committee", "on"], name="committees_papers")]

    @property
    def kind_words(self) -> str:
        return PAPER_KINDS[self.kind]

    @property
    def focus_words(self) -> str:
        return FOCUSES.get(self.focus, "")


class Matter(models.Model):
    """Something that a committee wants to buy or pay for. The money goes its own way, outside."""

    committee = models.ForeignKey(
        "parent_committees.Committee", models.PROTECT, related_name="matters"
    )
    filed_by = models.ForeignKey("parent_committees.Member", models.PROTECT, related_name="+")
    filed_on = models.DateField()
    kind = models.CharField("哪一类", max_length=16)
    title = models.CharField("做什么", max_length=60)
    for_whom = models.CharField("为谁", max_length=60)
    why = models.CharField("为什么需要", max_length=300, blank=True)
    voluntary = models.BooleanField("完全自愿")
    most_total = models.DecimalField("总共最多多少元", max_digits=9, decimal_places=2)
    status = models.CharField(max_length=10, default="asking")
    poll = models.OneToOneField(Poll, models.PROTECT, related_name="matter")
    agreed = models.PositiveIntegerField("同意户数", null=True, blank=True)
    against = models.PositiveIntegerField("不同意户数", null=True, blank=True)
    settle_by = models.DateField(null=True, blank=True)
    collected = models.DecimalField("共收", max_digits=9, decimal_places=2, null=True, blank=True)
    handed_back = models.DecimalField("退还", max_digits=9, decimal_places=2, null=True, blank=True)
    settled_on = models.DateField(null=True, blank=True)
    stop_reason = models.CharField("叫停的原因", max_length=200, blank=True)
    stopped_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "家委会事项"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(MATTER)), name="parent_committees_matter_status_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=sorted(k for k, it in MATTER_KINDS.items() if not it.forbidden)
                ),
                name="parent_committees_matter_kind_allowed",
            ),
            models.CheckConstraint(
                condition=Q(voluntary=True), name="parent_committees_matter_is_voluntary"
            ),
            models.CheckConstraint(
                condition=Q(most_total__gt=0), name="parent_committees_matter_says_how_much"
            ),
            models.CheckConstraint(
                condition=Q(collected__isnull=True)
                | Q(collected__gte=0, collected__lte=F("most_total")),
                name="parent_committees_no_more_than_agreed",
            ),
            models.CheckConstraint(
                condition=Q(handed_back__isnull=True)
                | Q(handed_back__gte=0, handed_back__lte=F("collected")),
                name="parent_committees_hands_back_what_it_has",
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(status__in=OPEN_MATTERS),
                name="parent_committees_one_matter_at_a_time",
            ),
        ]

    @property
    def label(self) -> str:
        return MATTER[self.status]["label"]


class Expense(models.Model):
    """What was bought for a matter, with its receipt."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="expenses")
    what = models.CharField("买了什么", max_length=60)
    amount = models.DecimalField("金额（元）", max_digits=9, decimal_places=2)
    receipt = models.OneToOneField(Picture, models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "支出"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="parent_committees_expense_costs_something"
            )
        ]


class Inspection(models.Model):
    """The district's office, or the school, looked at how a committee works."""

    committee = models.ForeignKey(
        "parent_committees.Committee", models.PROTECT, related_name="inspections"
    )
    on = models.DateField("检查日期")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    note = models.CharField("看了什么", max_length=300)
    key = models.CharField(max_length=40, unique=True)

    class Meta:
        verbose_name = "检查"


class Rectification(models.Model):
    """What an inspection found and the school is to mend until a day."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="rectification")
    problem = models.CharField("问题", max_length=10)
    what = models.CharField("要改什么", max_length=300)
    due_on = models.DateField("整改期限")
    status = models.CharField(max_length=10, default="open")
    report = models.CharField("学校怎样整改", max_length=300, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "整改"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(RECTIFICATION)),
                name="parent_committees_rectification_status_known",
            ),
            models.CheckConstraint(
                condition=Q(problem__in=sorted(PROBLEMS)),
                name="parent_committees_problem_known",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False)
                | (~Q(status="closed") & Q(closed_on__isnull=True)),
                name="parent_committees_closed_has_its_day",
            ),
        ]

    @property
    def label(self) -> str:
        return RECTIFICATION[self.status]["label"]

    @property
    def problem_words(self) -> str:
        return PROBLEMS[self.problem]
