"""Who approves whom, until when, and what the page says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.access import actions, queries, rules
from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import CHILD_READ, may
from gongyu.ground.access.rules import ApprovalRefused, Case, approvable, approvals_visible_to
from gongyu.ground.audit.models import Entry
from gongyu.ground.staff.actions import add_staff, open_post
from gongyu.ground.staff.models import Role
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_UNTIL, sign_in

DAILY, SUPERVISION = Approval.Purpose.DAILY_WORK, Approval.Purpose.SUPERVISION
END = YEAR_UNTIL
pytestmark = pytest.mark.urls("gongyu.ground.access.tests.addresses")


def daily(person, place) -> Case:
    return Case(person.staff.pk, place.pk, DAILY)


def approval_of(person) -> Approval:
    return Approval.objects.get(staff=person.staff)


def test_a_head_approves_the_school_s_staff_and_nobody_else(cast):
    cases = approvable(cast.head.actor, CAST_DAY)
    names = {posts[0].staff.name for posts in cases.values()}
    assert names == {
        person.staff.name
        for person in (
            cast.class_teacher, cast.subject_teacher, cast.moral_education_head,
            cast.school_leader, cast.registrar, cast.class_teacher_of_parallel_class,
            cast.teacher_without_approval, cast.report_liaison,
        )
    }  # fmt: skip
    assert {case.place_id for case in cases} == {cast.school.pk}


def test_a_district_officer_approves_heads_registrars_handlers_and_children_s_directors(cast):
    names = {p[0].staff.name for p in approvable(cast.district_officer.actor, CAST_DAY).values()}
    assert names == {
        cast.head.staff.name, cast.registrar.staff.name, cast.head_of_secondary_school.staff.name,
        cast.children_director.staff.name, cast.complaint_handler.staff.name,
    }  # fmt: skip


def test_a_city_officer_approves_district_officers_auditors_and_handlers(cast):
    cases = approvable(cast.city_officer.actor, CAST_DAY)
    assert {(c.staff_id, c.place_id, c.purpose) for c in cases} == {
        (cast.district_officer.staff.pk, cast.district.pk, "supervision"),
        (cast.neighbouring_officer.staff.pk, cast.other_district.pk, "supervision"),
        (cast.auditor.staff.pk, cast.city.pk, "audit"),
        (cast.complaint_handler.staff.pk, cast.district.pk, "complaints"),
        (cast.complaint_handler_elsewhere.staff.pk, cast.other_district.pk, "complaints"),
        (cast.city_complaint_handler.staff.pk, cast.city.pk, "complaints"),
    }


@pytest.mark.parametrize("name", ["administrator", "auditor", "class_teacher", "registrar"])
def test_others_approve_nobody(cast, name):
    assert approvable(getattr(cast, name).actor, CAST_DAY) == {}


def test_a_lapsed_approval_is_given_again_and_opens_the_class(cast):
    teacher = cast.teacher_without_approval
    assert not may(teacher.actor, CHILD_READ, cast.this_class.pk, CAST_DAY)
    given = actions.approve(daily(teacher, cast.school), END, by=cast.head.actor, on=CAST_DAY)
    assert (given.from_on, given.until_on) == (CAST_DAY, END)
    assert may(teacher.actor, CHILD_READ, cast.this_class.pk, CAST_DAY)
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.subject_id) == ("approval.give", teacher.staff.pk)
    assert entry.detail["until"] == END.isoformat()


def test_a_renewal_follows_what_runs_without_a_gap(cast):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(
        until_on=CAST_DAY + timedelta(days=5)
    )
    old = approval_of(cast.class_teacher)
    new = actions.renew(old, END, by=cast.head.actor, on=CAST_DAY)
    assert new.from_on == old.until_on
    [line] = queries.own_lines(cast.class_teacher.actor, CAST_DAY)
    assert (line.state, line.until_on) == ("valid", END)


def test_an_approval_has_an_end_and_at_most_a_year(cast):
    case = daily(cast.teacher_without_approval, cast.school)
    for until, complaint in [
        (CAST_DAY, "截止日期"),
        (CAST_DAY + timedelta(days=367), "最长一学年"),
    ]:
        with pytest.raises(ApprovalRefused, match=complaint):
            actions.approve(case, until, by=cast.head.actor, on=CAST_DAY)
    with pytest.raises(ApprovalRefused, match="必须有截止日期"):
        rules.check_end(None, CAST_DAY, CAST_DAY)
    assert actions.approve(case, CAST_DAY + timedelta(days=366), by=cast.head.actor, on=CAST_DAY).pk


def test_nobody_approves_oneself(cast):
    case = Case(cast.head.staff.pk, cast.school.pk, DAILY)
    with pytest.raises(ApprovalRefused):
        actions.approve(case, END, by=cast.head.actor, on=CAST_DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(staff=cast.head.staff).update(approved_by=cast.head.staff)


def test_the_database_wants_an_end(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(staff=cast.head.staff).update(until_on=None)


def test_a_head_does_not_approve_for_another_school_or_purpose(cast):
    teacher = cast.class_teacher
    for case in (
        Case(teacher.staff.pk, cast.secondary_school.pk, DAILY),
        Case(teacher.staff.pk, cast.district.pk, DAILY),
        Case(teacher.staff.pk, cast.school.pk, SUPERVISION),
        daily(cast.class_teacher_elsewhere, cast.school_elsewhere),
    ):
        with pytest.raises(ApprovalRefused):
            actions.approve(case, END, by=cast.head.actor, on=CAST_DAY)


def test_a_head_without_an_approval_passes_none_on(cast):
    Approval.objects.filter(staff=cast.head.staff).update(until_on=CAST_DAY)
    with pytest.raises(ApprovalRefused):
        actions.approve(
            daily(cast.teacher_without_approval, cast.school), END,
            by=cast.head.actor, on=CAST_DAY,
        )  # fmt: skip


def test_one_wrong_row_and_none_of_a_batch_is_given(cast):
    before = Approval.objects.count()
    rows = [
        actions.NewApproval(daily(person, place), CAST_DAY, END)
        for person, place in [
            (cast.teacher_without_approval, cast.school),
            (cast.class_teacher_elsewhere, cast.school_elsewhere),
        ]
    ]
    with pytest.raises(ApprovalRefused):
        actions.approve_many(rows, by=cast.head.actor, on=CAST_DAY)
    assert Approval.objects.count() == before


def test_all_that_runs_out_soon_is_renewed_in_one_go(cast):
    soon = [cast.class_teacher, cast.subject_teacher]
    Approval.objects.filter(staff__in=[p.staff for p in soon]).update(
        until_on=CAST_DAY + timedelta(days=30)
    )
    given = actions.renew_expiring(END, by=cast.head.actor, on=CAST_DAY)
    assert {one.staff_id for one in given} == {p.staff.pk for p in soon}
    assert actions.renew_expiring(END, by=cast.head.actor, on=CAST_DAY) == []


def test_a_withdrawn_approval_closes_at_once_with_its_renewals(cast):
    teacher = cast.class_teacher
    Approval.objects.filter(staff=teacher.staff).update(until_on=CAST_DAY + timedelta(days=5))
    running = approval_of(teacher)
    actions.renew(running, END, by=cast.head.actor, on=CAST_DAY)
    actions.withdraw(running, by=cast.head.actor, on=CAST_DAY, why="调岗")
    for days in (0, 10):
        assert not may(
            teacher.actor, CHILD_READ, cast.this_class.pk, CAST_DAY + timedelta(days=days)
        )
    rows = Entry.objects.filter(verb="approval.withdraw")
    assert {row.why for row in rows} == {"调岗"}
    assert len(rows) == 2
    with pytest.raises(ApprovalRefused, match="已经撤回"):
        actions.withdraw(running, by=cast.head.actor, on=CAST_DAY)


def test_nobody_withdraws_the_own_or_that_of_another_school(cast):
    for approval in (approval_of(cast.head), approval_of(cast.class_teacher_elsewhere)):
        with pytest.raises(ApprovalRefused):
            actions.withdraw(approval, by=cast.head.actor, on=CAST_DAY)


def test_whoever_lacks_an_approval_learns_whom_to_ask(cast):
    [line] = queries.own_lines(cast.teacher_without_approval.actor, CAST_DAY)
    assert (line.state, line.last_day) == ("lapsed", CAST_DAY - timedelta(days=1))
    assert [post.staff.name for post in line.approvers] == [cast.head.staff.name]
    newcomer = add_staff("卢青", by=cast.registrar.actor)
    open_post(
        newcomer.pk, cast.secondary_school.pk, Role.HEAD, CAST_DAY, by=cast.administrator.actor
    )
    [(case, posts)] = rules.cases_of(newcomer.pk, CAST_DAY).items()
    [line] = queries._lines({case: posts}, CAST_DAY)
    assert line.state == "none"
    asked = queries._with_approvers(line, CAST_DAY).approvers
    assert [post.staff.name for post in asked] == [cast.district_officer.staff.name]


def test_roles_that_need_no_approval_have_no_line(cast):
    assert queries.own_lines(cast.city_officer.actor, CAST_DAY) == []
    assert queries.own_lines(cast.administrator.actor, CAST_DAY) == []


def test_several_posts_in_one_school_need_one_approval(cast):
    open_post(
        cast.class_teacher.staff.pk, cast.parallel_class.pk, Role.SUBJECT_TEACHER, CAST_DAY,
        by=cast.registrar.actor,
    )  # fmt: skip
    lines = [
        line
        for line in queries.lines_to_approve(cast.head.actor, CAST_DAY)
        if line.staff == cast.class_teacher.staff
    ]
    assert len(lines) == 1
    assert len(lines[0].posts) == 2


def test_what_a_person_may_view_is_what_is_listed(cast):
    from tests.cast import check_view_matches_list

    check_view_matches_list(
        cast,
        everything=Approval.objects.all(),
        may_view=lambda actor, one: rules.may_view_approval(actor, one, CAST_DAY),
        visible_to=lambda actor: approvals_visible_to(actor, CAST_DAY),
    )


@pytest.mark.usefixtures("at_the_cast_day")
class TestThePage:
    def test_it_lists_what_needs_a_decision_first(self, client, cast):
        page = sign_in(client, cast.head).get("/approvals/")
        assert [line.staff.name for line in page.context["lines"]] == ["邓涛"]
        page = client.get("/approvals/?show=all")
        assert len(page.context["lines"]) == 8
        assert "2027年8月31日" in page.content.decode()

    def test_a_click_approves_until_the_end_of_the_school_year(self, client, cast):
        sign_in(client, cast.head)
        form = client.get("/approvals/").context["form"]
        client.post(
            "/approvals/give/",
            {
                "staff": cast.teacher_without_approval.staff.pk,
                "place": cast.school.pk,
                "purpose": "daily_work",
                "last_day": form.fields["last_day"].initial,
            },
        )
        [line] = queries.own_lines(cast.teacher_without_approval.actor, CAST_DAY)
        assert (line.state, line.until_on) == ("valid", YEAR_UNTIL)
        assert "已授权邓涛" in client.get("/approvals/").content.decode()

    def test_a_refused_date_says_why_and_changes_nothing(self, client, cast):
        sign_in(client, cast.head)
        before = Approval.objects.count()
        row = {
            "staff": cast.teacher_without_approval.staff.pk,
            "place": cast.school.pk,
            "purpose": "daily_work",
        }
        wrong = [("2029-01-01", "最长一学年"), ("soon", "请填写日期"), ("9999-12-31", "请核对年份")]
        for last_day, said in wrong:
            page = client.post("/approvals/give/", row | {"last_day": last_day})
            assert page.status_code == 422
            assert said in page.content.decode()
        assert Approval.objects.count() == before

    @pytest.mark.parametrize("field", ["staff", "place"])
    def test_a_number_that_no_database_holds_is_refused(self, client, cast, field):
        sign_in(client, cast.head)
        row = {"staff": 1, "place": 1, "purpose": "daily_work", "last_day": YEAR_UNTIL.isoformat()}
        page = client.post("/approvals/give/", row | {field: "9" * 30})
        assert page.status_code == 422

    def test_it_renews_in_one_click_and_withdraws(self, client, cast):
        Approval.objects.filter(staff=cast.class_teacher.staff).update(
            until_on=CAST_DAY + timedelta(days=9)
        )
        sign_in(client, cast.head)
        assert "1人的授权将在30天内到期" in client.get("/approvals/").content.decode()
        client.post("/approvals/renew-expiring/", {"last_day": "2027-08-31"})
        assert "已为1人续期" in client.get("/approvals/").content.decode()
        running = Approval.objects.filter(staff=cast.class_teacher.staff).earliest("pk")
        client.post(f"/approvals/{running.pk}/withdraw/", {"why": "调岗"})
        assert "已撤回周晓兰的授权" in client.get("/approvals/").content.decode()

    def test_what_is_out_of_reach_is_not_there(self, client, cast):
        sign_in(client, cast.head)
        own, other = approval_of(cast.head), approval_of(cast.class_teacher_elsewhere)
        for approval in (own, other):
            address = f"/approvals/{approval.pk}/withdraw/"
            assert client.post(address).status_code == 404
        assert client.post("/approvals/999999/withdraw/").status_code == 404
        assert sign_in(client, cast.class_teacher).get("/approvals/").status_code == 404

    def test_a_head_whose_own_approval_lapsed_reads_whom_to_ask(self, client, cast):
        Approval.objects.filter(staff=cast.head.staff).update(until_on=CAST_DAY)
        page = sign_in(client, cast.head).get("/approvals/").content.decode()
        assert "查阅授权已到期" in page
        assert cast.district_officer.staff.name in page
        assert "邓涛" not in page

    def test_the_page_of_a_whole_school_asks_few_questions(
        self, client, cast, django_assert_max_num_queries
    ):
        for n in range(60):
            teacher = add_staff(f"教师{n}", by=cast.registrar.actor)
            open_post(
                teacher.pk, cast.this_class.pk, Role.SUBJECT_TEACHER, CAST_DAY,
                by=cast.registrar.actor, subject="语文",
            )  # fmt: skip
        sign_in(client, cast.head)
        client.get("/account/")
        with django_assert_max_num_queries(20):
            assert len(client.get("/approvals/").context["lines"]) == 50

        def found(**asked) -> list[str]:
            return [line.staff.name for line in client.get("/approvals/", asked).context["lines"]]

        assert len(found(show="all", page="2")) == client.get("/approvals/").context["count"] - 50
        assert found(q="教师17") == ["教师17"]
        assert found(q="js17") == ["教师17"]
        assert found(q="没有此人") == []

    def test_a_teacher_sees_the_own_approval_on_the_account_page(self, client, cast):
        page = sign_in(client, cast.class_teacher).get("/account/").content.decode()
        assert "2027年8月31日" in page
        page = sign_in(client, cast.teacher_without_approval).get("/account/").content.decode()
        assert "查阅授权已到期" in page
        assert "何敏（校长）" in page

    def test_an_approval_given_meanwhile_is_not_given_by_a_stranger(self, client, cast):
        sign_in(client, cast.head_elsewhere)
        row = {
            "staff": cast.teacher_without_approval.staff.pk,
            "place": cast.school.pk,
            "purpose": "daily_work",
            "last_day": "2027-08-31",
        }
        page = client.post("/approvals/give/", row)
        assert page.status_code == 422
        assert "邓涛" not in page.content.decode()
        assert not Approval.objects.filter(approved_at__gt=CAST_MOMENT).exists()
