"""Two attempts and the head's word make a decline; a visit, or the family's word, ends it."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.records.m01_home_school_contact import actions, queries, rules
from gongyu.records.m01_home_school_contact.models import Decline
from gongyu.records.m01_home_school_contact.rules import VisitFault
from tests.cast import CAST_DAY, YEAR_UNTIL, YESTERDAY


@pytest.fixture
def waiting(cast, record):
    record(outcome="not_found", visited_on=YESTERDAY)
    record(outcome="refused")
    return Decline.objects.get()


def declined(child):
    return standing_facts().filter(kind="visit.declined", subject_id=child.pk).get()


def test_one_attempt_asks_nobody_and_two_on_one_day_are_one(cast, record):
    record(outcome="not_found")
    record(outcome="refused")
    assert not Decline.objects.exists()


def test_two_attempts_wait_for_the_head_with_the_attempts_to_see(cast, waiting):
    [case] = queries.declines_to_acknowledge(cast.school.pk, CAST_DAY)
    assert case.decline == waiting
    assert [row.visit.outcome for row in case.attempts] == ["not_found", "refused"]
    assert not standing_facts().filter(kind="visit.declined").exists()


def test_attempts_of_a_subject_teacher_do_not_make_a_decline(cast, record):
    record(cast.subject_teacher, outcome="not_found", visited_on=YESTERDAY)
    record(cast.subject_teacher, outcome="not_found")
    assert not Decline.objects.exists()


def test_the_heads_word_holds_until_the_school_year_ends(cast, waiting):
    actions.acknowledge_decline(waiting, on=CAST_DAY, by=cast.head.actor)
    fact = declined(cast.pupil)
    assert (fact.on_date, fact.until_date, fact.quantity) == (CAST_DAY, YEAR_UNTIL, 1)
    assert (fact.status, fact.actor_id) == ("declined", cast.head.staff.pk)
    assert fact.place_id == cast.this_class.pk
    assert AuditEntry.objects.filter(verb="decline.acknowledge").count() == 1
    with pytest.raises(VisitFault):
        actions.acknowledge_decline(waiting, on=CAST_DAY, by=cast.head.actor)


def test_a_visit_ends_the_decline_on_its_day(cast, waiting, record):
    actions.acknowledge_decline(waiting, on=CAST_DAY, by=cast.head.actor)
    later = CAST_DAY + timedelta(days=20)
    record(visited_on=later, on=later)
    fact = declined(cast.pupil)
    assert (fact.until_date, fact.quantity) == (later, 1)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.closed_on) == ("withdrawn", later)


def test_a_decline_withdrawn_on_its_first_day_counts_nothing(cast, waiting):
    actions.acknowledge_decline(waiting, on=CAST_DAY, by=cast.head.actor)
    actions.withdraw_decline(waiting, reason="家长来电", on=CAST_DAY, by=cast.class_teacher.actor)
    assert declined(cast.pupil).quantity == 0


def test_a_decline_that_was_sent_back_is_asked_again_only_after_another_attempt(
    cast, waiting, record
):
    actions.return_decline(waiting, reason="周末再联系奶奶", on=CAST_DAY, by=cast.head.actor)
    assert queries.declines_to_acknowledge(cast.school.pk, CAST_DAY) == []
    later = CAST_DAY + timedelta(days=3)
    record(outcome="not_found", visited_on=later, on=later)
    assert len(queries.declines_to_acknowledge(cast.school.pk, later)) == 1


def test_sending_back_and_withdrawing_need_a_word(cast, waiting):
    for action in (actions.return_decline, actions.withdraw_decline):
        with pytest.raises(VisitFault) as fault:
            action(waiting, reason=" ", on=CAST_DAY, by=cast.head.actor)
        assert fault.value.field == "reason"


def test_a_decline_of_a_year_that_is_over_is_not_acknowledged(cast, waiting):
    with pytest.raises(VisitFault):
        actions.acknowledge_decline(waiting, on=date(2027, 9, 1), by=cast.head.actor)


def test_only_the_head_decides_and_sees(cast, waiting):
    for name, person in cast.people().items():
        seen = rules.declines_visible_to(person.actor, CAST_DAY).filter(pk=waiting.pk).exists()
        assert seen == rules.may_decide_decline(person.actor, waiting, CAST_DAY), name
        assert seen == (name == "head"), name


def test_the_database_refuses_two_running_declines_of_one_year(cast, waiting):
    waiting.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        waiting.save(force_insert=True)
