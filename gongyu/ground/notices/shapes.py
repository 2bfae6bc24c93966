"""What is handed to the actions and shown by the pages: plain data, already of the right types."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from gongyu.ground.files import Clean


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A notice to be sent. `place_id` is in whose name (a class, a school; for a campaign what the
    department serves), `department_id` who answers for the burden (the school or the department).
    Either `class_ids` (whole classes) or `child_ids`. `until_on` is the first day on which it no
    longer matters. `basis` asks for a receipt: `danger` (always with safety), `law` (to be made known)
    or `consent` (a guardian's word) with the clause in `basis_words`, or nothing. `choices` are up to
    four short answers."""

    kind: str
    title: str
    words: str = field(repr=False)
    place_id: int
    department_id: int
    until_on: date
    class_ids: tuple[int, ...] = ()
    child_ids: tuple[int, ...] = field(default=(), repr=False)
    basis: str = ""
    basis_words: str = ""
    choices: tuple[str, ...] = ()
    template: str = ""
    is_campaign: bool = False
    white_list: str = ""
    attachments: tuple[Clean, ...] = field(default=(), repr=False)

    @property
    def must_reach(self) -> bool:
        return self.basis != ""

    @property
    def asks_guardians(self) -> bool:
        return self.basis == "consent"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One carer who may be told about these children on the day; None: nobody may be told."""

    carer_id: int | None
    child_ids: tuple[int, ...]
    leads: bool
    family_id: int


@dataclass(frozen=True, slots=True)
class Way:
    """A path on which a carer is reached, with the address on it."""

    path: str
    address: str = field(repr=False)
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Effect:
    """What sending would do now: families in all, those whose telephone rings at once, those that
    wait for the digest, those that find it in the box only, those whom nobody can tell by telephone.
    `sounds_at` is when the first of them rings; later than now in quiet hours."""

    families: int
    people: int
    sound: int
    wait: int
    in_box: int
    without_way: int
    without_carer: int
    full: int
    sounds_at: datetime
    digest_at: datetime
