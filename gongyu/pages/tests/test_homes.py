"""Each role's home: the day's work first, nothing about children without an approval."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from gongyu.ground.access.models import Approval
from gongyu.ground.access.queries import lines_to_approve
from gongyu.ground.staff.models import Post, Role
from gongyu.records.m01_home_school_contact.models import Preference
from tests.cast import CAST_DAY, CAST_MOMENT

HOME = "/"
SAYS = {
    "class_teacher": "记录家访",
    "subject_teacher": "我任教的班级",
    "moral_education_head": "各班家访进度",
    "school_leader": "各班家访进度",
    "head": "今天要您决定的事",
    "registrar": "导入学生名册",
    "district_officer": "哪些学校需要帮助",
    "city_officer": "哪些学校需要帮助",
    "auditor": "最近的记录",
    "administrator": "还没有账号的教职工",
}


@pytest.mark.parametrize("role", sorted(SAYS))
def test_every_role_finds_the_days_work_at_home(role, figures, browse):
    answer = browse(getattr(figures, role), HOME)
    assert answer.status_code == 200
    assert SAYS[role] in answer.content.decode()


def test_whoever_is_signed_out_is_led_to_sign_in(client, db):
    answer = client.get(HOME)
    assert answer.status_code == 302 and "/sign-in/" in answer["Location"]


def test_a_lapsed_approval_shows_no_child_and_says_whom_to_ask(figures, browse):
    html = browse(figures.teacher_without_approval, HOME).content.decode()
    assert "授权已到期" in html and "何敏" in html
    assert "我任教的班级" not in html and "杨小雨" not in html


def test_a_teacher_who_left_yesterday_has_no_class_at_home(figures, browse):
    html = browse(figures.teacher_who_left_yesterday, HOME).content.decode()
    assert "您目前没有任职" in html and "谢安" not in html


def test_a_class_teacher_sees_who_is_not_visited_and_why(figures, browse):
    Preference.objects.create(child=figures.pupil, asked_on=CAST_DAY, changed_at=CAST_MOMENT)
    answer = browse(figures.class_teacher, HOME)
    html = answer.content.decode()
    [section] = answer.context["home"].sections
    assert section.data.first[0].child == figures.pupil
    assert "杨小雨" in html and "家长提出希望家访" in html
    assert "谢安" not in html, "a child of the parallel class"


def test_a_head_is_told_of_a_class_without_a_class_teacher(figures, browse):
    Post.objects.filter(place=figures.this_class, role=Role.CLASS_TEACHER).update(
        until_on=figures.class_teacher.post.from_on.replace(month=10)
    )
    html = browse(figures.head, HOME).content.decode()
    assert "1 个班没有班主任" in html and "三年级1班" in html


def test_a_head_decides_at_most_three_things_a_day(figures, browse):
    answer = browse(figures.head, HOME)
    [section] = answer.context["home"].sections
    assert 1 <= len(section.data.decisions) <= 3


def test_a_family_that_the_reader_may_not_see_is_on_no_home(figures, browse):
    for role in SAYS:
        html = browse(getattr(figures, role), HOME).content.decode()
        assert "袁满" not in html and "杨勇" not in html, role


def test_every_link_of_the_side_bar_leads_somewhere(figures, browse):
    for role in SAYS:
        person = getattr(figures, role)
        for item in browse(person, HOME).context["frame_links"]:
            # A teacher of one class is led on to it.
            assert browse(person, item.url).status_code in (200, 302), f"{role}: {item.url}"


def test_the_side_bar_of_each_role_is_whole(figures):
    from gongyu.ground.design import navigation

    for role in SAYS:
        actor = getattr(figures, role).actor
        wanted = [
            link for link in navigation.LINKS if not link.roles or actor.has_role(*link.roles)
        ]
        assert len(navigation.items_for(actor, HOME)) == len(wanted), role


def test_a_phone_has_at_most_five_tabs(figures):
    from gongyu.ground.design import navigation

    for role in SAYS:
        items = navigation.items_for(getattr(figures, role).actor, HOME)
        tabs = sum(item.is_tab for item in items)
        more = tabs < len(items)
        assert 2 <= tabs + more <= 5, role


def test_what_has_no_tab_stands_under_more(figures, browse):
    """Each link of the side bar is in reach of a thumb: as a tab, or in the list that opens."""
    from django.utils.html import escape

    from gongyu.ground.design import navigation

    for role in SAYS:
        person = getattr(figures, role)
        side = (
            browse(person, HOME).content.decode().split('<nav class="side"')[1].split("</nav>")[0]
        )
        bar, _summary, more = side.partition("<details")
        for item in navigation.items_for(person.actor, HOME):
            address = f'href="{escape(item.url)}"'
            assert (address in more) != item.is_tab, f"{role}: {item.url}"
            assert address in bar


def test_an_auditor_and_a_head_read_the_same_last_day_of_an_approval(figures, browse):
    last = CAST_DAY + timedelta(days=10)
    Approval.objects.filter(staff=figures.class_teacher.staff).update(
        until_on=last + timedelta(days=1)
    )
    assert f"到 {date_format(last)}" in browse(figures.auditor, HOME).content.decode()
    [line] = [x for x in lines_to_approve(figures.head.actor, CAST_DAY) if x.state == "soon"]
    assert line.last_day == last


def test_the_pages_of_the_children_to_visit_are_linked_from_home(figures, browse):
    answer = browse(figures.class_teacher, HOME)
    [section] = answer.context["home"].sections
    assert len(section.data.first) == 6 and section.data.more == 8
    for row in section.data.first:
        assert reverse("pages:child", args=[row.child.pk]) in answer.content.decode()
