"""The children's director hands over the slips of the children who live in the village, and no other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.notices import actions
from gongyu.ground.notices.models import Delivery
from gongyu.ground.people.models import Child
from tests.cast import CAST_DAY, CAST_MOMENT, sign_in

pytestmark = pytest.mark.django_db
SLIPS = "/notices/slips/"


@pytest.fixture
def slip(cast, new, at_the_cast_day) -> Delivery:
    """The pupil's slip, which nobody could be told by telephone."""
    notice = new("to_answer", basis="law", choices=("同意", "不同意"), child_ids=(cast.pupil.pk,))
    actions.send(notice, at=CAST_MOMENT, key="slip", by=SYSTEM)
    row = Delivery.objects.get(carer=cast.grandmother)
    Delivery.objects.filter(pk=row.pk).update(status="to_hand", next_at=None)
    return row


def test_the_director_finds_the_slip_at_home_hands_it_over_and_ticks_it_off(cast, slip):
    client = sign_in(Client(), cast.children_director)
    home = client.get("/").content.decode()
    assert "有 1 张纸条等您送到家里" in home and f'href="{SLIPS}"' in home
    assert cast.pupil.name not in home
    text = client.get(SLIPS).content.decode()
    assert cast.pupil.name in text and cast.grandmother.name in text
    client.post(reverse("notices:hand", args=[slip.pk]), {"choice": "0"})
    slip.refresh_from_db()
    assert (slip.status, slip.answer, slip.answered_way) == ("answered", 0, "slip")
    assert slip.handed_by == cast.children_director.staff
    row = Entry.objects.get(verb="notice.hand_over")
    assert row.actor_name == cast.children_director.staff.name
    assert "现在没有要送的纸条" in client.get("/").content.decode()


def test_the_director_of_another_village_finds_nothing_and_ticks_off_nothing(cast, slip):
    client = sign_in(Client(), cast.children_director_elsewhere)
    assert "现在没有要送的纸条" in client.get("/").content.decode()
    assert cast.pupil.name not in client.get(SLIPS).content.decode()
    hand = reverse("notices:hand", args=[slip.pk])
    assert client.post(hand, {"choice": "0"}).status_code == 404
    slip.refresh_from_db()
    assert slip.status == "to_hand"


def test_a_child_that_moved_out_of_the_village_is_the_next_director_s(cast, slip):
    Child.objects.filter(pk=cast.pupil.pk).update(home=cast.other_community)
    hand = reverse("notices:hand", args=[slip.pk])
    here = sign_in(Client(), cast.children_director)
    assert cast.pupil.name not in here.get(SLIPS).content.decode()
    assert here.post(hand).status_code == 404
    there = sign_in(Client(), cast.children_director_elsewhere)
    assert cast.pupil.name in there.get(SLIPS).content.decode()


def test_without_an_approval_no_slip_is_shown_or_counted(cast, slip):
    approvals = Approval.objects.filter(staff=cast.children_director.staff)
    assert approvals.update(until_on=CAST_DAY) == 1
    client = sign_in(Client(), cast.children_director)
    assert "张纸条" not in client.get("/").content.decode()
    assert client.get(SLIPS).status_code in {302, 404} or (
        cast.pupil.name not in client.get(SLIPS).content.decode()
    )
    assert client.post(reverse("notices:hand", args=[slip.pk])).status_code == 404
