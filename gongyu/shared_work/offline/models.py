"""Kits, and a receipt for each entry that arrived. Neither holds anything about a child."""

from django.db import models
from django.db.models import F, Q

from gongyu.ground.staff.models import Staff


class Why(models.TextChoices):
    """Why a kit was closed."""

    ASKED = "asked", "本人停用"
    WRONG_PIN = "wrong_pin", "口令输错次数过多"
    ENDED = "ended", "任职或查阅授权已结束"


class Kit(models.Model):
    """What one device was given to work without a network: its number, and until when it holds."""

    # Made at random: a device shows it, nobody can guess it, and it tells nothing.
    code = models.CharField(max_length=32, unique=True)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="offline_kits")
    opened_at = models.DateTimeField()
    packed_at = models.DateTimeField()
    until_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=10, choices=Why.choices, blank=True, default="")

    class Meta:
        verbose_name = "离线包"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("packed_at")), name="offline_kit_holds_for_a_while"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_why="")
                | Q(closed_at__isnull=False, closed_why__in=Why.values),
                name="offline_kit_closed_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["staff", "opened_at"], name="offline_kit_staff")]


class Receipt(models.Model):
    """An entry that arrived. Written in the transaction of its record, so that both are there or
    neither, and the same key of the same person never makes a second record."""

    kit = models.ForeignKey(Kit, models.CASCADE, related_name="receipts")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    key = models.CharField(max_length=36)
    form = models.CharField(max_length=30)
    # A keyed digest of what was typed: tells the same words from others, and no words.
    content = models.CharField(max_length=64)
    record_id = models.BigIntegerField(null=True)
    # By the device's clock, set right by the server's; None where the device told nonsense.
    typed_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField()

    class Meta:
        verbose_name = "离线记录回执"
        constraints = [
            models.UniqueConstraint(fields=["staff", "key"], name="offline_receipt_once"),
        ]
