"""Whoever reads which families are not yet reached leaves a trace, as with every child's name."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.sheets import sheet_of

from ..models import Notice
from ..queries_answers import answers_to


@transaction.atomic
def read_unreached(notice: Notice, count: int, *, by: Actor) -> None:
    """The names of `count` families were shown to the sender."""
    _read("notice.read_unreached", notice, count, by=by)


@transaction.atomic
def read_answers(notice: Notice, count: int, *, by: Actor) -> None:
    """The answers of `count` families were shown to the sender with their names."""
    _read("notice.read_answers", notice, count, by=by)


@transaction.atomic
def export_answers(notice: Notice, *, on: date, by: Actor) -> bytes:
    """The answers as a sheet: class, children, what was said, by whom, how and when."""
    found = answers_to(notice, on)
    rows = [
        [one.classes, one.names, answer.words, one.carer, one.way, _minute(one.at)]
        for answer in found
        for one in answer.families
    ]
    _read("notice.export_answers", notice, len(rows), by=by)
    heads = [_("班级"), _("学生"), _("答复"), _("谁答的"), _("怎样答的"), _("时间")]
    return sheet_of(f"{notice.place.name} {notice.title}（{on:%Y-%m-%d}）", heads, rows)


def _read(verb: str, notice: Notice, families: int, *, by: Actor) -> None:
    told = {"families": families}
    record(verb, by=by, subject=("notice", notice.pk), place_id=notice.place_id, detail=told)


def _minute(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


@transaction.atomic
def read_slips(count: int, *, by: Actor) -> None:
    """The slips of `count` families were shown to whoever hands them over."""
    record("notice.read_slips", by=by, subject=("slips", None), detail={"families": count})
