"""Who may import a school's roster, and in which state of the import what may be done."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import ROSTER_IMPORT, may, places_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import RosterImport
from gongyu.ground.people.states import ROSTER_IMPORT as STATES
from gongyu.ground.places.models import Place


class RosterRefused(ValueError):
    """What cannot be done with an import now, and what to do instead, in the user's words."""


def schools_to_import(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The schools whose rosters the actor may import."""
    ids = places_with(actor, ROSTER_IMPORT, kind=Place.Kind.SCHOOL, on=on)
    return Place.objects.on(on).filter(pk__in=ids).order_by("code")


def imports_visible_to(actor: Actor | None, on: date) -> QuerySet[RosterImport]:
    """The imports of these schools."""
    ids = places_with(actor, ROSTER_IMPORT, kind=Place.Kind.SCHOOL, on=on)
    return RosterImport.objects.filter(school__in=ids).select_related("school", "uploaded_by")


def may_read_import(actor: Actor | None, roster: RosterImport, on: date) -> bool:
    """True exactly for `imports_visible_to`."""
    return may(actor, ROSTER_IMPORT, roster.school_id, on)


def importer(request: HttpRequest) -> list[Place] | None:
    """The rule of the pages that begin an import: the schools, or None."""
    return list(schools_to_import(request.actor, today())) or None


def import_in_reach(request: HttpRequest, pk: int, **kwargs) -> RosterImport | None:
    """The rule of an import's own pages."""
    return imports_visible_to(request.actor, today()).filter(pk=pk).first()


def check_may(roster: RosterImport, step: str) -> None:
    """Raises RosterRefused when the state table has no such step from here."""
    if step not in STATES[roster.status]["to"]:
        raise RosterRefused(
            _("这份名册现在是“%(status)s”，不能这样操作。请刷新页面查看。")
            % {"status": STATES[roster.status]["label"]}
        )


def check_seen(roster: RosterImport, seen: str, preview: dict[str, Any]) -> None:
    """Raises RosterRefused for a preview that is no longer the present one, or has open doubts."""
    if seen != roster.seen:
        raise RosterRefused(_("预览已更新，请按新的预览核对后再确认。"))
    if preview["doubts"]:
        raise RosterRefused(
            _("还有 %(count)d 行不能确定是否同一人，请先逐一选择。")
            % {"count": len(preview["doubts"])}
        )
