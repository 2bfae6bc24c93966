"""A family's week: all children in one list, what waits for an answer, and nobody else's business."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.people.actions import bar_carer
from gongyu.records.m01_home_school_contact.models import Proposal
from gongyu.shared_work.activities.models import Booking
from tests.cast import CAST_DAY, come_in
from tests.contracts.matrix_world import FAR, HERE, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


@pytest.fixture
def world(cast) -> World:
    world = World(cast)
    assert world.proposals and world.activities
    return world


def seen(client: Client) -> str:
    answer = client.get("/family/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_one_list_for_all_children_with_what_waits_for_an_answer(cast, client, world):
    page = seen(come_in(client, cast.mother))
    assert cast.pupil.name in page and cast.sister.name in page
    assert "周晓兰老师家访" in page and "秋季校园开放日" in page
    assert cast.child_elsewhere.name not in page and "牟芳" not in page


def test_the_family_answers_a_proposal_on_its_own_page(cast, client, world):
    come_in(client, cast.grandmother)
    proposal = Proposal.objects.get(pk=world.proposals[HERE]["pk"])
    address = reverse("visits:at-home", args=[proposal.pk])
    empty = client.post(address, {})
    assert "请选一项" in empty.content.decode()
    time = proposal.times.get()
    client.post(address, {"choice": f"time-{time.pk}", "setting": "home", "words": ""})
    proposal.refresh_from_db()
    assert (proposal.status, proposal.answered_by) == ("chosen", "family")
    assert Entry.objects.get(verb="visit.answer").detail["by_carer"] == cast.grandmother.pk
    assert "已约好" in seen(client)


def test_the_family_books_changes_and_cancels_on_its_own_page(cast, client, world):
    come_in(client, cast.mother)
    pk = world.activities[HERE]["pk"]
    address = reverse("activities:at-home", args=[pk])
    first, last = (slot.pk for slot in (world_slots(pk)[0], world_slots(pk)[-1]))
    client.post(address, {"slot": first})
    booking = Booking.objects.get(activity=pk)
    assert (booking.status, booking.made_by) == ("booked", "family")
    client.post(address, {"slot": last})
    booking.refresh_from_db()
    assert booking.slot_id == last
    client.post(address, {"step": "cancel"})
    booking.refresh_from_db()
    assert booking.status == "cancelled"


def world_slots(pk: int):
    from gongyu.shared_work.activities.models import Slot

    return list(Slot.objects.filter(activity=pk))


def test_another_family_s_visit_and_activity_are_not_there(cast, client, world):
    come_in(client, cast.classmates_mother)
    assert (
        client.get(reverse("visits:at-home", args=[world.proposals[HERE]["pk"]])).status_code == 404
    )
    assert (
        client.get(reverse("activities:at-home", args=[world.activities[FAR]["pk"]])).status_code
        == 404
    )
    page = seen(client)
    assert cast.pupil.name not in page and "家访" not in page.split("</nav>")[1]


def test_a_visit_that_also_concerns_a_child_out_of_sight_is_not_shown(cast, client, world):
    proposal = Proposal.objects.get(pk=world.proposals[HERE]["pk"])
    proposal.children.add(cast.sister)
    come_in(client, cast.mother)
    assert "周晓兰老师家访" in seen(client)
    bar_carer(cast.sister, cast.mother, CAST_DAY, "裁定", by=SYSTEM)
    page = seen(client)
    assert "周晓兰老师家访" not in page and cast.sister.name not in page
    assert client.get(reverse("visits:at-home", args=[proposal.pk])).status_code == 404


def test_whoever_is_nobody_or_barred_is_led_to_the_sign_in_of_families(cast, client):
    for visitor in (client, come_in(Client(), cast.barred_father)):
        answer = visitor.get("/family/")
        assert (answer.status_code, answer.url) == (302, "/family/sign-in/?next=/family/")


def test_the_page_is_light_and_needs_no_script(cast, client, world, django_assert_max_num_queries):
    come_in(client, cast.mother)
    with django_assert_max_num_queries(16):
        page = seen(client)
    assert "htmx" not in page.split("</head>")[1]
    assert len(gzip.compress(page.encode())) < 10_000


def test_larger_letters_stay_until_they_are_put_back(cast, client):
    come_in(client, cast.mother)
    client.post("/family/big-print/", {"next": "/family/"})
    assert "large-print" in seen(client)
    client.post("/family/big-print/", {"next": "https://elsewhere.example/"})
    assert "large-print" not in seen(client)
