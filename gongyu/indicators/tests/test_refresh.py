"""A refresh leaves true figures whole, or none; of any day; and only when something has moved."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date

import pyarrow.parquet as pq
import pytest

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment
from gongyu.indicators import actions, jobs, ledger_files, queries, snapshot
from gongyu.indicators.actions import RefreshRunning, refresh
from gongyu.indicators.ledger_files import LedgerFiles
from gongyu.indicators.models import STATE_FIELDS, Figure, Refresh
from gongyu.indicators.publishing import states_folder

from .small_city import YEAR_UNTIL, fact, place, visit

VISITS = "homeroom-visit-each-student"
DAY = date(2025, 9, 25)


def counts(place_id: int, duty: str = VISITS, key: str = "2025-2026") -> dict[str, int]:
    found = queries.figure(duty, key, place_id, exact=True)
    return {state: number for state, number in found.counts.items() if number}


def test_states_add_up_from_class_to_city(small_city):
    first, second, *_ = small_city.classes
    for child in small_city.children[first.pk]:
        visit(small_city, child, first, date(2025, 9, 20))
    visit(small_city, small_city.children[second.pk][0], second, date(2025, 9, 21))
    refresh(DAY, by=SYSTEM)
    assert counts(first.pk) == {"met": 6}
    assert counts(second.pk) == {"met": 1, "in_progress": 5}
    assert counts(small_city.schools[0].pk) == {"met": 7, "in_progress": 5}
    assert counts(small_city.towns[0].pk) == {"met": 7, "in_progress": 17}
    assert counts(small_city.districts[1].pk) == {"in_progress": 24}
    assert counts(small_city.city.pk) == {"met": 7, "in_progress": 41}


def test_the_rows_of_every_figure_count_to_it_state_by_state(small_city):
    first = small_city.classes[0]
    for child in small_city.children[first.pk][:4]:
        visit(small_city, child, first, date(2025, 9, 20))
    fact("leave", small_city.children[first.pk][5], None, DAY, status="suspended")
    done = refresh(DAY, by=SYSTEM)
    figures = Figure.objects.filter(refresh=done)
    assert figures.count() > 20
    for row in figures:
        listed = all_rows(row)
        assert Counter(each.state for each in listed) == Counter(
            {state: n for state in STATE_FIELDS if (n := getattr(row, state))}
        )
        assert sum(each.tally for each in listed) == row.tally


def test_rows_of_a_state_are_those_and_no_others(small_city):
    first = small_city.classes[0]
    visited = small_city.children[first.pk][:4]
    for child in visited:
        visit(small_city, child, first, date(2025, 9, 20))
    refresh(DAY, by=SYSTEM)
    page = queries.rows(
        VISITS, "2025-2026", small_city.city.pk, states=["met"], per_page=3, exact=True
    )
    assert page.paginator.count == 4 and page.has_next()
    found = [*page.object_list, *page.paginator.get_page(2).object_list]
    assert [each.subject_id for each in found] == visited


def all_rows(row: Figure) -> list[queries.Row]:
    page = queries.rows(row.duty, row.period_key, row.place_id, per_page=500, exact=True)
    return list(page.object_list)


def test_a_figure_of_another_day_keeps_what_stood_then(small_city):
    first = small_city.classes[0]
    child = small_city.children[first.pk][0]
    visit(small_city, child, first, date(2025, 9, 20))
    refresh(date(2025, 9, 19), by=SYSTEM, purpose=Refresh.Purpose.ASKED)
    assert counts(first.pk) == {"in_progress": 6}
    refresh(date(2025, 9, 20), by=SYSTEM)
    assert counts(first.pk) == {"met": 1, "in_progress": 5}


def test_a_year_that_is_over_keeps_the_district_of_its_last_day(small_city):
    old, town = small_city.districts[0], small_city.towns[0]
    change = date(2026, 11, 6)
    new = place("district", "500157", [small_city.city], change)
    below = Containment.objects.filter(ancestor=old)
    for row in list(below.exclude(place=old)):
        Containment.objects.create(
            place=row.place,
            place_kind=row.place_kind,
            ancestor=new,
            ancestor_kind="district",
            from_on=change,
        )
    below.update(until_on=change)
    refresh(date(2026, 12, 1), by=SYSTEM)
    last_year = queries.figure(VISITS, "2025-2026", old.pk, exact=True)
    assert last_year.counts["missed"] == 24
    assert queries.figure(VISITS, "2025-2026", new.pk, exact=True).subjects == 0
    assert queries.figure("home-visit-system", "standing", new.pk, exact=True).subjects == 2
    assert queries.figure("home-visit-system", "standing", old.pk, exact=True).subjects == 0
    assert queries.figure(VISITS, "2025-2026", town.pk, exact=True).subjects == 24


def test_missed_is_said_only_after_the_last_day(small_city):
    refresh(date(2026, 8, 31), by=SYSTEM)
    assert counts(small_city.city.pk) == {"at_risk": 48}
    refresh(YEAR_UNTIL, by=SYSTEM)
    assert counts(small_city.city.pk) == {"missed": 48}


def test_month_ends_of_the_year_make_a_trend(small_city):
    first = small_city.classes[0]
    for number, child in enumerate(small_city.children[first.pk][:3]):
        visit(small_city, child, first, date(2025, 9 + number, 28))
    refresh(date(2025, 12, 10), by=SYSTEM)
    points = queries.trend(VISITS, small_city.city.pk, exact=True)
    assert [(p.as_of, p.counts["met"]) for p in points] == [
        (date(2025, 9, 30), 1),
        (date(2025, 10, 31), 2),
        (date(2025, 11, 30), 3),
        (date(2025, 12, 10), 3),
    ]
    refresh(date(2025, 12, 11), by=SYSTEM)
    before = Refresh.objects.count()
    refresh(date(2025, 12, 12), by=SYSTEM)
    assert Refresh.objects.count() == before, "the last two daily ones stay, and month ends"


def test_a_refresh_leaves_an_audit_row_and_says_how_far_it_read(small_city):
    done = refresh(DAY, by=SYSTEM)
    assert done.ledger_seq == Fact.objects.order_by("-seq").first().seq
    entry = Entry.objects.filter(verb="figures.refresh").latest("seq")
    assert entry.subject_id == done.pk and entry.detail["as_of"] == "2025-09-25"


def test_a_refresh_that_fails_leaves_nothing_behind(small_city, monkeypatch):
    refresh(DAY, by=SYSTEM)
    before = list(Figure.objects.values_list("pk", flat=True))

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "_with_hidden_cells", fail)
    with pytest.raises(ZeroDivisionError):
        refresh(date(2025, 9, 26), by=SYSTEM)
    assert list(Figure.objects.values_list("pk", flat=True)) == before
    assert not Refresh.objects.filter(finished_at__isnull=True).exists()
    kept = {path.name for path in (snapshot.folder() / "states").iterdir()}
    assert kept == {str(queries.current_refresh().pk)}


def test_two_refreshes_do_not_run_at_once(small_city):
    with actions._alone(), pytest.raises(RefreshRunning):
        refresh(DAY, by=SYSTEM)


def test_the_last_two_daily_refreshes_and_days_asked_for_are_kept(small_city):
    asked = refresh(date(2025, 9, 10), by=SYSTEM, purpose=Refresh.Purpose.ASKED)
    first, second, third = (refresh(date(2025, 9, 11 + n), by=SYSTEM) for n in range(3))
    assert set(Refresh.objects.values_list("pk", flat=True)) == {asked.pk, second.pk, third.pk}
    assert not states_folder(first.pk).exists()
    assert states_folder(second.pk).exists(), "a page may still be reading its rows"
    assert queries.current_refresh() == third


def test_what_the_day_before_hid_is_known_however_often_a_day_is_evaluated(small_city):
    before = refresh(date(2025, 9, 11), by=SYSTEM)
    for _ in range(3):
        last = refresh(date(2025, 9, 12), by=SYSTEM, from_nothing=True)
    kept = set(Refresh.objects.values_list("pk", flat=True))
    assert {before.pk, last.pk} <= kept and len(kept) == 3


def test_work_is_done_only_when_something_has_moved(small_city):
    assert jobs.refresh_if_behind(DAY) is not None
    assert jobs.refresh_if_behind(DAY) is None
    first = small_city.classes[0]
    visit(small_city, small_city.children[first.pk][0], first, date(2025, 9, 22))
    assert jobs.refresh_if_behind(DAY) is not None
    assert counts(small_city.city.pk)["met"] == 1
    assert jobs.refresh_if_behind(date(2025, 9, 26)) is not None


def test_a_database_without_facts_can_be_refreshed(db, data_folder):
    done = refresh(DAY, by=SYSTEM)
    assert done.ledger_seq == 0 and not done.figures.exists()


def test_files_of_the_ledger_are_never_written_again_but_added_to(small_city, monkeypatch):
    monkeypatch.setattr(ledger_files, "RANGE", 40)
    said: list[str] = []
    LedgerFiles().compare(said.append)
    assert len(said) > 1
    before = {path: path.stat().st_mtime_ns for path in LedgerFiles().paths()}
    said.clear()
    LedgerFiles().compare(said.append)
    assert said == []
    fact("leave", 1, None, DAY, status="suspended")
    files = LedgerFiles()
    assert files.follow().num_rows == 1
    after = {path: path.stat().st_mtime_ns for path in files.paths()}
    assert len(after) == len(before) + 1 and before.items() <= after.items()
    LedgerFiles().compare(said.append)
    assert said == []


def test_many_small_files_of_a_range_become_one(small_city):
    files = LedgerFiles()
    files.compare(lambda text: None)
    for _ in range(30):
        fact("leave", 1, None, DAY, status="suspended")
        files.follow()
        assert len(files.paths()) <= 13
    seqs = [seq for path in files.paths() for seq in pq.read_table(path)["seq"].to_pylist()]
    assert sorted(seqs) == list(Fact.objects.order_by("seq").values_list("seq", flat=True))
    assert set(files.folder.glob("facts-*")) == set(files.paths())


def test_what_a_reading_that_was_cut_short_left_behind_counts_for_nothing(small_city):
    files = LedgerFiles()
    files.compare(lambda text: None)
    [path] = files.paths()
    shutil.copy(path, path.with_name("facts-000000-01-999.parquet"))
    refresh(DAY, by=SYSTEM)
    assert counts(small_city.city.pk) == {"in_progress": 48}


def test_a_ledger_made_anew_is_not_mistaken_for_the_old_one(small_city):
    refresh(DAY, by=SYSTEM)
    folder = snapshot.folder() / "ledger"
    ranges = (folder / "ranges.json").read_text("utf-8")
    (folder / "ranges.json").write_text(ranges.replace("2026", "2025"), "utf-8")
    assert LedgerFiles().follow() is None
    said: list[str] = []
    LedgerFiles().compare(said.append)
    assert len(said) == 1
