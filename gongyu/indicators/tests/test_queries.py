"""What pages are told: honest about what is not built, not computed, too small, or needed."""

from __future__ import annotations

from datetime import date

import pytest

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.indicators import queries
from gongyu.indicators.actions import refresh
from gongyu.indicators.duties import current_plan
from gongyu.indicators.models import CELLS, Figure, Refresh

from .small_city import YEAR_FROM, SmallCity, fact, make_city, visit

VISITS = "homeroom-visit-each-student"
TEACHERS = "homeroom-and-subject-duties"
YEAR_KEY = "2025-2026"
DAY = date(2025, 9, 25)


@pytest.fixture
def city(db, data_folder) -> SmallCity:
    """Twenty children in each class; in the first class eight are visited and one declines."""
    found = make_city(children_in_a_class=20)
    first = found.classes[0]
    children = found.children[first.pk]
    for child in children[:8]:
        visit(found, child, first, date(2025, 9, 10))
    for day in (11, 12):
        fact("visit.attempted", children[8], first, date(2025, 9, day), status="refused")
    fact("visit.declined", children[8], first, date(2025, 9, 13), status="declined")
    return found


def test_before_the_first_refresh_there_is_nothing_to_show(city):
    assert queries.board(city.city.pk) == []
    assert queries.figure(VISITS, YEAR_KEY, city.city.pk) is None
    assert queries.trend(VISITS, city.city.pk) == []
    assert queries.schools_needing_help(city.city.pk) == []
    assert list(queries.rows(VISITS, YEAR_KEY, city.city.pk).object_list) == []


def test_the_board_has_the_plans_seven_numbers_and_says_which_are_not_built(city):
    refresh(DAY, by=SYSTEM)
    board = queries.board(city.city.pk)
    numbers = {duty.id for duty in current_plan().numbers}
    assert len(numbers) == 7 and numbers <= {figure.duty for figure in board}
    unbuilt = [figure for figure in board if not figure.built]
    assert unbuilt and all(figure.counts == {} and figure.as_of is None for figure in unbuilt)
    shown = next(figure for figure in board if figure.duty == VISITS)
    assert shown.as_of == DAY and shown.ledger_seq == Fact.objects.latest("seq").seq


def test_small_counts_are_left_out_unless_the_reader_is_inside(city):
    refresh(DAY, by=SYSTEM)
    school = city.schools[0].pk
    outside = queries.figure(VISITS, YEAR_KEY, school)
    assert "declined" in outside.hidden and "declined" not in outside.counts
    assert outside.suppressed and outside.tally is None
    assert outside.subjects == 40 and outside.counts["met"] == 8, "the roll is known anyway"
    assert outside.share is None, "8 of 39 and a roll of 40 would tell"
    assert outside.share_at_least == pytest.approx(8 / 40), "what readers come for is still there"
    inside = queries.figure(VISITS, YEAR_KEY, school, exact=True)
    assert inside.counts["declined"] == 1 and not inside.suppressed and inside.tally == 8


def test_a_class_is_shown_to_nobody_outside_its_school(city):
    refresh(DAY, by=SYSTEM)
    one = city.classes[0].pk
    outside = queries.figure(VISITS, YEAR_KEY, one)
    assert outside.counts == {} and outside.subjects is None and outside.share is None
    assert list(queries.rows(VISITS, YEAR_KEY, one).object_list) == []
    assert queries.figure(VISITS, YEAR_KEY, one, exact=True).subjects == 20


def test_an_earlier_month_and_the_roll_do_not_tell_how_many_declined(city):
    school = city.schools[0].pk
    refresh(date(2025, 10, 20), by=SYSTEM)
    for day in (21, 22):
        child = city.children[city.classes[0].pk][9]
        fact("visit.attempted", child, city.classes[0], date(2025, 10, day), status="refused")
    fact("visit.declined", child, city.classes[0], date(2025, 10, 23), status="declined")
    refresh(date(2025, 11, 20), by=SYSTEM)
    points = queries.trend(VISITS, school)
    assert [point.as_of for point in points] == [
        date(2025, 9, 30),
        date(2025, 10, 31),
        date(2025, 11, 20),
    ]
    for point in points:
        shown = sum(point.counts.values())
        assert point.subjects is None or point.subjects - shown >= 5, "what is hidden stays a crowd"
        assert "declined" in point.hidden


