"""Facts as columns: one array for each column, so that millions are made and sorted at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import pyarrow as pa

# Stands for "nothing" in columns of ids and days.
NONE = -1

NUMBERS = (
    "subject_id",
    "place_id",
    "on_day",
    "until_day",
    "actor_id",
    "actor_post_id",
    "quantity",
    "supersedes_id",
    "source_id",
    "recorded_day",
)
TEXTS = ("kind", "subject_type", "status", "detail", "source_model")
_OTHERWISE = {"quantity": 1, "source_id": 0}


@dataclass(frozen=True)
class Text:
    """A column of few different words: `words[codes[i]]` is the i-th."""

    codes: np.ndarray
    words: tuple[str, ...]

    def take(self, rows: np.ndarray | slice) -> Text:
        """The words of these rows."""
        return Text(self.codes[rows], self.words)

    def arrow(self) -> pa.Array:
        """The words themselves, as Arrow text."""
        return pa.DictionaryArray.from_arrays(pa.array(self.codes), list(self.words)).cast(
            pa.string()
        )


@dataclass(frozen=True)
class Facts:
    """A batch of facts. `supersedes_id` names an earlier row of the same batch by its position; in
    numbered facts it names its seq. `recorded_day` orders what was written down when."""

    numbers: dict[str, np.ndarray]
    texts: dict[str, Text]

    def __len__(self) -> int:
        return len(self.numbers["subject_id"])

    def take(self, rows: np.ndarray | slice) -> Facts:
        """These rows, with what they supersede named as before."""
        return Facts(
            {name: column[rows] for name, column in self.numbers.items()},
            {name: text.take(rows) for name, text in self.texts.items()},
        )


def draws(seed: int, part: str) -> np.random.Generator:
    """Random numbers of one part of the city; no other part moves when this one changes."""
    return np.random.default_rng([seed, crc32(part.encode())])


def words(codes: np.ndarray, *names: str) -> Text:
    """A column of these words."""
    return Text(codes.astype(np.int16), names)


def facts(kind: str, count: int, **columns: np.ndarray | Text | int | str) -> Facts:
    """A batch of one kind. Columns left out hold nothing; one word or number fills a column."""
    columns.setdefault("subject_type", "child")
    numbers = {}
    for name in NUMBERS:
        given = columns.pop(name, _OTHERWISE.get(name, NONE))
        numbers[name] = np.broadcast_to(np.asarray(given, np.int32), (count,))
    texts = {}
    for name in TEXTS:
        word = kind if name == "kind" else columns.pop(name, "")
        is_text = isinstance(word, Text)
        texts[name] = word if is_text else words(np.zeros(count, np.int16), str(word))
    if columns:
        raise TypeError(f"A fact has no column {sorted(columns)}.")
    return Facts(numbers, texts)


def joined(batches: Sequence[Facts]) -> Facts:
    """All batches one after the other; what a row supersedes moves with it."""
    numbers = {
        name: np.concatenate([batch.numbers[name] for batch in batches])
        for name in NUMBERS
        if name != "supersedes_id"
    }
    moved, start = [], 0
    for batch in batches:
        old = batch.numbers["supersedes_id"]
        moved.append(np.where(old == NONE, NONE, old + start).astype(np.int32))
        start += len(batch)
    numbers["supersedes_id"] = np.concatenate(moved)
    return Facts(numbers, {name: _joined_text(name, batches) for name in TEXTS})


def with_later(batch: Facts, rows: np.ndarray, **changes: np.ndarray | int) -> Facts:
    """The batch, and after it these rows once more with other numbers, each superseding its first."""
    again = batch.take(rows)
    for name, column in changes.items():
        again.numbers[name] = np.broadcast_to(np.asarray(column, np.int32), (len(rows),))
    both = joined([batch, again])
    both.numbers["supersedes_id"][len(batch) :] = rows
    return both


def _joined_text(name: str, batches: Sequence[Facts]) -> Text:
    place: dict[str, int] = {}
    codes = []
    for batch in batches:
        text = batch.texts[name]
        new = np.array([place.setdefault(w, len(place)) for w in text.words], np.int16)
        codes.append(new[text.codes])
    return Text(np.concatenate(codes), tuple(place))


def numbered(batch: Facts) -> Facts:
    """The facts in the order in which they were written down: the i-th has the seq i + 1."""
    order = np.argsort(batch.numbers["recorded_day"], kind="stable")
    seq = np.empty(len(order), np.int32)
    seq[order] = np.arange(1, len(order) + 1, dtype=np.int32)
    ordered = batch.take(order)
    old = ordered.numbers["supersedes_id"]
    ordered.numbers["supersedes_id"] = np.where(old == NONE, NONE, seq[old])
    if (ordered.numbers["supersedes_id"] > np.arange(len(order))).any():
        raise ValueError("A fact supersedes one that was written down later.")
    return ordered
