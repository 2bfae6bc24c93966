"""Activities, whom they are for, their slots, the links of families, bookings, calendar feeds."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField
from gongyu.ground.staff.models import Staff

from .kinds import KINDS
from .states import ACTIVITY, BOOKING, LIVE, STILL_TO_COME, STORED

# After so many days an activity that nobody closed is overdue.
CLOSED_WITHIN = timedelta(days=7)


class Activity(models.Model):
    """One day on which a school receives families. Never deleted: cancelled or moved it stays, and
    `replaces` of another one points to it."""

    class Entry(models.TextChoices):
        OPEN = "open", "随到随进，不用预约"
        SLOTS = "slots", "分时段预约"

    class Scope(models.TextChoices):
        SCHOOL = "school", "全校"
        GRADES = "grades", "部分年级"
        CLASSES = "classes", "部分班级"

    kind = models.CharField("类别", max_length=24)
    # The legal school answers for the duty; the organiser is the school itself or one of its campuses.
    school = models.ForeignKey(Place, models.PROTECT, related_name="activities")
    organiser = models.ForeignKey(Place, models.PROTECT, related_name="activities_here")
    title = models.CharField("名称", max_length=80)
    about = models.CharField("给家长的话", max_length=300, blank=True)
    where = models.CharField("地点", max_length=80)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    scope = models.CharField("面向", max_length=8, choices=Scope.choices)
    entry = models.CharField("怎样参加", max_length=6, choices=Entry.choices)
    book_until = models.DateField("最晚哪天预约", null=True, blank=True)
    responsible = models.ForeignKey(Staff, models.PROTECT, related_name="activities")
    status = models.CharField(max_length=10, default="planned")
    invited_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    # Why it was cancelled or moved; families read it.
    reason = models.CharField("原因", max_length=120, blank=True)
    # The next number of the waiting list; read and counted up under this row's lock alone.
    next_turn = models.PositiveIntegerField(default=1)
    # Made by the form: the same form sent twice is the same activity.
    key = models.CharField(max_length=36)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "活动"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=sorted(KINDS)), name="activities_activity_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(STORED)), name="activities_activity_status_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="activities_activity_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["school", "grades", "classes"])
                & Q(entry__in=["open", "slots"]),
                name="activities_activity_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(entry="open") | Q(book_until__isnull=False),
                name="activities_activity_books_until",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["cancelled", "moved"]) | ~Q(reason=""),
                name="activities_activity_ended_says_why",
            ),
            models.UniqueConstraint(
                fields=["planned_by", "key"], name="activities_activity_sent_once"
            ),
        ]
        indexes = [models.Index(fields=["school", "starts_at"], name="activities_of_school")]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind].label

    @property
    def held_on(self) -> date:
        return localdate(self.starts_at)

    @property
    def takes_bookings(self) -> bool:
        return self.entry == self.Entry.SLOTS

    def state_at(self, moment: datetime) -> str:
        """A status of the table in states.py, as of a moment."""
        begun = self.status in STILL_TO_COME and self.starts_at <= moment
        return "held" if begun else self.status

    def label_at(self, moment: datetime) -> str:
        return ACTIVITY[self.state_at(moment)]["label"]

    @property
    def close_by(self) -> date:
        """The last day of the clock on which it should be closed."""
        return self.held_on + CLOSED_WITHIN


class Audience(models.Model):
    """One class whose families an activity is for."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="audience")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="activities_for_class")

    class Meta:
        verbose_name = "面向的班级"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "class_place"], name="activities_audience_once"
            )
        ]


