"""Family names are read as family names are, and lists stand in the order of their pinyin."""

from importlib import import_module

import pytest
from django.apps import apps

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.staff.models import Staff
from gongyu.ground.staff.naming import by_name, initials, syllables

MIGRATIONS = {
    "staff": "gongyu.ground.staff.migrations.0005_readings",
    "people": "gongyu.ground.people.migrations.0003_readings",
}


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("曾可心", "zkx"),
        ("单雄", "sx"),
        ("解晓东", "xxd"),
        ("仇远", "qy"),
        ("区志强", "ozq"),
        ("查理", "zl"),
        ("翟墨", "zm"),
        ("尉迟恭", "ycg"),
        ("万俟雪", "mqx"),
        ("万雪", "wx"),
        ("欧阳修", "oyx"),
        ("张解", "zj"),
        ("阿依·古丽", "aygl"),
        ("Li Ming", "liming"),
        ("", ""),
    ],
)
def test_the_letters_by_which_somebody_is_found(name, letters):
    assert initials(name) == letters


def test_a_sign_is_read_as_family_names_are_only_at_the_beginning():
    assert syllables("曾解")[0] == "zeng1"
    assert syllables("张曾")[1] == "ceng2"


def test_lists_stand_by_pinyin_and_keep_a_family_name_together():
    names = ["曾可心", "陈雨", "崔明", "陈安", "程安", "张安", "晨安", "任安", "阮安"]
    wanted = ["晨安", "陈安", "陈雨", "程安", "崔明", "任安", "阮安", "曾可心", "张安"]
    assert by_name(names, str) == wanted
    assert by_name(reversed(names), str) == wanted


def test_equal_names_keep_their_order():
    assert by_name([("李安", 2), ("李安", 1)], lambda pair: pair[0]) == [("李安", 2), ("李安", 1)]


@pytest.mark.parametrize("app", MIGRATIONS)
def test_those_who_were_there_before_are_read_anew(app, cast):
    """As after a year of use: the letters of the old reading stand in the rows."""
    tables = [Staff] if app == "staff" else [Child, Carer]
    for table in tables:
        old = table.objects.create(name="曾可心", initials="ckx")
        right = table.objects.create(name="李安", initials="la")
        import_module(MIGRATIONS[app]).read_anew(apps, None)
        assert table.objects.get(pk=old.pk).initials == "zkx"
        assert table.objects.get(pk=right.pk).initials == "la"
