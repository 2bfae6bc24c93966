"""Which children a carer sees today, who prints codes for whom, and who checks numbers."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    CODE_PRINT,
    CODE_PRINT_VILLAGE,
    NUMBER_CHECK,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Bar, Care, Carer, Child, Enrolment
from gongyu.ground.places.models import Place

from .models import NumberDoubt

Kind = Place.Kind


class CodeRefused(ValueError):
    """What cannot be done with a code, why, and how to mend it."""


def cares_visible(on: date) -> QuerySet[Care]:
    """Who sees which child today: everybody who cares for it and is not barred in any way, from
    contact or from information. Whoever is barred finds nothing at all."""
    barred = Bar.objects.on(on).filter(child=OuterRef("child"), carer=OuterRef("carer"))
    return Care.objects.on(on).filter(~Exists(barred))


def carers_to_let_in(on: date) -> QuerySet[Carer]:
    """Carers who would see at least one child today."""
    return Carer.objects.filter(pk__in=cares_visible(on).values("carer"))


def open_doubts() -> QuerySet[NumberDoubt]:
    """Numbers set aside that the roster still holds, and slips that reached somebody else. A number
    that was changed since needs no more checking."""
    still = Q(phone_digest="") | Q(carer__phone_digest=F("phone_digest"))
    return NumberDoubt.objects.filter(still, settled_at__isnull=True)


def may_print_in(actor: Actor | None, place: Place, on: date) -> bool:
    """A class teacher for the class; a children's director for the village."""
    permission = {Kind.CLASS: CODE_PRINT, Kind.COMMUNITY: CODE_PRINT_VILLAGE}.get(place.kind)
    return permission is not None and may(actor, permission, place.pk, on)


def children_of_place(place: Place, on: date) -> QuerySet[Child]:
    """The children of a class today, or those who live in a village and are enrolled somewhere."""
    enrolled = Enrolment.objects.on(on)
    if place.kind == Kind.CLASS:
        return Child.objects.filter(
            pk__in=enrolled.filter(school_class=place).values("child")
        ).order_by("pk")
    living = Child.objects.filter(home=place, pk__in=enrolled.values("child"))
    return living.order_by("pk")


def places_to_print(actor: Actor | None, on: date) -> QuerySet[Place]:
    """The classes and villages in which the actor prints codes."""
    classes = places_with(actor, CODE_PRINT, kind=Kind.CLASS, on=on)
    villages = places_with(actor, CODE_PRINT_VILLAGE, kind=Kind.COMMUNITY, on=on)
    return Place.objects.filter(Q(pk__in=classes) | Q(pk__in=villages)).order_by("kind", "name")


def checks_numbers(actor: Actor | None) -> bool:
    return holds(actor, NUMBER_CHECK)


def doubts_visible_to(actor: Actor | None, on: date) -> QuerySet[NumberDoubt]:
    """Open doubts about carers of children in the classes whose numbers the actor checks."""
    classes = places_with(actor, NUMBER_CHECK, kind=Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(school_class__in=classes).values("child")
    cares = Care.objects.on(on).filter(child__in=here).values("carer")
    return open_doubts().filter(carer__in=cares)


def may_see_doubt(actor: Actor | None, doubt: NumberDoubt, on: date) -> bool:
    """True exactly for `doubts_visible_to`."""
    if not open_doubts().filter(pk=doubt.pk).exists():
        return False
    children = Care.objects.on(on).filter(carer=doubt.carer_id).values("child")
    classes = Enrolment.objects.on(on).filter(child__in=children)
    return any(
        may(actor, NUMBER_CHECK, class_id, on)
        for class_id in classes.values_list("school_class", flat=True)
    )


def check_can_print(carer_id: int, child: Child, on: date) -> None:
    """Raises CodeRefused where the carer does not care for the child today or is barred."""
    if not cares_visible(on).filter(child=child, carer=carer_id).exists():
        raise CodeRefused(_("这位照护人今天不能领取登录码。请核对名册。"))
