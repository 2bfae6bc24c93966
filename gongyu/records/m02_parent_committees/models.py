"""Committees, their terms and members, and the links by which families and members come in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongyu.ground.calendar.intervals import Held, HeldQuerySet
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.staff.models import Staff

from .models_ballots import Candidate, Election, Poll, Urn, Voter, VoterChild
from .models_matters import Expense, Inspection, Matter, Paper, Picture, Rectification

__all__ = [
    "Candidate",
    "Committee",
    "Election",
    "Expense",
    "FamilyLink",
    "Inspection",
    "Matter",
    "Member",
    "MemberLink",
    "Paper",
    "Picture",
    "Poll",
    "Rectification",
    "Term",
    "Urn",
    "Voter",
    "VoterChild",
]


class Level(models.TextChoices):
    CLASS = "class", "班级家委会"
    GRADE = "grade", "年级家委会"
    SCHOOL = "school", "校级家委会"


class Committee(models.Model):
    """The committee of a class, of a grade in a school year, or of a school. `place` is the class or
    the school; kindergartens have the same three levels."""

    level = models.CharField("层级", max_length=6, choices=Level.choices)
    school = models.ForeignKey(Place, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="parent_committees")
    # Only of a grade: which one, of which school year.
    school_year = models.PositiveSmallIntegerField(null=True, blank=True)
    stage = models.CharField(max_length=16, blank=True)
    grade = models.SmallIntegerField(null=True, blank=True)
    founded_on = models.DateField("设立日期")

    class Meta:
        verbose_name = "家长委员会"
        constraints = [
            models.CheckConstraint(
                condition=Q(level="grade", grade__isnull=False, school_year__isnull=False)
                | Q(level__in=["class", "school"], grade__isnull=True, school_year__isnull=True),
                name="parent_committees_level_has_its_grade",
            ),
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(level__in=["class", "school"]),
                name="parent_committees_one_a_place",
            ),
            models.UniqueConstraint(
                fields=["place", "school_year", "stage", "grade"],
                condition=Q(level="grade"),
                name="parent_committees_one_a_grade",
            ),
        ]
        indexes = [models.Index(fields=["school"], name="committees_of_school")]

    @property
    def label(self) -> str:
        return self.get_level_display()


class Term(Held):
    """From the day on which the elected take up their work until the day after their last."""

    class EndedBy(models.TextChoices):
        NEXT = "next", "换届"
        SCHOOL = "school", "提前结束"

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="terms")
    seats = models.PositiveSmallIntegerField("名额")
    ended_by = models.CharField(max_length=8, choices=EndedBy.choices, blank=True)
    end_reason = models.CharField("提前结束的原因", max_length=120, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = "任期"
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["committee", "from_on"], name="parent_committees_term_one_start"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=False), name="parent_committees_term_has_an_end"
            ),
        ]


class Member(Held):
    """A carer's seat within a term."""

    class Office(models.TextChoices):
        CHAIR = "chair", "主任委员"
        DEPUTY = "deputy", "副主任委员"
        MEMBER = "member", "委员"

    class Left(models.TextChoices):
        STEPPED_DOWN = "stepped_down", "本人辞去"
        CHILD_LEFT = "child_left", "孩子已离开"
        TERM_ENDED = "term_ended", "任期结束"

    term = models.ForeignKey(Term, models.PROTECT, related_name="members")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="committee_seats")
    office = models.CharField("职务", max_length=8, choices=Office.choices, default=Office.MEMBER)
    left = models.CharField(max_length=12, choices=Left.choices, blank=True)

    objects = HeldQuerySet.as_manager()

    class Meta(Held.Meta):
        verbose_name = "委员"
        constraints = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["term", "carer", "from_on"], name="parent_committees_member_once"
            ),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(office="chair", left=""),
                name="parent_committees_one_chair",
            ),
        ]


class MemberLink(models.Model):
    """A member's own way in, bound to the seat; only the token's digest is kept, so that it is seen
    once, on the slip, and by nobody later."""

    member = models.OneToOneField(Member, models.CASCADE, related_name="link")
    token_digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()

    class Meta:
        verbose_name = "委员链接"


class FamilyLink(models.Model):
    """A carer's way to the committees of one class: vote, nominate, answer, read the settlements.
    It opens as long as the child is in the class and the carer may be told."""

    class_place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    child = models.ForeignKey(Child, models.CASCADE, related_name="committee_links")
    carer = models.ForeignKey(Carer, models.PROTECT, related_name="committee_links")
    salt = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "家庭链接"
        constraints = [
            models.UniqueConstraint(
                fields=["class_place", "child", "carer"], name="parent_committees_link_once"
            )
        ]