def test_company_of_the_day_before_is_company_again(city):
    school = city.schools[0].pk
    first = queries_hidden(refresh(DAY, by=SYSTEM), school)
    other = tuple(cell for cell in CELLS if cell in ("declined", "met"))
    row = Figure.objects.get(duty=VISITS, period_key=YEAR_KEY, place_id=school)
    assert set(first) == {"declined", "in_progress"}
    # As if another cell had been chosen the day before: it is chosen again, dear as it is.
    bits = sum(1 << CELLS.index(cell) for cell in other)
    Figure.objects.filter(duty=VISITS).exclude(hidden_inside=0).update(hidden_inside=bits)
    assert row.met == 8
    assert set(queries_hidden(refresh(date(2025, 9, 26), by=SYSTEM), school)) == set(other)


def queries_hidden(done: Refresh, place_id: int) -> tuple[str, ...]:
    return queries.figure(VISITS, YEAR_KEY, place_id, refresh=done).hidden


def test_rows_leave_out_what_the_figure_hides(city):
    refresh(DAY, by=SYSTEM)
    school = city.schools[0].pk
    assert queries.rows(VISITS, YEAR_KEY, school, states=["declined"]).paginator.count == 0
    everything = queries.rows(VISITS, YEAR_KEY, school, per_page=100)
    assert {row.state for row in everything.object_list} == {"met"}
    assert queries.rows(VISITS, YEAR_KEY, school, exact=True).paginator.count == 40


def test_places_and_staff_are_no_secret(city):
    refresh(DAY, by=SYSTEM)
    found = queries.figure(TEACHERS, "standing", city.schools[0].pk)
    assert found.counts["met"] == 2 and not found.suppressed


def test_figures_below_come_in_the_order_of_codes_whatever_they_say(city):
    refresh(DAY, by=SYSTEM)
    found = queries.figures_below(VISITS, YEAR_KEY, city.city.pk, "school")
    assert [figure.place_id for figure in found] == [school.pk for school in city.schools]
    assert [
        f.place_id for f in queries.figures_below(VISITS, YEAR_KEY, city.towns[1].pk, "school")
    ] == [school.pk for school in city.schools[2:]]


def test_a_place_without_subjects_counts_zero_and_an_unknown_period_nothing(city):
    refresh(DAY, by=SYSTEM)
    assert queries.figure("subject-teacher-visits", YEAR_KEY, city.city.pk).subjects == 0
    assert queries.figure(VISITS, "1999-2000", city.city.pk) is None
    assert queries.figure("practice-each-semester", "2025-2026-1", city.city.pk) is None
    assert queries.figure("no-such-duty", YEAR_KEY, city.city.pk) is None


def test_leaders_are_counted_and_never_judged(city):
    one, school = city.classes[0], city.schools[0]
    for child in city.children[one.pk][:3]:
        visit(city, child, one, date(2025, 9, 9), actor_id=city.head(school), status="leader")
    refresh(DAY, by=SYSTEM)
    found = queries.figure("leader-leads-visits", YEAR_KEY, city.city.pk)
    assert found.subjects == 4 and found.tally == 3
    assert found.counts["not_applicable"] == 4 and found.share is None


def test_gaps_are_listed_with_their_days(city):
    one = city.classes[0]
    post = Fact.objects.get(kind="post.held", place_id=one.pk)
    fact(
        "post.held",
        one,
        one,
        YEAR_FROM,
        until_date=date(2025, 9, 8),
        actor_id=post.actor_id,
        status="class_teacher",
        supersedes_id=post.pk,
    )
    fact(
        "post.held",
        one,
        one,
        date(2025, 9, 15),
        actor_id=9,
        status="class_teacher",
        detail="acting",
    )
    gaps = queries.class_gaps([each.pk for each in city.classes], DAY)
    assert [(gap.class_id, gap.from_on, gap.until_on, gap.days) for gap in gaps] == [
        (one.pk, date(2025, 9, 8), date(2025, 9, 15), 7)
    ]
    refresh(DAY, by=SYSTEM)
    row = queries.rows(TEACHERS, "standing", one.pk).object_list[0]
    assert (row.state, row.code, row.tally) == ("met", "gap_before", 7)


