"""Sign-in codes of families, and telephone numbers that somebody said are not theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Staff


class SignInCode(models.Model):
    """A one-time code: sent to a number, or printed for one carer. Code and link are made from the
    key file and the salt; the database keeps digests alone. A number that nobody has gets a row as
    well, so that asking looks the same from outside."""

    class Way(models.TextChoices):
        PHONE = "phone", "发到手机"
        PRINT = "print", "打印"

    way = models.CharField("方式", max_length=5, choices=Way.choices)
    phone_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)
    carer = models.ForeignKey(
        Carer, models.CASCADE, null=True, blank=True, related_name="sign_in_codes"
    )
    # Through which child and in which class or village it was printed.
    child = models.ForeignKey(Child, models.CASCADE, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    salt = models.CharField(max_length=32)
    code_digest = models.CharField(max_length=64, db_index=True)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    handed_at = models.DateTimeField("当面交到", null=True, blank=True)
    handed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "登录码"
        constraints = [
            models.CheckConstraint(
                condition=Q(way="phone", carer__isnull=True) & ~Q(phone_digest="")
                | Q(way="print", carer__isnull=False, child__isnull=False, place__isnull=False),
                name="families_code_knows_its_way",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="families_code_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True) | Q(way="print"),
                name="families_code_handed_is_printed",
            ),
        ]
        indexes = [models.Index(fields=["place", "made_at"], name="families_code_place")]

    def is_open(self, moment: datetime) -> bool:
        return self.used_at is None and self.ended_at is None and moment < self.expires_at


class Identity(models.Model):
    """Who a carer is at a provider that gives no number, bound by the carer who was in. It opens as
    long as the number by which the carer came in then is still the carer's."""

    carer = models.ForeignKey(Carer, models.CASCADE, related_name="identities")
    provider = models.CharField(max_length=12)
    subject_digest = models.CharField(max_length=64)
    phone_digest = models.CharField(max_length=64, blank=True, default="")
    bound_at = models.DateTimeField()

    class Meta:
        verbose_name = "第三方登录"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "subject_digest"], name="families_identity_of_one_carer"
            ),
        ]


class NumberDoubt(models.Model):
    """Somebody who was reached at a carer's number said "not me". It opens nothing from then on,
    until the number is changed or somebody at the school has checked that it is right."""

    class Said(models.TextChoices):
        AT_THE_NUMBER = "number", "收到登录短信的人"
        SIGNED_IN = "signed_in", "登录进来的人"
        SLIP = "slip", "拿到打印码的人"

    carer = models.ForeignKey(Carer, models.CASCADE, related_name="number_doubts")
    # The number of that time; empty for a slip that reached somebody else.
    phone_digest = models.CharField(max_length=64, blank=True, default="")
    said = models.CharField("谁说的", max_length=10, choices=Said.choices)
    said_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "待核对的号码"
        constraints = [
            models.UniqueConstraint(
                fields=["carer", "phone_digest"],
                condition=Q(settled_at__isnull=True),
                name="families_doubt_one_open",
            ),
            models.CheckConstraint(
                condition=Q(said__in=["number", "signed_in", "slip"]),
                name="families_doubt_said_known",
            ),
        ]
