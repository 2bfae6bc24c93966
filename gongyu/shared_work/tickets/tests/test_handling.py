"""The desk: accept, answer, reject, send on, hand over; who may; what the ledger learns."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from gongyu.ground.audit.models import Entry, ProtectedEntry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.staff.actions import NewPost, open_posts
from gongyu.ground.staff.models import Role
from gongyu.shared_work.tickets import actions, rules
from gongyu.shared_work.tickets.models import Step, Ticket
from gongyu.shared_work.tickets.owners import owners_of
from gongyu.shared_work.tickets.rules import TicketFault
from gongyu.shared_work.tickets.shapes import Answer, SentOn
from gongyu.shared_work.tickets.states import ENDED, OPEN, TICKET
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, check_view_matches_list

ANSWER = Answer("substantiated", "查实收费三百元，已全部退还", Decimal("300"))
LATER = CAST_MOMENT + timedelta(hours=3)


@pytest.fixture
def by(cast):
    return cast.complaint_handler.actor


def test_from_told_to_closed_every_step_is_kept_and_owned(told, by, cast):
    ticket = told()
    ticket = actions.accept(ticket, at=CAST_MOMENT, by=by)
    assert ticket.handler == cast.complaint_handler.post
    actions.begin(ticket, at=CAST_MOMENT, by=by)
    actions.note(ticket, words="已约家委会主任谈话", at=CAST_MOMENT, by=by)
    ticket = actions.answer(ticket, ANSWER, at=LATER, by=by)
    assert (ticket.finding, ticket.paid_back) == ("substantiated", Decimal(300))
    ticket = actions.say_content(ticket, True, words="", at=LATER)
    assert (ticket.status, ticket.is_content, ticket.ended_at) == ("closed", True, LATER)
    kinds = ["tell", "accept", "begin", "note", "answer", "content"]
    assert list(ticket.steps.values_list("kind", flat=True)) == kinds
    verbs = ProtectedEntry.objects.filter(token=ticket.token).order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == [f"ticket.{kind}" for kind in kinds]
    assert not Entry.objects.filter(verb__startswith="ticket").exists()


def test_an_answer_closes_the_clue_and_a_reopening_takes_that_back(told, by, cast):
    ticket = told()
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    actions.answer(ticket, ANSWER, at=LATER, by=by)
    [fact] = standing_facts().filter(kind="clue.answered")
    assert (fact.status, fact.attrs) == ("substantiated", {"paid_back": "300"})
    ticket = actions.reopen(ticket, words="另一个班也收了", at=LATER)
    assert (ticket.status, ticket.round, ticket.finding) == ("reopened", 2, "")
    [fact] = standing_facts().filter(kind="clue.answered")
    assert fact.quantity == 0
    actions.answer(ticket, Answer("partly", "补退一户"), at=LATER, by=by)
    counted = standing_facts().filter(kind="clue.answered", quantity=1)
    assert [each.status for each in counted] == ["partly"]
    # What was paid back in the first round stays paid back.
    ticket.refresh_from_db()
    assert ticket.paid_back == Decimal(300)


def test_rejected_and_sent_on_are_ends_of_which_the_asker_is_told(told, by):
    ticket = told()
    actions.reject(ticket, "in_court", words="可以向法院查询进展", at=CAST_MOMENT, by=by)
    other = told()
    actions.send_on(
        other, SentOn("区市场监督管理局", "渝中市监 12", "价格问题由他们查处"), at=LATER, by=by
    )
    statuses = standing_facts().filter(kind="clue.answered").values_list("status", flat=True)
    assert sorted(statuses) == ["rejected", "sent_on"]
    assert actions.reopen(other, words="他们说不归他们管", at=LATER).status == "reopened"
    assert actions.reopen(ticket, words="并没有起诉", at=LATER).status == "reopened"


def test_what_an_answer_a_rejection_or_a_sending_on_lacks_is_named(told, by):
    ticket = told()
    for reason, words, field in (("busy", "x", "reason"), ("in_court", " ", "words")):
        with pytest.raises(TicketFault) as fault:
            actions.reject(ticket, reason, words=words, at=LATER, by=by)
        assert fault.value.field == field
    for sent, field in ((SentOn(" ", "", "x"), "body"), (SentOn("公安", "", ""), "words")):
        with pytest.raises(TicketFault) as fault:
            actions.send_on(ticket, sent, at=LATER, by=by)
        assert fault.value.field == field
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    faults = ((Answer("", "x"), "finding"), (Answer("partly", " "), "words"))
    for answer, field in (*faults, (Answer("partly", "x", Decimal(-1)), "paid_back")):
        with pytest.raises(TicketFault) as fault:
            actions.answer(ticket, answer, at=LATER, by=by)
        assert fault.value.field == field
    ticket.refresh_from_db()
    assert ticket.status == "accepted" and ticket.steps.count() == 2


def test_a_step_that_does_not_lead_from_here_is_refused_and_changes_nothing(told, by):
    ticket = told()
    with pytest.raises(TicketFault, match="已收到"):
        actions.answer(ticket, ANSWER, at=LATER, by=by)
    for deed in (actions.take, actions.keep):
        with pytest.raises(TicketFault):
            deed(ticket, at=LATER, by=by)
    with pytest.raises(TicketFault):
        actions.say_content(ticket, True, words="", at=LATER)
    assert ticket.steps.count() == 1


# Hand-over


def test_until_it_is_taken_it_stays_with_the_desk_that_hands_over(told, by, cast):
    ticket = told()
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    ticket = actions.hand_over(ticket, cast.other_district, words="学校在那边", at=LATER, by=by)
    assert (ticket.desk, ticket.status) == (cast.district, "passing")
    received = standing_facts().get(kind="clue.received")
    assert received.place_id == cast.district.pk
    far = cast.complaint_handler_elsewhere.actor
    ticket = actions.take(ticket, at=LATER, by=far)
    assert (ticket.desk, ticket.status) == (cast.other_district, "accepted")
    assert ticket.handler == cast.complaint_handler_elsewhere.post
    received = standing_facts().get(kind="clue.received")
    assert received.place_id == cast.other_district.pk
    assert not rules.may_read(by, ticket, CAST_DAY)
    assert Fact.objects.filter(kind="clue.received").count() == 2


def test_not_taken_it_comes_back_as_it_was_with_the_reason(told, by, cast):
    far = cast.complaint_handler_elsewhere.actor
    for accepted, back in ((False, "received"), (True, "accepted")):
        ticket = told()
        if accepted:
            actions.accept(ticket, at=CAST_MOMENT, by=by)
        actions.hand_over(ticket, cast.other_district, words="?", at=LATER, by=by)
        with pytest.raises(TicketFault) as fault:
            actions.give_back(ticket, words=" ", at=LATER, by=far)
        assert fault.value.field == "words"
        assert actions.give_back(ticket, words="学校在你区", at=LATER, by=far).status == back
        actions.hand_over(ticket, cast.city, words="请市里协调", at=LATER, by=by)
        ticket = actions.keep(ticket, at=LATER, by=by)
        assert (ticket.status, ticket.offered_to) == (back, None)


def test_a_hand_over_names_another_desk_and_says_why(told, by, cast):
    ticket = told()
    for to, words, field in (
        (None, "x", "to"), (cast.district, "x", "to"), (cast.school, "x", "to"),
        (cast.city, " ", "words"),
    ):  # fmt: skip
        with pytest.raises(TicketFault) as fault:
            actions.hand_over(ticket, to, words=words, at=LATER, by=by)
        assert fault.value.field == field
    ticket.refresh_from_db()
    assert ticket.status == "received"


# Closing by itself


def test_an_answer_left_as_it_is_closes_by_itself_after_thirty_days(told, by):
    ticket = told()
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    actions.answer(ticket, ANSWER, at=CAST_MOMENT, by=by)
    from gongyu.ground.audit.actors import SYSTEM

    assert actions.close_due(at=CAST_MOMENT + timedelta(days=30), by=SYSTEM) == 0
    assert actions.close_due(at=CAST_MOMENT + timedelta(days=31), by=SYSTEM) == 1
    assert actions.close_due(at=CAST_MOMENT + timedelta(days=31), by=SYSTEM) == 0
    ticket.refresh_from_db()
    assert ticket.status == "closed" and ticket.is_content is None
    with pytest.raises(TicketFault):
        actions.reopen(ticket, words="太晚", at=CAST_MOMENT + timedelta(days=31))


# Who


def test_who_sees_is_who_finds_it_in_the_list(told, by, cast):
    told()
    told(cast.school_elsewhere)
    moving = told(cast.secondary_class)
    actions.hand_over(moving, cast.other_district, words="?", at=CAST_MOMENT, by=by)
    check_view_matches_list(
        cast,
        everything=Ticket.objects.all(),
        may_view=lambda actor, one: rules.may_read(actor, one, CAST_DAY),
        visible_to=lambda actor: rules.tickets_visible_to(actor, CAST_DAY),
    )


def test_the_district_s_people_see_it_and_nobody_of_the_school_does(told, cast):
    ticket = told()
    seeing = {
        name for name, p in cast.people().items() if rules.may_read(p.actor, ticket, CAST_DAY)
    }
    assert seeing == {"complaint_handler", "district_officer", "city_officer"}
    assert not rules.may_read(None, ticket, CAST_DAY)
    extending = {
        name for name, p in cast.people().items() if rules.may_extend(p.actor, ticket, CAST_DAY)
    }
    assert extending == {"district_officer", "city_officer"}


def test_a_handler_without_an_approval_sees_nothing(told, cast):
    ticket = told()
    cast.complaint_handler.staff.approvals.update(withdrawn_at=CAST_MOMENT)
    assert not rules.may_read(cast.complaint_handler.actor, ticket, CAST_DAY)
    assert not rules.tickets_visible_to(cast.complaint_handler.actor, CAST_DAY).exists()


@pytest.mark.parametrize(("role", "where"), [("head", "school"), ("class_teacher", "this_class")])
def test_a_handler_who_also_works_in_the_school_concerned_does_not_see_it(told, cast, role, where):
    from gongyu.ground.access.queries import actor_for
    from gongyu.ground.audit.actors import SYSTEM

    mine, other = told(), told(cast.secondary_class)
    person = cast.complaint_handler
    open_posts(
        [NewPost(person.staff.pk, getattr(cast, where).pk, Role(role), YEAR_FROM, acting=True)],
        by=SYSTEM,
    )
    actor = actor_for(person.user, CAST_DAY)
    assert not rules.may_read(actor, mine, CAST_DAY)
    assert list(rules.tickets_visible_to(actor, CAST_DAY)) == [other]
    assert not rules.may_act(actor, mine, CAST_DAY) and rules.may_act(actor, other, CAST_DAY)


def test_every_desk_has_an_owner_and_the_desk_above_where_nobody_holds_a_post(cast):
    found = owners_of([cast.district, cast.other_district, cast.city], CAST_DAY)
    assert [found[d.pk].names for d in (cast.district, cast.city)] == [["岳明"], ["卢珊"]]
    cast.complaint_handler.post.delete()
    assert owners_of([cast.district], CAST_DAY)[cast.district.pk].names == ["唐文"]
    cast.district_officer.post.delete()
    above = owners_of([cast.district], CAST_DAY)[cast.district.pk]
    assert (above.desk, above.names) == (cast.city, ["卢珊"])


# The table and the constraints


def test_every_open_status_has_an_owner_and_a_clock_and_leads_to_an_end():
    for status, row in TICKET.items():
        assert row["to"], status
        assert bool(row["owner"]) == (status in (*OPEN, "answered"))
        assert row["clock"]
    assert set(OPEN) | set(ENDED) == set(TICKET)
    reachable = {"received"}
    for _each in TICKET:
        reachable |= {to for status in reachable for to in TICKET[status]["to"].values()}
    assert reachable == set(TICKET)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "lost"},
        {"kind": "gossip"},
        {"finding": "true"},
        {"status": "passing", "accepted_on": CAST_DAY},
        {"status": "answered", "ended_at": CAST_MOMENT, "accepted_on": CAST_DAY},
        {"status": "accepted"},
        {"ended_at": CAST_MOMENT},
        {"round": 0},
        {"channel_works": True},
        {"amount": Decimal(-1)},
        {"paid_back": Decimal(-1)},
    ],
)
def test_the_database_refuses_a_ticket_that_cannot_be(told, change):
    ticket = told()
    with pytest.raises(DatabaseError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(**change)


@pytest.mark.parametrize(
    "step",
    [
        {"kind": "gossip"},
        {"kind": "reject"},
        {"kind": "note", "reason": "in_court"},
        {"kind": "send_on"},
    ],
)
def test_the_database_refuses_a_step_that_cannot_be(told, step):
    ticket = told()
    with pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.create(ticket=ticket, round=1, taken_at=CAST_MOMENT, **step)


def test_a_ticket_is_not_offered_to_the_desk_where_it_is(told, cast):
    ticket = told()
    with pytest.raises(DatabaseError), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(
            status="offered", offered_to=cast.district, offered_on=CAST_DAY
        )
