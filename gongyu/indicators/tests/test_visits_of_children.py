"""Each exception of the yearly visit, by name, in a city of the plan's own year 2025-2026."""

from __future__ import annotations

from datetime import date

import pytest

from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import SchoolClass
from gongyu.indicators import queries

from .small_city import YEAR, YEAR_FROM, YEAR_UNTIL, SmallCity, enrol, fact, make_city, place, visit

NOVEMBER = date(2025, 11, 20)
JULY = date(2026, 7, 10)


@pytest.fixture
def town(db, data_folder) -> SmallCity:
    return make_city(children_in_a_class=2)


def state(town: SmallCity, child: int, on: date = NOVEMBER) -> tuple[str, str]:
    """(state, reason) of a child, from whichever class it belongs to."""
    for one in SchoolClass.objects.values_list("pk", flat=True):
        found = queries.class_states(one, on).get(child)
        if found:
            return found.state, found.code
    return "", ""


def supersede(old: Fact, **changes) -> Fact:
    """A correction: the same fact with other values."""
    said = {
        name: getattr(old, name)
        for name in ("actor_id", "status", "detail", "quantity", "until_date", "on_date")
    }
    said.update(changes)
    on = said.pop("on_date")
    return fact(
        old.kind, old.subject_id, None, on, place_id=old.place_id, supersedes_id=old.pk, **said
    )


def test_a_child_not_visited_yet_is_in_progress_then_at_risk_then_missed(town):
    child = town.children[town.classes[0].pk][0]
    assert state(town, child) == ("in_progress", "not_visited")
    assert state(town, child, date(2026, 7, 2)) == ("in_progress", "not_visited")
    assert state(town, child, date(2026, 7, 3)) == ("at_risk", "not_visited")
    assert state(town, child, date(2026, 8, 31)) == ("at_risk", "not_visited")
    # The new year asks anew, and nobody has said yet which class the child is in.
    assert state(town, child, YEAR_UNTIL) == ("unknown", "no_class")


def test_a_visit_counts_from_the_day_it_was_made(town):
    one = town.classes[0]
    child = town.children[one.pk][0]
    visit(town, child, one, date(2025, 10, 8))
    assert state(town, child, date(2025, 10, 7)) == ("in_progress", "not_visited")
    assert state(town, child, date(2025, 10, 8)) == ("met", "visited")


def test_meeting_elsewhere_is_shown_and_does_not_count(town):
    one = town.classes[0]
    child = town.children[one.pk][0]
    visit(town, child, one, date(2025, 10, 8), detail="elsewhere")
    assert state(town, child) == ("in_progress", "visited_elsewhere")


def test_only_who_is_class_teacher_on_that_day_counts(town):
    one = town.classes[0]
    first, second = town.children[one.pk]
    post = Fact.objects.get(kind="post.held", place_id=one.pk)
    supersede_post(post, date(2025, 10, 1))
    fact(
        "post.held",
        one,
        one,
        date(2025, 10, 1),
        actor_id=77,
        status="class_teacher",
        detail="acting",
    )
    visit(town, first, one, date(2025, 10, 1))
    visit(town, second, one, date(2025, 10, 1), actor_id=77)
    assert state(town, first) == ("in_progress", "visitor_not_in_post")
    assert state(town, second) == ("met", "visited")
    visit(town, first, one, date(2025, 9, 30))
    assert state(town, first) == ("met", "visited")


def supersede_post(post: Fact, until: date) -> None:
    fact(
        "post.held",
        SchoolClass.objects.get(pk=post.place_id).place,
        SchoolClass.objects.get(pk=post.place_id).place,
        post.on_date,
        until_date=until,
        actor_id=post.actor_id,
        status=post.status,
        supersedes_id=post.pk,
    )


def test_a_leaders_or_a_subject_teachers_visit_is_another_duty(town):
    one = town.classes[0]
    child = town.children[one.pk][0]
    visit(town, child, one, date(2025, 10, 8), status="leader", actor_id=town.head(town.schools[0]))
    visit(town, child, one, date(2025, 10, 9), status="subject_teacher")
    assert state(town, child) == ("in_progress", "not_visited")


def test_a_retracted_visit_counts_nothing_and_a_corrected_one_what_it_says_now(town):
    one = town.classes[0]
    first, second = town.children[one.pk]
    supersede(visit(town, first, one, date(2025, 10, 8)), quantity=0)
    assert state(town, first) == ("in_progress", "not_visited")
    mistaken = visit(town, second, one, date(2025, 10, 8), detail="elsewhere")
    supersede(mistaken, detail="home")
    assert state(town, second) == ("met", "visited")


def test_a_visit_moved_to_another_child_counts_there_and_no_longer_here(town):
    here, there = town.classes[0], town.classes[2]
    mine, theirs = town.children[here.pk][0], town.children[there.pk][0]
    old = visit(town, mine, here, date(2025, 10, 8))
    fact(
        "visit.held",
        theirs,
        there,
        date(2025, 10, 8),
        actor_id=town.teacher(there),
        status="class_teacher",
        detail="home",
        supersedes_id=old.pk,
    )
    assert state(town, mine) == ("in_progress", "not_visited")
    assert state(town, theirs) == ("met", "visited")


