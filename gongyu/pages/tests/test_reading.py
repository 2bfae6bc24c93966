"""Reading a child, a class, an audit, a search: in scope only, and never without a trace."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.audit.models import Entry
from gongyu.ground.staff.models import Post, Role
from gongyu.pages.queries.audit import readings_of_children
from tests.cast import CAST_DAY


def last(verb: str) -> Entry:
    return Entry.objects.filter(verb=verb).latest("seq")


def child_url(child) -> str:
    return reverse("pages:child", args=[child.pk])


def test_reading_a_child_leaves_who_and_when(cast, browse):
    answer = browse(cast.class_teacher, child_url(cast.pupil))
    assert answer.status_code == 200
    entry = last("child.read")
    assert entry.subject_id == cast.pupil.pk and entry.place_id == cast.this_class.pk
    assert entry.staff_id == cast.class_teacher.staff.pk


def test_a_childs_page_marks_who_must_not_be_told_and_offers_no_number(cast, browse):
    html = browse(cast.class_teacher, child_url(cast.pupil)).content.decode()
    assert "不得联系" in html and "13800000003" not in html
    assert "13800000001" in html, "the grandmother who cares daily"


def test_a_sister_in_another_school_is_counted_and_not_named(cast, browse):
    html = browse(cast.class_teacher, child_url(cast.pupil)).content.decode()
    assert "另有 1 人" in html and "杨小雪" not in html


@pytest.mark.parametrize(
    "person",
    [
        "teacher_who_left_yesterday",
        "teacher_without_approval",
        "class_teacher_of_parallel_class",
        "neighbouring_officer",
        "district_officer",
        "city_officer",
        "auditor",
        "administrator",
        "head_elsewhere",
    ],
)
def test_out_of_scope_a_child_does_not_exist(person, cast, browse):
    there = browse(getattr(cast, person), child_url(cast.pupil))
    nowhere = browse(getattr(cast, person), "/children/999999/")
    assert there.status_code == nowhere.status_code == 404
    assert not Entry.objects.filter(verb="child.read").exists()


def test_a_class_shows_its_children_with_their_states_and_leaves_a_trace(cast, browse):
    answer = browse(cast.class_teacher, reverse("pages:class", args=[cast.this_class.pk]))
    html = answer.content.decode()
    assert "杨小雨" in html and "郑一凡" in html and "汪洋" not in html
    assert "周晓兰" in html and "states-bar" in html
    assert last("class.read").detail == {"children": 2}


def test_a_barred_father_is_nobodys_daily_carer_in_a_class_list(cast, browse):
    url = reverse("pages:class", args=[cast.this_class.pk])
    html = browse(cast.class_teacher, url).content.decode()
    assert "吴秀英" in html and "杨勇" not in html


def test_search_finds_by_name_and_initials_within_scope_only(cast, browse, client):
    from tests.cast import sign_in

    client = sign_in(client, cast.class_teacher)
    for words in ("杨小", "yxy"):
        html = client.post(reverse("pages:search"), {"q": words}).content.decode()
        assert "杨小雨" in html and "杨小雪" not in html
    html = client.post(reverse("pages:search"), {"q": "袁满"}).content.decode()
    assert "没有找到" in html


def test_the_words_of_a_search_are_kept_nowhere(cast, browse, client):
    from tests.cast import sign_in

    client = sign_in(client, cast.head)
    client.post(reverse("pages:search"), {"q": "杨小雨"})
    entry = last("search.run")
    assert entry.detail == {"letters": 3, "children": 1}
    assert "杨" not in entry.why


def test_an_officer_finds_schools_of_the_district_and_no_child(cast, browse, client):
    from tests.cast import sign_in

    client = sign_in(client, cast.district_officer)
    html = client.post(reverse("pages:search"), {"q": "小"}).content.decode()
    assert "石板坡小学" in html
    assert "白岩小学" not in html and "杨小雨" not in html


def test_search_without_words_asks_for_them(cast, browse):
    html = browse(cast.head, reverse("pages:search")).content.decode()
    assert "没有找到" not in html and not Entry.objects.filter(verb="search.run").exists()


def test_an_auditor_reads_the_audit_and_is_seen_reading(cast, browse):
    browse(cast.class_teacher, child_url(cast.pupil))
    answer = browse(cast.auditor, reverse("pages:audit"), verb="child.read")
    html = answer.content.decode()
    assert "周晓兰" in html and "查阅学生页" in html and "杨小雨" not in html
    assert f"学生 {cast.pupil.pk}" in html
    assert last("audit.read").staff_id == cast.auditor.staff.pk


def test_the_approval_must_hold_for_the_place_whose_audit_is_read(cast, browse):
    """Posts in the city and in a district; only the district's approval still runs."""
    browse(cast.class_teacher, child_url(cast.pupil))
    browse(cast.class_teacher_elsewhere, child_url(cast.child_elsewhere))
    auditor = cast.auditor.staff
    url = reverse("pages:audit")
    both = {line.person for line in browse(cast.auditor, url).context["page"].lines}
    assert {"周晓兰", "牟芳"} <= both
    department = cast.district_department
    Post.objects.create(staff=auditor, role=Role.AUDITOR, place=department, from_on=CAST_DAY)
    Approval.objects.filter(staff=auditor).update(place=cast.district)
    lines = browse(cast.auditor, url).context["page"].lines
    assert "周晓兰" in {line.person for line in lines}
    assert "牟芳" not in {line.person for line in lines}
    assert readings_of_children(cast.auditor.actor, CAST_DAY, CAST_DAY + timedelta(days=1)) == 1
    Approval.objects.filter(staff=auditor).update(until_on=CAST_DAY + timedelta(days=1))
    assert readings_of_children(cast.auditor.actor, CAST_DAY, CAST_DAY + timedelta(days=1)) == 1


def test_the_audit_is_filtered_by_person_and_day(cast, browse):
    browse(cast.class_teacher, child_url(cast.pupil))
    url = reverse("pages:audit")
    assert browse(cast.auditor, url, person="周晓兰").context["page"].page.paginator.count == 1
    assert browse(cast.auditor, url, person="周晓兰", last="2026-11-03").context["page"].lines == []


def test_nobody_but_an_auditor_opens_the_audit(cast, browse):
    for person in ("head", "city_officer", "administrator", "class_teacher"):
        assert browse(getattr(cast, person), reverse("pages:audit")).status_code == 404


def test_before_the_first_refresh_a_board_says_so_and_shows_no_number(cast, no_figures, browse):
    html = browse(cast.city_officer, reverse("pages:city")).content.decode()
    assert "数字还没有计算" in html and "states-bar" not in html
