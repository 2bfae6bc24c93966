"""`gongyu demo --today DATE` builds on any day: between the years, in a vacation, on a leap day.

Two of the days are tried always, all of them in the long run: GONGYU_DEMO_DAYS=all.
"""

from __future__ import annotations

import os
from datetime import date

import pytest
from django.db import transaction

from gongyu.demo.story import make_city
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.models import Enrolment
from gongyu.ground.staff.models import Post
from gongyu.indicators.actions import refresh
from gongyu.records.m01_home_school_contact.models import Visit

ALWAYS = (date(2026, 9, 1), date(2027, 2, 7))  # the first day of school; within Spring Festival
LONG_RUN = (
    date(2027, 1, 1),
    date(2026, 8, 31),
    date(2026, 11, 22),  # a Sunday
    date(2027, 1, 22),  # the last day of the semester
    date(2027, 7, 15),  # in the summer vacation
    date(2028, 2, 29),  # a year whose calendar is not published yet
    date(2026, 2, 28),
)
DAYS = (*ALWAYS, *LONG_RUN) if os.environ.get("GONGYU_DEMO_DAYS") == "all" else ALWAYS


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_demo_city_builds(day, settings, tmp_path):
    settings.DATA = tmp_path
    with transaction.atomic():
        make_city(7, day, lambda step: None, share=0.03)
        refresh(day, by=SYSTEM)
        assert Enrolment.objects.on(day).exists() and Post.objects.on(day).exists()
        # Nothing is told of a day to come; what is planned for one may be.
        held = Fact.objects.filter(kind__in=["visit.held", "activity.held", "contact.made"])
        assert not held.filter(on_date__gt=day).exists()
        assert not Visit.objects.filter(visited_on__gt=day).exists()
        transaction.set_rollback(True)
