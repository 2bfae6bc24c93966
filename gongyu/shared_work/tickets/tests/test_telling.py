"""Telling: led past the school, kept once, a receipt that only the asker holds."""

from itertools import pairwise

import pytest
from django.db import connection

from gongyu.ground.audit.models import Entry, ProtectedEntry
from gongyu.ground.ledger.models import Fact
from gongyu.shared_work.tickets import actions, kinds, queries, receipts
from gongyu.shared_work.tickets.models import Step, Ticket
from gongyu.shared_work.tickets.rules import TicketFault
from gongyu.shared_work.tickets.shapes import Told
from tests.cast import CAST_DAY, CAST_MOMENT

from .conftest import WORDS


def test_a_complaint_about_a_class_goes_to_the_district_past_the_school(told, cast):
    ticket = told()
    assert (ticket.about, ticket.desk, ticket.status) == (
        cast.this_class,
        cast.district,
        "received",
    )
    assert ticket.handler is None and not ticket.is_named


def test_a_kind_is_led_by_the_table_and_to_the_city_where_no_desk_stands_above(told, cast):
    assert {family.desk for family in kinds.FAMILIES.values()} <= {"district", "school"}
    cast.school.placements.all().delete()
    from gongyu.ground.places import closure

    closure.rebuild()
    assert told(cast.school).desk == cast.city


def test_the_ledger_knows_a_number_and_the_district_and_no_school(told, cast):
    ticket = told()
    fact = Fact.objects.get(kind="clue.received")
    assert (fact.subject_type, fact.place_id, fact.status) == (
        "clue",
        cast.district.pk,
        "class_fees",
    )
    assert fact.subject_id == int(ticket.token[:15], 16) and fact.attrs == {}
    assert WORDS not in repr(vars(fact))
    # Neither the school nor the class bears upon it in any way that the ledger knows.
    assert not Fact.objects.filter(
        kind__startswith="clue.", place_id__in=[cast.school.pk, cast.this_class.pk]
    ).exists()
    assert not Entry.objects.filter(verb__startswith="ticket").exists()
    row = ProtectedEntry.objects.get(token=ticket.token)
    assert (row.verb, row.place_id) == ("ticket.tell", cast.district.pk)


def test_no_column_in_clear_holds_what_was_told_or_how_to_reach_the_asker(told):
    ticket = told(contact="13900001111 郑女士")
    assert ticket.is_named
    code = receipts.code_for(ticket.token, ticket.code_salt)
    with connection.cursor() as cursor:
        for table in ("tickets_ticket", "tickets_step", "audit_protectedentry", "ledger_fact"):
            cursor.execute(f"SELECT * FROM {table}")
            shown = repr(cursor.fetchall())
            for secret in (WORDS, "13900001111", code, receipts.plain_code(code)):
                assert secret not in shown, (table, secret)


def test_the_same_form_twice_is_one_ticket_with_one_receipt(cast):
    entry = Told("other", cast.school.pk)
    first = actions.tell(entry, at=CAST_MOMENT, key="a-form")
    assert actions.tell(entry, at=CAST_MOMENT, key="a-form") == first
    assert Ticket.objects.count() == Step.objects.count() == 1


def test_a_drawn_number_that_is_taken_is_drawn_again(cast, monkeypatch):
    drawn = iter(["2611000001", "2611000001", "2611000002"])
    monkeypatch.setattr(receipts, "new_number", lambda on: next(drawn))
    for key in ("one", "two"):
        actions.tell(Told("other", cast.school.pk), at=CAST_MOMENT, key=key)
    assert set(Ticket.objects.values_list("number", flat=True)) == {"2611000001", "2611000002"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "home_school_dispute"}, "kind"),
        ({"kind": "gossip"}, "kind"),
        ({"about_id": 0}, "place"),
        ({"amount": -1}, "amount"),
        ({"amount": 10**9}, "amount"),
    ],
)
def test_what_cannot_be_told_says_which_question(cast, changes, field):
    known = {"kind": "class_fees", "about_id": cast.school.pk}
    with pytest.raises(TicketFault) as fault:
        actions.tell(Told(**(known | changes)), at=CAST_MOMENT, key="k")
    assert fault.value.field == field
    assert not Ticket.objects.exists()


def test_a_town_is_no_place_to_complain_about(cast):
    with pytest.raises(TicketFault):
        actions.tell(Told("other", cast.town.pk), at=CAST_MOMENT, key="k")


def test_number_and_code_open_it_however_they_are_typed(told):
    ticket = told()
    code = receipts.code_for(ticket.token, ticket.code_salt)
    shown = receipts.shown_number(ticket.number)
    loose = code.upper().replace("-", " ").replace("O", "0").replace("L", "1")
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isdecimal() else c for c in shown)
    for number in (ticket.number, shown, full_width, f" {shown} "):
        for written in (code, loose, code.replace("-", "")):
            found = actions.follow(number, written, at=CAST_MOMENT)
            assert found is not None and found.ticket == ticket


def test_a_wrong_number_and_a_wrong_code_are_the_same_nothing(told, django_assert_num_queries):
    first, second = told(), told()
    own = receipts.code_for(first.token, first.code_salt)
    for number, code in [
        ("2611000000", own),
        (first.number, "aaaa-bbbb-cccc"),
        (second.number, own),
    ]:
        with django_assert_num_queries(1):
            assert queries.ticket_by_receipt(number, code) is None


def test_a_number_says_nothing_of_how_many_there_are():
    numbers = {receipts.new_number(CAST_DAY) for _each in range(50)}
    assert len(numbers) > 45 and {number[:4] for number in numbers} == {"2611"}
    ordered = sorted(numbers)
    gaps = {int(b) - int(a) for a, b in pairwise(ordered)}
    assert len(gaps) > 10
