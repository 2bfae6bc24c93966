"""Notices, for whom they are, their way to each carer, the messages on that way, and attachments."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Staff

from .states import DELIVERY, MESSAGE, NOTICE


class Notice(models.Model):
    """What somebody has to say to families, once. Words are encrypted, and deleted when they may no
    longer be kept; counts stay. Nothing about a child's need or case is ever in them."""

    class Kind(models.TextChoices):
        TO_KNOW = "to_know", "知道就好"
        TO_ANSWER = "to_answer", "要回一句"
        SAFETY = "safety", "安全"

    class Basis(models.TextChoices):
        NONE = "", "不要求回执"
        LAW = "law", "法律要求告知"
        CONSENT = "consent", "法律要求监护人同意"
        DANGER = "danger", "人身安全"

    kind = models.CharField("是哪一类", max_length=10, choices=Kind.choices)
    title = models.CharField("标题", max_length=40)
    words = SecretField("正文", blank=True, default="")
    # In whose name: a class, a school, or what a department serves. And who answers for the burden.
    place = models.ForeignKey(Place, models.PROTECT, related_name="notices")
    department = models.ForeignKey(Place, models.PROTECT, related_name="notices_answered_for")
    until_on = models.DateField("有效至(不含)")
    basis = models.CharField("要回执的依据", max_length=8, choices=Basis.choices, blank=True)
    basis_words = models.CharField("依据的条款", max_length=80, blank=True)
    # Up to four short answers; without any, 知道了.
    choices = models.JSONField(default=list)
    template = models.CharField(max_length=24, blank=True)
    is_campaign = models.BooleanField(default=False)
    white_list = models.CharField("白名单编号", max_length=40, blank=True)
    status = models.CharField(max_length=10, default="spreading")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField("原因", max_length=80, blank=True)
    # Counted when it is spread: carers told, families, children, and seconds for one reader.
    people = models.PositiveIntegerField(default=0)
    families = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    # Made by the form, or by the record that sends: the same key is the same notice.
    key = models.CharField(max_length=64)
    sent_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="notices")
    sent_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["to_know", "to_answer", "safety"]),
                name="notices_notice_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(NOTICE)), name="notices_notice_status_known"
            ),
            models.CheckConstraint(
                condition=Q(basis__in=["", "danger"])
                | Q(basis__in=["law", "consent"], basis_words__gt=""),
                name="notices_receipt_has_a_basis",
            ),
            # What is merely to know asks for nothing; what is dangerous always asks.
            models.CheckConstraint(
                condition=(Q(kind="to_know") & Q(basis=""))
                | (Q(kind="safety") & Q(basis="danger"))
                | (Q(kind="to_answer") & ~Q(basis="danger")),
                name="notices_kind_and_basis_agree",
            ),
            models.CheckConstraint(
                condition=Q(is_campaign=False) | Q(white_list__gt=""),
                name="notices_campaign_is_on_the_list",
            ),
            models.UniqueConstraint(fields=["place", "key"], name="notices_notice_sent_once"),
        ]
        indexes = [
            models.Index(fields=["place", "sent_at"], name="notices_of_place"),
            models.Index(fields=["department", "sent_at"], name="notices_of_department"),
            models.Index(fields=["status", "until_on"], name="notices_by_status"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date:
        return self.until_on - timedelta(days=1)

    @property
    def must_reach(self) -> bool:
        """Law or danger asks for a receipt: somebody stands for it that the family is reached."""
        return self.basis != ""

    @property
    def asks(self) -> bool:
        return self.kind == self.Kind.TO_ANSWER or self.must_reach

    @property
    def asks_guardians(self) -> bool:
        """Is it a guardian's word alone that counts?"""
        return self.basis == self.Basis.CONSENT

    @property
    def label(self) -> str:
        return NOTICE[self.status]["label"]


class NoticeClass(models.Model):
    """One class whose families a notice is for. `done` once its children were taken up."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="classes")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="notices_for_class")
    done = models.BooleanField(default=False)

    class Meta:
        verbose_name = "面向的班级"
        constraints = [
            models.UniqueConstraint(fields=["notice", "class_place"], name="notices_class_once")
        ]


class NoticeChild(models.Model):
    """One child whom a notice is about, where it is not about whole classes."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "涉及的孩子"
        constraints = [
            models.UniqueConstraint(fields=["notice", "child"], name="notices_child_once")
        ]


class Attachment(models.Model):
    """A picture or PDF that goes with a notice: cleaned before it is kept, encrypted, and deleted with
    the words. It has a number and no name, for names of files tell too much."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attachments")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    ending = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    body = SecretField()  # base64

    class Meta:
        verbose_name = "附件"
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="notices_attachment_once")
        ]


class Delivery(models.Model):
    """A notice on its way to one carer, for all of that carer's children whom it concerns. Of each
    child one carer leads, whose telephone may ring; the others find it in their box. Without a carer
    who may be told, a named person looks after it."""

    class Way(models.TextChoices):
        BOX = "box", "在信箱里"
        VOICE = "voice", "电话按键"
        SLIP = "slip", "纸条"
        STAFF = "staff", "老师代填"

    # No index of their own for these four: each answer would write into all of them, and the indexes
    # below begin with whatever is asked for.
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    carer = models.ForeignKey(
        Carer, models.PROTECT, null=True, related_name="notices", db_index=False
    )
    # The carer who leads stands for the family in its budget.
    family_id = models.BigIntegerField(default=0)
    leads = models.BooleanField(default=True)
    status = models.CharField(max_length=8)
    next_at = models.DateTimeField(null=True, blank=True)
    # What was sent before this moment counts no more: a reminder begins the path anew.
    round_at = models.DateTimeField()
    answer = models.PositiveSmallIntegerField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_way = models.CharField(max_length=6, choices=Way.choices, blank=True)
    # Where the person stands who hands over the slip: a class or a village; who it is, its posts say.
    hand_place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="notice_slips", db_index=False
    )
    handed_at = models.DateTimeField(null=True, blank=True)
    handed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        verbose_name = "送达"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(DELIVERY)), name="notices_delivery_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="answered")
                | Q(answer__isnull=False, answered_at__isnull=False, answered_way__gt=""),
                name="notices_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["due", "waiting"])
                | Q(next_at__isnull=False, carer__isnull=False),
                name="notices_due_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["to_hand", "handed"]) | Q(hand_place__isnull=False),
                name="notices_slip_has_its_place",
            ),
            models.UniqueConstraint(fields=["notice", "carer"], name="notices_delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(status__in=["due", "waiting"]),
                name="notices_delivery_due",
            ),
            models.Index(
                fields=["hand_place"], condition=Q(status="to_hand"), name="notices_delivery_slips"
            ),
            models.Index(fields=["carer", "notice"], name="notices_delivery_box"),
            # What was handed over, counted by the notice: few among all.
            models.Index(
                fields=["notice"],
                condition=Q(status__in=["to_hand", "handed"]) | Q(handed_at__isnull=False),
                name="notices_delivery_handed",
            ),
            # Whoever answers ends the calls to the others of the family.
            models.Index(
                fields=["family_id", "notice"],
                condition=Q(status__in=["due", "to_hand"]),
                name="notices_delivery_family",
            ),
        ]

    @property
    def label(self) -> str:
        return DELIVERY[self.status]["label"]


class DeliveryChild(models.Model):
    """One child for whom a carer is told, and the class in which it was that day."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.CASCADE, related_name="+")
    class_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "送达涉及的孩子"
        constraints = [
            models.UniqueConstraint(fields=["delivery", "child"], name="notices_told_child_once")
        ]


class Outgoing(models.Model):
    """One message to one carer on one path: a notice's, several of one family's, or the digest. It
    has its key before it is sent, so that however often a job begins, it arrives once."""

    key = models.CharField(max_length=32, unique=True)
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="messages")
    family_id = models.BigIntegerField()
    path = models.CharField(max_length=8)
    kind = models.CharField(max_length=10)
    is_digest = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default="ready")
    # The provider that has, or may have, the message: while it may, nobody else is given it.
    channel = models.CharField(max_length=40, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claim = models.CharField(max_length=32, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    # The address it went to, as a digest: a number that changes later is another number.
    address_digest = models.CharField(max_length=64, blank=True)
    # Whether it came with a link, and by what the link is known without being kept.
    link_digest = models.CharField(max_length=64, blank=True)
    week_on = models.DateField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "发出的消息"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(MESSAGE)), name="notices_message_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
                name="notices_sent_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=Q(status__in=["ready", "sending", "unknown"]),
                name="notices_message_open",
            ),
            models.Index(fields=["family_id", "week_on"], name="notices_message_budget"),
            models.Index(fields=["status"], condition=Q(status="dead"), name="notices_dead"),
            models.Index(
                fields=["reference"], condition=~Q(reference=""), name="notices_message_report"
            ),
        ]

    @property
    def label(self) -> str:
        return MESSAGE[self.status]["label"]


