"""A simulated city is whole, the same from the same seed, and the same in files and in a database."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.db import connection

from gongyu.command_line.main import main
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.kinds import KINDS
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.models import Care, Child, Enrolment
from gongyu.ground.places import closure
from gongyu.ground.places.models import STAGES_OF, Containment, Place, SchoolClass
from gongyu.ground.staff.models import Post
from gongyu.indicators import queries, snapshot
from gongyu.indicators.actions import refresh
from gongyu.indicators.ledger_files import LedgerFiles
from gongyu.indicators.models import STATE_FIELDS
from gongyu.simulation import columns, database, parquet, producers, sizes, tree
from gongyu.simulation.city import City, build
from gongyu.simulation.columns import NONE

ON = date(2026, 7, 8)
VISITS = "homeroom-visit-each-student"


@pytest.fixture(scope="module")
def city() -> City:
    return build(sizes.size_of("thousandth"), 1, ON)


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def new_database(db):
    """Other tests have used up ids, which a rolled-back transaction gives back on SQLite alone."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("UPDATE sqlite_sequence SET seq = 0")
            return
        for model in (Place, Child, Post, Fact):
            table, column = model._meta.db_table, model._meta.pk.column
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column])
            cursor.execute(f"ALTER SEQUENCE {cursor.fetchone()[0]} RESTART")


def of_kind(city: City, kind: str) -> columns.Facts:
    text = city.facts.texts["kind"]
    return city.facts.take(text.codes == text.words.index(kind))


@pytest.mark.without_database
def test_the_city_has_the_numbers_of_its_size(city):
    size = city.scene.size
    assert (size.schools, size.classes, size.children) == (9, 110, 4_600)
    assert len(city.scene.tree.schools.ids) == 9
    assert len(city.scene.tree.classes) == 110
    assert len(set(city.scene.children.ids.tolist())) == 4_600
    assert city.cares.carer_id[city.cares.is_guardian].max() == 8_000
    visits = of_kind(city, "visit.held")
    assert (visits.numbers["supersedes_id"] == NONE).sum() == size.visits == 5_000


@pytest.mark.without_database
def test_the_whole_city_is_as_large_as_the_real_one():
    size = sizes.size_of("city")
    assert (size.schools, size.classes, size.children) == (9_000, 110_000, 4_600_000)
    assert (size.guardians, size.visits) == (8_000_000, 5_000_000)
    grown = tree.grow(sizes.size_of("hundredth"), 1, 2025)
    open_now = [life for life in grown.lives if life.until_on is None]
    assert sum(life.kind == "district" for life in open_now) == 37
    assert {town.code[:4] for town in grown.towns} == {"5001", "5002"}


@pytest.mark.without_database
@pytest.mark.parametrize("text", ["0", "-1", "2", "big", "nan", ""])
def test_what_is_no_size_is_refused_with_what_is(text):
    with pytest.raises(sizes.NotASize, match="hundredth"):
        sizes.size_of(text)


@pytest.mark.without_database
def test_every_simulated_kind_is_declared(city):
    assert set(city.facts.texts["kind"].words) <= set(KINDS)
    assert len(city.facts.texts["kind"].words) >= len(producers.PRODUCERS)


@pytest.mark.without_database
def test_everything_happens_that_a_year_is_made_of(city):
    c, posts = city.scene.children, city.scene.posts
    assert (c.second_class != NONE).sum() > 50 and c.moved_within.any() and c.came_late.any()
    assert ((c.until_day != NONE) & (c.second_class == NONE)).any(), "some left for good"
    assert (posts.second_post != NONE).any()
    assert len(set(c.family.tolist())) < len(c), "there are brothers and sisters"
    classes = city.scene.tree.classes
    assert set(np.unique(classes.year)) == {2024, 2025}
    assert {"open_day", "parents_meeting"} <= set(
        of_kind(city, "activity.held").texts["status"].words
    )
    visits = of_kind(city, "visit.held")
    assert (visits.numbers["quantity"] == 0).any(), "some were taken back"
    assert (visits.numbers["on_day"] < city.scene.first).any(), "some were in the summer before"


@pytest.mark.without_database
def test_facts_hold_together(city):
    n = city.facts.numbers
    seq = np.arange(1, len(city.facts) + 1)
    old = n["supersedes_id"]
    assert (old < seq).all(), "what is superseded was written down before"
    named = old[old != NONE]
    assert len(set(named.tolist())) == len(named), "nothing is superseded twice"
    kinds = city.facts.texts["kind"].codes
    assert (kinds[named - 1] == kinds[old != NONE]).all()
    assert (np.diff(n["recorded_day"]) >= 0).all()
    ends = n["until_day"] != NONE
    assert (n["until_day"][ends] >= n["on_day"][ends]).all()
    assert n["on_day"].max() <= ON.toordinal() + 40


