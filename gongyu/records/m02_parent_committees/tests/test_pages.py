"""The school's and the district's pages: found, elect, keep, inspect, and who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.records.m02_parent_committees import actions
from gongyu.records.m02_parent_committees.forms import elections as election_forms
from gongyu.records.m02_parent_committees.models import (
    Committee,
    Election,
    FamilyLink,
    Inspection,
    Matter,
    Member,
    Paper,
    Term,
)
from gongyu.records.m02_parent_committees.queries import elections as election_queries
from gongyu.records.m02_parent_committees.queries import families as family_queries
from gongyu.records.m02_parent_committees.queries.families_pages import family_page
from gongyu.records.m02_parent_committees.rules import (
    committees_visible_to,
    elections_visible_to,
    inspections_visible_to,
    matters_visible_to,
    may_keep_election,
    may_read_committee,
    may_read_inspection,
    may_read_matter,
)
from gongyu.records.m02_parent_committees.shapes import Called
from tests.cast import CAST_DAY, YEAR_UNTIL, check_view_matches_list, sign_in

from .conftest import COUNTED_ON, NOMINATED_BY, VOTED_BY, token_of, vote
from .test_matters import AFTER, answered, entry

pytestmark = pytest.mark.usefixtures("at_the_cast_day")
KEY = "12345678-1234-1234-1234-1234567890ab"


def url(name, *args):
    return reverse(f"committees:{name}", args=args)


def test_a_class_teacher_founds_calls_opens_and_counts(
    client, cast, teacher, families, time_machine_at
):
    assert "还没有家委会" in teacher.get(url("index")).content.decode()
    teacher.post(url("found", cast.this_class.pk), {"level": "class"})
    committee = Committee.objects.get()
    form = teacher.get(url("call", committee.pk))
    assert "提名到哪天为止" in form.content.decode()
    teacher.post(
        url("call", committee.pk),
        {
            "seats": 2,
            "nominate_until": NOMINATED_BY,
            "vote_until": VOTED_BY,
            "term_from": COUNTED_ON,
            "term_last": YEAR_UNTIL - timedelta(days=1),
        },
    )
    election = Election.objects.get()
    for _children, mother, _father in families[:3]:
        teacher.post(url("nominate", election.pk), {"carer": mother.pk, "accepted": "on"})
    teacher.post(url("slips", cast.this_class.pk))
    text = teacher.get(url("slips", cast.this_class.pk)).content.decode()
    assert text.count("<svg height") + text.count("<svg width") == 8 and "孩子5甲、孩子5乙" in text
    teacher.post(url("open-vote", election.pk))
    election.refresh_from_db()
    assert election.status == "voting"
    for link in list(FamilyLink.objects.order_by("pk"))[:6]:
        vote(election, token_of(link), 0)
    page = teacher.get(url("election", election.pk)).content.decode()
    assert '<strong class="sum-value">6</strong> / 8' in page and "第二天起可以计票" in page
    time_machine_at(COUNTED_ON)
    # The session of a week ago has ended by itself.
    sign_in(teacher, cast.class_teacher)
    teacher.post(url("count", election.pk))
    page = teacher.get(url("committee", committee.pk)).content.decode()
    assert "6 票" in page and "当选" in page
    assert Term.objects.get().members.count() == 1


@pytest.mark.parametrize("level", ["", "grade", "class", "no-such"])
def test_a_level_that_does_not_fit_the_place_founds_nothing(client, cast, level):
    head = sign_in(client, cast.head)
    page = head.post(url("found", cast.school.pk), {"level": level, "of": "x"}, follow=True)
    assert "不能设这一级" in page.content.decode() and not Committee.objects.exists()


def test_a_call_with_days_in_disorder_keeps_what_was_typed(cast, teacher, committee):
    page = teacher.post(
        url("call", committee.pk),
        {
            "seats": 3,
            "nominate_until": VOTED_BY,
            "vote_until": NOMINATED_BY,
            "term_from": COUNTED_ON,
            "term_last": YEAR_UNTIL,
        },
    ).content.decode()
    assert "要晚于提名的最后一天" in page and NOMINATED_BY.isoformat() in page
    assert not Election.objects.exists()


@pytest.fixture
def term(cast, committee, families):
    return actions.seat_by_meeting(
        committee,
        Called(3, CAST_DAY, CAST_DAY, CAST_DAY, YEAR_UNTIL),
        [families[0][1].pk, families[1][1].pk],
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )


def test_a_meeting_is_entered(cast, teacher, committee, families):
    sent = {
        "held_on": CAST_DAY,
        "carers": [families[0][1].pk],
        "seats": 3,
        "term_from": CAST_DAY,
        "term_last": YEAR_UNTIL - timedelta(days=1),
    }
    page = teacher.post(url("meeting", committee.pk), sent | {"carers": []}).content.decode()
    assert "至少一位" in page
    teacher.post(url("meeting", committee.pk), sent)
    assert Member.objects.get().carer == families[0][1]


def test_seats_are_kept(cast, teacher, term):
    one, other = term.members.order_by("pk")
    teacher.post(url("office", one.pk), {"office": "chair"})
    teacher.post(url("office", other.pk), {"office": "chair"})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.office, other.office) == ("member", "chair")
    page = teacher.post(url("member-slip", other.pk)).content.decode()
    assert "/committees/member/" in page and "只显示这一次" in page
    teacher.post(url("leave", other.pk), {"left": "child_left"})
    page = teacher.get(url("committee", term.committee_id)).content.decode()
    assert "空缺 2 位" in page and "补选" in page
    teacher.post(
        url("by-election", term.pk),
        {"seats": 1, "nominate_until": NOMINATED_BY, "vote_until": VOTED_BY},
    )
    assert Election.objects.get(kind="by_election").seats == 1


def test_another_carer_gets_a_slip_and_a_lost_one_is_replaced(cast, teacher, links):
    child = cast.pupil
    page = teacher.get(url("slips", cast.this_class.pk)).content.decode()
    assert "也给 李梅（母亲） 一张" in page and "杨勇" not in page
    old = links[child.pk]
    for carer in (cast.mother, cast.grandmother, cast.barred_father):
        teacher.post(url("link", cast.this_class.pk), {"child": child.pk, "carer": carer.pk})
    assert FamilyLink.objects.filter(child=child).count() == 2
    assert teacher.get(url("family", old)).status_code == 404


def test_a_term_ends_early_with_a_reason(teacher, term):
    page = teacher.post(url("end-term", term.pk), {"until_on": "2026-11-20", "reason": ""})
    assert page.status_code == 200
    teacher.post(url("end-term", term.pk), {"until_on": "2026-11-20", "reason": "并班"})
    term.refresh_from_db()
    assert (term.until_on.isoformat(), term.end_reason) == ("2026-11-20", "并班")


def test_a_name_is_matched_or_dropped(cast, teacher, election, families, links):
    for name in ("母亲0", "没有这个人"):
        actions.nominate_another(links[cast.classmate.pk], election.pk, name=name, on=CAST_DAY)
    page = teacher.get(url("election", election.pk)).content.decode()
    assert "母亲0" in page and "请核对是哪位" in page
    one, other = election.candidates.order_by("pk")
    teacher.post(url("candidate", one.pk), {"step": "match", "carer": families[0][1].pk})
    teacher.post(url("candidate", one.pk), {"step": "accept"})
    teacher.post(url("candidate", other.pk), {"step": "drop"})
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, other.status) == ("standing", "dropped")
    teacher.post(url("cancel", election.pk), {"reason": "名册有变"})
    election.refresh_from_db()
    assert election.status == "cancelled"


def test_a_tie_leads_to_the_run_off_page(cast, teacher, voting, links, time_machine_at):
    for token, number in zip(links.values(), [0, 0, 1, 1, 2, 2], strict=False):
        vote(voting, token, number)
    time_machine_at(COUNTED_ON)
    # The session of a week ago has ended by itself.
    sign_in(teacher, cast.class_teacher)
    teacher.post(url("count", voting.pk))
    assert "再次投票" in teacher.get(url("election", voting.pk)).content.decode()
    teacher.post(url("run-off", voting.pk), {"vote_until": COUNTED_ON + timedelta(days=3)})
    assert Election.objects.get(kind="run_off").status == "voting"


def test_the_school_puts_up_a_paper_and_reads_a_matter(cast, teacher, term, links, time_machine_at):
    sent = {"key": KEY, "kind": "activity", "focus": "safety", "on": CAST_DAY, "title": "护学岗"}
    teacher.post(url("put-up", term.committee_id), sent)
    assert Paper.objects.get().staff == cast.class_teacher.staff
    matter = actions.file_matter(term.members.first(), entry(), on=CAST_DAY)
    assert "征求意见中" in teacher.get(url("matter", matter.pk)).content.decode()
    assert teacher.get(url("stop-matter", matter.pk)).status_code == 404
    answered(matter, links, 0, 0, 0, 0, 0)
    time_machine_at(AFTER)
    sign_in(teacher, cast.class_teacher)
    teacher.post(url("count-matter", matter.pk))
    assert Matter.objects.get().status == "agreed"


def test_the_head_stops_a_matter_with_the_notices_sentence(client, cast, term):
    matter = actions.file_matter(term.members.first(), entry(), on=CAST_DAY)
    head = sign_in(client, cast.head)
    page = head.get(url("stop-matter", matter.pk)).content.decode()
    assert "违规征订教辅" in page
    head.post(url("stop-matter", matter.pk), {"reason": "属于违规征订教辅"})
    assert Matter.objects.get().status == "stopped"


def test_the_district_inspects_and_the_school_mends(client, cast, term):
    officer = sign_in(client, cast.district_officer)
    assert officer.get(url("index"), follow=True).status_code == 200
    page = officer.get(url("committee", term.committee_id)).content.decode()
    assert "2 位委员" in page and "母亲0" not in page
    sent = {
        "key": KEY,
        "inspected_on": CAST_DAY,
        "note": "看了换届材料",
        "problem": "election",
        "what": "",
        "due_on": "2026-11-20",
    }
    page = officer.post(url("inspect", term.committee_id), sent).content.decode()
    assert "要改什么" in page and "看了换届材料" in page and not Inspection.objects.exists()
    officer.post(url("inspect", term.committee_id), sent | {"what": "补开推选会"})
    sheet = Inspection.objects.get().rectification
    register = officer.get(url("district", cast.district.pk)).content.decode()
    assert "补开推选会" in register and "石板坡小学" in register
    head = sign_in(client, cast.head)
    head.post(url("report-mended", sheet.pk), {"report": "已补开"})
    assert head.post(url("judge-mended", sheet.pk), {"accepts": "yes"}).status_code == 404
    officer = sign_in(client, cast.district_officer)
    officer.post(url("judge-mended", sheet.pk), {"accepts": "yes"})
    sheet.refresh_from_db()
    assert sheet.status == "closed"
    register = officer.get(url("district", cast.district.pk)).content.decode()
    assert "已整改" in register


def test_what_one_may_see_is_what_one_finds(cast, committee, election, term_elsewhere):
    actions.inspect(
        committee,
        inspected_on=CAST_DAY,
        note="看过",
        key="a",
        on=CAST_DAY,
        by=cast.district_officer.actor,
    )
    for things, may_view, visible in (
        (Committee.objects.all(), may_read_committee, committees_visible_to),
        (Election.objects.all(), may_keep_election, elections_visible_to),
        (Matter.objects.all(), may_read_matter, matters_visible_to),
        (Inspection.objects.all(), may_read_inspection, inspections_visible_to),
    ):
        check_view_matches_list(
            cast,
            everything=things,
            may_view=lambda actor, thing, may=may_view: may(actor, thing, CAST_DAY),
            visible_to=lambda actor, seen=visible: seen(actor, CAST_DAY),
        )


@pytest.fixture
def term_elsewhere(cast):
    """A committee far away, with a matter."""
    from .conftest import a_family

    _children, mother, _father = a_family(cast, 40, place=cast.class_elsewhere)
    by = cast.class_teacher_elsewhere.actor
    committee = actions.found_committee("class", cast.class_elsewhere, on=CAST_DAY, by=by)
    term = actions.seat_by_meeting(
        committee,
        Called(1, CAST_DAY, CAST_DAY, CAST_DAY, YEAR_UNTIL),
        [mother.pk],
        on=CAST_DAY,
        by=by,
    )
    actions.file_matter(term.members.get(), entry(), on=CAST_DAY)
    return term


def test_a_familys_page_takes_as_many_queries_with_many_as_with_few(
    cast, committee, links, term, django_assert_max_num_queries
):
    from gongyu.records.m02_parent_committees.shapes import PaperEntry

    by = cast.head.actor
    one = cast.this_class.school_class
    others = [
        actions.found_committee("school", cast.school, on=CAST_DAY, by=by),
        actions.found_committee("grade", cast.school, grade_of=one, on=CAST_DAY, by=by),
    ]
    for each in (committee, *others):
        for n in range(6):
            entered = PaperEntry("word", CAST_DAY, f"第{n}条", key=f"{each.pk}-{n}")
            actions.put_up_paper(each, entered, on=CAST_DAY, by=by)
    with django_assert_max_num_queries(22):
        page = family_page(next(iter(links.values())), CAST_DAY)
    assert [of.page.committee.level for of in page.committees] == ["class", "grade", "school"]
    assert [len(of.page.papers) for of in page.committees] == [6, 6, 6]


@pytest.fixture
def a_long_list(monkeypatch):
    """As if three carers were more than a page should list."""
    monkeypatch.setattr(family_queries, "MOST_SHOWN", 3)
    monkeypatch.setattr(election_queries, "MOST_SHOWN", 3)
    monkeypatch.setattr(election_forms, "MOST_SHOWN", 3)


def test_in_a_long_list_somebody_is_looked_for_by_name(
    cast, teacher, election, families, links, a_long_list
):
    page = teacher.get(url("election", election.pk)).content.decode()
    assert "先按姓名找" in page and "母亲0" not in page

    def found(words: str) -> str:
        asked = {"find": "1", "q": words}
        return teacher.post(url("nominate", election.pk), asked).content.decode()

    assert "母亲0" in found("亲0") and "母亲1" not in found("亲0")
    assert "没有找到" in found("无名") and not election.candidates.exists()
    # A name belongs in no address: there it would stand in logs.
    assert "母亲0" not in teacher.get(url("election", election.pk), {"q": "亲0"}).content.decode()
    mother = families[1][1]
    # Whoever was chosen is taken, whatever was looked for.
    teacher.post(url("nominate", election.pk), {"carer": mother.pk, "accepted": "on"})
    assert election.candidates.get().carer == mother
    teacher.post(url("nominate", election.pk), {"carer": cast.barred_father.pk})
    teacher.post(url("nominate", election.pk), {"carer": "x" * 30})
    assert election.candidates.count() == 1
    for name in ("母亲0", "没有这个人"):
        actions.nominate_another(links[cast.classmate.pk], election.pk, name=name, on=CAST_DAY)
    page = teacher.get(url("election", election.pk)).content.decode()
    assert page.count("就是这位") == 1 and "名册里没有同名的家长" in page


def test_at_a_meeting_of_many_those_ticked_stay_while_one_looks_for_others(
    teacher, committee, families, a_long_list
):
    one, other = families[0][1], families[1][1]
    asked = {
        "held_on": CAST_DAY, "seats": 3, "term_from": CAST_DAY,
        "term_last": YEAR_UNTIL - timedelta(days=1),
    }  # fmt: skip
    page = teacher.post(url("meeting", committee.pk), asked | {"find": "1", "look_for": "亲0"})
    text = page.content.decode()
    assert "母亲0" in text and "母亲1" not in text and "还差一点" not in text
    found = asked | {"find": "1", "look_for": "亲1", "carers": [one.pk]}
    text = teacher.post(url("meeting", committee.pk), found).content.decode()
    assert f'value="{one.pk}"' in text and "母亲1" in text and text.count(" checked") == 1
    assert not Member.objects.exists()
    teacher.post(url("meeting", committee.pk), asked | {"carers": [one.pk, other.pk]})
    assert {member.carer for member in Member.objects.all()} == {one, other}
