"""Tickets, their steps, extensions, and the stricter limits of a district.

What was told, how to reach the asker and what was answered are encrypted; no column says who asked.
"""

from django.db import models
from django.db.models import F, Q

from gongyu.ground.calendar.intervals import Held
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Post

from .kinds import FINDINGS, KINDS, REJECTIONS
from .states import ENDED, MOVING, STEPS, TICKET


class Ticket(models.Model):
    """What somebody told. `about` is the class or school concerned, `desk` the district or city
    whose people own it; `handler` is the post that took it on. Its number and its secret code open
    it for the asker; of the code only a keyed digest is kept."""

    token = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=12, unique=True)
    code_salt = models.CharField(max_length=32)
    code_digest = models.CharField(max_length=64)
    # The same form sent twice is one ticket.
    sent_digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField("类别", max_length=24)
    # A trial of the channel: handled like any other and counted nowhere.
    is_trial = models.BooleanField("拨测", default=False)
    channel_works = models.BooleanField("渠道通不通", null=True)
    about = models.ForeignKey(Place, models.PROTECT, related_name="+")
    desk = models.ForeignKey(Place, models.PROTECT, related_name="+")
    offered_to = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    offered_on = models.DateField(null=True)
    handler = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, default="received")
    is_named = models.BooleanField("留了联系方式", default=False)
    contact = SecretField("联系方式", blank=True, default="")
    words = SecretField("说了什么", blank=True, default="")
    amount = models.DecimalField("涉及金额", max_digits=10, decimal_places=2, null=True)
    finding = models.CharField("查实", max_length=16, blank=True, default="")
    paid_back = models.DecimalField("已退还", max_digits=10, decimal_places=2, null=True)
    # Begins with 1; each reopening begins another round with a clock of its own.
    round = models.PositiveSmallIntegerField(default=1)
    received_at = models.DateTimeField()
    accepted_on = models.DateField(null=True)
    # Where and on which day the running clock began; a hand-over does not set it back.
    clock_from = models.DateField()
    clock_desk = models.ForeignKey(Place, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    is_content = models.BooleanField(null=True)
    # More time that its handler asks for, and why, until somebody responsible has decided.
    asked_days = models.PositiveSmallIntegerField("请求延长", null=True)
    asked_why = SecretField("为什么需要延长", blank=True, default="")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "工单"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(TICKET)), name="tickets_ticket_status_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(KINDS)), name="tickets_ticket_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(finding__in=["", *sorted(FINDINGS)]),
                name="tickets_ticket_finding_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=MOVING, offered_to__isnull=False, offered_on__isnull=False)
                | Q(~Q(status__in=MOVING), offered_to__isnull=True, offered_on__isnull=True),
                name="tickets_ticket_offered_while_moving",
            ),
            models.CheckConstraint(
                condition=Q(offered_to__isnull=True) | ~Q(offered_to=F("desk")),
                name="tickets_ticket_not_offered_to_itself",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | Q(~Q(status__in=ENDED), ended_at__isnull=True),
                name="tickets_ticket_ended_when",
            ),
            # An answer says what was found; before there is one nothing was.
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "closed"]) | ~Q(finding="") | Q(is_trial=True),
                name="tickets_ticket_answer_has_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=False)
                | Q(status__in=["received", "offered", "rejected", "sent_on"]),
                name="tickets_ticket_accepted_when",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="tickets_ticket_amount"
            ),
            models.CheckConstraint(
                condition=Q(paid_back__isnull=True) | Q(paid_back__gte=0),
                name="tickets_ticket_paid_back",
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="tickets_ticket_round"),
            models.CheckConstraint(
                condition=Q(channel_works__isnull=True) | Q(is_trial=True),
                name="tickets_ticket_only_a_trial_tries",
            ),
            models.CheckConstraint(
                condition=Q(asked_days__isnull=True) | Q(asked_days__gte=1, ended_at__isnull=True),
                name="tickets_ticket_asked_while_open",
            ),
            # One trial of a school at a time.
            models.UniqueConstraint(
                fields=["about"],
                condition=Q(is_trial=True, ended_at__isnull=True),
                name="tickets_ticket_one_trial_runs",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "status"], name="tickets_ticket_desk"),
            models.Index(fields=["offered_to"], name="tickets_ticket_offered"),
        ]

    @property
    def label(self) -> str:
        return TICKET[self.status]["label"]

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind].label


class Step(models.Model):
    """One thing that was done. `words` are for the asker too, but for notes of the desk; `by` is
    empty where the asker did it. `post` is the post that did it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    desk = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    other_desk = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+")
    by = SecretField(blank=True, default="")  # {"staff": …, "name": …}
    words = SecretField(blank=True, default="")
    reason = models.CharField(max_length=24, blank=True, default="")  # why it was rejected
    body = models.CharField("转送到", max_length=60, blank=True, default="")
    body_number = models.CharField("对方编号", max_length=60, blank=True, default="")

    class Meta:
        verbose_name = "办理经过"
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=sorted(STEPS)), name="tickets_step_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(~Q(kind="reject"), reason="")
                | Q(kind="reject", reason__in=sorted(REJECTIONS)),
                name="tickets_step_rejected_why",
            ),
            models.CheckConstraint(
                condition=~Q(kind="send_on") | ~Q(body=""), name="tickets_step_sent_where"
            ),
        ]


class Extension(models.Model):
    """More time for one round: how many days, why, and which post granted it."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="extensions")
    round = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    reason = SecretField()
    granted_on = models.DateField()
    granted_by = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "延期"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1), name="tickets_extension_days"),
        ]


class LocalLimit(Held):
    """A stricter limit of one district (or the city), with the document that sets it: without one
    there is none. The plan's own limit is always shown beside it."""

    class Clock(models.TextChoices):
        ACCEPT = "accept", "受理"
        HANDLE = "handle", "答复"

    class Unit(models.TextChoices):
        CALENDAR = "calendar", "自然日"
        WORKING = "working", "工作日"

    desk = models.ForeignKey(Place, models.PROTECT, related_name="+")
    clock = models.CharField("期限", max_length=8, choices=Clock.choices)
    days = models.PositiveSmallIntegerField("天数")
    unit = models.CharField("怎样计", max_length=8, choices=Unit.choices)
    document = models.CharField("依据文件和文号", max_length=120)
    set_at = models.DateTimeField()

    class Meta(Held.Meta):
        verbose_name = "本地期限"
        constraints = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(document=""), name="tickets_locallimit_has_a_document"
            ),
            models.CheckConstraint(
                condition=Q(clock__in=["accept", "handle"]), name="tickets_locallimit_clock_known"
            ),
            models.CheckConstraint(
                condition=Q(unit__in=["calendar", "working"]), name="tickets_locallimit_unit_known"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="tickets_locallimit_days"),
            models.UniqueConstraint(
                fields=["desk", "clock"],
                condition=Q(until_on__isnull=True),
                name="tickets_locallimit_one_open",
            ),
        ]
