"""Who may keep the tree of places, and in which state a place may be opened, moved or closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words

from .models import STAGES_OF, Containment, Place, Stage

Kind = Place.Kind

# Under which kinds each kind may stand. Every parent's kind comes before its child's, so the tree
# can hold no circle.
PARENTS_OF: dict[str, tuple[str, ...]] = {
    Kind.CITY: (),
    Kind.DISTRICT: (Kind.CITY,),
    Kind.TOWN: (Kind.DISTRICT,),
    Kind.COMMUNITY: (Kind.TOWN,),
    Kind.DEPARTMENT: (Kind.CITY, Kind.DISTRICT, Kind.TOWN),
    Kind.VENUE: (Kind.CITY, Kind.DISTRICT, Kind.TOWN, Kind.COMMUNITY),
    Kind.SCHOOL: (Kind.CITY, Kind.DISTRICT, Kind.TOWN),
    Kind.CAMPUS: (Kind.SCHOOL,),
    Kind.CLASS: (Kind.SCHOOL, Kind.CAMPUS),
}

GRADES_OF: dict[str, range] = {
    Stage.KINDERGARTEN: range(-2, 1),
    Stage.PRIMARY: range(1, 7),
    Stage.JUNIOR: range(7, 10),
    Stage.SENIOR: range(10, 13),
    Stage.VOCATIONAL: range(10, 13),
    Stage.SPECIAL: range(1, 13),
}


class PlaceRefused(Exception):
    """The tree would no longer be true; the message says what is wrong and what to do."""


def may_keep_places(actor: Actor, place_id: int, on: date) -> bool:
    """City officers and administrators keep every place, district officers those of their own."""
    if actor.has_role("city_officer", "administrator"):
        return True
    reach = actor.scopes("district_officer")
    return Containment.objects.on(on).filter(place=place_id, ancestor__in=reach).exists()


def check_can_stand(kind: str, parent: Place, from_on: date) -> None:
    """Refuse a parent of the wrong kind, or one that was closed before the day."""
    if parent.kind not in PARENTS_OF[kind]:
        raise PlaceRefused(
            _("%(kind)s不能设在%(parent)s之下：%(parent)s是%(parent_kind)s。请选择正确的上级。")
            % {
                "kind": Kind(kind).label,
                "parent": parent.name,
                "parent_kind": Kind(parent.kind).label,
            }
        )
    if parent.until_on is not None and parent.until_on <= from_on:
        raise PlaceRefused(
            _("%(parent)s已于%(day)s撤销，%(from_on)s起不能再作为上级。请选择承接它的单位。")
            % {
                "parent": parent.name,
                "day": day_words(parent.until_on),
                "from_on": day_words(from_on),
            }
        )


def check_can_open_class(
    school: Place, school_kind: str, stage: str, grade: int, from_on: date, until_on: date
) -> None:
    """Refuse a class that its school's kind, its stage or its days do not allow."""
    if stage not in STAGES_OF[school_kind]:
        raise PlaceRefused(
            _("%(school)s没有%(stage)s。请核对学校的办学类型或班级的学段。")
            % {"school": school.name, "stage": Stage(stage).label}
        )
    if grade not in GRADES_OF[stage]:
        raise PlaceRefused(
            _("%(stage)s没有第%(grade)s级。请填写%(first)s至%(last)s。")
            % {
                "stage": Stage(stage).label,
                "grade": grade,
                "first": GRADES_OF[stage][0],
                "last": GRADES_OF[stage][-1],
            }
        )
    if until_on <= from_on:
        raise PlaceRefused(_("班级的结束日必须晚于开始日。请核对两个日期。"))
    if not (school.holds_on(from_on) and (school.until_on is None or until_on <= school.until_on)):
        raise PlaceRefused(
            _("%(school)s在%(first)s至%(until)s期间并非一直开办。请核对班级的起止日期。")
            % {"school": school.name, "first": day_words(from_on), "until": day_words(until_on)}
        )


def check_can_close(place: Place, until_on: date, standing: Iterable[Place]) -> None:
    """Refuse to close what is closed, not yet open, or still holds places without a successor."""
    if place.until_on is not None and place.until_on <= until_on:
        raise PlaceRefused(
            _("%(place)s已于%(day)s撤销，无需再次撤销。")
            % {"place": place.name, "day": day_words(place.until_on)}
        )
    if until_on <= place.from_on:
        raise PlaceRefused(
            _("%(place)s从%(day)s才开始设立。撤销日必须晚于这一天。")
            % {"place": place.name, "day": day_words(place.from_on)}
        )
    names = [other.name for other in standing]
    if names:
        shown = "、".join(names[:5])
        raise PlaceRefused(
            _("%(place)s下还有%(count)s个单位（%(names)s等）。请先指定承接单位，或逐一调整。")
            % {"place": place.name, "count": len(names), "names": shown}
        )


def check_can_rename(place: Place, name: str, beside: Iterable[Place]) -> None:
    """Refuse an empty name, the present one, or one that a place beside it bears already."""
    if not name.strip():
        raise PlaceRefused(_("请填写新名称。"))
    if name == place.name:
        raise PlaceRefused(_("新名称与现在的相同，无需更改。"))
    if any(other.name == name for other in beside):
        raise PlaceRefused(_("本校已有“%(name)s”，请换一个名称。") % {"name": name})


def check_can_move(place: Place, parent: Place, from_on: date) -> None:
    """Refuse to move a place to a parent that cannot hold it, or on a day when it is not open."""
    if not place.holds_on(from_on):
        raise PlaceRefused(
            _("%(place)s在%(day)s没有开办，不能调整隶属关系。请核对日期。")
            % {"place": place.name, "day": day_words(from_on)}
        )
    check_can_stand(place.kind, parent, from_on)
