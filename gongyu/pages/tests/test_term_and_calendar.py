"""The term plan of a school, a school's campuses, and a calendar of one's own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from gongyu.ground.access.models import User
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.places.actions import open_campus
from gongyu.ground.staff.models import Post
from gongyu.indicators.actions import refresh
from gongyu.pages.queries.periods import period_of_school, semester_on
from gongyu.pages.queries.plan import current_plan
from gongyu.records.m01_home_school_contact import actions as visiting
from gongyu.records.m01_home_school_contact.shapes import Answer, ProposalEntry
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Feed
from gongyu.shared_work.activities.shapes import Outcome, Plan
from tests.cast import CAST_DAY, YEAR_FROM, sign_in


@pytest.fixture(autouse=True)
def _day(at_the_cast_day, settings, tmp_path):
    settings.DATA = tmp_path


def plan(cast, day: int, key: str, **changes):
    """A whole morning of November, come any time."""
    start = datetime(2026, 11, day, 1, 0, tzinfo=UTC)
    told = {
        "kind": "open_day",
        "organiser_id": cast.school.pk,
        "title": f"开放日{day}",
        "where": "学校",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "scope": "school",
        "class_ids": (cast.this_class.pk, cast.parallel_class.pk),
        "entry": "open",
        "responsible_id": cast.head.staff.pk,
        **changes,
    }
    return actions.plan_activity(Plan(**told), key=key, on=CAST_DAY, by=cast.head.actor)


def closed(cast, activity):
    actions.close_activity(activity, Outcome(20, "count"), by=cast.head.actor)
    return activity


def test_the_term_plan_says_what_is_due_planned_held_moved_and_waiting(cast, client):
    closed(cast, plan(cast, 2, "a"))
    plan(cast, 3, "b", kind="parents_meeting")
    moved = plan(cast, 20, "c")
    actions.move_activity(
        moved, moved.starts_at + timedelta(days=7), reason="暴雨", on=CAST_DAY, by=cast.head.actor
    )
    sign_in(client, cast.head)
    page = client.get(reverse("pages:term", args=[cast.school.pk]))
    rows = {row.label: row for row in page.context["page"].rows}
    day = rows["校园开放日"]
    assert (day.due, day.planned, day.held, day.moved, day.waits) == ("不少于1次", 1, 1, 1, 0)
    meeting = rows["家长会"]
    assert (meeting.due, meeting.waits) == ("方案未定次数", 1)
    text = page.content.decode()
    assert page.context["page"].open_day == "met" and "次数已到" in text
    assert "还没有登记" in text and "名学生本学年已由本校班主任家访" in text
    assert "暴雨" in text


def test_the_live_state_follows_the_plan_and_the_closing(cast, client):
    sign_in(client, cast.head)
    term = reverse("pages:term", args=[cast.school.pk])
    assert client.get(term).context["page"].open_day_reason == "尚无记录"
    coming = plan(cast, 20, "a")
    assert client.get(term).context["page"].open_day_reason == "已列入计划"
    actions.cancel_activity(coming, reason="停课", by=cast.head.actor)
    assert client.get(term).context["page"].open_day_reason == "尚无记录"
    plan(cast, 2, "b")
    page = client.get(term).context["page"]
    assert (page.open_day, page.open_day_reason) == ("in_progress", "计划的日期已过，还没有收尾")


def test_an_open_day_on_a_campus_is_the_schools_and_the_campus_is_shown_below(cast, client):
    campus = open_campus("2150000001-2", "东校区", cast.school.pk, YEAR_FROM, by=SYSTEM)
    from gongyu.ground.places.actions import open_class

    there = open_class(
        cast.school.pk, 2026, "primary", 4, 1, YEAR_FROM, date(2027, 9, 1), campus_id=campus.pk, by=SYSTEM
    )  # fmt: skip
    closed(cast, plan(cast, 2, "a", organiser_id=campus.pk, class_ids=(there.pk,)))
    sign_in(client, cast.head)
    assert (
        client.get(reverse("pages:term", args=[cast.school.pk])).context["page"].open_day == "met"
    )
    refresh(CAST_DAY, by=SYSTEM)
    figure = reverse("pages:figure", args=["open-day", "2026-2027-1", cast.school.pk])
    page = client.get(figure).context["page"]
    assert page.figure.counts == {"met": 1}
    assert [(line.name, line.events) for line in page.campuses] == [
        (cast.school.name, 0),
        ("东校区", 1),
    ]


def test_the_city_sees_the_number_and_its_rows_are_the_schools(cast, client):
    closed(cast, plan(cast, 2, "a"))
    refresh(CAST_DAY, by=SYSTEM)
    sign_in(client, cast.city_officer)
    figure = reverse("pages:figure", args=["open-day", "2026-2027-1", cast.city.pk])
    page = client.get(figure).context["page"]
    assert page.figure.counts == {"met": 1, "in_progress": 2} and page.campuses == []
    rows = client.get(reverse("pages:figure-rows", args=["open-day", "2026-2027-1", cast.city.pk]))
    found = {line.name: line.state for line in rows.context["page"].lines}
    assert found[cast.school.name] == "met" and found[cast.school_elsewhere.name] == "in_progress"


def test_a_schools_semester_is_that_of_its_stages_together():
    plan = current_plan()
    primary = period_of_school(plan, "primary", "semester", "2026-2027-2")
    both = period_of_school(plan, "full_secondary", "semester", "2026-2027-2")
    assert (primary.last_on, both.last_on) == (date(2027, 7, 2), date(2027, 7, 9))
    winter = semester_on(plan, "primary", date(2027, 2, 1))
    assert winter.key == "2026-2027-2", "in a vacation the semester that comes next"


def the_feed(client, cast, person):
    sign_in(client, person)
    page = client.post(reverse("pages:calendar")).content.decode()
    return page.split("/calendar/feed/")[1].split("</textarea>")[0].strip()


def events_of(client, name):
    answer = client.get(f"/calendar/feed/{name}")
    return answer.status_code, Calendar.from_ical(answer.content).walk(
        "VEVENT"
    ) if answer.content else []


def test_a_calendar_holds_activities_and_agreed_visits_and_no_childs_name(cast, client):
    plan(cast, 20, "a")
    cancelled = plan(cast, 21, "b")
    actions.cancel_activity(cancelled, reason="停课", by=cast.head.actor)
    saturday = datetime(2026, 11, 7, 7, 0, tzinfo=UTC)
    entry = ProposalEntry(((cast.pupil.pk,),), (saturday,), CAST_DAY + timedelta(days=2))
    by = cast.class_teacher.actor
    [proposal] = visiting.propose_times(entry, cast.this_class, on=CAST_DAY, by=by)
    yes = Answer("choose", proposal.times.get().pk, "home")
    visiting.answer_for_family(proposal, yes, on=CAST_DAY, by=by)
    name = the_feed(client, cast, cast.class_teacher)
    client.logout()
    status, events = events_of(client, name)
    assert status == 200
    said = {str(e["summary"]): (str(e["status"]), e.decoded("dtstart")) for e in events}
    assert said["家访（已约好）"] == ("CONFIRMED", saturday)
    assert said["校园开放日：开放日20"][0] == "TENTATIVE"
    assert said["校园开放日：开放日21"][0] == "CANCELLED"
    answer = client.get(f"/calendar/feed/{name}")
    body = answer.content.decode()
    assert "杨" not in body and "小雨" not in body
    assert "no-store" in answer["Cache-Control"]


def test_the_address_is_known_to_nobody_but_its_owner_and_made_anew_ends_the_old(cast, client):
    first = the_feed(client, cast, cast.class_teacher)
    assert first[:24] not in str(Feed.objects.values_list("token_digest", flat=True))
    assert first not in client.get(reverse("pages:calendar")).content.decode(), "shown once"
    second = the_feed(client, cast, cast.class_teacher)
    assert events_of(client, first)[0] == 404 and events_of(client, second)[0] == 200
    client.post(reverse("pages:calendar-end"))
    assert events_of(client, second)[0] == 404


def test_a_calendar_ends_with_the_posts_and_with_the_account(cast, client):
    name = the_feed(client, cast, cast.class_teacher)
    User.objects.filter(pk=cast.class_teacher.user.pk).update(is_active=False)
    assert events_of(client, name)[0] == 404
    User.objects.filter(pk=cast.class_teacher.user.pk).update(is_active=True)
    assert events_of(client, name)[0] == 200
    Post.objects.filter(staff=cast.class_teacher.staff).update(until_on=CAST_DAY)
    assert events_of(client, name)[0] == 404


def test_an_activity_that_nobody_closed_waits_on_the_heads_home(cast, client):
    waiting = plan(cast, 2, "a")
    sign_in(client, cast.head)
    home = client.get(reverse("pages:home")).content.decode()
    assert "开放日2还没有收尾" in home
    closed(cast, waiting)
    assert "还没有收尾" not in client.get(reverse("pages:home")).content.decode()
