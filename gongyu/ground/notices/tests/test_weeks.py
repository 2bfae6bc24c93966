"""Weeks of notices for a small school, in the database and over bad providers: the whole machinery.

GONGYU_WEEKS=52 is the long run. The year of 2 000 families, on paper, is in `test_a_year_on_paper.py`.
"""

from __future__ import annotations

import os
import random
from collections import Counter, defaultdict
from datetime import timedelta

import pytest
from django.db.models import F

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.clock import is_quiet, week_of
from gongyu.ground.notices.models import Delivery, Notice
from gongyu.ground.notices.parameters import weekly_budget
from gongyu.ground.people.models import Carer

from .flaky import Flaky, Telephones
from .sending_year import is_vacation, notices_of_a_day
from .town import UNTIL, YEAR, Town, build_town, moment
from .watch import Watch, use

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(36_000)]

WEEKS = int(os.environ.get("GONGYU_WEEKS", "0")) or 3
FAMILIES = 24
LAST = min(YEAR + timedelta(weeks=WEEKS), UNTIL)


def _families_answer(draw: random.Random, watch: Watch, answered: set[int]) -> None:
    """Some answer soon, some late, some never."""
    rows = Delivery.objects.filter(
        notice__status="open", notice__until_on__gt=watch().date(), answer__isnull=True,
        carer__isnull=False, status__in=["told", "due"],
    ).exclude(notice__kind="to_know")  # fmt: skip
    for row in rows.select_related("notice").order_by("pk"):
        if row.pk not in answered and draw.random() < 0.25:
            answered.add(row.pk)
            way = draw.choice(["box", "voice"])
            actions.answer(row, 0, way=way, at=watch(), by=SYSTEM)


def _go_to(until, watch: Watch) -> None:
    """Let the job look whenever it has something to do until a moment; no oftener than each ten
    minutes, as a busy worker would."""
    while (then := queries.moment_of_next(watch())) is not None and then < until:
        watch.to(then + timedelta(minutes=10))
        jobs.run(watch)
    watch.to(until)


def simulate(town: Town, sends: random.Random, draw: random.Random) -> Watch:
    """What is sent is drawn apart: it is the same however providers and families behave, and on
    whatever database."""
    watch, answered, day = Watch(moment(YEAR, 0)), set(), YEAR
    while day < LAST:
        new_ones = notices_of_a_day(town, day, sends)
        for hour, minute, new, key in sorted(new_ones, key=lambda one: one[:2]):
            _go_to(moment(day, hour, minute), watch)
            actions.send(new, at=watch(), key=key, by=SYSTEM)
        _go_to(moment(day, 20), watch)
        _families_answer(draw, watch, answered)
        day += timedelta(days=1)
        actions.close_what_is_over(day, by=SYSTEM)
    _go_to(moment(LAST, 0) + timedelta(days=30), watch)
    return watch


def _family_of_phones(town: Town) -> dict[str, int]:
    """{telephone: family}, for whoever counts from outside."""
    phones = dict(Carer.objects.values_list("phone", "pk"))
    return {phone: int(phone[3:9]) for phone in phones if phone}


def test_weeks_of_notices_stay_within_the_budget_and_forgets_nobody(monkeypatch, capsys):
    draw, phones = random.Random(2026), Telephones()
    town = build_town(FAMILIES, draw)
    dead = frozenset(f"139{n:06d}00" for n in range(0, FAMILIES, 6))
    told = {"phones": phones, "draw": draw, "dead": dead}
    use(
        monkeypatch,
        Flaky("sms", "sms-a", badness=0.2, **told),
        Flaky("sms", "sms-b", badness=0.1, answers=False, **told),
        Flaky("voice", "voice-a", badness=0.15, **told),
    )
    # With this seed both the law and a danger ask for a receipt within the three weeks.
    simulate(town, random.Random(4), draw)

    rang = phones.everything()
    assert [k for k, n in Counter(key for _at, key, *_r in rang).items() if n > 1] == []
    at_night = [one for one in rang if one[2] != "safety" and is_quiet(one[0])]
    assert at_night == []
    worst, mean = _per_week(phones, town)
    assert worst["without danger"] <= weekly_budget().value
    _check_must_reach()
    with capsys.disabled():
        print(
            f"\n{len(town.families)} families, {Notice.objects.count()} notices, "
            f"{Delivery.objects.count()} deliveries, {len(rang)} sounding messages: "
            f"{mean:.2f} a week and family, {worst['without danger']} at most without danger, "
            f"{worst['with danger']} with it."
        )


def _per_week(phones: Telephones, town: Town) -> tuple[dict[str, int], float]:
    """Sounding messages of a family in a week of school: the most, with danger or without; the mean."""
    family_of = _family_of_phones(town)
    weeks, dangers = defaultdict(Counter), set()
    for phone, several in phones.rang.items():
        for at, _key, kind, *_rest in several:
            weeks[week_of(at)][family_of[phone]] += 1
            if kind == "safety":
                dangers.add((week_of(at), family_of[phone]))
    most = {"with danger": 0, "without danger": 0}
    for week, counts in weeks.items():
        for family, count in counts.items():
            word = "with danger" if (week, family) in dangers else "without danger"
            most[word] = max(most[word], count)
    assert all(most.values())
    of_school = [sum(weeks[week].values()) for week in weeks if not is_vacation(week)]
    return most, sum(of_school) / len(of_school) / len(town.families)


def _check_must_reach() -> None:
    must = Delivery.objects.exclude(notice__basis="").filter(leads=True)
    assert set(must.values_list("notice__basis", flat=True)) == {"law", "danger"}
    left = must.exclude(status__in=["answered", "handed", "to_hand"])
    reached = Delivery.objects.filter(status__in=["answered", "handed"])
    told = set(reached.values_list("notice_id", "family_id"))
    assert [one for one in left.values_list("notice_id", "family_id") if one not in told] == []
    to_hand = must.filter(status="to_hand")
    assert to_hand.exists()
    places = to_hand.values_list("hand_place_id", flat=True)
    assert all(one.name for one in queries.standers(places, YEAR).values())
    # Of a notice that is over nobody is called any more.
    assert not Delivery.objects.filter(
        status="due", next_at__gt=F("notice__until_on") + timedelta(days=2)
    ).exists()
