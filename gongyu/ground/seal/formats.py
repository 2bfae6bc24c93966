"""What exactly is sealed: the canonical text of a row, prints, blocks, roots, heads and keys.

Only the standard library, so that a verifier needs nothing else. In words:

print   the first 16 bytes of HMAC-SHA-256 (row key) over the table's name and the row's columns
        but `seq`, written as one line of JSON in the order of the seal's `columns`
block   SHA-256 over the seqs of at most 256 rows, written as runs, and their prints
root    the Merkle tree hash of RFC 6962 over the blocks of a seal
head    SHA-256 over the seal's own values and the head before it, signed with Ed25519

Why both a key and a signature: prints are keyed, so heads and blocks that lie outside tell
nothing about rows to whoever guesses; heads are signed, so whoever verifies (and holds the row
key and the public key) cannot seal. A full rebuild by somebody with the whole database needs the
private key, and even with it contradicts the heads published before.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

BLOCK_ROWS = 256
PRINT_BYTES = 16
NO_HEAD = "0" * 64

_ROW = b"gongyu seal row 1\0"
_BLOCK = b"gongyu seal block 1\0"
_SIGNED = b"gongyu seal head 1\0"


class FormatError(ValueError):
    """A head, key or block that does not have the form described here."""


@dataclass(frozen=True, slots=True)
class Head:
    """One seal as it is published. `columns` names what was sealed, such as
    `kind:text on_date:date`; hashes and the signature are hexadecimal."""

    table: str
    number: int
    first_seq: int
    last_seq: int
    count: int
    columns: str
    root: str
    previous: str
    sealed_at: str
    head: str = ""
    signature: str = ""

    def computed(self) -> str:
        """The head that these values have."""
        values = [v for k, v in asdict(self).items() if k not in {"head", "signature"}]
        return hashlib.sha256(_line(["gongyu seal 1", *values])).hexdigest()

    def signed_bytes(self) -> bytes:
        return _SIGNED + self.head.encode()

    def as_line(self) -> str:
        return json.dumps(asdict(self), separators=(",", ":")) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Head:
        """Raises FormatError."""
        try:
            head = cls(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise FormatError("not a published head") from error
        wanted = {"number": int, "first_seq": int, "last_seq": int, "count": int}
        for name, value in asdict(head).items():
            if type(value) is not wanted.get(name, str):
                raise FormatError(f"{name} is not {wanted.get(name, str).__name__}")
        return head


@dataclass(frozen=True, slots=True, repr=False)
class VerificationKey:
    """What a verifier holds: `row_key` to print rows, `public_key` (Ed25519) to trust heads."""

    row_key: bytes
    public_key: bytes

    def as_text(self) -> str:
        named = {name: b64encode(key).decode() for name, key in asdict(self).items()}
        return json.dumps({"format": 1, **named}, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> VerificationKey:
        """Raises FormatError."""
        try:
            raw = json.loads(text)
            key = cls(*(b64decode(raw[name], validate=True) for name in cls.__slots__))
        except (ValueError, KeyError, TypeError) as error:
            raise FormatError("not a verification key file") from error
        if len(key.row_key) != 32 or len(key.public_key) != 32:
            raise FormatError("a verification key of the wrong length")
        return key


def derived_key(seal_key: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (`rows` or `heads`) from the seal key of the key file."""
    return hmac.digest(seal_key, f"gongyu seal {purpose}".encode(), "sha256")


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), default=_bytes_form).encode("ascii")


def _bytes_form(value: Any) -> list[str]:
    if isinstance(value, bytes | memoryview):
        return ["bytes", bytes(value).hex()]
    raise FormatError(f"{type(value).__name__} is no value of a sealed row")


def parse_columns(columns: str) -> list[tuple[str, str]]:
    """[(name, form)] of a seal's columns. Raises FormatError."""
    pairs = [tuple(column.rsplit(":", 1)) for column in columns.split()]
    for pair in pairs:
        if len(pair) != 2 or pair[1] not in FORMS or not pair[0].replace("_", "").isalnum():
            raise FormatError(f"{columns!r} are not columns with forms")
    return pairs


def _moment(value: Any) -> Any:
    """Microseconds always written; SQLite leaves them out when they are zero."""
    if isinstance(value, str) and 19 <= len(value) < 26:
        if len(value) == 19:
            return value + ".000000"
        if value[19] == "." and value[20:].isdigit():
            return value.ljust(26, "0")
    return value


