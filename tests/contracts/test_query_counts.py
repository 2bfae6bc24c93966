"""How many SQL queries each page takes, kept as a file whose changes are reviewed; never over 30.

After a change that is meant: GONGYU_WRITE_QUERY_COUNTS=1 pytest tests/contracts/test_query_counts.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from gongyu.ground.audit.actors import SYSTEM
from gongyu.indicators.actions import refresh
from gongyu.pages.tests.pages_of_the_house import PAGES, address
from tests.cast import CAST_DAY, sign_in

COUNTS = Path(__file__).parent / "query_counts.txt"
MOST = 30


def counted(cast) -> dict[str, int]:
    found = {}
    for person, name, of in PAGES:
        client = sign_in(Client(), getattr(cast, person))
        url = address(cast, name, of)
        # The first visit fills what is read once a process, such as the plan.
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(url)
        assert answer.status_code == 200, f"{person} {name}: {answer.status_code}"
        found[f"{name} {person}"] = sum(
            not q["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN")) for q in queries
        )
    return found


def written(counts: dict[str, int]) -> str:
    return "".join(f"{key} {count}\n" for key, count in sorted(counts.items()))


@pytest.mark.django_db
# The file counts on SQLite; PostgreSQL sets a savepoint more or less here and there.
@pytest.mark.without_database
def test_pages_take_as_many_queries_as_the_file_says(cast, at_the_cast_day, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    refresh(CAST_DAY, by=SYSTEM)
    counts = counted(cast)
    assert {page: n for page, n in counts.items() if n > MOST} == {}
    if os.environ.get("GONGYU_WRITE_QUERY_COUNTS"):
        COUNTS.write_text(written(counts))
    assert written(counts) == COUNTS.read_text(), "write the file anew if the change is meant"
