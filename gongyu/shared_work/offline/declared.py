"""The forms that work without a network: each measure declares its own, one entry a form.

A form says what it asks, what a pupil's line shows, and how an entry becomes a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from gongyu.ground.audit.actors import Actor

# How a question is asked: a day, a moment, one choice, several, several with a line for each,
# a line, a text. `static/offline/questions.js` draws each of them.
KINDS = ("day", "moment", "one", "some", "each", "line", "text")


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. In options of a pupil `value` is a token, never an id."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `name` is the field of the online form, whose faults are shown beside it.

    `choices` are the same for everybody; where they differ, each pupil's note has them under the
    name. `other` labels a free line beside choices (sent as `<name>_other`), `due` a day beside a
    text (`<name>_due`). `day` and `moment` start as today and now; a moment may lie at most
    `oldest_hours` back (0: as long as one likes).
    """

    name: str
    kind: str
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    starts_with: str = ""
    longest: int = 0
    oldest_hours: int = 0
    other: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What a form says of one pupil: `open` puts the pupil among those to see first, `lines` stand
    below the name, `options` are the choices that differ from pupil to pupil, and `seen` comes back
    with the entry, so that a conflict can be told."""

    open: bool = False
    lines: tuple[str, ...] = ()
    seen: str = ""
    options: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An entry as its form receives it, at the moment `at`. `fields` are the online form's, with
    tokens where it has ids; `unsealed(kind, token)` is the id or None. `packed_at`: what the device
    had seen was of this moment. `decided` are the codes of the choices that the teacher took,
    `corrects` the id of a record that an earlier version of this entry became, and `own_keys` the
    entries of the same device that arrived before."""

    key: str
    child_id: int
    fields: Mapping[str, tuple[str, ...]]
    unsealed: Callable[[str, str], int | None]
    packed_at: datetime
    at: datetime
    seen: str = ""
    decided: frozenset[str] = frozenset()
    corrects: int | None = None
    own_keys: frozenset[str] = frozenset()

    def one(self, name: str) -> str:
        """The only value of a field; empty where it has none."""
        values = self.fields.get(name, ())
        return values[0] if values else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """The record that an entry became, and what to tell the teacher."""

    record_id: int
    said: str = ""
    warned: str = ""


class Refused(Exception):
    """The form's own faults: {question (empty: the whole form): words}."""

    def __init__(self, faults: Mapping[str, list[str]]) -> None:
        super().__init__()
        self.faults = faults


class Conflict(Exception):
    """Something happened meanwhile. The teacher decides; nothing is overwritten.

    `code` says what kind it is. The value of the choice that is taken comes back in `decided`, so
    it must be one of this conflict alone. Editing and throwing away are always offered besides.
    """

    def __init__(self, code: str, words: str, choices: tuple[Choice, ...] = ()) -> None:
        super().__init__()
        self.code, self.words, self.choices = code, words, choices


@dataclass(frozen=True, slots=True)
class Alarm:
    """What speaks of harm to a child in the fields of a form: words in any text, or the choices of
    a question. The device then says at once, without a network, whom to ring; what was typed is
    never made a report by itself. `asks`: it is not kept before the teacher has said that it is not
    so, and comes with `sure` then."""

    words: tuple[str, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    asks: bool = False

    def is_raised_by(self, fields: Mapping[str, tuple[str, ...]]) -> bool:
        """Do these fields speak of harm? `questions.js` asks the same without a network."""
        told = "\n".join(value for values in fields.values() for value in values)
        chosen = (set(codes) & set(fields.get(name, ())) for name, codes in self.choices.items())
        return any(word in told for word in self.words) or any(chosen)


class Sealing(Protocol):
    """Makes the token of a thing for one device: `sealed("carer", 7)`."""

    def __call__(self, kind: str, pk: int) -> str: ...


@dataclass(frozen=True, slots=True)
class OfflineForm:
    """A form that works without a network.

    `notes(class_id, on, actor, sealed)` is {child id: Note}, the most urgent first; children whom
    it leaves out are not offered the form. A form without notes of its own names one declared
    before it (`beside`), and is offered where that one says `open`; or names none, and is offered
    for every pupil. `receive(arrived, on=, by=)` runs in a transaction and returns Kept or raises
    Refused or Conflict; it judges posts as of the day that was typed.
    """

    code: str
    title: str
    button: str
    questions: tuple[Question, ...]
    receive: Callable[..., Kept]
    notes: Callable[[int, date, Actor, Sealing], Mapping[int, Note]] | None = None
    beside: str = ""
    warning: str = ""
    alarm: Alarm | None = None


_FORMS: dict[str, OfflineForm] = {}


def declare(form: OfflineForm) -> None:
    """Make a form work without a network. Called when the measure's app is ready."""
    wrong = [question.name for question in form.questions if question.kind not in KINDS]
    if wrong:
        raise ValueError(f"The questions {wrong} of {form.code} are of no kind in {KINDS}.")
    if form.notes is None and form.beside and form.beside not in _FORMS:
        raise ValueError(f"{form.code} has no notes and stands beside no declared form.")
    _FORMS[form.code] = form


def declared() -> list[OfflineForm]:
    return list(_FORMS.values())


def form_of(code: str) -> OfflineForm | None:
    return _FORMS.get(code)


def plain(thing: Any) -> dict[str, Any]:
    """A choice or a question as the browser reads it, without what is empty."""
    told = {name: getattr(thing, name) for name in thing.__slots__}
    told = {name: value for name, value in told.items() if value not in ("", 0, ())}
    if "choices" in told:
        told["choices"] = [plain(choice) for choice in told["choices"]]
    return {
        name: value if isinstance(value, list | int) else str(value) for name, value in told.items()
    }