class Carried(models.Model):
    """Which deliveries a message carries."""

    message = models.ForeignKey(Outgoing, models.CASCADE, related_name="carried")
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="messages")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "delivery"], name="notices_carried_once")
        ]


class WayTo(models.Model):
    """How a carer is reached besides, or instead of, the telephone of the roster; or, once it has
    ended, which address does not work and why. Without a row: SMS, then a call, to that number."""

    carer = models.ForeignKey(Carer, models.CASCADE, related_name="ways")
    path = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField(default=1)
    # Empty: the roster's telephone.
    address = SecretField("地址", blank=True, default="")
    address_digest = models.CharField(max_length=64, blank=True)
    from_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=24, blank=True)
    # Of an address that waits for its code: how often a wrong one was typed.
    wrong = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "联系方式"
        constraints = [
            models.CheckConstraint(
                condition=Q(path__in=["sms", "voice", "email", "wecom"]),
                name="notices_way_path_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(address_digest__gt=""),
                name="notices_ended_way_names_its_address",
            ),
            models.UniqueConstraint(
                fields=["carer", "path", "address_digest"], name="notices_way_once"
            ),
        ]

    def works_at(self, moment: datetime) -> bool:
        return self.ended_at is None or self.ended_at > moment


class ShownMessage(models.Model):
    """What the channel of the demo city would have sent."""

    path = models.CharField(max_length=8)
    key = models.CharField(max_length=64)
    address = SecretField()
    address_digest = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=10)
    subject = SecretField(blank=True, default="")
    words = SecretField()
    link = SecretField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "演示中不真正发出的消息"
        constraints = [
            models.UniqueConstraint(fields=["path", "key"], name="notices_shown_once"),
        ]
