"""A correction keeps what was there before; a retraction counts nothing and stays readable."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_facts
from gongyu.records.m01_home_school_contact import actions, rules
from gongyu.records.m01_home_school_contact.models import Decline, FollowUp, Visit
from gongyu.records.m01_home_school_contact.queries.records import versions_of, visit_page
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import NextStep
from tests.cast import CAST_DAY, CAST_MOMENT, YESTERDAY, sign_in


def counted(child, kind="visit.held"):
    """The standing facts that count something."""
    return list(standing_facts().filter(kind=kind, subject_id=child.pk, quantity__gt=0))


@pytest.fixture
def correct(cast, entry):
    def make(visit, person=None, reason="日期记错", **changes):
        return actions.correct_visit(
            visit,
            entry(**changes),
            reason=reason,
            on=CAST_DAY,
            key=str(uuid4()),
            by=(person or cast.class_teacher).actor,
        )

    return make


def test_a_correction_supersedes_the_fact_and_keeps_both_versions(cast, record, correct):
    old = record()
    fresh = correct(old, visited_on=YESTERDAY, asked="希望多运动")
    [fact] = counted(cast.pupil)
    assert (fact.on_date, fact.quantity) == (YESTERDAY, 1)
    assert Fact.objects.filter(kind="visit.held").count() == 2
    page = visit_page(fresh.pk, CAST_DAY, cast.class_teacher.actor)
    versions = versions_of(page, CAST_DAY, cast.class_teacher.actor)
    assert [v.visit.asked for v in versions] == ["希望多运动", "希望孩子多读书"]
    old.refresh_from_db()
    assert (old.status, old.reason, old.asked) == ("replaced", "日期记错", "希望孩子多读书")


def test_the_head_corrects_and_the_visitor_stays_the_visitor(cast, record, correct):
    fresh = correct(record(), cast.head, setting="elsewhere")
    assert fresh.visitor == cast.class_teacher.staff
    assert fresh.recorded_by == cast.head.staff
    assert counted(cast.pupil)[0].detail == "elsewhere"


def test_a_visit_corrected_to_an_attempt_counts_as_an_attempt_alone(cast, record, correct):
    correct(record(), outcome="not_found")
    assert counted(cast.pupil) == []
    assert len(counted(cast.pupil, "visit.attempted")) == 1


def test_a_child_left_out_of_the_correction_is_no_longer_counted(cast, record, correct, brother):
    visit = record(notes={cast.pupil.pk: "", brother.pk: ""})
    correct(visit)
    assert len(counted(cast.pupil)) == 1
    assert counted(brother) == []
    correct(Visit.objects.get(status="standing"), notes={cast.pupil.pk: "", brother.pk: ""})
    assert len(counted(brother)) == 1


def test_an_old_version_cannot_be_corrected_again(cast, record, correct):
    old = record()
    correct(old)
    with pytest.raises(VisitFault):
        correct(old)
    assert Visit.objects.filter(status="standing").count() == 1


def test_a_correction_needs_a_reason_and_its_faults_change_nothing(cast, record, correct):
    old = record()
    with pytest.raises(VisitFault) as fault:
        correct(old, reason="  ")
    assert fault.value.field == "reason"
    with pytest.raises(VisitFault):
        correct(old, visited_on=CAST_DAY + timedelta(days=1))
    old.refresh_from_db()
    assert old.status == "standing"
    assert Visit.objects.count() == 1


def test_a_follow_up_moves_to_the_new_version(cast, record, correct):
    step = NextStep("借书", CAST_DAY, cast.class_teacher.staff.pk)
    fresh = correct(record(next_step=step))
    assert FollowUp.objects.get().visit == fresh


def test_a_retraction_counts_nothing_drops_the_follow_up_and_stays_readable(cast, record):
    step = NextStep("借书", CAST_DAY, cast.class_teacher.staff.pk)
    visit = record(next_step=step)
    actions.retract_visit(visit, reason="记到了别人名下", on=CAST_DAY, by=cast.class_teacher.actor)
    assert counted(cast.pupil) == []
    assert FollowUp.objects.get().status == "dropped"
    page = visit_page(visit.pk, CAST_DAY, cast.class_teacher.actor)
    assert page.visit.asked == "希望孩子多读书"
    assert page.state_label == "已撤销"
    with pytest.raises(VisitFault):
        actions.retract_visit(visit, reason="再来", on=CAST_DAY, by=cast.class_teacher.actor)


def test_a_retracted_attempt_takes_the_waiting_decline_with_it(cast, record):
    record(outcome="refused", visited_on=YESTERDAY)
    second = record(outcome="not_found")
    assert Decline.objects.get().status == "waiting"
    actions.retract_visit(second, reason="记错", on=CAST_DAY, by=cast.class_teacher.actor)
    assert Decline.objects.get().status == "withdrawn"


def test_only_those_who_were_there_and_those_who_answer_for_the_school_correct(cast, record):
    visit = record()
    may = {
        name
        for name, person in cast.people().items()
        if rules.may_correct_visit(person.actor, visit, CAST_DAY)
    }
    assert may == {"class_teacher", "head", "moral_education_head"}


def test_whoever_may_not_read_a_brothers_note_does_not_correct_the_visit(
    cast, record, brother, client
):
    visit = record(notes={cast.pupil.pk: "只给本班老师看", brother.pk: "爱踢球"})
    sister_class = sign_in(client, cast.class_teacher_of_parallel_class)
    with time_machine.travel(CAST_MOMENT, tick=False):
        read = sister_class.get(reverse("visits:visit", args=[visit.pk])).content.decode()
        assert "爱踢球" in read and "只给本班老师看" not in read
        form = sister_class.get(reverse("visits:correct", args=[visit.pk]))
    assert form.status_code == 404
    assert rules.may_correct_visit(cast.head.actor, visit, CAST_DAY)
