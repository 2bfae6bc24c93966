"""Two people, or two taps, do the same at the same moment: it is done once, and the other is told."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.actions import add_care, bar_carer, start_leave
from gongyu.ground.people.rules import PeopleRefused
from gongyu.records.m01_home_school_contact.actions import (
    LinkClosed,
    answer_by_link,
    make_link,
    propose_times,
    record_visit,
    withdraw_proposal,
)
from gongyu.records.m01_home_school_contact.models import Visit
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import Answer, ProposalEntry, VisitEntry
from gongyu.records.m01_home_school_contact.tokens import token_for
from gongyu.shared_work.offline.actions import open_kit, receive
from gongyu.shared_work.offline.models import Receipt
from gongyu.shared_work.offline.shapes import Sent
from gongyu.shared_work.offline.tokens import sealing
from gongyu.shared_work.registers.actions import enter, review
from gongyu.shared_work.registers.rules import RegisterFault
from gongyu.shared_work.tickets import actions as tickets
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.rules import TicketFault
from gongyu.shared_work.tickets.shapes import Answer as TicketAnswer
from gongyu.shared_work.tickets.shapes import Told
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, Cast, build_cast

pytestmark = pytest.mark.django_db(transaction=True)
TOGETHER = 3


def at_once(deed: Callable[[], object]) -> list[object]:
    """What each of three got who did the same at once: an answer or an exception. SQLite in memory
    lets nobody write beside another; there they come one after the other."""
    gate, got = threading.Barrier(TOGETHER), []

    def come(wait: bool) -> None:
        try:
            if wait:
                gate.wait(30)
            got.append(deed())
        except Exception as error:
            got.append(error)
        finally:
            if wait:
                connections.close_all()

    if connection.vendor == "sqlite":
        for _each in range(TOGETHER):
            come(wait=False)
        return got
    threads = [threading.Thread(target=come, args=(True,)) for _each in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return got


def _care(cast: Cast):
    return add_care(cast.classmate, cast.mother, "mother", CAST_DAY, by=cast.registrar.actor)


def _bar(cast: Cast):
    return bar_carer(cast.pupil, cast.mother, CAST_DAY, "告诫书", by=cast.registrar.actor)


def _leave(cast: Cast):
    return start_leave(cast.pupil, "long_illness", CAST_DAY, by=cast.registrar.actor)


def _register(cast: Cast):
    told = {"title": "家访制度", "from_on": YEAR_FROM, "responsible": cast.head.staff}
    return enter(cast.school, "visiting_rules", **told, by=cast.head.actor)


@pytest.mark.parametrize(
    ("deed", "refusal"),
    [
        (_care, PeopleRefused),
        (_bar, PeopleRefused),
        (_leave, PeopleRefused),
        (_register, RegisterFault),
    ],
)
def test_one_is_entered_and_the_others_read_why_not(deed, refusal):
    cast = build_cast()
    got = at_once(lambda: deed(cast))
    refused = [one for one in got if isinstance(one, Exception)]
    assert [type(one) for one in refused] == [refusal] * (TOGETHER - 1)


def test_one_review_of_a_day_is_kept_and_the_others_read_why_not():
    cast = build_cast()
    entry = _register(cast)
    told = {"reviewed_on": CAST_DAY, "outcome": "kept", "on": CAST_DAY, "by": cast.head.actor}
    got = at_once(lambda: review(entry, **told))
    assert sum(isinstance(one, RegisterFault) for one in got) == TOGETHER - 1
    assert entry.reviews.count() == 1


def test_three_taps_are_one_visit_and_each_is_told_so():
    cast = build_cast()
    entry = VisitEntry(CAST_DAY, {cast.pupil.pk: ""}, setting="home", met_other="外婆")
    by = cast.class_teacher.actor
    got = at_once(lambda: record_visit(entry, on=CAST_DAY, key="one form", by=by))
    assert got == [Visit.objects.get()] * TOGETHER


def test_an_answer_and_a_new_link_at_once_wait_for_each_other():
    cast = build_cast()
    by = cast.class_teacher.actor
    moment = datetime(2026, 11, 20, 19, 0, tzinfo=UTC)
    entry = ProposalEntry(((cast.pupil.pk,),), (moment,), CAST_DAY)
    for _each in range(12):
        [proposal] = propose_times(entry, cast.this_class, on=CAST_DAY, by=by)
        link = proposal.links.get()
        token = token_for(proposal.pk, link.carer_id, link.salt)
        answer = Answer("choose", proposal.times.get().pk, "home", "")
        turns = iter([True, False, False])

        def come(turns=turns, proposal=proposal, link=link, token=token, answer=answer):
            if next(turns):
                return answer_by_link(token, answer, on=CAST_DAY)
            return make_link(proposal, link.carer_id, on=CAST_DAY, by=by)

        got = at_once(come)
        refused = [one for one in got if isinstance(one, Exception)]
        assert {type(one) for one in refused} <= {LinkClosed, VisitFault}
        proposal.refresh_from_db()
        if proposal.status in {"proposed", "chosen"}:
            withdraw_proposal(proposal, by=by)


def test_one_entry_that_arrives_three_times_at_once_is_one_visit():
    cast = build_cast()
    kit = open_kit([], by=cast.class_teacher.actor)
    fields = {"visited_on": (str(CAST_DAY),), "met_other": ("外婆",), "setting": ("home",)}
    key = "00000000-0000-4000-8000-000000000001"
    sent = Sent(key, "visit", sealing(kit.code)("child", cast.pupil.pk), fields)
    got = at_once(lambda: receive(kit, sent, on=CAST_DAY, by=cast.class_teacher.actor))
    assert sorted(answer.state for answer in got) == ["already"] * (TOGETHER - 1) + ["stored"]
    assert Visit.objects.count() == Receipt.objects.count() == 1


def test_the_same_visit_from_three_devices_at_once_is_one_visit_and_two_questions():
    cast = build_cast()
    by, fields = cast.class_teacher.actor, {"met_other": ("外婆",), "setting": ("home",)}
    entries = []
    for number in range(TOGETHER):
        kit = open_kit([], by=by)
        key = f"00000000-0000-4000-8000-00000000000{number}"
        token = sealing(kit.code)("child", cast.pupil.pk)
        entries.append((kit, Sent(key, "visit", token, fields | {"visited_on": (str(CAST_DAY),)})))
    got = at_once(lambda: receive(*entries.pop(), on=CAST_DAY, by=by))
    assert sorted(getattr(a, "state", a) for a in got) == ["conflict"] * (TOGETHER - 1) + ["stored"]
    assert {answer.code for answer in got} == {"", "twice"}
    assert Visit.objects.count() == Receipt.objects.count() == 1


def _complaint(cast: Cast, key: str = "one form") -> Ticket:
    receipt = tickets.tell(Told("other", cast.school.pk), at=CAST_MOMENT, key=key)
    return Ticket.objects.get(number=receipt.number)


def test_three_taps_are_one_complaint_with_one_receipt():
    cast = build_cast()
    told = Told("other", cast.school.pk)
    got = at_once(lambda: tickets.tell(told, at=CAST_MOMENT, key="one form"))
    assert len({receipt.number for receipt in got}) == Ticket.objects.count() == 1


def test_of_three_who_answer_at_once_one_does_and_the_others_read_why_not():
    cast = build_cast()
    by, ticket = cast.complaint_handler.actor, _complaint(cast)
    tickets.accept(ticket, at=CAST_MOMENT, by=by)
    answer = TicketAnswer("partly", "已退还一半")
    got = at_once(lambda: tickets.answer(ticket, answer, at=CAST_MOMENT, by=by))
    assert sum(isinstance(one, TicketFault) for one in got) == TOGETHER - 1
    assert ticket.steps.filter(kind="answer").count() == 1
    facts = Fact.objects.filter(kind="clue.answered")
    assert facts.count() == 1


def test_a_hand_over_and_an_answer_at_once_are_one_of_the_two():
    cast = build_cast()
    by = cast.complaint_handler.actor
    for number in range(6):
        ticket = _complaint(cast, f"form {number}")
        tickets.accept(ticket, at=CAST_MOMENT, by=by)
        turns = iter(["answer", "hand_over", "answer"])

        def come(turns=turns, ticket=ticket):
            if next(turns) == "answer":
                answer = TicketAnswer("unclear", "查过了")
                return tickets.answer(ticket, answer, at=CAST_MOMENT, by=by)
            to = cast.other_district
            return tickets.hand_over(ticket, to, words="归你", at=CAST_MOMENT, by=by)

        got = at_once(come)
        assert sum(isinstance(one, TicketFault) for one in got) == TOGETHER - 1
        ticket.refresh_from_db()
        kinds = ticket.steps.filter(kind__in=["answer", "hand_over"]).values_list("kind", flat=True)
        assert list(kinds) == ["hand_over" if ticket.status == "passing" else "answer"]


def test_of_three_who_take_a_hand_over_at_once_one_does():
    cast = build_cast()
    ticket = _complaint(cast)
    tickets.hand_over(
        ticket, cast.other_district, words="归你", at=CAST_MOMENT, by=cast.complaint_handler.actor
    )
    far = cast.complaint_handler_elsewhere.actor
    got = at_once(lambda: tickets.take(ticket, at=CAST_MOMENT, by=far))
    assert sum(isinstance(one, TicketFault) for one in got) == TOGETHER - 1
    ticket.refresh_from_db()
    assert ticket.desk == cast.other_district
    standing = Fact.objects.filter(kind="clue.received").order_by("seq").last()
    assert standing.place_id == cast.other_district.pk


def test_trials_started_three_times_at_once_are_one_a_school():
    cast = build_cast()
    by = cast.district_officer.actor
    got = at_once(lambda: tickets.start_trials([cast.school], at=CAST_MOMENT, by=by))
    assert sorted(len(made) for made in got) == [0] * (TOGETHER - 1) + [1]
    assert Ticket.objects.filter(is_trial=True).count() == 1
