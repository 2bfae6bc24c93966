"""The published heads: read, put in order, and checked for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .ed25519 import is_signed
from .formats import NO_HEAD, FormatError, Head

KEY_NAME = "verification-key.json"

# Tables whose very growth would tell that something sealed happened: their heads are published in a
# folder of their own, and no ordinary export holds their rows.
PROTECTED_TABLES = frozenset({"audit_protectedentry"})
PROTECTED_FOLDER = "protected"


class HeadsUnreadable(RuntimeError):
    """The published heads cannot be read, so nothing can be compared with them."""


def read_heads(source: Path) -> list[Head]:
    """Every published head in a file, or in the *.jsonl files of a folder, those of protected tables
    beside them where they are at hand. Raises HeadsUnreadable."""
    files = [source]
    if source.is_dir():
        files = sorted([*source.glob("*.jsonl"), *(source / PROTECTED_FOLDER).glob("*.jsonl")])
    heads: list[Head] = []
    for path in files:
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise HeadsUnreadable(
                f"The published heads {path} cannot be read ({type(error).__name__})."
            ) from error
        for place, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                heads.append(Head.from_line(line))
            except FormatError as error:
                raise HeadsUnreadable(f"{path}, line {place}: {error}.") from error
    if not heads:
        raise HeadsUnreadable(
            f"There are no published heads in {source}. Seal first (gongyu ledger seal), or name "
            "the place where they are kept with --heads."
        )
    return heads


def by_table(heads: Iterable[Head]) -> dict[str, list[Head]]:
    """The heads of each table by number; a line that was published twice counts once."""
    tables: dict[str, dict[Head, None]] = {}
    for head in heads:
        tables.setdefault(head.table, {})[head] = None
    return {
        table: sorted(found, key=lambda head: (head.number, head.head))
        for table, found in sorted(tables.items())
    }


def faults_of_chain(heads: list[Head], public_key: bytes, before: Head | None = None) -> list[str]:
    """What is wrong with the heads of one table that follow `before`, in words; none if each is
    signed and follows the one before it."""
    faults = []
    for head in heads:
        number, previous, first = 1, NO_HEAD, 1
        if before is not None:
            number, previous, first = before.number + 1, before.head, before.last_seq + 1
        if head.number != number:
            kind = "is there twice" if head.number < number else "follows a gap"
            faults.append(f"head {head.number} {kind}")
        elif head.previous != previous or head.first_seq != first:
            faults.append(f"head {head.number} does not follow the head before it")
        if head.computed() != head.head:
            faults.append(f"head {head.number} does not fit its own values")
        elif not _is_signed(head, public_key):
            faults.append(f"head {head.number} is not signed with this installation's key")
        before = head
    return faults


def _is_signed(head: Head, public_key: bytes) -> bool:
    try:
        signature = bytes.fromhex(head.signature)
    except (ValueError, TypeError):
        return False
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return is_signed(public_key, head.signed_bytes(), signature)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, head.signed_bytes())
    except (InvalidSignature, ValueError):
        return False
    return True
