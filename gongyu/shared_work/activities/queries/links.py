"""What a family's link opens today, and the slips that carry links home."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongyu.ground.people.models import Child
from gongyu.ground.places.models import Place
from gongyu.shared_work.family_links import tokens
from gongyu.shared_work.family_links.carers import (
    CarerChoice,
    carers_of_families,
    cares_for_all,
    households,
    masked,
)

from ..kinds import KINDS
from ..models import Activity, Booking, FamilyLink, Slot
from .audience import children_of
from .bookings import live_booking_of, place_in_queue, slots_to_choose

_PURPOSE = "activity"


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """What the family's page shows, and no more: names with the middle hidden."""

    activity: Activity
    greeting: str
    school: str
    children: list[str]
    booking: Booking | None
    ahead: int
    slots: list[Slot]
    open_until: date | None  # None: no more booking or changing by oneself
    moved: bool


@dataclass(frozen=True, slots=True)
class Slip:
    """One family's slip: its children of the class, its carer, the link's token (None: none)."""

    names: str
    carer: CarerChoice | None
    others: list[CarerChoice]
    child_id: int
    token: str | None


def new_token(carer_id: int, salt: str) -> str:
    """The token follows the carer and the salt alone, so that it stays when an activity moves."""
    return tokens.token_for(_PURPOSE, carer_id, salt)


def digest_of(token: str) -> str:
    return tokens.digest_of(_PURPOSE, token)


def open_link(token: str, on: date) -> FamilyLink | None:
    """The link behind a token, as long as its carer cares for every child of it and is barred from
    none, until a week after the activity. Five SQL queries."""
    rows = FamilyLink.objects.filter(token_digest=digest_of(token))
    link = rows.select_related("activity__school", "activity__organiser").first()
    if link is None or link.activity.close_by < on:
        return None
    family = [child.pk for child in link.children.all()]
    return link if cares_for_all(link.carer_id, family, on) else None


def children_invited(link: FamilyLink, on: date) -> dict[int, int]:
    """{child id: class id} of the link's children who are in a class of the audience today."""
    here = children_of(link.activity.audience.values_list("class_place", flat=True), on)
    family = link.children.values_list("pk", flat=True)
    return {pk: here[pk] for pk in family if pk in here}


def family_page(token: str, on: date, moment: datetime) -> FamilyPage | None:
    """The page behind a token, or None where the token opens nothing today."""
    link = open_link(token, on)
    if link is None:
        return None
    activity = link.activity
    children = children_invited(link, on)
    if not children:
        return None
    booking = live_booking_of(activity.pk, children)
    bookable = activity.status == "invited" and activity.starts_at > moment
    return FamilyPage(
        activity=activity,
        greeting=activity.about or str(KINDS[activity.kind].greeting),
        school=activity.organiser.name,
        children=[masked(child.name) for child in Child.objects.filter(pk__in=children)],
        booking=booking,
        ahead=place_in_queue(booking) if booking and booking.status == "waiting" else 0,
        slots=slots_to_choose(activity, moment) if bookable else [],
        open_until=activity.book_until if bookable and on <= activity.book_until else None,
        moved=activity.replaces_id is not None,
    )


def slips_of_class(activity: Activity, place: Place, on: date) -> list[Slip]:
    """One slip for each family with a child in the class; the token of its first carer who has one.
    Twelve SQL queries, however many families."""
    everybody = children_of(activity.audience.values_list("class_place", flat=True), on)
    families = [
        family
        for family in households(everybody, on)
        if any(everybody[child] == place.pk for child in family)
    ]
    carers = carers_of_families({family[0]: list(family) for family in families}, on)
    links = _links_of(activity, {child for family in families for child in family})
    names = dict(Child.objects.filter(pk__in=everybody).values_list("pk", "name"))
    return [
        _slip(
            family,
            [names[child] for child in family if everybody[child] == place.pk],
            carers[family[0]],
            links,
        )
        for family in families
    ]


def _slip(
    family: tuple[int, ...],
    names: list[str],
    carers: list[CarerChoice],
    links: dict[tuple[int, int], FamilyLink],
) -> Slip:
    held = [
        (carer, links[carer.carer_id, child])
        for carer in carers
        for child in family
        if (carer.carer_id, child) in links
    ]
    first = held[0] if held else None
    have = {carer.carer_id for carer, _link in held}
    return Slip(
        names="、".join(names),
        carer=first[0] if first else (carers[0] if carers else None),
        others=[carer for carer in carers if carer.carer_id not in have],
        child_id=family[0],
        token=new_token(first[0].carer_id, first[1].salt) if first else None,
    )


def _links_of(activity: Activity, child_ids: Iterable[int]) -> dict[tuple[int, int], FamilyLink]:
    rows = FamilyLink.children.through.objects.filter(
        familylink__activity=activity, child__in=list(child_ids)
    ).select_related("familylink")
    return {(row.familylink.carer_id, row.child_id): row.familylink for row in rows}
