"""A class teacher plans the parents' meetings of the own class: nobody else's, and nothing more."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gongyu.ground.ledger.models import Fact
from gongyu.ground.staff.models import Post
from gongyu.shared_work.activities import actions, rules
from gongyu.shared_work.activities.models import Activity, Closing, FamilyLink
from gongyu.shared_work.activities.queries import lists
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, sign_in

from .conftest import AFTER, slots_of

SENT = {
    "title": "期中家长会",
    "day": "2026-11-14",
    "start": "15:00",
    "end": "16:30",
    "where": "三年级1班教室",
    "entry": "open",
    "about": "聊聊这半学期",
    "key": "one-form",
}


@pytest.fixture
def teacher(cast) -> Client:
    return sign_in(Client(), cast.class_teacher)


def address(cast) -> str:
    return reverse("activities:plan-meeting", args=[cast.this_class.pk])


def sent(cast, **changes) -> dict:
    people = {"organiser": cast.school.pk, "responsible": cast.class_teacher.staff.pk}
    return SENT | people | changes


@pytest.fixture
def meeting(cast, teacher) -> Activity:
    teacher.post(address(cast), sent(cast))
    return Activity.objects.get()


def test_it_is_planned_for_the_own_class_whatever_is_sent(cast, teacher):
    page = teacher.get(address(cast)).content.decode()
    assert "三年级1班家长会" in page and "哪些班级" not in page and "校园开放日" not in page
    wider = {"kind": "open_day", "scope": "school", "classes": [cast.parallel_class.pk]}
    answer = teacher.post(address(cast), sent(cast, **wider))
    activity = Activity.objects.get()
    assert answer["Location"] == reverse("activities:activity", args=[activity.pk])
    assert (activity.kind, activity.scope) == ("parents_meeting", "classes")
    assert [row.class_place for row in activity.audience.all()] == [cast.this_class]
    assert activity.planned_by == cast.class_teacher.staff
    assert Fact.objects.filter(kind="activity.planned").count() == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, teacher):
    answer = teacher.post(address(cast), sent(cast, end="14:00")).content.decode()
    assert "结束时间要晚于开始时间" in answer and "聊聊这半学期" in answer
    assert not Activity.objects.exists()


def test_it_invites_that_class_only(cast, teacher):
    teacher.post(address(cast), sent(cast, entry="slots", book_until="2026-11-13"))
    activity = Activity.objects.get()
    slots_of(activity, cast.class_teacher.actor, count=3)
    page = teacher.post(reverse("activities:invite", args=[activity.pk]), follow=True)
    assert "已邀请" in page.content.decode() and "三年级1班" in page.content.decode()
    links = FamilyLink.objects.filter(activity=activity)
    assert {link.carer for link in links} <= {
        cast.grandmother, cast.mother, cast.classmates_mother,
    }  # fmt: skip
    for step in ("bookings", "door", "bookings-export"):
        assert teacher.get(reverse(f"activities:{step}", args=[activity.pk])).status_code == 200


def test_it_is_changed_moved_and_closed_by_the_class_teacher(cast, teacher, meeting):
    change = reverse("activities:change", args=[meeting.pk])
    assert "哪些班级" not in teacher.get(change).content.decode()
    teacher.post(change, sent(cast, where="操场", scope="school", kind="open_day"))
    meeting.refresh_from_db()
    assert (meeting.where, meeting.kind, meeting.scope) == ("操场", "parents_meeting", "classes")
    teacher.post(reverse("activities:invite", args=[meeting.pk]))
    move = reverse("activities:move", args=[meeting.pk])
    moved = {"day": "2026-11-15", "start": "15:00", "where": "操场", "reason": "下雨"}
    teacher.post(move, moved)
    fresh = Activity.objects.get(replaces=meeting)
    assert [row.class_place for row in fresh.audience.all()] == [cast.this_class]
    with time_machine.travel(AFTER + timedelta(days=1), tick=False):
        teacher = sign_in(Client(), cast.class_teacher)
        page = teacher.get(reverse("activities:class", args=[cast.this_class.pk])).content.decode()
        assert reverse("activities:close", args=[fresh.pk]) in page
        told = {"families": "31", "counted_by": "count", "said": "想多听听食堂的事"}
        teacher.post(reverse("activities:close", args=[fresh.pk]), told)
        assert Closing.objects.get().families == 31


def test_it_is_cancelled_with_a_reason(cast, teacher, meeting):
    cancel = reverse("activities:cancel", args=[meeting.pk])
    page = teacher.get(cancel).content.decode()
    assert reverse("activities:class", args=[cast.this_class.pk]) in page
    assert reverse("activities:school", args=[cast.school.pk]) not in page
    teacher.post(cancel, {"reason": "临时停电"})
    meeting.refresh_from_db()
    assert (meeting.status, meeting.reason) == ("cancelled", "临时停电")


def test_the_own_plan_stands_on_the_class_page_and_nobody_elses_does(
    cast, teacher, meeting, planned
):
    planned("another")
    page = teacher.get(reverse("activities:class", args=[cast.this_class.pk])).content.decode()
    assert "期中家长会" in page and "还没邀请" in page and "秋季校园开放日" not in page


def test_the_head_sees_it_in_the_term_plan_and_may_step_in(cast, meeting):
    head = sign_in(Client(), cast.head)
    page = head.get(reverse("pages:term", args=[cast.school.pk])).content.decode()
    assert "期中家长会" in page
    assert head.get(reverse("activities:cancel", args=[meeting.pk])).status_code == 200


@pytest.mark.parametrize(
    "who",
    [
        "subject_teacher",
        "teacher_who_left_yesterday",
        "class_teacher_of_parallel_class",
        "registrar",
        "class_teacher_elsewhere",
    ],
)
def test_nobody_else_plans_or_keeps_it(cast, meeting, who):
    client = sign_in(Client(), getattr(cast, who))
    assert client.get(address(cast)).status_code == 404
    for step in ("change", "move", "cancel", "close", "slots"):
        url = reverse(f"activities:{step}", args=[meeting.pk])
        assert client.get(url).status_code == 404, step


def test_whoever_takes_the_class_over_takes_its_meeting_over(cast, meeting):
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    Post.objects.filter(pk=cast.class_teacher_of_parallel_class.post.pk).update(
        place=cast.this_class
    )
    cancel = reverse("activities:cancel", args=[meeting.pk])
    assert sign_in(Client(), cast.class_teacher).get(cancel).status_code == 404
    other = sign_in(Client(), cast.class_teacher_of_parallel_class)
    assert other.get(cancel).status_code == 200


def test_the_schools_own_activities_stay_the_leaders(cast, planned, teacher):
    """An open day for this class alone, and a meeting of two classes, are not the teacher's."""
    own = (cast.this_class.pk,)
    both = (cast.this_class.pk, cast.parallel_class.pk)
    planned("a", scope="classes", class_ids=own)
    planned("b", kind="parents_meeting", scope="classes", class_ids=both)
    planned("c", kind="parents_meeting", scope="school", class_ids=both)
    planned("d", kind="parents_meeting", scope="classes", class_ids=own)
    kept = rules.activities_kept_by(cast.class_teacher.actor, CAST_DAY)
    assert [activity.key for activity in kept] == ["d"]
    check_view_matches_list(
        cast,
        everything=Activity.objects.all(),
        may_view=lambda actor, it: rules.may_keep_activity(actor, it, CAST_DAY),
        visible_to=lambda actor: rules.activities_kept_by(actor, CAST_DAY),
    )


def test_an_invited_meeting_is_read_but_not_kept_by_the_subject_teacher(cast, meeting):
    actions.invite(meeting, on=CAST_DAY, by=cast.class_teacher.actor)
    page = lists.activity_page(cast.subject_teacher.actor, meeting.pk, CAST_DAY, CAST_MOMENT)
    assert page is not None and not page.keeps and not page.books
