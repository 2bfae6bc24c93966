"""Seals what is settled: prints the rows, binds them to the head before, signs and publishes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from gongyu.ground.calendar.clock import now
from gongyu.ground.secrets.keys import load_keys

from .copies import Copy, PostgresCopy, SqliteCopy
from .formats import (
    NO_HEAD,
    BlockPrint,
    FormatError,
    Head,
    RowPrinter,
    VerificationKey,
    blocks_of,
    derived_key,
    root_of,
)
from .heads import KEY_NAME, PROTECTED_FOLDER, HeadsUnreadable, by_table, read_heads
from .models import Block, Seal
from .settled import settled_seq

# Rows a seal at most: what is held in memory at a time, and what is read to check one seal.
SEAL_ROWS = 65_536

_FORMS = {
    "BigIntegerField": "int",
    "IntegerField": "int",
    "CharField": "text",
    "TextField": "text",
    "DateField": "date",
    "DateTimeField": "moment",
    "JSONField": "json",
}

Progress = Callable[[str, int], None]


class HeadsDisagree(RuntimeError):
    """The published heads and this database's seals contradict each other: nothing is sealed."""


def seal_tables(
    tables: Sequence[type[models.Model]],
    heads_folder: Path,
    *,
    rows: int = SEAL_ROWS,
    progress: Progress | None = None,
) -> list[Head]:
    """Seal every settled row of the append-only tables and publish the heads; returns the new
    ones. May be called by several at once. Raises HeadsDisagree and OSError (the heads cannot be
    written; they are published at the next call)."""
    write_verification_key(heads_folder)
    fresh = []
    for model in tables:
        _publish(model, heads_folder)
        while (head := _seal_next(model, rows)) is not None:
            fresh.append(head)
            if progress is not None:
                progress(head.table, head.last_seq)
        _publish(model, heads_folder)
    return fresh


def seal_with_protected(
    ordinary: Sequence[type[models.Model]],
    protected: Sequence[type[models.Model]],
    heads_folder: Path,
    *,
    progress: Progress | None = None,
) -> list[Head]:
    """Seal the ordinary tables and then, without a word, the protected ones into a folder of their
    own; returns the ordinary heads alone. Raises as `seal_tables`."""
    heads = seal_tables(ordinary, heads_folder, progress=progress)
    seal_tables(protected, heads_folder / PROTECTED_FOLDER)
    return heads


def columns_of(model: type[models.Model]) -> str:
    """The columns that a seal covers with their forms: every one but `seq`, which names the row."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return " ".join(f"{field.column}:{_FORMS[field.get_internal_type()]}" for field in fields)


def own_copy() -> Copy:
    """The tables as this application's own connection sees them."""
    connection.ensure_connection()
    kind = SqliteCopy if connection.vendor == "sqlite" else PostgresCopy
    return kind(connection.connection)


def _seal_next(model: type[models.Model], rows: int) -> Head | None:
    table = model._meta.db_table
    before = Seal.objects.filter(table_name=table).order_by("-number").first()
    first = before.last_seq + 1 if before else 1
    last = _last_of_next(model, first, rows)
    if last is None:
        return None
    columns = columns_of(model)
    printer = RowPrinter(derived_key(_seal_key(), "rows"), table, columns)
    # Settled rows do not change, so they are read without holding anybody up.
    blocks = blocks_of(
        (row[0], printer.print_of(row[1:])) for row in own_copy().rows(table, columns, first, last)
    )
    seal = Seal(
        table_name=table,
        number=before.number + 1 if before else 1,
        first_seq=first,
        last_seq=last,
        row_count=sum(len(block.by_seq()) for block in blocks),
        columns=columns,
        root=root_of(blocks),
        previous_head=before.head if before else NO_HEAD,
        sealed_at=now().isoformat(timespec="seconds"),
    )
    seal.head = _head_of(seal).computed()
    seal.signature = _private_key().sign(_head_of(seal).signed_bytes()).hex()
    try:
        _keep(seal, blocks)
    except IntegrityError:  # another process sealed the same rows a moment earlier
        return None
    return _head_of(seal)


