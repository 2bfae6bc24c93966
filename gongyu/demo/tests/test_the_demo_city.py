"""The demo city is lifelike, has its holes, and is the same for the same seed."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.timezone import make_aware

from gongyu.demo.layout import SCHOOLS, children_planned
from gongyu.demo.names import id_number
from gongyu.demo.story import make_city
from gongyu.ground.access.models import User
from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.families import demo_sign_ins
from gongyu.ground.families.queries import carers_at, family_of
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices.clock import is_quiet
from gongyu.ground.notices.models import Delivery, Notice, Outgoing
from gongyu.ground.people.models import Bar, Care, Child, Enrolment, Leave
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.models import Post, Role
from gongyu.pages.queries.family.box import box_of
from gongyu.pages.queries.family.week import week_of
from gongyu.records.m01_home_school_contact.models import Decline, Proposal, Visit
from gongyu.records.m07_family_participation.models import Correction
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.owners import owners_of
from gongyu.shared_work.tickets.queries.counting import Counting
from gongyu.shared_work.tickets.states import OPEN, TICKET

TODAY = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker):
    """A city with a third of its children, made once for this file and taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_city(7, TODAY, lambda step: None, share=0.3)
        transaction.set_rollback(True)


def test_the_layout_plans_forty_schools_and_twenty_thousand_children():
    assert len(SCHOOLS) == 40
    assert 19_000 <= children_planned() <= 23_000


def test_the_whole_of_chongqing_is_there_and_three_districts_are_populated(city):
    assert Place.objects.on(TODAY).filter(kind="district").count() == 37
    assert len({school.district.pk for school in city.schools}) == 3


def test_every_enrolment_and_post_has_its_fact(city):
    kinds = Counter(Fact.objects.values_list("kind", flat=True))
    superseded = Fact.objects.filter(supersedes_id__isnull=False, kind="enrolment").count()
    assert kinds["enrolment"] - superseded == Enrolment.objects.count()
    assert kinds["post.held"] >= Post.objects.count()


def test_every_change_left_an_audit_row(city):
    verbs = Counter(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs["child.add"] == Child.objects.count()
    assert verbs["post.open"] == Post.objects.count()
    assert verbs["decline.acknowledge"] == Decline.objects.filter(status="acknowledged").count()


def test_it_has_its_holes(city):
    assert Enrolment.objects.filter(how_out="transferred").exists()
    assert Leave.objects.filter(kind="suspended").exists()
    assert Bar.objects.count() == 6
    assert Care.objects.filter(is_guardian=False, is_daily_carer=True).exists()
    assert Decline.objects.filter(status="waiting").exists()
    assert Decline.objects.filter(status="acknowledged").exists()
    assert Visit.objects.filter(status="replaced").count() == 1
    assert set(Proposal.objects.values_list("status", flat=True)) >= {"proposed", "chosen"}
    assert Place.objects.filter(kind="class", until_on=date(2026, 10, 11)).exists()
    assert SchoolClass.objects.filter(place__from_on=date(2026, 10, 13)).count() == 1


def test_one_class_was_three_weeks_without_a_class_teacher(city):
    first, second = (
        Post.objects.filter(
            place__school_class__school__name__endswith="半山小学", role="class_teacher"
        )
        .filter(place__in=Post.objects.filter(acting=True).values("place"))
        .order_by("from_on")
    )
    assert (second.from_on - first.until_on).days == 21


def test_brothers_and_sisters_share_their_carers(city):
    families = Counter(Care.objects.filter(is_guardian=True).values_list("carer", flat=True))
    assert sum(count > 1 for count in families.values()) > 20


def test_each_role_has_an_account_that_signs_in(city, settings):
    settings.DEMO = True
    roles = {
        Role(name.replace("-", "_")) for name in User.objects.values_list("username", flat=True)
    }
    assert roles == set(Role)
    assert authenticate(None, username="class-teacher", password="Gongyu-demo-2026") is not None


def test_made_up_numbers_hold_their_checksum_and_belong_to_nobody():
    number = id_number(123, "20170520", "F")
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(number, weights, strict=False))
    assert number[-1] == "10X98765432"[total % 11]
    assert number.startswith("5099")


