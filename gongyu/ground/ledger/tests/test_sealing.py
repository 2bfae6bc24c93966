"""Sealing: only what is settled, once, in a chain, and published outside."""

import threading

import pytest
from django.db import OperationalError, connection, transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.actions import append
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import settled_fact_seq
from gongyu.ground.ledger.tests.sealed import TABLES, write_facts
from gongyu.ground.ledger.tests.test_appending import visit
from gongyu.ground.seal import sealing
from gongyu.ground.seal.formats import NO_HEAD
from gongyu.ground.seal.heads import KEY_NAME, read_heads
from gongyu.ground.seal.models import Block, Seal
from gongyu.ground.seal.sealing import HeadsDisagree, own_copy, seal_tables, verification_key
from gongyu.ground.seal.tests.flushing import triggers_lifted
from gongyu.ground.seal.verify import verify


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "heads"


def is_whole(folder):
    """Some of these tests seal the facts alone."""
    expected = {head.table for head in read_heads(folder)}
    return verify(own_copy(), read_heads(folder), verification_key(), expected=expected).whole


@pytest.mark.django_db
def test_seals_follow_each_other_and_hold_every_row_once(folder):
    write_facts(1, 700)
    first = seal_tables([Fact], folder, rows=300)
    write_facts(701, 50)
    second = seal_tables([Fact], folder, rows=300)
    chain = [*first, *second]
    assert [head.count for head in chain] == [300, 300, 100, 50]
    assert [head.previous for head in chain] == [NO_HEAD, *[head.head for head in chain[:-1]]]
    assert read_heads(folder) == chain
    assert Block.objects.filter(seal__number=1).count() == 2
    assert seal_tables([Fact], folder) == []
    assert is_whole(folder)


@pytest.mark.django_db
def test_without_rows_there_is_nothing_to_seal_but_a_key_to_keep(folder):
    assert seal_tables(TABLES, folder) == []
    assert (folder / KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob("*.jsonl"))


@pytest.mark.django_db
@pytest.mark.parametrize("left", [1, 40, -1])
def test_a_line_that_a_killed_process_left_half_written_is_mended(folder, left):
    """From the first letter of the line to all but its end."""
    write_facts(1, 20)
    first = seal_tables([Fact], folder)
    write_facts(21, 20)
    second = seal_tables([Fact], folder)
    path = folder / "ledger_fact.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:left])
    assert seal_tables([Fact], folder) == []
    assert read_heads(folder) == [*first, *second]
    assert is_whole(folder)


@pytest.mark.django_db
def test_heads_that_could_not_be_written_are_published_at_the_next_call(folder, monkeypatch):
    def full(path, lines):
        raise OSError("no space left")

    write_facts(1, 10)
    with monkeypatch.context() as broken:
        broken.setattr(sealing, "_append", full)
        with pytest.raises(OSError, match="no space"):
            seal_tables([Fact], folder)
    assert Seal.objects.count() == 1
    seal_tables([Fact], folder)
    assert [head.number for head in read_heads(folder)] == [1]


@pytest.mark.django_db
def test_a_database_restored_from_before_a_head_seals_nothing(folder):
    write_facts(1, 10)
    seal_tables([Fact], folder)
    write_facts(11, 10)
    seal_tables([Fact], folder)
    with triggers_lifted(connection):
        Block.objects.filter(seal__number=2).delete()
        Seal.objects.filter(number=2).delete()
    with pytest.raises(HeadsDisagree, match="restored from a backup"):
        seal_tables([Fact], folder)
    assert Seal.objects.count() == 1


@pytest.mark.django_db
def test_a_folder_of_another_installation_is_not_written_to(folder):
    folder.mkdir()
    (folder / KEY_NAME).write_text("{}")
    write_facts(1, 10)
    with pytest.raises(HeadsDisagree, match="GONGYU_HEADS"):
        seal_tables([Fact], folder)
    assert not Seal.objects.exists()


@pytest.mark.django_db
def test_a_spoilt_file_of_heads_is_not_continued(folder):
    write_facts(1, 10)
    seal_tables([Fact], folder)
    (folder / "ledger_fact.jsonl").write_text("spoilt\n")
    write_facts(11, 10)
    with pytest.raises(HeadsDisagree, match="does not hold heads"):
        seal_tables([Fact], folder)


