"""Who has the whole database, ledger and audit cannot tie a ballot to a family better than by chance.

Two ways: two worlds in which families exchanged their ballots leave the same database, row by row and
after opening the urn with its key; and an attacker who tries every order that the tables have gains
nothing over guessing.
"""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from gongyu.ground.audit.models import Entry
from gongyu.records.m02_parent_committees import actions, urn
from gongyu.records.m02_parent_committees.models import (
    Candidate,
    FamilyLink,
    Poll,
    Urn,
    Voter,
    VoterChild,
)
from tests.cast import CAST_DAY

from .conftest import count, vote

pytestmark = pytest.mark.django_db


class RolledBack(Exception):
    pass


def whole_database() -> dict[str, list[tuple]]:
    """Every row of every table with all its columns, secrets opened, in the order of the keys. Only
    the running numbers of append-only tables are taken as ranks: a database does not give them back
    when a world is rolled back."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.label == "sessions.Session":
            continue
        names = [f.attname for f in model._meta.concrete_fields]
        rows = list(model._default_manager.order_by("pk").values_list(*names))
        if names[0] == "seq":
            rows = [(rank, *row[1:]) for rank, row in enumerate(rows)]
        found[model._meta.label] = rows
    return found


def world(cast, voting, ballots: list[tuple[str, tuple[int, ...]]], *, counted: bool) -> dict:
    """What the database holds after these families have voted so, in this order; then all is undone."""
    found = {}
    _number_as_at_first()
    try:
        with transaction.atomic():
            for token, numbers in ballots:
                vote(voting, token, *numbers)
            if counted:
                count(cast, voting)
            found = whole_database()
            raise RolledBack
    except RolledBack:
        return found


def _number_as_at_first() -> None:
    """PostgreSQL goes on counting after a rollback: two worlds begin at the same number."""
    own = [m for m in apps.get_models() if m._meta.app_label == "parent_committees"]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own):
            cursor.execute(statement)


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.usefixtures("at_the_cast_day")
def test_families_who_exchange_their_ballots_leave_the_same_database(cast, voting, links, counted):
    voters = list(links.values())[:6]
    choices = [(0,), (1,), (0, 1), (2,), (), (1, 2)]
    first = world(cast, voting, list(zip(voters, choices, strict=True)), counted=counted)
    draw = random.Random(7)
    for _ in range(6):
        exchanged = draw.sample(choices, len(choices))
        order = draw.sample(list(zip(voters, exchanged, strict=True)), len(voters))
        other = world(cast, voting, order, counted=counted)
        differing = [name for name in first if first[name] != other[name]]
        assert differing == []
    other = world(
        cast, voting, list(zip(voters, [(2,), *choices[1:]], strict=True)), counted=counted
    )
    assert other != first, "another result would show: the test looks at what matters"


def test_an_attacker_with_every_order_of_the_tables_guesses_no_better(cast, voting, links):
    """Words of the urn laid beside the families in each order that anything in the database has."""
    voters = [(pk, token) for pk, token in links.items()][:6]
    draw = random.Random(11)
    hits, chance, guesses = 0, 0.0, 0
    for _ in range(30):
        truth = {pk: draw.randrange(3) for pk, _token in voters}
        order = draw.sample(voters, len(voters))
        try:
            with transaction.atomic():
                for pk, token in order:
                    vote(voting, token, truth[pk])
                words = _words_of(voting.poll)
                for families in _orders(voting.poll):
                    hits += sum(
                        urn_word == f"{1 << truth[pk]:x}"
                        for pk, urn_word in zip(families, words, strict=True)
                    )
                    share = [list(truth.values()).count(n) / 6 for n in range(3)]
                    chance += 6 * sum(s * s for s in share)
                    guesses += 6
                raise RolledBack
        except RolledBack:
            pass
    # Six standard deviations of so many coins: an order that tells anything tells much more.
    assert abs(hits - chance) < 6 * (guesses * 0.25) ** 0.5


def _words_of(poll: Poll) -> list[str]:
    content = Urn.objects.get(poll=poll).sealed
    return [letter for letter in content if letter != "z"]


def _orders(poll: Poll) -> list[list[int]]:
    """The families that voted, by every column by which they can be put in order, both ways."""
    voted = VoterChild.objects.filter(poll=poll, voter__voted=True)
    orders = [
        list(voted.order_by(column).values_list("child_id", flat=True))
        for column in ("voter_id", "child_id", "pk", "child__name")
    ]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.child_id FROM parent_committees_voter v "
                "JOIN parent_committees_voterchild c ON c.voter_id = v.id "
                "WHERE v.poll_id = %s AND v.voted ORDER BY v.rowid",
                [poll.pk],
            )
            orders.append([row[0] for row in cursor.fetchall()])
    return orders + [order[::-1] for order in orders]


def test_the_two_tables_have_nothing_by_which_they_could_be_joined():
    """Any new column here must be thought about: it fails until it is."""
    assert {f.attname for f in Voter._meta.concrete_fields} == {
        "id",
        "poll_id",
        "class_place_id",
        "voted",
    }
    assert {f.attname for f in Urn._meta.concrete_fields} == {"poll_id", "sealed"}
    ways = {f.related_model for m in (Urn,) for f in m._meta.get_fields() if f.is_relation}
    assert ways == {Poll}
    times = [
        f
        for m in (Voter, VoterChild, Urn)
        for f in m._meta.concrete_fields
        if isinstance(f, models.DateField | models.TimeField)
    ]
    assert times == []
    assert not hasattr(FamilyLink, "used_at")


def test_the_audit_says_that_a_ballot_came_and_never_from_whom(cast, voting, links):
    for token in list(links.values())[:3]:
        vote(voting, token, 0)
    rows = list(Entry.objects.filter(verb="ballot.cast").values())
    assert len(rows) == 3
    own = {"seq", "at"}
    assert len({tuple((k, str(v)) for k, v in row.items() if k not in own) for row in rows}) == 1
    assert rows[0]["subject_id"] == voting.poll_id
    assert (rows[0]["user_id"], rows[0]["staff_id"]) == (None, None)


def test_the_urn_is_as_long_before_as_after_and_sealed(cast, voting, links):
    def stored() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM parent_committees_urn")
            return bytes(cursor.fetchone()[0])

    before = stored()
    vote(voting, next(iter(links.values())), 0, 1)
    after = stored()
    assert len(before) == len(after) and before != after
    assert Urn.objects.get().sealed.encode() not in after


def test_the_order_of_ballots_leaves_no_mark_in_an_urn():
    ballots = [{0}, {1}, {0, 2}, set()]
    results = set()
    for order in permutations(ballots):
        content = urn.empty(6, 3)
        for ballot in order:
            content = urn.put(content, ballot, 3)
        results.add(content)
    assert len(results) == 1
    assert urn.count(results.pop(), 3) == (4, 1, [2, 1, 1])


def test_an_urn_takes_no_more_ballots_than_there_are_families():
    content = urn.put(urn.empty(1, 9), {8}, 9)
    with pytest.raises(urn.UrnFull):
        urn.put(content, {0}, 9)
    with pytest.raises(ValueError):
        urn.put(urn.empty(1, 3), {3}, 3)


def test_the_place_on_the_ballot_is_drawn_by_lot(cast, election, families, committee):
    by = cast.class_teacher.actor
    first = set()
    for _ in range(30):
        try:
            with transaction.atomic():
                for _children, mother, _father in families[:3]:
                    actions.enter_nomination(election, mother.pk, accepted=True, on=CAST_DAY, by=by)
                actions.open_vote(election, on=CAST_DAY, by=by)
                first.add(Candidate.objects.get(number=0).carer.name)
                raise RolledBack
        except RolledBack:
            pass
    assert len(first) == 3
