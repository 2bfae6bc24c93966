"""Secret questions to families, and the elections that ask them. Who has voted and what was voted
stand in two tables that nothing joins: no number, no order, no moment (docs/adr/0016)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import SecretField

from .states import CANDIDATE, ELECTION


class Poll(models.Model):
    """A question with `options` answers, of which a family may choose up to `most`. While it is
    open nothing of the answers is known; after counting, only how often each was chosen."""

    options = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    opened_on = models.DateField()
    last_on = models.DateField("最后一天")
    counted_on = models.DateField(null=True, blank=True)
    # Known after counting alone; of a poll that fell short, only how many answered.
    ballots = models.PositiveIntegerField(null=True, blank=True)
    blank = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "不记名征询"
        constraints = [
            models.CheckConstraint(
                condition=Q(most__gte=1) & Q(options__gte=F("most")),
                name="parent_committees_poll_can_be_answered",
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("opened_on")),
                name="parent_committees_poll_leaves_time",
            ),
            models.CheckConstraint(
                condition=Q(counted_on__isnull=True) | Q(counted_on__gt=F("last_on")),
                name="parent_committees_counted_after_closing",
            ),
        ]


class Voter(models.Model):
    """One family on the roll. Whether it has answered, and nothing else: not when, not what."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="voters")
    # The class where the family is told, and handed its slip.
    class_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    voted = models.BooleanField(default=False)

    class Meta:
        verbose_name = "名册上的家庭"
        indexes = [models.Index(fields=["poll", "voted"], name="committees_roll")]


class VoterChild(models.Model):
    """The children by whom a family is on the roll; a child stands in one family of a poll."""

    poll = models.ForeignKey(Poll, models.CASCADE, related_name="+")
    voter = models.ForeignKey(Voter, models.CASCADE, related_name="children")
    child = models.ForeignKey(Child, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "child"], name="parent_committees_child_votes_once"
            )
        ]


class Urn(models.Model):
    """All ballots of a poll in one sealed value of one length, in no order of time. It is emptied
    when they have been counted."""

    poll = models.OneToOneField(Poll, models.CASCADE, primary_key=True, related_name="urn")
    sealed = SecretField()

    class Meta:
        verbose_name = "票箱"


class Election(models.Model):
    """Nomination, secret ballot and count for a committee's seats. `term_from` and `term_until` are
    those that the winners will serve; a by-election serves the rest of the term that runs."""

    class Kind(models.TextChoices):
        TERM = "term", "换届选举"
        BY_ELECTION = "by_election", "补选"
        RUN_OFF = "run_off", "再次投票"
        MEETING = "meeting", "会议推选"

    committee = models.ForeignKey(
        "parent_committees.Committee", models.PROTECT, related_name="elections"
    )
    kind = models.CharField("方式", max_length=12, choices=Kind.choices)
    seats = models.PositiveSmallIntegerField("名额")
    status = models.CharField(max_length=12, default="nominating")
    nominate_until = models.DateField("提名最后一天")
    vote_until = models.DateField("投票最后一天")
    term_from = models.DateField("任期开始")
    term_until = models.DateField("任期截止(不含)")
    term = models.ForeignKey(
        "parent_committees.Term", models.PROTECT, null=True, blank=True, related_name="elections"
    )
    poll = models.OneToOneField(
        Poll, models.PROTECT, null=True, blank=True, related_name="election"
    )
    # As read on the day it was called, so that a changed parameter changes no vote that runs.
    quorum_percent = models.PositiveSmallIntegerField()
    reason = models.CharField("没有选成的原因", max_length=120, blank=True)

    class Meta:
        verbose_name = "选举"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(ELECTION)),
                name="parent_committees_election_status_known",
            ),
            models.CheckConstraint(
                condition=Q(vote_until__gt=F("nominate_until"))
                | Q(kind__in=["run_off", "meeting"]),
                name="parent_committees_votes_after_nominations",
            ),
            models.CheckConstraint(
                condition=Q(term_until__gt=F("term_from")),
                name="parent_committees_election_term_lasts",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1), name="parent_committees_election_has_seats"
            ),
            models.UniqueConstraint(
                fields=["committee"],
                condition=Q(status__in=["nominating", "voting"]),
                name="parent_committees_one_election_open",
            ),
        ]

    @property
    def label(self) -> str:
        return ELECTION[self.status]["label"]

    @property
    def counted(self) -> list[Candidate]:
        """Those on the ballot with their votes, the most first; empty before the count."""
        rows = [c for c in self.candidates.all() if c.votes is not None]
        return sorted(rows, key=lambda c: (-c.votes, c.number))


class Candidate(models.Model):
    """Somebody named for a seat: by oneself, by another family, or by the school from paper. Who
    named somebody is kept nowhere."""

    class Outcome(models.TextChoices):
        ELECTED = "elected", "当选"
        TIED = "tied", "得票相同"
        NOT_ELECTED = "not_elected", "未当选"

    election = models.ForeignKey(Election, models.CASCADE, related_name="candidates")
    carer = models.ForeignKey(Carer, models.PROTECT, null=True, blank=True, related_name="+")
    # As another family wrote it, until the school has found whom it means.
    said_name = models.CharField("提名时写的姓名", max_length=40, blank=True)
    status = models.CharField(max_length=10, default="suggested")
    statement = models.CharField("想对家长说的话", max_length=120, blank=True)
    # The place on the ballot, drawn by lot when the vote opens.
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    votes = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = "候选人"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=list(CANDIDATE)),
                name="parent_committees_candidate_status_known",
            ),
            models.CheckConstraint(
                condition=Q(carer__isnull=False) | Q(status__in=["suggested", "dropped"]),
                name="parent_committees_candidate_is_somebody",
            ),
            models.UniqueConstraint(
                fields=["election", "carer"],
                condition=Q(carer__isnull=False),
                name="parent_committees_candidate_once",
            ),
            models.UniqueConstraint(
                fields=["election", "number"],
                condition=Q(number__isnull=False),
                name="parent_committees_ballot_place_once",
            ),
        ]

    @property
    def label(self) -> str:
        return CANDIDATE[self.status]["label"]