@pytest.mark.django_db
def test_of_two_who_seal_at_once_one_does(folder, monkeypatch):
    write_facts(1, 10)
    keep = sealing._keep

    def overtaken(seal, blocks):
        monkeypatch.setattr(sealing, "_keep", keep)
        seal_tables([Fact], folder)
        keep(seal, blocks)

    monkeypatch.setattr(sealing, "_keep", overtaken)
    assert seal_tables([Fact], folder) == []
    assert Seal.objects.count() == 1
    assert is_whole(folder)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit",
    [
        "until_date = '9999-12-31'",
        "until_date = 'infinity'",
        "until_date = '0044-03-15 BC'",
        "recorded_at = 'infinity'",
        "attrs = '[]'",
        "supersedes_id = 1",
    ],
)
def test_odd_values_of_an_edit_show_too(folder, edit):
    write_facts(1, 10)
    seal_tables([Fact], folder)
    assert is_whole(folder)
    with triggers_lifted(connection), connection.cursor() as cursor:
        cursor.execute(f"UPDATE ledger_fact SET {edit} WHERE source_id = 3")
    assert not is_whole(folder)


class OtherWriter(threading.Thread):
    """In a connection of its own commits a fact, appends more, and keeps that transaction open
    until told."""

    def __init__(self, rolled_back_savepoint=False):
        super().__init__(daemon=True)
        self.appended, self.may_end = threading.Event(), threading.Event()
        self.rolled_back_savepoint = rolled_back_savepoint
        self.error = None

    def run(self):
        try:
            self._write()
        except OperationalError as error:
            self.error = error
        finally:
            self.appended.set()
            connection.close()

    def _write(self):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA busy_timeout = 0")
        with transaction.atomic():
            append(visit(49), by=SYSTEM)
        with transaction.atomic():
            if self.rolled_back_savepoint:
                point = transaction.savepoint()
                append(visit(50), by=SYSTEM)
                transaction.savepoint_rollback(point)
            append(visit(51), by=SYSTEM)
            append(visit(52), by=SYSTEM)
            self.appended.set()
            self.may_end.wait(30)

    def end(self):
        self.may_end.set()
        self.join(30)


def floors_shown():
    """One lock a transaction, however often it appends; locks are few on a server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rolled_back_savepoint", [False, True])
def test_a_late_commit_never_falls_into_a_sealed_range(folder, rolled_back_savepoint):
    with transaction.atomic():
        before = append(visit(1), by=SYSTEM).seq
    if connection.vendor == "sqlite":
        # Here nobody can be late: while one writes, the other is turned away.
        with transaction.atomic():
            append(visit(2), by=SYSTEM)
            turned_away = OtherWriter()
            turned_away.start()
            turned_away.join(30)
        assert "locked" in str(turned_away.error)
        assert settled_fact_seq() == before + 1
        return
    other = OtherWriter(rolled_back_savepoint)
    other.start()
    assert other.appended.wait(30)
    with transaction.atomic():
        late = append(visit(2), by=SYSTEM).seq
    committed = before + 1
    # The other's row has a lower number and is not there yet; a rolled back one left its number.
    assert settled_fact_seq() == committed + rolled_back_savepoint
    assert [head.last_seq for head in seal_tables([Fact], folder)] == [committed]
    assert floors_shown() == 1
    other.end()
    assert other.error is None
    assert settled_fact_seq() == late
    [head] = seal_tables([Fact], folder)
    assert (head.last_seq, head.count) == (late, 3)
    assert is_whole(folder)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_was_rolled_back_leaves_nothing_to_wait_for(folder):
    with transaction.atomic():
        append(visit(1), by=SYSTEM)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        append(visit(2), by=SYSTEM)
        raise ZeroDivisionError
    with transaction.atomic():
        last = append(visit(3), by=SYSTEM).seq
    assert settled_fact_seq() == last
    [head] = seal_tables([Fact], folder)
    assert (head.last_seq, head.count) == (last, 2)
    assert is_whole(folder)
