"""What the tests of home visits share: an entry, a recorded visit, a sibling in the next class."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.urls import reverse

from gongyu.ground.people.models import Care, Child, Enrolment, Relation
from gongyu.records.m01_home_school_contact import actions
from gongyu.records.m01_home_school_contact.models import Proposal
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from tests.cast import CAST_DAY, YEAR_FROM, sign_in


@pytest.fixture
def entry(cast):
    """A visit of the cast's day to the pupil's grandmother; keywords change it."""

    def make(**changes) -> VisitEntry:
        told = {
            "visited_on": CAST_DAY,
            "notes": {cast.pupil.pk: ""},
            "setting": "home",
            "met": (cast.grandmother.pk,),
            "asked": "希望孩子多读书",
            "follows": "借两本书",
        }
        if changes.get("outcome", "held") != "held":
            told |= {"setting": "", "met": (), "asked": "", "follows": ""}
        return VisitEntry(**(told | changes))

    return make


@pytest.fixture
def record(cast, entry):
    def make(person=None, on: date = CAST_DAY, key: str = "", **changes):
        return actions.record_visit(
            entry(**changes),
            on=on,
            key=key or str(uuid4()),
            by=(person or cast.class_teacher).actor,
        )

    return make


@pytest.fixture
def brother(cast):
    """A brother of the pupil in the parallel class of the same school."""
    child = Child.objects.create(name="杨小风", home=cast.community)
    Enrolment.objects.create(
        child=child,
        school=cast.school,
        school_class=cast.parallel_class,
        from_on=YEAR_FROM,
        how_in="promoted",
    )
    Care.objects.create(
        child=child,
        carer=cast.grandmother,
        relation=Relation.GRANDMOTHER,
        is_daily_carer=True,
        from_on=YEAR_FROM,
    )
    return child


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def teacher(cast, client):
    return sign_in(client, cast.class_teacher)


@pytest.fixture
def proposal(cast, teacher):
    teacher.post(
        reverse("visits:propose", args=[cast.this_class.pk]),
        {
            "child": [cast.pupil.pk],
            "times_0": "2026-11-07T15:00",
            "times_1": "2026-11-08T10:30",
            "message": "想到家里坐坐",
            "elsewhere": "兴隆街社区活动室",
            "answer_by": "2026-11-06",
        },
    )
    return Proposal.objects.get()