def test_a_visit_by_the_former_class_teacher_meets_it_after_a_transfer(town):
    old, new = town.classes[0], town.classes[4]
    child = town.children[old.pk][0]
    visit(town, child, old, date(2025, 9, 20))
    enrolment = Fact.objects.get(kind="enrolment", subject_id=child)
    supersede(enrolment, until_date=date(2025, 11, 1))
    enrol(child, new, date(2025, 11, 1), status="transferred")
    assert state(town, child) == ("met", "visited_by_former_class")
    assert child in queries.class_states(new.pk, NOVEMBER)
    assert child not in queries.class_states(old.pk, NOVEMBER)


def test_enrolled_for_less_than_thirty_days_is_exempt(town):
    one = town.classes[0]
    enrol(901, one, date(2026, 8, 3), status="transferred")
    enrol(902, one, date(2026, 8, 2), status="transferred")
    assert state(town, 901, date(2026, 8, 20)) == ("exempt", "too_short")
    assert state(town, 902, date(2026, 8, 20)) == ("at_risk", "not_visited")


def test_a_child_away_is_exempt_while_away(town):
    one = town.classes[0]
    child = town.children[one.pk][0]
    fact(
        "leave", child, None, date(2025, 11, 1), until_date=date(2026, 1, 1), status="long_illness"
    )
    assert state(town, child, date(2025, 10, 31)) == ("in_progress", "not_visited")
    assert state(town, child, date(2025, 11, 1)) == ("exempt", "away_now")
    assert state(town, child, date(2026, 1, 1)) == ("in_progress", "not_visited")


def test_a_child_away_for_all_but_a_few_days_is_exempt(town):
    child = town.children[town.classes[0].pk][0]
    fact("leave", child, None, date(2025, 9, 20), until_date=date(2026, 8, 25), status="suspended")
    assert state(town, child, date(2026, 8, 26)) == ("exempt", "away_most_of_the_year")


def test_declined_needs_two_recorded_attempts_before_the_heads_word(town):
    one = town.classes[0]
    first, second = town.children[one.pk]
    for child, days in ((first, (5, 9)), (second, (5, 25))):
        for day in days:
            fact("visit.attempted", child, one, date(2025, 10, day), status="refused")
        fact(
            "visit.declined",
            child,
            one,
            date(2025, 10, 12),
            until_date=YEAR_UNTIL,
            status="declined",
        )
    assert state(town, first) == ("declined", "declined")
    assert state(town, second) == ("in_progress", "not_visited")
    assert state(town, first, date(2025, 10, 11)) == ("in_progress", "not_visited")


def test_a_family_that_opens_the_door_after_all_is_met(town):
    one = town.classes[0]
    child = town.children[one.pk][0]
    for day in (5, 9):
        fact("visit.attempted", child, one, date(2025, 10, day), status="not_found")
    fact("visit.declined", child, one, date(2025, 10, 12), until_date=YEAR_UNTIL, status="declined")
    visit(town, child, one, date(2025, 11, 2))
    assert state(town, child) == ("met", "visited")


def test_a_class_whose_teacher_nobody_recorded_is_unknown_and_not_missed(town):
    school = town.schools[0]
    above = [town.city, town.districts[0], town.towns[0], school]
    one = place("class", "S00-9", above, date(2025, 7, 1))
    SchoolClass.objects.create(
        place=one, school=school, school_year=YEAR, stage="primary", grade=1, number=9
    )
    enrol(903, one)
    assert state(town, 903) == ("unknown", "no_teacher_recorded")


def test_a_child_still_in_last_years_class_is_unknown(town):
    school = town.schools[0]
    above = [town.city, town.districts[0], town.towns[0], school]
    one = place("class", "S00-8", above, date(2024, 7, 1))
    SchoolClass.objects.create(
        place=one, school=school, school_year=YEAR - 1, stage="primary", grade=1, number=8
    )
    enrol(904, one, date(2024, 9, 1))
    assert queries.class_states(one.pk, NOVEMBER)[904].code == "no_class"


def test_who_left_before_the_year_is_not_counted_and_who_left_in_it_is(town):
    one = town.classes[0]
    enrol(905, one, date(2025, 8, 1), until_date=date(2025, 8, 20))
    enrol(906, one, YEAR_FROM, until_date=date(2025, 11, 1))
    assert state(town, 906) == ("in_progress", "left")
    assert state(town, 906, date(2026, 8, 20)) == ("in_progress", "left")
    assert state(town, 905) == ("", "")


def test_a_new_pupil_may_be_visited_in_the_summer_before(town):
    one = town.classes[0]
    enrol(907, one, YEAR_FROM, status="admitted")
    enrol(908, one, YEAR_FROM, status="promoted")
    fact("post.held", one, one, date(2025, 7, 1), actor_id=55, status="class_teacher")
    for child in (907, 908):
        visit(town, child, one, date(2025, 8, 15), actor_id=55)
    assert state(town, 907) == ("met", "visited")
    assert state(town, 908) == ("in_progress", "not_visited")


def test_one_visit_serves_siblings_each_in_its_class(town):
    here, there = town.classes[0], town.classes[1]
    elder, younger = town.children[here.pk][0], town.children[there.pk][0]
    fact("post.held", there, there, YEAR_FROM, actor_id=town.teacher(here), status="class_teacher")
    visit(town, elder, here, date(2025, 10, 8))
    visit(town, younger, there, date(2025, 10, 8), actor_id=town.teacher(here))
    assert state(town, elder) == ("met", "visited")
    assert state(town, younger) == ("met", "visited")


def test_every_reason_has_words(town):
    child = town.children[town.classes[0].pk][0]
    found = queries.class_states(town.classes[0].pk, JULY)[child]
    assert found.reason == "尚未家访" and found.visits == 0 and len(found.fact_seqs) == 1