def test_open_days_are_held_planned_moved_cancelled_and_left_without_word(city):
    days = Activity.objects.filter(kind="open_day")
    found = Counter(days.values_list("status", flat=True))
    assert found["closed"] > 15 and found["planned"] + found["invited"] > 3
    assert found["moved"] == 1 and found["cancelled"] >= 1
    moved = days.get(status="moved")
    fresh = moved.replaced_by
    bookings = Counter(fresh.bookings.values_list("status", flat=True))
    assert moved.reason and bookings == {"booked": 6, "waiting": 3}
    silent = days.filter(status="planned", starts_at__date__lt=TODAY)
    assert [day.school.name[-4:] for day in silent] == ["半山小学"]


def test_a_school_merged_and_another_holds_its_open_day_on_a_campus(city):
    merged = city.school_called("云台小学").place
    merged.refresh_from_db()
    assert merged.until_on is not None
    still = Enrolment.objects.on(TODAY).filter(school=merged)
    assert not still.exists()
    campus = Activity.objects.get(organiser__kind="campus")
    assert campus.school.name.endswith("橘灯中学") and campus.status == "closed"


def test_a_term_of_notices_is_alive(city):
    """Answered ones, one waiting for Thursday, slips with a named person, a campaign that counts."""
    assert Notice.objects.filter(is_campaign=True).exclude(white_list="").exists()
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds == {"to_know", "to_answer", "safety"}
    states = set(Delivery.objects.values_list("status", flat=True))
    assert {"answered", "told", "to_hand"} <= states
    sounding = Outgoing.objects.exclude(kind="safety").filter(sent_at__isnull=False)
    assert not any(is_quiet(one) for one in sounding.values_list("sent_at", flat=True))
    assert set(Outgoing.objects.values_list("path", flat=True)) >= {"sms", "voice"}


def test_three_carers_come_in_as_families_and_the_barred_one_does_not(city, settings):
    settings.DEMO = True
    assert [each.number for each in demo_sign_ins.offered()] == list(demo_sign_ins.WORDS)
    digests = {number: digest(CARER_PHONE, number) for number in demo_sign_ins.WORDS}
    [mother] = carers_at(digests[demo_sign_ins.GUARDIAN], TODAY)
    family = family_of(mother.pk, TODAY)
    assert len(family.guarded) >= 2
    assert len({child.school_id for child in family.children}) >= 2
    [grandmother] = carers_at(digests[demo_sign_ins.GRANDMOTHER], TODAY)
    assert family_of(grandmother.pk, TODAY).guarded == ()
    assert carers_at(digests[demo_sign_ins.BARRED_FATHER], TODAY) == []
    assert Correction.objects.filter(carer=mother).count() == 2
    waiting = week_of(family, TODAY, make_aware(datetime.combine(TODAY, time(8)))).asks
    assert {line.uid.split("-")[0] for line in waiting} == {"activity", "notice", "proposal"}
    box = box_of(family, TODAY)
    assert [item.notice.kind for item in box.asks] == ["to_answer"]
    quiet = {item.notice.department_id for week in box.weeks for item in week.items}
    assert quiet == {child.school_id for child in family.children}


def test_complaints_stand_at_every_stage_and_none_is_without_an_owner(city):
    found = Counter(Ticket.objects.filter(is_trial=False).values_list("status", flat=True))
    assert set(found) == set(TICKET)
    desks = {ticket.desk for ticket in Ticket.objects.select_related("desk")}
    assert set(owners_of(desks, TODAY)) == {desk.pk for desk in desks}
    lights = Counter(
        Counting([t]).running(t, TODAY).light for t in Ticket.objects.filter(status__in=OPEN)
    )
    assert lights["red"] and lights["amber"] and lights["calm"]
    trials = Ticket.objects.filter(is_trial=True)
    assert sorted(str(t.channel_works) for t in trials) == ["False", "None", "True"]
