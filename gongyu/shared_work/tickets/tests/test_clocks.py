"""The clock adds up by hand: a year boundary, a changed holiday, an extension, a hand-over, a
reopening; and a limit without a document is never kept."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.calendar.working_days import NamedDay
from gongyu.ground.holidays.actions import clear_day, set_days
from gongyu.shared_work.tickets import actions, clocks
from gongyu.shared_work.tickets.clocks import Part, clock
from gongyu.shared_work.tickets.models import LocalLimit
from gongyu.shared_work.tickets.parameters import limit_of
from gongyu.shared_work.tickets.queries.counting import Counting
from gongyu.shared_work.tickets.rules import TicketFault
from gongyu.shared_work.tickets.shapes import Answer

from .conftest import at

ANSWER = Answer("substantiated", "已全部退还")


def running(ticket, on):
    ticket.refresh_from_db()
    return Counting([ticket]).running(ticket, on)


def by_hand(found) -> None:
    """Every part counts from 1 to its days without a gap, no day stands twice or is left out, and
    the last day is the due one."""
    days = [each.day for each in found.days]
    assert days == [found.start + timedelta(days=n) for n in range(1, len(days) + 1)]
    for place, part in enumerate(found.parts, start=1):
        numbers = [d.number for d in found.days if d.part == place and d.number is not None]
        assert numbers == list(range(1, part.days + 1))
    assert sum(each.number is not None for each in found.days) == sum(p.days for p in found.parts)
    assert found.due_on == days[-1] and all(each.why for each in found.days)


def working(days: int) -> list[Part]:
    return [Part(days, "working", "依据")]


def test_over_the_year_s_end_calendar_days_are_counted_one_by_one():
    found = clock(date(2026, 12, 28), [Part(15, "calendar", "依据")], {})
    assert found.due_on == date(2027, 1, 12)
    by_hand(found)
    assert not found.estimated


def test_over_the_year_s_end_working_days_say_that_the_next_year_is_estimated():
    # 29, 30, 31 December; 1 January is a Friday of a year whose days off are not published.
    found = clock(date(2026, 12, 28), working(5), {})
    by_hand(found)
    assert [d.day.isoformat() for d in found.days if d.number] == [
        "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-04",
    ]  # fmt: skip
    assert found.estimated and "尚未公布" in found.days[-1].why


def test_the_day_on_which_it_begins_is_not_counted_and_the_last_one_is_not_late():
    found = clock(date(2026, 11, 4), working(3), {})
    assert found.due_on == date(2026, 11, 9)
    by_hand(found)
    assert [found.light(date(2026, 11, day), 1) for day in (5, 8, 9, 10)] == [
        "calm", "amber", "amber", "red",
    ]  # fmt: skip
    assert [found.left(date(2026, 11, day)) for day in (9, 10)] == [0, -1]


def test_spring_festival_and_worked_weekends_are_named():
    found = clock(date(2026, 2, 13), working(3), {})
    by_hand(found)
    whys = {each.day: each.why for each in found.days}
    assert "春节" in whys[date(2026, 2, 17)]
    assert "调休上班" in whys[date(2026, 2, 14)]


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.lists(st.tuples(st.integers(1, 40), st.sampled_from(["working", "calendar"])), max_size=4),
)
def test_any_parts_add_up_by_hand(start, parts):
    found = clock(start, [Part(days, unit, "依据") for days, unit in parts], {})
    if parts:
        by_hand(found)
    else:
        assert found.due_on == start


def test_the_lawful_limits_are_the_plan_s_and_say_what_they_rest_on(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    first = running(ticket, day)
    assert (first.what, first.due_on) == ("受理", day + timedelta(days=15))
    assert "信访工作条例" in first.clock.parts[0].why and not first.limit.is_own
    actions.accept(ticket, at=at(day + timedelta(days=3)), by=cast.complaint_handler.actor)
    second = running(ticket, day)
    assert (second.what, second.due_on) == ("答复", day + timedelta(days=63))
    by_hand(second.clock)


def test_a_limit_that_no_document_sets_is_shown_as_ours():
    own = limit_of("take")
    assert own.is_own and own.unit == "working"
    assert limit_of("reopen").is_own and not limit_of("accept").is_own


# Extension


def test_an_extension_is_a_part_of_its_own_with_its_reason_and_who_granted_it(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    actions.accept(ticket, at=at(day), by=cast.complaint_handler.actor)
    actions.extend(ticket, 20, reason="要等银行流水", at=at(day), by=cast.district_officer.actor)
    actions.extend(ticket, 10, reason="涉及两个班", at=at(day), by=cast.district_officer.actor)
    found = running(ticket, day)
    assert found.due_on == day + timedelta(days=90)
    assert [(p.days, p.why) for p in found.clock.parts][1:] == [
        (20, "要等银行流水"),
        (10, "涉及两个班"),
    ]
    assert "区县教委干部" in found.clock.parts[1].by
    assert found.clock.sum_words == "60日 + 20日 + 10日"
    by_hand(found.clock)


def test_more_than_thirty_days_in_all_or_afterwards_or_without_a_reason_is_refused(told, cast):
    ticket = told()
    day, by = localtime(ticket.received_at).date(), cast.district_officer.actor
    with pytest.raises(TicketFault):
        actions.extend(ticket, 5, reason="还没有受理", at=at(day), by=by)
    actions.accept(ticket, at=at(day), by=cast.complaint_handler.actor)
    actions.extend(ticket, 25, reason="取证", at=at(day), by=by)
    for days, reason, later in ((6, "再等等", 0), (0, "零", 0), (3, " ", 0), (3, "晚了", 86)):
        with pytest.raises(TicketFault):
            actions.extend(ticket, days, reason=reason, at=at(day + timedelta(days=later)), by=by)
    assert running(ticket, day).due_on == day + timedelta(days=85)


# Hand-over


def test_a_hand_over_does_not_set_the_clock_back_and_the_receiver_has_one_of_its_own(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    actions.accept(ticket, at=at(day), by=cast.complaint_handler.actor)
    later = day + timedelta(days=10)
    actions.hand_over(
        ticket,
        cast.other_district,
        words="学校在那边",
        at=at(later),
        by=cast.complaint_handler.actor,
    )
    ticket.refresh_from_db()
    taking = Counting([ticket]).taking(ticket, later)
    # Saturday the 14th: the count of working days begins on Monday.
    assert later == date(2026, 11, 14) and taking.due_on == date(2026, 11, 18)
    by_hand(taking.clock)
    assert running(ticket, later).due_on == day + timedelta(days=60)
    actions.take(ticket, at=at(date(2026, 11, 16)), by=cast.complaint_handler_elsewhere.actor)
    assert running(ticket, later).due_on == day + timedelta(days=60)


def test_taken_before_it_was_accepted_it_is_accepted_with_that(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    actions.hand_over(
        ticket, cast.other_district, words="选错了学校", at=at(day), by=cast.complaint_handler.actor
    )
    assert running(ticket, day).what == "受理"
    taken = day + timedelta(days=2)
    actions.take(ticket, at=at(taken), by=cast.complaint_handler_elsewhere.actor)
    found = running(ticket, taken)
    assert (found.what, found.due_on) == ("答复", taken + timedelta(days=60))


# Reopening


def test_a_reopening_begins_a_round_with_a_clock_of_its_own(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    by = cast.complaint_handler.actor
    actions.accept(ticket, at=at(day), by=by)
    actions.extend(ticket, 30, reason="取证", at=at(day), by=cast.district_officer.actor)
    actions.answer(ticket, ANSWER, at=at(day + timedelta(days=70)), by=by)
    assert running(ticket, day + timedelta(days=70)) is None
    again = day + timedelta(days=100)
    actions.reopen(ticket, words="钱没有退完", at=at(again))
    found = running(ticket, again)
    # The extension belonged to the first round.
    assert found.clock.start == again and found.due_on == again + timedelta(days=60)
    by_hand(found.clock)
    actions.extend(ticket, 30, reason="第二轮", at=at(again), by=cast.district_officer.actor)
    assert running(ticket, again).due_on == again + timedelta(days=90)


def test_after_thirty_days_it_is_not_reopened(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    by = cast.complaint_handler.actor
    actions.accept(ticket, at=at(day), by=by)
    actions.answer(ticket, ANSWER, at=at(day), by=by)
    with pytest.raises(TicketFault, match="30"):
        actions.reopen(ticket, words="太晚了", at=at(day + timedelta(days=31)))
    assert actions.reopen(ticket, words="正好", at=at(day + timedelta(days=30))).round == 2


# A changed holiday, and a district's own limit


def _ten_working_days(cast):
    return actions.set_limit(
        cast.district, "accept", days=8, unit="working", document="渝中教发〔2026〕9号",
        on=date(2026, 11, 2), by=cast.district_officer.actor,
    )  # fmt: skip


def test_a_changed_holiday_moves_the_clock_and_the_clock_says_who_moved_it(told, cast):
    _ten_working_days(cast)
    ticket = told()
    day = localtime(ticket.received_at).date()
    before = running(ticket, day)
    assert before.limit.is_stricter and before.due_on == date(2026, 11, 16)
    off = [NamedDay(date(2026, 11, 11), False, "运动会", "区政府通知")]
    set_days(off, district=cast.district.code, by=cast.district_officer.actor)
    set_days(
        [NamedDay(date(2026, 11, 12), False, "别处的事", "通知")],
        district=cast.other_district.code,
        by=cast.neighbouring_officer.actor,
    )
    after = running(ticket, day)
    assert after.due_on == date(2026, 11, 17)
    by_hand(after.clock)
    assert "运动会放假" in {each.why for each in after.clock.days}
    [move] = Counting([ticket]).moves(ticket)
    assert (move.due_before, move.due_after) == (date(2026, 11, 16), date(2026, 11, 17))
    assert move.by == cast.district_officer.staff.name and "运动会" in move.why
    clear_day(date(2026, 11, 11), by=cast.district_officer.actor, district=cast.district.code)
    assert running(ticket, day).due_on == date(2026, 11, 16)
    assert [m.due_after for m in Counting([ticket]).moves(ticket)][-1] == date(2026, 11, 16)


def test_calendar_days_do_not_move_with_a_holiday(told, cast):
    ticket = told()
    day = localtime(ticket.received_at).date()
    set_days([NamedDay(day + timedelta(days=3), False, "放假", "通知")], by=cast.city_officer.actor)
    assert running(ticket, day).due_on == day + timedelta(days=15)
    assert Counting([ticket]).moves(ticket) == []


def test_what_runs_keeps_the_limit_with_which_it_began(told, cast):
    _ten_working_days(cast)
    ticket = told()
    day = localtime(ticket.received_at).date()
    due = running(ticket, day).due_on
    later = day + timedelta(days=1)
    actions.end_limit(cast.district, "accept", on=later, by=cast.district_officer.actor)
    assert running(ticket, day).due_on == due
    assert running(told(moment=at(later)), later).due_on == later + timedelta(days=15)


@pytest.mark.parametrize(
    ("days", "unit", "document", "field"),
    [
        (10, "calendar", "  ", "document"),
        (15, "calendar", "文件", "days"),
        (11, "working", "文件", "days"),
        (0, "calendar", "文件", "days"),
        (5, "weeks", "文件", "days"),
    ],
)
def test_a_limit_without_a_document_or_no_stricter_cannot_be_saved(
    cast, days, unit, document, field
):
    with pytest.raises(TicketFault) as fault:
        actions.set_limit(
            cast.district, "accept", days=days, unit=unit, document=document,
            on=date(2026, 11, 4), by=cast.district_officer.actor,
        )  # fmt: skip
    assert fault.value.field == field
    assert not LocalLimit.objects.exists()


def test_the_database_refuses_a_limit_without_a_document(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalLimit.objects.create(
            desk=cast.district, clock="accept", days=5, unit="calendar", document="",
            from_on=date(2026, 11, 4), set_at=at(date(2026, 11, 4)),
        )  # fmt: skip


def test_a_new_limit_ends_the_one_before_it(cast):
    by = cast.district_officer.actor
    for day, days in ((2, 10), (3, 8), (3, 6)):
        actions.set_limit(
            cast.district, "handle", days=days, unit="calendar", document="文件",
            on=date(2026, 11, day), by=by,
        )  # fmt: skip
    rows = LocalLimit.objects.order_by("from_on").values_list("days", "until_on")
    assert list(rows) == [(10, date(2026, 11, 3)), (6, None)]


def test_the_words_of_a_unit_are_the_user_s():
    assert clocks.unit_words("working") == "个工作日"