def test_schools_are_offered_help_by_district_and_code_with_the_reason(city):
    for child in (child for one in city.classes[2:] for child in city.children[one.pk]):
        at = next(c for c in city.classes if child in city.children[c.pk])
        visit(city, child, at, date(2025, 9, 20))
    without_teacher, without_rules = city.classes[6], city.schools[2]
    post = Fact.objects.get(kind="post.held", place_id=without_teacher.pk)
    retract(post, without_teacher)
    retract(Fact.objects.get(kind="register.valid", place_id=without_rules.pk), without_rules)
    refresh(date(2026, 4, 1), by=SYSTEM)
    found = queries.schools_needing_help(city.city.pk)
    assert [each.place_id for each in found] == [city.schools[i].pk for i in (0, 2, 3)]
    assert "31名学生" in found[0].why and "调配人手" in found[0].why
    assert "尚未登记" in found[1].why
    assert "1个班未登记班主任" in found[2].why
    assert [h.place_id for h in queries.schools_needing_help(city.districts[1].pk)] == [
        city.schools[2].pk,
        city.schools[3].pk,
    ]


def test_help_says_at_most_how_many_are_open_where_the_number_is_hidden(city):
    refresh(date(2026, 4, 1), by=SYSTEM)
    found = {each.place_id: each.why for each in queries.schools_needing_help(city.city.pk)}
    assert "至多32名" in found[city.schools[0].pk], (
        "31 are open, and one who declined must not show"
    )
    assert "还有40名" in found[city.schools[1].pk]


def test_an_open_day_that_is_missing_or_without_word_is_something_to_help_with(city):
    silent, held = city.schools[0], city.schools[1]
    fact("activity.planned", silent, silent, date(2026, 3, 20), status="open_day")
    fact("activity.held", held, held, date(2026, 3, 20), status="open_day")
    refresh(date(2026, 6, 20), by=SYSTEM)
    found = {each.place_id: each.why for each in queries.schools_needing_help(city.city.pk)}
    assert "还没有收尾" in found[silent.pk]
    assert "学期将要结束" in found[city.schools[2].pk]
    assert "开放日" not in found.get(held.pk, "")


def test_where_a_school_stands_is_read_as_it_is_now(city):
    school = city.schools[0]
    day = date(2026, 4, 1)
    assert queries.school_state(school.pk, day, "open-day").code == "none_yet"
    fact("activity.held", school, school, date(2026, 3, 20), status="open_day")
    now = queries.school_state(school.pk, day, "open-day")
    assert (now.state, now.visits) == ("met", 1) and len(now.fact_seqs) == 1
    assert queries.school_state(school.pk, day, "no-such-duty") is None


def retract(old: Fact, at) -> None:
    fact(
        old.kind,
        at,
        at,
        old.on_date,
        actor_id=old.actor_id,
        status=old.status,
        detail=old.detail,
        quantity=0,
        supersedes_id=old.pk,
    )


def test_a_rule_is_told_in_words_with_its_sources():
    words = queries.rule_words(VISITS)
    assert words.quote in words.sentence
    assert "1次" in words.threshold and "实施方案" in words.threshold_source
    assert any("约访" in decision for _, decision, _ in words.readings)


def test_a_page_asks_few_questions(city, django_assert_max_num_queries):
    refresh(DAY, by=SYSTEM)
    with django_assert_max_num_queries(2):
        queries.board(city.city.pk)
    with django_assert_max_num_queries(1):
        queries.class_states(city.classes[0].pk, DAY)
    with django_assert_max_num_queries(4):
        list(queries.rows(VISITS, YEAR_KEY, city.city.pk).object_list)
    with django_assert_max_num_queries(7):
        queries.schools_needing_help(city.city.pk)