def hashes(folder) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.without_database
def test_the_same_seed_makes_the_same_bytes(city, tmp_path):
    parquet.write(city, tmp_path / "one")
    parquet.write(build(sizes.size_of("thousandth"), 1, ON), tmp_path / "two")
    parquet.write(build(sizes.size_of("thousandth"), 2, ON), tmp_path / "three")
    one = hashes(tmp_path / "one")
    assert one == hashes(tmp_path / "two")
    assert one["ledger/ranges.json"] and one != hashes(tmp_path / "three")


@pytest.mark.without_database
def test_a_producer_more_leaves_the_other_facts_as_they_were(city, monkeypatch):
    def contacts(scene):
        return columns.facts(
            "contact.made", 3, subject_id=[1, 2, 3], on_day=scene.on, recorded_day=scene.on
        )

    monkeypatch.setitem(producers.PRODUCERS, "contacts", contacts)
    more = build(sizes.size_of("thousandth"), 1, ON)
    assert len(more.facts) == len(city.facts) + 3
    for name in ("subject_id", "on_day", "source_id", "supersedes_id"):
        assert (more.facts.numbers[name][: len(city.facts)] == city.facts.numbers[name]).all()


@pytest.mark.usefixtures("new_database")
def test_the_database_holds_what_the_files_hold(city, data):
    database.fill(city)
    assert Child.objects.count() == 4_600 and SchoolClass.objects.count() == 110
    assert Care.objects.count() == len(city.cares.child)
    assert Post.objects.count() == len(city.scene.posts)
    assert Enrolment.objects.filter(until_on=None).count() <= 4_600
    parquet.write(city, data / "simulated")
    LedgerFiles().compare(lambda text: None)
    snapshot.write_places()
    for name in (f"ledger/facts-000000-00-{len(city.facts)}.parquet", "classes.parquet"):
        mine = pq.read_table(data / "simulated" / name)
        real = pq.read_table(data / "snapshots" / name)
        order = [(column, "ascending") for column in mine.column_names[:1]]
        assert mine.sort_by(order).equals(real.sort_by(order)), name
    theirs = pq.read_table(data / "snapshots" / "containments.parquet")
    kept = set(Place.objects.exclude(kind="department").values_list("pk", flat=True))
    rows = {tuple(row.values()) for row in theirs.to_pylist() if row["place_id"] in kept}
    assert rows == {
        tuple(row.values())
        for row in pq.read_table(data / "simulated" / "containments.parquet").to_pylist()
    }


@pytest.mark.usefixtures("new_database")
def test_the_closure_is_what_the_database_would_work_out(city, data):
    database.fill(city)
    made_up = Containment.objects.filter(place__pk__gte=tree.FIRST_SCHOOL)
    names = ("place", "place_kind", "ancestor", "ancestor_kind", "from_on", "until_on")
    before = set(made_up.values_list(*names))
    closure.rebuild(list(made_up.values_list("place", flat=True).distinct()))
    assert set(made_up.values_list(*names)) == before and len(before) > 500


@pytest.mark.usefixtures("new_database")
def test_a_filled_database_goes_on_from_there(city, data):
    database.fill(city)
    place = Place.objects.create(kind="venue", code="v", name="场馆", from_on=ON)
    assert place.pk > city.scene.tree.classes.ids.max()
    with pytest.raises(database.NotEmpty, match="not empty"):
        database.fill(city)
    refresh(ON, by=SYSTEM)
    figure = queries.figure(VISITS, "2025-2026", 1, exact=True)
    assert figure.subjects > 4_500 and figure.counts["met"] > 2_000
    told = {state for state in STATE_FIELDS if figure.counts[state]}
    assert {"met", "at_risk", "declined", "exempt", "in_progress"} <= told
    assert Fact.objects.order_by("-seq")[0].seq == len(city.facts)


@pytest.mark.without_database
def test_kinds_of_schools_are_those_of_the_places():
    assert {
        kind: tuple(stage for stage, *_ in parts) for kind, (*_, parts) in tree.KINDS.items()
    } == STAGES_OF


@pytest.mark.without_database
def test_the_command_writes_files_and_tells_of_them(tmp_path, capsys):
    asked = ["simulate", "--size", "thousandth", "--on", "2026-07-08", "--json"]
    assert main([*asked, "--folder", str(tmp_path / "city")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"]["children"] == 4_600 and told["on"] == "2026-07-08"
    assert pq.read_metadata(tmp_path / "city" / "cares.parquet").num_rows == told["rows"]["cares"]


@pytest.mark.django_db
def test_the_command_refuses_a_database_with_something_in_it(capsys):
    Place.objects.create(kind="city", code="500000", name="重庆市", from_on=ON)
    asked = ["simulate", "--size", "thousandth", "--on", "2026-07-08", "--into-database"]
    assert main(asked) == 1
    assert "empty" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["--size", "huge"], ["--on", "July"]])
@pytest.mark.without_database
def test_wrong_usage_is_told_in_words(words, capsys):
    with pytest.raises(SystemExit) as left:
        main(["simulate", *words])
    assert left.value.code == 2 and "is no" in capsys.readouterr().err
