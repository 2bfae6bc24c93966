"""Contacts with families, and children who seemed not well: note, steps, hand-over to a new school.

What was seen and said is encrypted. A suspicion of harm is no anomaly: it is sealed in casework.
"""

from django.db import models
from django.db.models import Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Post, Staff

from .concern_codes import Channel, Kind
from .states import ANOMALY, CONTACT, HAND_OVER


class Contact(models.Model):
    """A call, a message, an online or face-to-face talk with one or several families. Never
    changed: a correction is a new row."""

    made_at = models.DateTimeField("什么时候")
    maker = models.ForeignKey(Staff, models.PROTECT, related_name="contacts")
    channel = models.CharField("方式", max_length=10, choices=Channel.choices)
    line = SecretField("说了什么")
    asked = SecretField("家长的想法和请求", blank=True, default="")
    follows = SecretField("接下来做什么", blank=True, default="")
    status = models.CharField(max_length=12, default="standing")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField("更正或撤销的原因", max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    # Made by the form: the same form sent twice is the same contact.
    key = models.CharField(max_length=36)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "联系记录"
        constraints = [
            models.UniqueConstraint(
                fields=["recorded_by", "key"], name="home_school_contact_contact_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(CONTACT)),
                name="home_school_contact_contact_status_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values),
                name="home_school_contact_contact_channel_known",
            ),
            models.CheckConstraint(
                condition=Q(status="standing") | Q(ended_at__isnull=False),
                name="home_school_contact_contact_ended_when",
            ),
        ]

    @property
    def label(self) -> str:
        return CONTACT[self.status]["label"]


class ContactChild(models.Model):
    """One child of a contact, in the class of that day."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.PROTECT, related_name="contacts")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "联系涉及的孩子"
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "child"], name="home_school_contact_contact_child_once"
            )
        ]
        indexes = [models.Index(fields=["class_place"], name="contacts_child_class")]


class Anomaly(models.Model):
    """A child who seemed not well to a member of staff, and where it stands."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="anomalies")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    kind = models.CharField("情形", max_length=12, choices=Kind.choices)
    words = SecretField("看到了什么", blank=True, default="")
    noticed_at = models.DateTimeField("什么时候发现的")
    noticer = models.ForeignKey(Staff, models.PROTECT, related_name="anomalies_noticed")
    status = models.CharField(max_length=12, default="noticed")
    # As counted when it was noted; a running clock is counted anew whenever it is looked at.
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField("首次联系的时间", null=True, blank=True)
    owner = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    next_on = models.DateField("下一次看一看", null=True, blank=True)
    key = models.CharField(max_length=36)
    recorded_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "学生异常"
        constraints = [
            models.UniqueConstraint(
                fields=["noticer", "key"], name="home_school_contact_anomaly_sent_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(ANOMALY)),
                name="home_school_contact_anomaly_status_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="home_school_contact_anomaly_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "referred", "closed"])
                | Q(answered_at__isnull=False, owner__isnull=False),
                name="home_school_contact_anomaly_answered_when",
            ),
            # No ticket without a clock: what is under way is looked at again on a day.
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "referred"]) | Q(next_on__isnull=False),
                name="home_school_contact_anomaly_has_a_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "status"], name="anomaly_school"),
            models.Index(fields=["child", "status"], name="anomaly_child"),
        ]

    @property
    def label(self) -> str:
        return ANOMALY[self.status]["label"]

    @property
    def is_open(self) -> bool:
        return bool(ANOMALY[self.status]["to"])


class AnomalyStep(models.Model):
    """What was done about it. Only added to, never changed."""

    class Kind(models.TextChoices):
        CONTACT = "contact", "联系了照护人"
        EXCUSE = "excuse", "按规定不另行联系家长"
        HANDLE = "handle", "处理"
        REFER = "refer", "转介"
        CLOSE = "close", "了结"
        RETRACT = "retract", "撤销"

    anomaly = models.ForeignKey(Anomaly, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    carer = models.ForeignKey(Carer, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    words = SecretField(blank=True, default="")
    # Which lawful reason it was: for its writer alone.
    excuse = SecretField(blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = "学生异常的处理"
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel__in=["", *Channel.values]),
                name="home_school_contact_step_channel_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="contact") | ~Q(channel=""),
                name="home_school_contact_step_contact_has_a_way",
            ),
        ]


class HandOver(models.Model):
    """A chronology that goes with a child to a new school: offered by one, accepted by the other."""

    child = models.ForeignKey(Child, models.PROTECT, related_name="hand_overs")
    from_school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    to_school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    anomalies = models.ManyToManyField(Anomaly, related_name="hand_overs")
    status = models.CharField(max_length=12, default="offered")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "经过移交"
        constraints = [
            models.UniqueConstraint(
                fields=["child", "from_school", "to_school"],
                condition=Q(status="offered"),
                name="home_school_contact_hand_over_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(HAND_OVER)),
                name="home_school_contact_hand_over_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="offered") | Q(decided_at__isnull=False),
                name="home_school_contact_hand_over_decided_when",
            ),
        ]
        indexes = [models.Index(fields=["to_school", "status"], name="hand_over_to")]

    @property
    def label(self) -> str:
        return HAND_OVER[self.status]["label"]
