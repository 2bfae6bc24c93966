"""Recording a visit: whose it is, on which day, for which children, and what it proves."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.people.models import Care, Enrolment
from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact import facts
from gongyu.records.m01_home_school_contact.models import FollowUp, Visit, VisitChild
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import NextStep
from tests.cast import CAST_DAY, YEAR_FROM, YEAR_UNTIL


def facts_of(child, kind="visit.held"):
    return list(standing_facts().filter(kind=kind, subject_type="child", subject_id=child.pk))


def test_a_visit_proves_one_fact_for_its_child_and_leaves_an_audit_row(cast, record):
    visit = record()
    [fact] = facts_of(cast.pupil)
    assert fact.place_id == cast.this_class.pk
    assert (fact.on_date, fact.status, fact.detail) == (CAST_DAY, "class_teacher", "home")
    assert fact.actor_id == cast.class_teacher.staff.pk
    assert fact.actor_post_id == cast.class_teacher.post.pk
    assert (fact.source_model, fact.quantity) == (facts.VISIT_SOURCE, 1)
    audit = AuditEntry.objects.get(verb="visit.record")
    assert (audit.subject_type, audit.subject_id) == ("child", cast.pupil.pk)
    assert "希望" not in str(audit.detail) + audit.why
    assert visit.status == "standing"


def test_what_the_family_said_is_not_readable_in_the_database(cast, record):
    from django.db import connection

    visit = record()
    with connection.cursor() as cursor:
        cursor.execute("select asked, follows from home_school_contact_visit")
        stored = b"".join(bytes(column) for column in cursor.fetchone())
    assert "读书".encode() not in stored
    assert Visit.objects.get(pk=visit.pk).asked == "希望孩子多读书"


def test_the_same_form_sent_twice_is_one_visit(cast, record):
    assert record(key="one").pk == record(key="one").pk
    assert len(facts_of(cast.pupil)) == 1


def test_the_database_refuses_the_same_key_of_the_same_person(cast, record):
    visit = record(key="one")
    visit.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save(force_insert=True)


def test_the_same_visit_told_twice_in_two_forms_is_refused_with_the_way_out(cast, record):
    record()
    with pytest.raises(VisitFault, match="更正"):
        record()
    assert Visit.objects.count() == 1


def test_a_visit_of_tomorrow_is_refused(cast, record):
    with pytest.raises(VisitFault) as fault:
        record(visited_on=CAST_DAY + timedelta(days=1))
    assert fault.value.field == "visited_on"


def test_a_day_before_the_child_was_enrolled_is_refused(cast, record):
    with pytest.raises(VisitFault, match="不在籍"):
        record(visited_on=YEAR_FROM - timedelta(days=100))
    assert not Visit.objects.exists()


def test_a_teacher_who_did_not_hold_the_post_on_that_day_is_refused(cast, record):
    with pytest.raises(VisitFault, match="没有担任"):
        record(
            cast.class_teacher_of_parallel_class,
            visited_on=CAST_DAY - timedelta(days=1),
            notes={cast.pupil_of_parallel_class.pk: ""},
            met=(),
            met_other="邻居",
        )
    visit = record(
        cast.class_teacher_of_parallel_class,
        notes={cast.pupil_of_parallel_class.pk: ""},
        met=(),
        met_other="邻居",
    )
    assert visit.post == cast.class_teacher_of_parallel_class.post


def test_a_child_who_moved_away_today_can_be_told_for_yesterday_alone(cast, record):
    with pytest.raises(VisitFault):
        record(notes={cast.child_who_moved_away.pk: ""}, met=(), met_other="奶奶")
    record(
        visited_on=CAST_DAY - timedelta(days=1),
        notes={cast.child_who_moved_away.pk: ""},
        met=(),
        met_other="奶奶",
    )
    [fact] = facts_of(cast.child_who_moved_away)
    assert fact.place_id == cast.this_class.pk


def test_a_summer_visit_to_a_new_pupil_belongs_to_the_class_to_come(cast, record):
    august = date(2026, 8, 20)
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(from_on=date(2026, 8, 1))
    record(visited_on=august)
    [fact] = facts_of(cast.pupil)
    assert (fact.on_date, fact.place_id) == (august, cast.this_class.pk)


def test_a_held_visit_needs_a_place_and_somebody_met(cast, record):
    with pytest.raises(VisitFault) as fault:
        record(setting="")
    assert fault.value.field == "setting"
    with pytest.raises(VisitFault) as fault:
        record(met=())
    assert fault.value.field == "met"


def test_a_stranger_cannot_be_met_as_a_carer(cast, record):
    with pytest.raises(VisitFault) as fault:
        record(met=(cast.classmates_mother.pk,))
    assert fault.value.field == "met"


def test_an_arranged_meeting_elsewhere_is_kept_apart(cast, record):
    record(setting="elsewhere")
    assert facts_of(cast.pupil)[0].detail == "elsewhere"


@pytest.mark.parametrize(
    ("who", "capacity"),
    [
        ("head", "leader"),
        ("school_leader", "leader"),
        ("subject_teacher", "subject_teacher"),
        ("moral_education_head", "other_staff"),
    ],
)
def test_each_post_visits_in_its_own_capacity(cast, record, who, capacity):
    record(getattr(cast, who))
    assert facts_of(cast.pupil)[0].status == capacity


def test_somebody_who_is_class_teacher_and_head_visits_the_own_class_as_class_teacher(cast, record):
    Post.objects.create(
        staff=cast.head.staff, place=cast.this_class, role="class_teacher", from_on=YEAR_FROM
    )
    record(cast.head)
    assert facts_of(cast.pupil)[0].status == "class_teacher"


def test_siblings_of_two_classes_are_one_visit_with_a_note_and_a_fact_each(cast, record, brother):
    visit = record(notes={cast.pupil.pk: "爱画画", brother.pk: "怕黑"})
    assert {row.note for row in visit.children.all()} == {"爱画画", "怕黑"}
    [own], [other] = facts_of(cast.pupil), facts_of(brother)
    assert own.actor_id == cast.class_teacher.staff.pk
    # The brother's own class teacher came along and counts for him.
    assert other.actor_id == cast.class_teacher_of_parallel_class.staff.pk
    assert (other.place_id, other.status) == (cast.parallel_class.pk, "class_teacher")
    assert Visit.objects.count() == 1


def test_a_subject_teacher_cannot_bring_a_child_of_another_class(cast, record, brother):
    with pytest.raises(VisitFault):
        record(cast.subject_teacher, notes={cast.pupil.pk: "", brother.pk: ""})


def test_a_failed_attempt_is_a_fact_of_its_own_kind(cast, record):
    record(outcome="not_found")
    assert facts_of(cast.pupil) == []
    [fact] = facts_of(cast.pupil, "visit.attempted")
    assert (fact.status, fact.detail) == ("not_found", "")


def test_the_database_refuses_an_attempt_with_a_place(cast, record):
    visit = record(outcome="not_found")
    visit.setting = "home"
    with pytest.raises(IntegrityError), transaction.atomic():
        visit.save()


def test_what_follows_becomes_a_task_with_an_owner_and_a_day(cast, record):
    step = NextStep("借两本书", CAST_DAY + timedelta(days=7), cast.subject_teacher.staff.pk)
    visit = record(next_step=step)
    task = FollowUp.objects.get()
    assert (task.owner, task.visit, task.status) == (cast.subject_teacher.staff, visit, "open")
    with pytest.raises(VisitFault) as fault:
        record(
            outcome="held",
            visited_on=CAST_DAY,
            next_step=NextStep("x", CAST_DAY - timedelta(days=1), cast.head.staff.pk),
        )
    assert fault.value.field == "follows"


def test_nothing_is_half_saved_when_a_fact_is_refused(cast, record, monkeypatch):
    from gongyu.records.m01_home_school_contact.actions import recording

    def refuse(*args, **kwargs):
        raise RuntimeError("the ledger says no")

    monkeypatch.setattr(recording, "append_many", refuse)
    with pytest.raises(RuntimeError):
        record()
    assert not Visit.objects.exists() and not VisitChild.objects.exists()
    assert not AuditEntry.objects.filter(verb="visit.record").exists()


def test_a_person_without_a_staff_record_cannot_record(cast, entry):
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.records.m01_home_school_contact import actions

    with pytest.raises(VisitFault):
        actions.record_visit(entry(), on=CAST_DAY, key="k", by=SYSTEM)


def test_the_carers_of_that_day_count_not_those_of_today(cast, record):
    Care.objects.filter(child=cast.pupil, carer=cast.grandmother).update(until_on=CAST_DAY)
    with pytest.raises(VisitFault):
        record()
    record(visited_on=CAST_DAY - timedelta(days=1))
    assert Enrolment.objects.on(CAST_DAY).filter(child=cast.pupil).exists()
    assert YEAR_UNTIL > CAST_DAY
