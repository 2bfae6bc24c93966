"""The pages: a leader plans to the close, a class teacher enters by hand, sheets and lists."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.urls import reverse

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.places.actions import open_campus
from gongyu.shared_work.activities import actions
from gongyu.shared_work.activities.models import Activity, Booking
from tests.cast import CAST_DAY, YEAR_FROM, sign_in

from .conftest import AFTER, family_of, slots_of, token_of


def told(cast, **changes):
    return {
        "kind": "open_day",
        "title": "秋季校园开放日",
        "organiser": cast.school.pk,
        "day": "2026-11-14",
        "start": "09:00",
        "end": "11:00",
        "where": "学校",
        "scope": "school",
        "entry": "slots",
        "book_until": "2026-11-13",
        "responsible": cast.head.staff.pk,
        "key": "one form",
        **changes,
    }


def test_the_head_plans_sets_slots_invites_and_closes(cast, client):
    sign_in(client, cast.head)
    home = reverse("activities:school", args=[cast.school.pk])
    assert client.get(reverse("activities:index")).url == home
    plan = reverse("activities:plan", args=[cast.school.pk])
    assert client.get(plan).status_code == 200
    page = client.post(plan, told(cast))
    activity = Activity.objects.get()
    assert page.url == reverse("activities:activity", args=[activity.pk])
    assert "先设好时段" in client.get(page.url).content.decode()
    slots = reverse("activities:slots", args=[activity.pk])
    sent = {"first": "09:00", "until": "10:00", "minutes": 20, "gap": 5, "capacity": 3}
    client.post(slots, sent)
    assert activity.slots.count() == 2
    client.post(reverse("activities:drop-slot", args=[activity.slots.last().pk]))
    assert activity.slots.count() == 1
    client.post(reverse("activities:invite", args=[activity.pk]))
    assert "各班的邀请单" in client.get(page.url).content.decode()
    with time_machine.travel(AFTER, tick=False):
        sign_in(client, cast.head)
        assert "等着收尾" in client.get(home).content.decode()
        close = reverse("activities:close", args=[activity.pk])
        client.post(close, {"families": 31, "counted_by": "count", "said": "想看食堂"})
        shown = client.get(page.url).content.decode()
        assert "31 家" in shown and "想看食堂" in shown
        correct = reverse("activities:correct", args=[activity.pk])
        assert "31" in client.get(correct).content.decode()
        client.post(correct, {"families": 30, "counted_by": "list", "reason": "多数了一家"})
        assert "更正过 1 次" in client.get(page.url).content.decode()
    assert "到场 30 家" in client.get(home).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"end": "08:00"}, "结束时间要晚于开始时间"),
        ({"scope": "grades"}, "请勾选年级"),
        ({"scope": "classes"}, "请勾选班级"),
        ({"book_until": ""}, "最晚哪天预约"),
        ({"day": "2026-13-40"}, "日期写作"),
        ({"day": "0001-01-01"}, "请核对年份"),
        ({"start": "nine"}, "时间写作"),
        ({"organiser": "7"}, "选"),
        ({"title": "长" * 81}, "80"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(cast, client, changes, words):
    sign_in(client, cast.head)
    page = client.post(reverse("activities:plan", args=[cast.school.pk]), told(cast, **changes))
    text = page.content.decode()
    assert page.status_code == 200 and words in text and "还差一点" in text
    assert "2026-11-13" in text or "book_until" in changes
    assert not Activity.objects.exists()


def test_grades_and_classes_are_chosen_and_a_campus_where_there_is_one(cast, client):
    sign_in(client, cast.head)
    plan = reverse("activities:plan", args=[cast.school.pk])
    assert 'name="organiser" value' in client.get(plan).content.decode().replace(
        'type="hidden" ', ""
    )
    campus = open_campus("2150000001-2", "东校区", cast.school.pk, YEAR_FROM, by=cast.head.actor)
    assert campus.name in client.get(plan).content.decode()
    client.post(plan, told(cast, scope="grades", grades=["primary:3"], key="a"))
    client.post(plan, told(cast, scope="classes", classes=[cast.this_class.pk], key="b"))
    by_key = {a.key: {r.class_place_id for r in a.audience.all()} for a in Activity.objects.all()}
    assert by_key == {
        "a": {cast.this_class.pk, cast.parallel_class.pk},
        "b": {cast.this_class.pk},
    }


def test_a_plan_is_changed_moved_and_cancelled_through_the_pages(cast, client, planned):
    activity = planned()
    sign_in(client, cast.head)
    change = reverse("activities:change", args=[activity.pk])
    assert "秋季校园开放日" in client.get(change).content.decode()
    client.post(
        change, told(cast, title="冬季校园开放日", day="2026-11-21", book_until="2026-11-20")
    )
    activity.refresh_from_db()
    assert (activity.title, activity.held_on.isoformat()) == ("冬季校园开放日", "2026-11-21")
    move = reverse("activities:move", args=[activity.pk])
    assert client.get(move).status_code == 200
    sent = {"day": "2026-11-28", "start": "09:00", "where": "学校", "reason": "当天有暴雨预警"}
    refused = client.post(move, {**sent, "reason": ""}).content.decode()
    assert "2026-11-28" in refused and Activity.objects.count() == 1
    fresh = client.post(move, sent).url
    old = client.get(reverse("activities:activity", args=[activity.pk])).content.decode()
    assert "当天有暴雨预警" in old and fresh in old
    assert "原定" in client.get(fresh).content.decode()
    new = Activity.objects.get(replaces=activity)
    client.post(reverse("activities:cancel", args=[new.pk]), {"reason": "停课"})
    new.refresh_from_db()
    assert new.status == "cancelled" and "停课" in client.get(fresh).content.decode()


def test_a_class_teacher_prints_slips_enters_by_hand_changes_and_cancels(cast, client, planned):
    children, carer = family_of("丁", cast.this_class, cast.parallel_class)
    activity = planned()
    slots_of(activity, cast.head.actor)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    sign_in(client, cast.class_teacher)
    mine = (activity.pk, cast.this_class.pk)
    slips = client.get(reverse("activities:slips", args=mine)).content.decode()
    assert "<svg" in slips and token_of(activity, carer) in slips and children[0].name in slips
    assert children[1].name not in slips, "the other class prints its own"
    assert "杨勇" not in slips, "the barred father is offered nothing"
    book = reverse("activities:book", args=mine)
    assert children[1].name in client.get(book).content.decode(), "who would come along is said"
    first, second = activity.slots.all()
    client.post(book, {"child": children[0].pk, "slot": first.pk})
    booking = Booking.objects.get()
    assert booking.slot == first and booking.children.count() == 2
    page = client.get(reverse("activities:class", args=[cast.this_class.pk])).content.decode()
    assert "丁一" in page and "本班已约 1 家" in page
    here = reverse("activities:booking", args=[booking.pk])
    client.post(here, {"slot": second.pk})
    booking.refresh_from_db()
    assert booking.slot == second
    client.post(reverse("activities:cancel-booking", args=[booking.pk]))
    booking.refresh_from_db()
    assert booking.status == "cancelled"
    assert "不能再改" in client.get(here).content.decode()
    assert AuditEntry.objects.filter(verb="booking.read").exists()


def test_another_carers_link_is_made_on_the_slips_page_and_a_barred_ones_is_not(
    cast, client, open_day
):
    sign_in(client, cast.class_teacher)
    link = reverse("activities:link", args=[open_day.pk, cast.this_class.pk])
    client.post(link, {"child": cast.pupil.pk, "carer": cast.mother.pk})
    assert open_day.links.filter(carer=cast.mother).exists()
    client.post(link, {"child": cast.pupil.pk, "carer": cast.barred_father.pk})
    client.post(link, {"child": "9" * 30, "carer": "x"})
    assert not open_day.links.filter(carer=cast.barred_father).exists()


def test_whoever_moved_up_is_told_and_ticked_off(cast, client, open_day):
    first = open_day.slots.first().pk
    by = cast.head.actor
    sister = family_of("乙", cast.this_class)[0][0]
    holding = actions.book_for_family(open_day, sister.pk, first, on=CAST_DAY, by=by)
    waits = actions.book_for_family(open_day, cast.classmate.pk, first, on=CAST_DAY, by=by)
    actions.cancel_booking(holding, by=by)
    sign_in(client, cast.class_teacher)
    home = reverse("activities:class", args=[cast.this_class.pk])
    assert "请告诉这些家庭" in client.get(home).content.decode()
    client.post(reverse("activities:told", args=[waits.pk]))
    assert "请告诉这些家庭" not in client.get(home).content.decode()


def test_the_door_list_and_the_sheets_name_families_and_their_files_name_none(
    cast, client, open_day
):
    actions.book_by_link(token_of(open_day, cast.grandmother), None, on=CAST_DAY)
    sign_in(client, cast.head)
    door = client.get(reverse("activities:door", args=[open_day.pk])).content.decode()
    assert "杨小雨" in door and "不签到" in door and "checkbox" not in door
    answer = client.get(reverse("activities:bookings-export", args=[open_day.pk]))
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[3][2:5] == ("杨小雨", cast.this_class.name, "已约好")
    assert "杨" not in answer["Content-Disposition"]
    answer = client.get(reverse("activities:export", args=[cast.school.pk]))
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[3][:2] == ("校园开放日", "秋季校园开放日")
    assert AuditEntry.objects.filter(verb="export.make").count() == 2


def test_pages_take_no_more_queries_for_more_families(
    cast, client, planned, django_assert_max_num_queries
):
    activity = planned()
    slots_of(activity, cast.head.actor, capacity=30)
    for number in range(20):
        family_of(f"家{number}", cast.this_class)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    for link in activity.links.select_related("carer"):
        actions.book_by_link(token_of(activity, link.carer), None, on=CAST_DAY)
    sign_in(client, cast.head)
    for name, of in [
        ("school", (cast.school.pk,)),
        ("activity", (activity.pk,)),
        ("bookings", (activity.pk,)),
        ("door", (activity.pk,)),
        ("slips", (activity.pk, cast.this_class.pk)),
        ("book", (activity.pk, cast.this_class.pk)),
        ("class", (cast.this_class.pk,)),
    ]:
        address = reverse(f"activities:{name}", args=of)
        with django_assert_max_num_queries(30):
            assert client.get(address).status_code == 200


def test_come_any_time_needs_no_slots_and_its_slip_names_nobody(cast, client, planned):
    activity = planned(entry="open", book_until=None)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    sign_in(client, cast.class_teacher)
    slips = client.get(reverse("activities:slips", args=[activity.pk, cast.this_class.pk]))
    text = slips.content.decode()
    assert "随到随进" in text and "/activities/family/" not in text
    later = activity.starts_at - timedelta(days=200)
    assert later < activity.starts_at
    page = client.get(reverse("activities:class", args=[cast.this_class.pk])).content.decode()
    assert "秋季校园开放日" in page