class Slot(models.Model):
    """A time for so many families. `taken` is counted with the bookings, and the database lets it
    never pass the capacity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    # Where or with whom, where several sit side by side; empty: the activity's own place.
    host = models.CharField("在哪里、找谁", max_length=40, blank=True)
    capacity = models.PositiveSmallIntegerField("可容家庭数")
    taken = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "时段"
        ordering = ["starts_at", "host"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "starts_at", "host"], name="activities_slot_once"
            ),
            models.CheckConstraint(
                condition=Q(taken__lte=F("capacity")) & Q(capacity__gte=1),
                name="activities_slot_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="activities_slot_ends_later"
            ),
        ]

    @property
    def left(self) -> int:
        return self.capacity - self.taken


class FamilyLink(models.Model):
    """By which one carer books for a family until booking ends; only the token's digest is kept."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="links")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="activity_links")
    children = models.ManyToManyField(Child, related_name="activity_links")
    salt = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "家庭链接"


class Booking(models.Model):
    """A family's place, or its turn in the waiting list; several children of one family in one."""

    class MadeBy(models.TextChoices):
        FAMILY = "family", "家长"
        STAFF = "staff", "老师代填"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="bookings")
    slot = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="bookings")
    # For which time a waiting family waits; none: whichever frees first.
    wanted = models.ForeignKey(Slot, models.PROTECT, null=True, blank=True, related_name="waiting")
    turn = models.PositiveIntegerField()
    status = models.CharField(max_length=12)
    made_by = models.CharField(max_length=6, choices=MadeBy.choices)
    # What the school changed and the family does not know yet; whoever tells it says so.
    to_tell = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "预约"
        ordering = ["turn"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(BOOKING)), name="activities_booking_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="booked", slot__isnull=False)
                | Q(status="waiting", slot__isnull=True)
                | ~Q(status__in=list(LIVE)),
                name="activities_booking_has_its_place",
            ),
            models.UniqueConstraint(
                fields=["activity", "turn"], name="activities_booking_one_turn"
            ),
        ]
        indexes = [models.Index(fields=["activity", "status"], name="activities_bookings_of")]

    @property
    def label(self) -> str:
        return BOOKING[self.status]["label"]

    @property
    def is_live(self) -> bool:
        return self.status in LIVE


class BookingChild(models.Model):
    """One child of a booking. `live` follows the booking's status, so that the database itself
    refuses a child that is booked twice."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="children")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, models.PROTECT, related_name="activity_bookings")
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    live = models.BooleanField(default=True)

    class Meta:
        verbose_name = "预约的孩子"
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "child"],
                condition=Q(live=True),
                name="activities_booking_child_never_twice",
            ),
            models.UniqueConstraint(
                fields=["booking", "child"], name="activities_booking_child_once"
            ),
        ]


class Closing(models.Model):
    """What was told when an activity was closed. A correction is a new row; one stands at most."""

    class CountedBy(models.TextChoices):
        COUNT = "count", "现场数的"
        LIST = "list", "主办老师自己的名单"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="closings")
    families = models.PositiveIntegerField("到场家庭数")
    counted_by = models.CharField("怎么数的", max_length=5, choices=CountedBy.choices)
    said = SecretField("家长的意见", blank=True, default="")
    reason = models.CharField("更正的原因", max_length=120, blank=True)
    stands = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "收尾"
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(stands=True), name="activities_closing_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(counted_by__in=["count", "list"]),
                name="activities_closing_counted_known",
            ),
        ]


class Feed(models.Model):
    """A person's calendar address; only the digest of its token is kept. It opens nothing once it
    is ended, or once the person holds no post."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="calendar_feeds")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["staff"],
                condition=Q(ended_at__isnull=True),
                name="activities_feed_one_each",
            )
        ]


class FamilyFeed(models.Model):
    """A carer's calendar address. It opens as long as the carer sees a child, and is still reached by
    the number with which it was made."""

    carer = models.ForeignKey(Carer, models.CASCADE, related_name="calendar_feeds")
    phone_digest = models.CharField(max_length=64, blank=True, default="")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "家庭的日历订阅"
        constraints = [
            models.UniqueConstraint(
                fields=["carer"],
                condition=Q(ended_at__isnull=True),
                name="activities_family_feed_one_each",
            )
        ]