def _last_of_next(model: type[models.Model], first: int, rows: int) -> int | None:
    found = model.objects.filter(seq__gte=first, seq__lte=settled_seq(model)).order_by("seq")
    seqs = found.values_list("seq", flat=True)
    full = seqs[rows - 1 : rows].first()
    return full if full is not None else seqs.last()


@transaction.atomic
def _keep(seal: Seal, blocks: Sequence[BlockPrint]) -> None:
    seal.save(force_insert=True)
    Block.objects.bulk_create(
        Block(seal=seal, number=place, runs=block.runs, prints=block.prints)
        for place, block in enumerate(blocks)
    )


def _head_of(seal: Seal) -> Head:
    return Head(
        table=seal.table_name,
        number=seal.number,
        first_seq=seal.first_seq,
        last_seq=seal.last_seq,
        count=seal.row_count,
        columns=seal.columns,
        root=seal.root,
        previous=seal.previous_head,
        sealed_at=seal.sealed_at,
        head=seal.head,
        signature=seal.signature,
    )


def _seal_key() -> bytes:
    return load_keys(settings.KEYS_FILE).seal


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(derived_key(_seal_key(), "heads"))


def verification_key() -> VerificationKey:
    """What a verifier of this installation holds."""
    public_key = _private_key().public_key().public_bytes_raw()
    return VerificationKey(derived_key(_seal_key(), "rows"), public_key)


def write_verification_key(heads_folder: Path) -> Path:
    """The verification key, beside the heads. Raises HeadsDisagree if another one lies there."""
    heads_folder.mkdir(parents=True, exist_ok=True)
    path = heads_folder / KEY_NAME
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(verification_key().as_text(), "utf-8")
        draft.replace(path)
    try:
        same = VerificationKey.from_text(path.read_text("utf-8")) == verification_key()
    except FormatError:
        same = False
    if not same:
        raise HeadsDisagree(
            f"{path} belongs to another key file. Restore this installation's key file, or keep "
            "those heads apart as evidence and begin a new folder (GONGYU_HEADS)."
        )
    return path


def _publish(model: type[models.Model], folder: Path) -> None:
    """Append the heads that the folder lacks; what is there must be this database's own."""
    table = model._meta.db_table
    path = folder / f"{table}.jsonl"
    _mend_last_line(path)
    last = _last_published(path, table)
    seals = Seal.objects.filter(table_name=table).order_by("number")
    if last is not None:
        kept = seals.filter(number=last.number).first()
        if kept is None or _head_of(kept) != last:
            raise HeadsDisagree(
                f"{path} publishes head {last.number} of {table}, which this database does not "
                "have. If the database was restored from a backup, keep those heads apart as "
                "evidence and begin a new folder (GONGYU_HEADS); otherwise run "
                "`gongyu ledger verify`: somebody changed the seals."
            )
        seals = seals.filter(number__gt=last.number)
    lines = "".join(_head_of(seal).as_line() for seal in seals)
    if lines:
        _append(path, lines)


def _mend_last_line(path: Path) -> None:
    """A process that was killed while it published leaves half a line, which is cut: the database
    has that head whole. A whole head that lacks only its line's end gets it; no head is cut."""
    text = path.read_bytes() if path.exists() else b""
    torn = text[text.rfind(b"\n") + 1 :]
    if not torn:
        return
    try:
        Head.from_line(torn.decode("utf-8", "replace"))
    except FormatError:
        os.truncate(path, len(text) - len(torn))
    else:
        _append(path, "\n")


def _last_published(path: Path, table: str) -> Head | None:
    if not path.exists():
        return None
    try:
        return by_table(read_heads(path))[table][-1]
    except (HeadsUnreadable, KeyError) as error:
        raise HeadsDisagree(f"{path} does not hold heads of {table}: {error}") from error


def _append(path: Path, lines: str) -> None:
    # One write of whole lines, on disk before anybody relies on it.
    with path.open("a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
