"""The state tables: every status leads somewhere or is an end, and open ones have owner and clock."""

import pytest

from gongyu.records.m01_home_school_contact import sensitive
from gongyu.records.m01_home_school_contact.states import TABLES as VISIT_TABLES
from gongyu.records.m01_home_school_contact.states import leads_to
from gongyu.shared_work.family_links.limits import MOST_MISSES, note_miss, too_many_misses
from gongyu.shared_work.registers.states import TABLES as REGISTER_TABLES

TABLES = {**VISIT_TABLES, **REGISTER_TABLES}


@pytest.mark.parametrize("name", TABLES)
def test_every_step_leads_to_a_status_of_the_table(name):
    table = TABLES[name]
    assert {after for row in table.values() for after in row["to"].values()} <= set(table)


@pytest.mark.parametrize("name", TABLES)
def test_every_open_status_has_an_owner_and_a_clock(name):
    for status, row in TABLES[name].items():
        if row["to"]:
            assert row["owner"] and row["clock"], status
        assert row["label"]


def test_a_step_that_the_table_lacks_leads_nowhere():
    table = VISIT_TABLES["visit proposal"]
    assert leads_to(table, "proposed", "choose") == "chosen"
    assert leads_to(table, "declined", "choose") is None


def test_sensitive_words_are_named_and_ordinary_ones_pass():
    assert sensitive.found_in("爸爸收入不高,奶奶信佛") == [
        ("收入和家境", ["收入"]),
        ("信仰", ["信佛"]),
    ]
    assert sensitive.found_in("孩子爱画画,希望多读书") == []
    assert sensitive.speaks_of_harm("手臂有伤痕")
    assert not sensitive.speaks_of_harm("手工做得好")


def test_only_misses_are_counted_and_each_address_by_itself():
    for _miss in range(MOST_MISSES):
        assert not too_many_misses("192.0.2.1")
        note_miss("192.0.2.1")
    assert too_many_misses("192.0.2.1")
    assert not too_many_misses("192.0.2.2")
