"""The tamper trial: each kind many times at random places, and every one is found."""

import os
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from gongyu.ground.ledger.tests import tampering
from gongyu.ground.ledger.tests.sealed import build_sealed
from gongyu.ground.seal.formats import derived_key
from gongyu.ground.seal.verify import NOT_VERIFIED, TAMPERED
from gongyu.ground.secrets.keys import load_keys

TRIALS = int(os.environ.get("GONGYU_TRIALS", "25"))
KINDS = {
    "edit": tampering.edit,
    "delete": tampering.delete,
    "insert": tampering.insert,
    "reorder": tampering.reorder,
    "cut tail": tampering.cut_tail,
}


@pytest.fixture
def sealed(db, tmp_path):
    return build_sealed(tmp_path)


def test_an_untouched_copy_is_whole_and_its_tail_is_called_unsealed(sealed):
    report = sealed.verify(sealed.fresh())
    assert report.whole, report.as_text()
    assert [(t.table, t.seals, t.sealed_rows, t.unsealed) for t in report.tables] == [
        ("audit_entry", 3, 600, 10),
        ("ledger_fact", 3, 600, 10),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_trial_is_found(sealed, kind):
    missed = []
    for trial in range(TRIALS):
        rng = random.Random(f"{kind} {trial}")
        tables = sealed.fresh()
        table, seq = KINDS[kind](tables, rng)
        if trial % 2:
            tampering.hide_traces(tables, rng)
        report = sealed.verify(tables)
        found = {report.table for report in report.tables if report.faults}
        if table not in found:
            missed.append((trial, table, seq))
        tables.close()
    assert missed == []


def test_every_full_rebuild_is_found(sealed):
    missed = []
    for trial in range(TRIALS):
        rng = random.Random(f"rebuild {trial}")
        tables = sealed.fresh()
        shown = tampering.full_rebuild(tables, rng, sealed)
        if sealed.verify(tables, shown).whole:
            missed.append(trial)
        tables.close()
    assert missed == []


def test_even_a_rebuild_with_the_private_key_contradicts_the_published_heads(sealed):
    seal_key = load_keys(settings.KEYS_FILE).seal
    private_key = Ed25519PrivateKey.from_private_bytes(derived_key(seal_key, "heads"))
    tables = sealed.fresh()
    tampering.edit(tables, random.Random(1))
    tampering.rebuild(tables, sealed.key.row_key, private_key)
    report = sealed.verify(tables)
    assert "rebuilt" in {fault.kind for table in report.tables for fault in table.faults}


@pytest.mark.parametrize("kind", ["edit", "delete", "insert", "reorder", "cut tail"])
def test_where_the_prints_are_left_the_rows_are_named(sealed, kind):
    tables = sealed.fresh()
    seqs = sorted(s for [s] in tables.execute("SELECT seq FROM ledger_fact"))
    first, second = seqs[20], seqs[400]
    gap = next(seq for seq in range(seqs[0], seqs[-1]) if seq not in set(seqs))
    names = ", ".join(tampering.columns_of(tables, "ledger_fact"))
    copied = f"INSERT INTO ledger_fact (seq, {names}) SELECT {gap}, {names} FROM ledger_fact"
    statements, named = {
        "edit": ([f"UPDATE ledger_fact SET status = 'x' WHERE seq = {second}"], {second}),
        "delete": ([f"DELETE FROM ledger_fact WHERE seq = {first}"], {first}),
        "insert": (
            [
                f"{copied} WHERE seq = {first}",
                f"UPDATE ledger_fact SET source_id = 0 WHERE seq = {gap}",
            ],
            {gap},
        ),
        "reorder": (
            [
                f"UPDATE ledger_fact SET seq = -1 WHERE seq = {seqs[21]}",
                f"UPDATE ledger_fact SET seq = {seqs[21]} WHERE seq = {first}",
                f"UPDATE ledger_fact SET seq = {first} WHERE seq = -1",
            ],
            {first, seqs[21]},
        ),
        "cut tail": ([f"DELETE FROM ledger_fact WHERE seq >= {second}"], None),
    }[kind]
    for statement in statements:
        tables.execute(statement)
    [ledger] = [t for t in sealed.verify(tables).tables if t.table == "ledger_fact"]
    expected = {"edit": "edited", "delete": "deleted", "insert": "inserted"}
    expected |= {"reorder": "reordered", "cut tail": "cut tail"}
    fault = next(f for f in ledger.faults if f.kind == expected[kind])
    if named is not None:
        assert [set(f.seqs) for f in ledger.faults] == [named]
    assert str(named or "end")[1:3] in fault.text


def test_a_row_that_took_a_free_number_is_named(sealed):
    tables = sealed.fresh()
    seqs = {seq for [seq] in tables.execute("SELECT seq FROM ledger_fact")}
    moved = next(seq for seq in sorted(seqs) if seq + 1 not in seqs)
    tables.execute("UPDATE ledger_fact SET seq = seq + 1 WHERE seq = ?", [moved])
    faults = [f for t in sealed.verify(tables).tables for f in t.faults]
    assert [(f.kind, f.seqs) for f in faults] == [("reordered", (moved + 1,))]


def test_prints_that_were_changed_too_accuse_no_other_row(sealed):
    tables = sealed.fresh()
    tables.execute(
        "UPDATE ledger_fact SET quantity = 7 WHERE seq IN (SELECT min(seq) FROM ledger_fact)"
    )
    tables.execute("UPDATE seal_block SET prints = zeroblob(length(prints))")
    faults = [f for t in sealed.verify(tables).tables for f in t.faults]
    assert [(f.kind, f.seqs, f.first_seq) for f in faults] == [("range", (), 1)]


def test_one_published_head_alone_holds_all_before_it(sealed):
    newest = [head for head in sealed.heads if head.number == 3]
    assert sealed.verify(sealed.fresh(), newest).whole
    tables = sealed.fresh()
    [seq] = tables.execute("SELECT min(seq) + 5 FROM audit_entry").fetchone()
    tables.execute("UPDATE audit_entry SET verb = 'child.seen' WHERE seq = ?", [seq])
    report = sealed.verify(tables, newest)
    assert [f.seqs for t in report.tables for f in t.faults] == [(seq,)]


def test_older_heads_hold_newer_seals_by_their_signature(sealed):
    older = [head for head in sealed.heads if head.number <= 2]
    report = sealed.verify(sealed.fresh(), older)
    assert report.whole and "1 seals are newer" in report.as_text()
    tables = sealed.fresh()
    asked = "SELECT max(last_seq) FROM seal_seal WHERE table_name = 'ledger_fact'"
    [last] = tables.execute(asked).fetchone()
    tables.execute("UPDATE ledger_fact SET quantity = quantity + 1 WHERE seq = ?", [last])
    assert not sealed.verify(tables, older).whole
    tables = sealed.fresh()
    tables.execute("UPDATE seal_seal SET signature = 'x' WHERE number = 3")
    assert not sealed.verify(tables, older).whole


def test_heads_that_were_changed_are_not_measured_against(sealed):
    from dataclasses import replace

    bent = [replace(h, count=h.count + 1) if h.number == 2 else h for h in sealed.heads]
    gone = [h for h in sealed.heads if h.number != 2]
    twice = [*sealed.heads, replace(sealed.heads[0], root="0" * 64)]
    for heads in (bent, twice):
        report = sealed.verify(sealed.fresh(), heads)
        assert {f.kind for t in report.tables for f in t.faults} >= {"heads"}
    tables = sealed.fresh()
    tables.execute("DELETE FROM seal_seal WHERE number = 2")
    assert not sealed.verify(tables, gone).whole


def test_a_table_that_is_gone_or_was_never_published_is_said(sealed):
    tables = sealed.fresh()
    tables.execute("DROP TABLE audit_entry")
    assert "the table is not there" in sealed.verify(tables).as_text()
    ledger_only = [head for head in sealed.heads if head.table == "ledger_fact"]
    assert "never published" in sealed.verify(sealed.fresh(), ledger_only).as_text()


@pytest.mark.parametrize("table", ["audit_entry", "ledger_fact"])
@pytest.mark.parametrize("gone", ["rows", "table", "nothing"])
def test_a_table_without_heads_and_seals_is_not_passed_over(sealed, table, gone):
    tables = sealed.fresh()
    tables.execute("DELETE FROM seal_seal WHERE table_name = ?", [table])
    if gone == "table":
        tables.execute(f"DROP TABLE {table}")
    if gone == "rows":
        tables.execute(f"DELETE FROM {table}")
    rows = {"rows": "0 rows", "table": "the table is gone too", "nothing": "610 rows"}[gone]
    heads = [head for head in sealed.heads if head.table != table]
    report = sealed.verify(tables, heads)
    assert (report.whole, report.exit_code) == (False, NOT_VERIFIED)
    assert f"{table}: NOT VERIFIED" in report.as_text() and rows in report.as_text()
    other = "ledger_fact" if table == "audit_entry" else "audit_entry"
    tables.execute(f"DELETE FROM {other} WHERE seq = (SELECT min(seq) FROM {other})")
    assert sealed.verify(tables, heads).exit_code == TAMPERED, "the worse of the two is told"


def test_a_sealed_column_that_is_gone_is_a_fault_and_a_new_one_is_said(sealed):
    tables = sealed.fresh()
    tables.execute("ALTER TABLE ledger_fact RENAME COLUMN detail TO details")
    report = sealed.verify(tables)
    assert not report.whole and "detail" in report.as_text()
    tables = sealed.fresh()
    tables.execute("ALTER TABLE ledger_fact ADD COLUMN mood text")
    report = sealed.verify(tables)
    assert report.whole and "no seal covers yet: mood" in report.as_text()
