"""A carer's calendar: no child's name in it, and it ends with what it rests on."""

from __future__ import annotations

import pytest
from django.test import Client

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.families import actions as families
from gongyu.ground.people.actions import bar_carer
from gongyu.ground.people.actions_carers import change_phone
from tests.cast import CAST_DAY, CAST_MOMENT, come_in
from tests.contracts.matrix_world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def new_address(client: Client) -> str:
    page = client.post("/family/calendar/").content.decode()
    return page.split("http://testserver")[1].split("<")[0]


def test_a_family_s_calendar_holds_what_it_is_invited_to_and_no_child_s_name(cast, client):
    assert World(cast).activities
    address = new_address(come_in(client, cast.mother))
    feed = Client().get(address)
    text = feed.content.decode()
    assert feed["Content-Type"].startswith("text/calendar")
    assert "秋季校园开放日" in text
    assert cast.pupil.name not in text and cast.sister.name not in text


def test_a_new_address_ends_the_former_and_ending_ends_it(cast, client):
    come_in(client, cast.mother)
    first = new_address(client)
    second = new_address(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post("/family/calendar/end/")
    assert Client().get(second).status_code == 404


@pytest.mark.parametrize("how", ["barred", "number", "not me"])
def test_it_opens_nothing_once_the_carer_is_barred_or_the_number_is_not_theirs(cast, client, how):
    address = new_address(come_in(client, cast.classmates_mother))
    assert Client().get(address).status_code == 200
    if how == "barred":
        bar_carer(cast.classmate, cast.classmates_mother, CAST_DAY, "裁定", by=SYSTEM)
    elif how == "number":
        change_phone(cast.classmates_mother, cast.classmate, "13800009999", "", by=SYSTEM)
    else:
        client.post("/family/not-me/")
    assert Client().get(address).status_code == 404


def test_another_family_s_calendar_shows_none_of_it(cast):
    world = World(cast)
    assert world.activities
    families.ask_for_code(cast.mother.phone_digest, at=CAST_MOMENT)
    address = new_address(come_in(Client(), cast.classmates_mother))
    world_of_pupil = Client().get(address).content.decode()
    assert "家访" not in world_of_pupil
