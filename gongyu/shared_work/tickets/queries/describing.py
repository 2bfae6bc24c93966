"""How a ticket is named in lists and pages: the place concerned, the desk, its steps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from gongyu.ground.places.models import Place

from ..kinds import REJECTIONS
from ..models import Step
from ..states import INSIDE, STEPS

ABOUT = ("about", "about__school_class", "about__school_class__school", "desk", "offered_to")


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step. For the asker `who` is the office, for the desk the person too."""

    kind: str
    what: str
    words: str
    who: str
    at: datetime
    round: int


def about_words(place: Place) -> str:
    """`石板坡小学` or `石板坡小学 三年级1班`."""
    if place.kind == Place.Kind.CLASS:
        return f"{place.school_class.school.name} {place.name}"
    return place.name


def office_words(desk: Place | None) -> str:
    """How the people of a desk are called to the outside: the office, never a person."""
    if desk is None:
        return ""
    return _("%(place)s教委投诉举报办理岗") % {"place": desk.name}


def steps_of(rows: list[Step], *, inside: bool) -> list[StepLine]:
    """The steps in their order; without `inside` as the asker may read them."""
    return [
        StepLine(
            kind=row.kind,
            what=_what(row),
            words=row.words,
            who=_who(row, inside=inside),
            at=row.taken_at,
            round=row.round,
        )
        for row in rows
        if inside or row.kind not in INSIDE
    ]


def _what(row: Step) -> str:
    said = str(STEPS[row.kind])
    if row.kind == "hand_over":
        return _("提出移交给%(place)s") % {"place": row.other_desk.name}
    if row.kind == "take":
        return _("%(place)s已接收") % {"place": row.desk.name}
    if row.kind == "send_on":
        number = f"（{row.body_number}）" if row.body_number else ""
        return _("已转送%(body)s") % {"body": row.body} + number
    if row.kind == "reject":
        return f"{said}：{REJECTIONS[row.reason]}"
    return said


def _who(row: Step, *, inside: bool) -> str:
    if row.post_id is None and not row.by:
        return _("系统") if row.kind == "clock" else _("投诉人")
    office = office_words(row.desk)
    if not inside or not row.by:
        return office
    name = json.loads(row.by)["name"]
    return f"{office} · {name}" if office else name
