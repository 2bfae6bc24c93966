"""What the tests of committees share: a class with families, its committee, links, an election."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Carer, Child, Enrolment, Relation
from gongyu.records.m02_parent_committees import actions, tokens
from gongyu.records.m02_parent_committees.models import FamilyLink
from gongyu.records.m02_parent_committees.shapes import Called
from tests.cast import CAST_DAY, LONG_AGO, YEAR_FROM, YEAR_UNTIL, sign_in

NOMINATED_BY = CAST_DAY + timedelta(days=4)
VOTED_BY = CAST_DAY + timedelta(days=8)
COUNTED_ON = VOTED_BY + timedelta(days=1)
CALLED = Called(2, NOMINATED_BY, VOTED_BY, COUNTED_ON, YEAR_UNTIL)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def a_family(cast, number: int, place=None, children: int = 1) -> tuple[list[Child], Carer, Carer]:
    """Children of one father and one mother in a class; the mother is the daily carer."""
    mother = Carer.objects.create(name=f"母亲{number}")
    father = Carer.objects.create(name=f"父亲{number}")
    made = []
    for index in range(children):
        child = Child.objects.create(name=f"孩子{number}{'甲乙丙'[index]}", home=cast.community)
        enrol(
            child, place or cast.this_class, YEAR_FROM, how_in=Enrolment.HowIn.PROMOTED, by=SYSTEM
        )
        for carer, relation, daily in (
            (mother, Relation.MOTHER, True),
            (father, Relation.FATHER, False),
        ):
            add_care(
                child, carer, relation, LONG_AGO, is_guardian=True, is_daily_carer=daily, by=SYSTEM
            )
        made.append(child)
    return made, mother, father


@pytest.fixture
def families(cast):
    """Six families beside the cast's two, the last with twins."""
    return [a_family(cast, n, children=2 if n == 5 else 1) for n in range(6)]


@pytest.fixture
def committee(cast, families):
    return actions.found_committee(
        "class", cast.this_class, on=CAST_DAY, by=cast.class_teacher.actor
    )


@pytest.fixture
def links(cast, families):
    """{child id: token} of the first carer of each family of the class."""
    actions.make_family_links(cast.this_class.pk, on=CAST_DAY, by=cast.class_teacher.actor)
    return {link.child_id: token_of(link) for link in FamilyLink.objects.order_by("pk")}


def token_of(link: FamilyLink) -> str:
    return tokens.family_token(link.class_place_id, link.child_id, link.carer_id, link.salt)


def another_link(cast, child: Child, carer: Carer, on: date = CAST_DAY) -> str:
    """A link for another carer of the child's family."""
    link = actions.renew_family_link(
        cast.this_class.pk, child.pk, carer.pk, on=on, by=cast.class_teacher.actor
    )
    return token_of(link)


@pytest.fixture
def election(cast, committee):
    return actions.call_election(committee, CALLED, on=CAST_DAY, by=cast.class_teacher.actor)


@pytest.fixture
def candidates(cast, election, families):
    """Three mothers who stand."""
    return [
        actions.enter_nomination(
            election, mother.pk, accepted=True, on=CAST_DAY, by=cast.class_teacher.actor
        )
        for _children, mother, _father in families[:3]
    ]


@pytest.fixture
def voting(cast, election, candidates, links):
    """The election with its vote open; `links` are there."""
    return actions.open_vote(election, on=CAST_DAY, by=cast.class_teacher.actor)


@pytest.fixture
def teacher(cast, client):
    return sign_in(client, cast.class_teacher)


def vote(voting, token: str, *numbers: int, on: date = CAST_DAY) -> None:
    actions.cast(token, voting.poll_id, set(numbers), on=on)


def count(cast, voting, on: date = COUNTED_ON):
    return actions.count_election(voting, on=on, by=cast.class_teacher.actor)


@pytest.fixture
def time_machine_at():
    """Travel to another day: `time_machine_at(day)`, ten in the morning in Chongqing."""
    from datetime import UTC, datetime

    import time_machine

    traveller = None

    def go(day: date) -> None:
        nonlocal traveller
        if traveller is not None:
            traveller.stop()
        moment = datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()

    yield go
    if traveller is not None:
        traveller.stop()
