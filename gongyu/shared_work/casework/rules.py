"""Who may report (everybody who works here), who may open a sealed report (hardly anybody)."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import REPORT_READ, holds, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import digest

from . import guide
from .models import Report
from .shapes import Told
from .states import leads_to

# A clock that runs a little ahead on a phone is no reason to refuse.
A_MOMENT = timedelta(minutes=10)
LONG_AGO = timedelta(days=366)


class ReportFault(ValueError):
    """What cannot be recorded; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def may_report(actor: Actor | None) -> bool:
    """Every member of staff; nobody's leave is asked. Whoever holds no post today reads what to do
    and has no place in which to keep a record."""
    return actor is not None and actor.staff_id is not None


def is_liaison(actor: Actor | None) -> bool:
    return holds(actor, REPORT_READ)


def reports_visible_to(actor: Actor | None, on: date) -> QuerySet[Report]:
    """The reports of the schools whose named liaison the actor is."""
    schools = places_with(actor, REPORT_READ, kind=Place.Kind.SCHOOL, on=on)
    return Report.objects.filter(place__in=schools, for_liaison=True)


def may_read_report(actor: Actor | None, report: Report, on: date) -> bool:
    """True exactly for `reports_visible_to`."""
    at_a_school = report.place.kind == Place.Kind.SCHOOL
    return at_a_school and report.for_liaison and may(actor, REPORT_READ, report.place_id, on)


def is_reporter(actor: Actor, report: Report) -> bool:
    """Whether the report is the actor's own; asked only of somebody who shows its receipt."""
    return actor.staff_id is not None and json.loads(report.reporter)["staff"] == actor.staff_id


def sent_digest(actor: Actor, key: str) -> str:
    """By which a form that was sent twice is known."""
    return digest("report-sent", f"{actor.user_id}.{actor.staff_id}.{key}")


def check_told(told: Told, moment: datetime) -> None:
    """Raises ReportFault: nobody named, an unknown code, or a moment that cannot be."""
    if not told.receivers:
        raise ReportFault(_("请选择报告给了谁。还没有报告的，请先打110。"), "receivers")
    if set(told.receivers) - {each.code for each in guide.receivers()}:
        raise ReportFault(_("请从名单里选择报告给了谁。"), "receivers")
    if not told.situations:
        raise ReportFault(_("请选择属于哪种情形；拿不准就选最后一项。"), "situations")
    if set(told.situations) - {each.code for each in guide.situations()}:
        raise ReportFault(_("请从名单里选择情形。"), "situations")
    if not told.child.strip():
        raise ReportFault(_("请写明是哪个孩子；不知道姓名的，写您知道的。"), "child")
    if told.reported_at > moment + A_MOMENT:
        raise ReportFault(
            _("报告的时间不能晚于现在。还没有报告的，请先打110，不用等。"), "reported_at"
        )
    if told.reported_at < moment - LONG_AGO:
        raise ReportFault(_("报告的时间在一年以前，请核对年份。"), "reported_at")


def check_step(report: Report, step: str, words: str) -> str:
    """The status after the step. Raises ReportFault."""
    if not words.strip():
        raise ReportFault(_("请写一句：谁回复的、说了什么，或者怎样了结的。"), "words")
    following = leads_to(report.status, step)
    if following is None:
        raise ReportFault(_("这份报告已经了结。有新的情况，请重新报告。"))
    return following
