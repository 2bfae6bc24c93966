"""Whom a school's WeCom knows is told there first: by the roster's telephone, and only who follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.notices import jobs
from gongyu.ground.notices.actions import choose_way
from gongyu.ground.notices.models import WayTo
from gongyu.ground.notices.ways import ways_of
from tests.cast import CAST_MOMENT

from .servers import WeComHouse, serving

LATER = CAST_MOMENT + timedelta(days=1)


@pytest.fixture
def house(db, settings, tmp_path):
    made = WeComHouse()
    with serving(made) as address:
        file = tmp_path / "channels.toml"
        file.write_text(
            '[[channel]]\nkind="wecom"\nname="wecom"\ncorp="corp"\nsecret="corp-secret"\n'
            f'agent=7\naddress="{address}"\n'
            '[[channel]]\nkind="smtp"\nname="mail"\nhost="127.0.0.1"\nport=9\n'
            'sender="a@example.test"\n',
            "utf-8",
        )
        file.chmod(0o600)
        settings.CHANNELS_FILE = file
        yield made


def ways(carer, moment=CAST_MOMENT) -> list[tuple[str, str]]:
    return [(way.path, way.address) for way in ways_of([carer.pk], moment)[carer.pk]]


def test_who_follows_is_told_there_and_nobody_else(cast, house):
    house.parents = {"m1": 1, "stranger": 1, "g1": 0}
    house.classes = {
        11: {"m1": cast.mother.phone, "g1": cast.classmates_mother.phone},
        12: {"stranger": "13900009999"},
    }
    jobs.tidy(CAST_MOMENT)
    assert ways(cast.mother) == [("wecom", "m1")]
    assert ways(cast.classmates_mother) == []
    entry = Entry.objects.get(verb="notice.find_wecom")
    assert entry.detail == {"found": 1, "gone": 0}
    # Asked again on the next day nothing changes, and no second row stands.
    jobs.tidy(LATER)
    assert WayTo.objects.filter(path="wecom").count() == 1


def test_a_choice_of_the_carer_stays_before_it(cast, house):
    choose_way(cast.mother.pk, "email", "m@example.test", at=CAST_MOMENT, by=SYSTEM)
    house.parents, house.classes = {"m1": 1}, {11: {"m1": cast.mother.phone}}
    jobs.tidy(CAST_MOMENT)
    assert [path for path, _address in ways(cast.mother)] == ["email", "wecom"]


def test_another_account_takes_the_place_of_the_former_and_who_is_gone_is_told_as_before(
    cast, house
):
    house.parents, house.classes = {"m1": 1}, {11: {"m1": cast.mother.phone}}
    jobs.tidy(CAST_MOMENT)
    house.parents, house.classes = {"m2": 1}, {11: {"m2": cast.mother.phone}}
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == [("wecom", "m2")]
    house.parents, house.classes = {"x": 1}, {11: {"x": "13900009999"}}
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == []
    # She follows again with the first account: it works again.
    house.parents, house.classes = {"m1": 1}, {11: {"m1": cast.mother.phone}}
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == [("wecom", "m1")]


def test_half_a_book_an_empty_one_and_silence_change_nothing(cast, house, settings):
    house.parents, house.classes = {"m1": 1}, {11: {"m1": cast.mother.phone}}
    jobs.tidy(CAST_MOMENT)
    house.classes = {11: {}, 12: {"m1": cast.mother.phone}}
    house.manners = ["good", "limit"]
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == [("wecom", "m1")]
    house.classes = {}
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == [("wecom", "m1")]
    settings.CHANNELS_FILE.write_text(
        settings.CHANNELS_FILE.read_text("utf-8").replace("corp-secret", "wrong"), "utf-8"
    )
    jobs.tidy(LATER)
    assert ways(cast.mother, LATER) == [("wecom", "m1")]
