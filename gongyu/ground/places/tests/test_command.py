"""`gongyu places load` counts what it did and refuses in words."""

import argparse
import json
from datetime import date

import pytest
from django.db import connection

from gongyu.ground.audit.models import Entry
from gongyu.ground.places import command
from gongyu.ground.places.models import Place, Placement

pytestmark = pytest.mark.django_db


def run(*words):
    parser = argparse.ArgumentParser()
    command.add_commands(parser.add_subparsers())
    args = parser.parse_args(words)
    return args.handler(args)


def test_loading_twice_adds_everything_once(capsys):
    assert run("places", "load", "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert first["units"]["added"] == Place.objects.exclude(kind="department").count() == 12388
    assert first["departments"]["added"] == 13 * 40
    assert run("places", "load") == 0
    assert "units: 0 added, 0 changed, 0 placed, 12388 unchanged, 0 kept" in capsys.readouterr().out
    assert Entry.objects.filter(verb="place.load").count() == 4


@pytest.mark.timeout(120)
def test_tables_counted_while_empty_do_not_hold_up_the_first_load():
    # As PostgreSQL's autovacuum leaves them; the first load then ran for more than ten minutes.
    with connection.cursor() as cursor:
        for model in (Place, Placement):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    assert run("places", "load") == 0


def test_a_unit_that_stands_on_other_days_is_refused_by_its_code(capsys):
    Place.objects.create(
        kind="district",
        code="500103",
        name="渝中区",
        from_on=date(1997, 6, 18),
        source="国家统计局统计用区划代码（截至2023-06-30）",
    )
    assert run("places", "load") == 1
    assert "500103" in capsys.readouterr().err
    assert Place.objects.count() == 1
