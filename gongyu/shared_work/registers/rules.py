"""Who may read and keep a place's registers, and in which state an entry may change."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    CITY_REGISTER_KEEP,
    REGISTER_KEEP,
    REGISTER_READ,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place

from .kinds import CHANNELS, KINDS
from .models import Entry


class RegisterFault(ValueError):
    """What a register cannot take; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def may_read_registers(actor: Actor | None, place_id: int, on: date) -> bool:
    return may(actor, REGISTER_READ, place_id, on)


def may_keep_registers(actor: Actor | None, place_id: int, on: date) -> bool:
    """A school's by the school, the city's by the city's office; neither keeps the other's."""
    if may(actor, REGISTER_KEEP, place_id, on):
        return True
    kept = places_with(actor, CITY_REGISTER_KEEP, kind=Place.Kind.CITY, on=on)
    return kept.filter(place=place_id).exists()


def may_read_entry(actor: Actor | None, entry: Entry, on: date) -> bool:
    return may_read_registers(actor, entry.place_id, on)


def entries_visible_to(actor: Actor | None, on: date) -> QuerySet[Entry]:
    return Entry.objects.filter(place__in=places_with(actor, REGISTER_READ, on=on))


def schools_kept_by(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The schools whose registers the actor keeps, or the city."""
    kept = places_with(actor, REGISTER_KEEP, kind=Place.Kind.SCHOOL, on=on)
    city = places_with(actor, CITY_REGISTER_KEEP, kind=Place.Kind.CITY, on=on)
    return Place.objects.filter(Q(pk__in=kept) | Q(pk__in=city)).order_by("name")


def check_can_enter(place: Place, kind: str, from_on: date, until_on: date | None) -> None:
    """Raises RegisterFault: unknown kind, another kind of place, or a day already covered."""
    if kind not in KINDS or KINDS[kind].place_kind != place.kind:
        raise RegisterFault(_("这里不登记这一类事项。"), "kind")
    check_days(from_on, until_on)
    same = Entry.objects.filter(place=place, kind=kind)
    last = until_on or date.max
    covered = same.between(from_on, last).order_by("from_on").first()
    if covered is not None:
        raise RegisterFault(
            _("从 %(from)s 起已登记《%(title)s》。要换新版，请在那一条上点“换新版”。")
            % {"from": day_words(covered.from_on), "title": covered.title},
            "from_on",
        )


def check_channels(kind: str, channels: dict[str, tuple[int, str]]) -> None:
    """A contact mechanism names at least one way; the plan sets no number. Raises RegisterFault."""
    if not KINDS[kind].names_channels:
        if channels:
            raise RegisterFault(_("这一类事项没有沟通渠道。"))
        return
    if not channels or set(channels) - set(CHANNELS):
        raise RegisterFault(_("请至少写明一个渠道和找谁；方案没有规定要几个。"), "ask_home_visit")


def check_days(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on <= from_on:
        raise RegisterFault(_("结束日期要晚于开始日期。"), "until_on")


def check_can_replace(entry: Entry, from_on: date) -> None:
    """A new version starts after the old one did, and only the newest version is replaced."""
    if entry.replaced_by_id is not None:
        raise RegisterFault(_("这一条已有新版，请在新版上修改。"))
    if from_on <= entry.from_on:
        raise RegisterFault(
            _("新版的生效日期要晚于现行版的生效日期(%s)。") % day_words(entry.from_on), "from_on"
        )


def check_can_end(entry: Entry, until_on: date) -> None:
    if entry.replaced_by_id is not None or entry.end_reason:
        raise RegisterFault(_("这一条已经停用。"))
    if until_on <= entry.from_on:
        raise RegisterFault(
            _("停用日期要晚于生效日期(%s)。") % day_words(entry.from_on), "until_on"
        )
    if entry.until_on is not None and until_on > entry.until_on:
        raise RegisterFault(
            _("这一条到 %s 本来就结束，不能往后延；要延长请换新版。") % day_words(entry.until_on),
            "until_on",
        )


def check_can_review(entry: Entry, reviewed_on: date, on: date) -> None:
    if reviewed_on > on:
        raise RegisterFault(_("复核日期不能晚于今天。"), "reviewed_on")
    if not entry.holds_on(reviewed_on):
        raise RegisterFault(_("复核日期不在这一条的有效期内。"), "reviewed_on")
    if entry.reviews.filter(reviewed_on=reviewed_on).exists():
        raise RegisterFault(_("这一天已经复核过。"), "reviewed_on")