def _json(value: Any) -> Any:
    """Canonical JSON text: sorted keys, no spaces. What is ambiguous stays as it was written."""
    if value == "{}" or not isinstance(value, str):
        return value
    try:
        return _CANONICAL.encode(json.loads(value, object_pairs_hook=_no_doubles))
    except (ValueError, RecursionError):
        return value


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))

# form → how a stored value is made the same on every database; None: it is already.
FORMS: dict[str, Callable[[Any], Any] | None] = {
    "int": None,
    "text": None,
    "date": None,
    "moment": _moment,
    "json": _json,
}


class RowPrinter:
    """Prints the rows of one table under one set of columns."""

    def __init__(self, row_key: bytes, table: str, columns: str) -> None:
        self._key = row_key
        self._before = _ROW + _line([table, columns])
        self._forms = [
            (place, FORMS[form])
            for place, (_, form) in enumerate(parse_columns(columns))
            if FORMS[form] is not None
        ]

    def print_of(self, values: Sequence[Any]) -> bytes:
        """16 bytes for the columns' values in order."""
        row = list(values)
        for place, form in self._forms:
            row[place] = form(row[place])
        return hmac.digest(self._key, self._before + _line(row), "sha256")[:PRINT_BYTES]


def runs_of(seqs: Sequence[int]) -> str:
    """Rising seqs as runs: [1, 2, 3, 7] → `1-3 7-7`."""
    runs: list[str] = []
    first = last = None
    for seq in seqs:
        if last is not None and seq == last + 1:
            last = seq
            continue
        if first is not None:
            runs.append(f"{first}-{last}")
        first = last = seq
    if first is not None:
        runs.append(f"{first}-{last}")
    return " ".join(runs)


def seqs_of(runs: str) -> list[int]:
    """The inverse of runs_of. Raises FormatError."""
    seqs: list[int] = []
    for run in runs.split():
        first, dash, last = run.partition("-")
        if not (dash and first.isdigit() and last.isdigit()):
            raise FormatError(f"{run[:40]!r} is not a run of seqs")
        if int(last) - int(first) >= BLOCK_ROWS:
            raise FormatError(f"{run[:40]!r} is longer than a block")
        seqs.extend(range(int(first), int(last) + 1))
    return seqs


@dataclass(frozen=True, slots=True)
class BlockPrint:
    """At most 256 rows: their seqs as runs, their prints one after another."""

    runs: str
    prints: bytes

    def digest(self) -> bytes:
        return hashlib.sha256(_BLOCK + self.runs.encode() + b"\0" + self.prints).digest()

    def by_seq(self) -> dict[int, bytes]:
        """Raises FormatError."""
        seqs = seqs_of(self.runs)
        if len(seqs) * PRINT_BYTES != len(self.prints):
            raise FormatError("a block whose prints do not fit its seqs")
        cuts = range(0, len(self.prints), PRINT_BYTES)
        return {
            seq: self.prints[cut : cut + PRINT_BYTES] for seq, cut in zip(seqs, cuts, strict=True)
        }


def blocks_of(printed: Iterable[tuple[int, bytes]]) -> list[BlockPrint]:
    """Rows (seq, print), in rising seq, cut into blocks."""
    rows = list(printed)
    blocks = []
    for start in range(0, len(rows), BLOCK_ROWS):
        part = rows[start : start + BLOCK_ROWS]
        runs = runs_of([seq for seq, _ in part])
        blocks.append(BlockPrint(runs, b"".join(row_print for _, row_print in part)))
    return blocks


def root_of(blocks: Sequence[BlockPrint]) -> str:
    """The Merkle tree hash (RFC 6962, SHA-256, hexadecimal) over the blocks' digests."""
    level = [hashlib.sha256(b"\0" + block.digest()).digest() for block in blocks]
    if not level:
        return hashlib.sha256(b"").hexdigest()
    # Pairing neighbours and passing a last single one up gives the tree of RFC 6962.
    while len(level) > 1:
        pairs = [level[place : place + 2] for place in range(0, len(level), 2)]
        level = [
            hashlib.sha256(b"\1" + b"".join(pair)).digest() if len(pair) == 2 else pair[0]
            for pair in pairs
        ]
    return level[0].hex()
