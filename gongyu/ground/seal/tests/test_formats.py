"""What is sealed is written in one way, and in one way only."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gongyu.ground.seal.ed25519 import is_signed
from gongyu.ground.seal.formats import (
    BLOCK_ROWS,
    BlockPrint,
    FormatError,
    Head,
    RowPrinter,
    VerificationKey,
    blocks_of,
    parse_columns,
    root_of,
    runs_of,
    seqs_of,
)

KEY = bytes(range(32))
COLUMNS = "a:int b:text c:moment d:json"
VALUES = st.one_of(st.none(), st.integers(), st.text(), st.binary(), st.floats(allow_nan=False))
ROWS = st.tuples(st.integers() | st.none(), st.text(), st.text(max_size=4), VALUES)


def print_of(row, columns=COLUMNS, table="t"):
    return RowPrinter(KEY, table, columns).print_of(row)


@given(st.tuples(VALUES, VALUES, VALUES), st.tuples(VALUES, VALUES, VALUES))
def test_two_rows_have_one_print_only_if_they_are_one(one, other):
    columns = "a:int b:text c:text"

    def typed(row):
        return [(type(value).__name__, repr(value)) for value in row]

    same = print_of(one, columns) == print_of(other, columns)
    assert same == (typed(one) == typed(other))


@given(st.lists(st.integers(min_value=1, max_value=10**15), unique=True, max_size=BLOCK_ROWS))
def test_runs_give_back_their_seqs(seqs):
    assert seqs_of(runs_of(sorted(seqs))) == sorted(seqs)


@pytest.mark.parametrize("runs", ["1", "1-", "-1-2", "a-b", "1-257", "2-1x"])
def test_what_are_no_runs_is_refused(runs):
    with pytest.raises(FormatError):
        seqs_of(runs)


def test_the_same_moment_and_the_same_json_have_one_print_on_every_database():
    on_sqlite = (1, "文", "2026-11-23 15:24:00", '{"b": [1, null], "a": "\\u6587"}')
    on_postgresql = (1, "文", "2026-11-23 15:24:00.000000", '{"a":"文","b":[1,null]}')
    assert print_of(on_sqlite) == print_of(on_postgresql)
    half = (1, "", "2026-11-23 15:24:00.5", "{}")
    assert print_of(half) == print_of((1, "", "2026-11-23 15:24:00.500000", "{}"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, "", "", '{"a":1}'), (1, "", "", '{"a":2}')),
        ((1, "", "", '{"a":2}'), (1, "", "", '{"a":1,"a":2}')),
        ((1, "", "", '{"a":1}'), (1, "", "", '{"a":1.0}')),
        ((1, "", "", '{"a":1}'), (1, "", "", '{"a":"1"}')),
        ((1, "", "", "{}"), (1, "", "", "[]")),
        ((1, "", "", "{}"), (1, "", "", None)),
        ((1, "x", "", "{}"), ("1", "x", "", "{}")),
        ((1, "x", "", "{}"), (1, b"x", "", "{}")),
        ((None, "", "", "{}"), (0, "", "", "{}")),
        ((1, "", "2026-11-23 15:24:00", "{}"), (1, "", "2026-11-23 15:24:00.000001", "{}")),
        ((1, "a\ud800", "", "{}"), (1, "a\udfff", "", "{}")),
    ],
)
def test_small_differences_show(one, other):
    assert print_of(one) != print_of(other)


def test_a_print_depends_on_key_table_and_columns():
    row = (1, "x", "", "{}")
    assert print_of(row) != print_of(row, table="u")
    assert print_of(row) != print_of(row, columns="a:int b:text c:moment e:json")
    assert print_of(row) != RowPrinter(b"z" * 32, "t", COLUMNS).print_of(row)


def test_the_root_is_the_merkle_tree_hash_of_rfc_6962():
    blocks = [BlockPrint(f"{n}-{n}", bytes([n]) * 16) for n in range(7)]

    def tree(part):
        if len(part) == 1:
            return hashlib.sha256(b"\0" + part[0].digest()).digest()
        half = 1
        while half * 2 < len(part):
            half *= 2
        return hashlib.sha256(b"\1" + tree(part[:half]) + tree(part[half:])).digest()

    for count in range(1, 8):
        assert root_of(blocks[:count]) == tree(blocks[:count]).hex()
    assert root_of([]) == hashlib.sha256(b"").hexdigest()


def test_blocks_hold_at_most_256_rows_and_know_each_print():
    rows = [(seq, bytes([seq % 256]) * 16) for seq in range(1, 1000) if seq % 7]
    blocks = blocks_of(rows)
    assert len(blocks) == 4
    assert {s: p for block in blocks for s, p in block.by_seq().items()} == dict(rows)
    with pytest.raises(FormatError):
        BlockPrint("1-2", b"x" * 16).by_seq()


def head(**changed):
    values = {
        "table": "t", "number": 1, "first_seq": 1, "last_seq": 9, "count": 9, "columns": "a:int",
        "root": "r", "previous": "p", "sealed_at": "2026-11-23", "head": "h", "signature": "s",
    }  # fmt: skip
    return Head(**(values | changed))


def test_every_value_of_a_seal_is_in_its_head():
    plain = head().computed()
    for name, value in [
        ("table", "u"), ("number", 2), ("first_seq", 2), ("last_seq", 8), ("count", 8),
        ("columns", "b:int"), ("root", "q"), ("previous", "q"), ("sealed_at", "2026-11-24"),
    ]:  # fmt: skip
        assert head(**{name: value}).computed() != plain, name


def test_a_head_survives_being_published():
    assert Head.from_line(head().as_line()) == head()


@pytest.mark.parametrize("line", ["", "[]", "{}", "{", '{"table": "t"}', "null"])
def test_a_line_that_is_no_head_is_refused(line):
    with pytest.raises(FormatError):
        Head.from_line(line)


def test_a_head_with_a_number_for_text_is_refused():
    with pytest.raises(FormatError, match="root"):
        Head.from_line(head(root=5).as_line())


@pytest.mark.parametrize("columns", ["a", "a:blob", 'a":int', "a:int b"])
def test_columns_without_known_forms_are_refused(columns):
    with pytest.raises(FormatError):
        parse_columns(columns)


def test_a_verification_key_survives_its_file_and_a_broken_one_is_refused():
    key = VerificationKey(b"a" * 32, b"b" * 32)
    assert VerificationKey.from_text(key.as_text()) == key
    short = VerificationKey(b"a" * 31, b"b" * 32).as_text()
    for text in ("", "{}", "[]", '{"row_key": "!", "public_key": ""}', short):
        with pytest.raises(FormatError):
            VerificationKey.from_text(text)


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_our_check_of_signatures_agrees_with_the_library(seed, message, bit):
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert is_signed(public, message, signature)
    assert not is_signed(public, message + b"x", signature)
    bent = bytearray(signature)
    bent[bit // 8] ^= 1 << bit % 8
    assert not is_signed(public, message, bytes(bent))


def test_signatures_of_the_wrong_form_are_refused():
    private = Ed25519PrivateKey.from_private_bytes(KEY)
    public, signature = private.public_key().public_bytes_raw(), private.sign(b"m")
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order
    doubled = signature[:32] + scalar.to_bytes(32, "little")
    assert not is_signed(public, b"m", doubled)
    assert not is_signed(public, b"m", signature[:63])
    assert not is_signed(public[:31], b"m", signature)
    assert not is_signed(b"\xff" * 32, b"m", signature)


def test_the_first_vector_of_rfc_8032_is_signed():
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    signature = (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
        "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    )
    assert is_signed(bytes.fromhex(public), b"", bytes.fromhex(signature))
