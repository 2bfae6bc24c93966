"""What a device is given: the classes, the pupils by token, and what each form says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.staff.naming import by_name

from . import rules
from .declared import Choice, Note, OfflineForm, Sealing, declared, plain
from .models import Kit, Receipt
from .tokens import sealing


@dataclass(frozen=True, slots=True)
class KitRow:
    """A kit as its owner sees it."""

    kit: Kit
    received: int


def kits_of(actor: Actor | None, at: datetime) -> list[KitRow]:
    """The own kits of the last month, newest first. Two SQL queries."""
    kits = list(
        rules.kits_visible_to(actor)
        .filter(opened_at__gte=at - rules.RECEIPTS_KEPT)
        .order_by("-opened_at", "-pk")
    )
    keys = list(Receipt.objects.filter(kit__in=kits).values_list("kit_id", flat=True))
    return [KitRow(kit, keys.count(kit.pk)) for kit in kits]


def kit_with(actor: Actor | None, code: str) -> Kit | None:
    return rules.kits_visible_to(actor).filter(code=code).first()


def classes_of(actor: Actor | None, on: date) -> list[SchoolClass]:
    """The classes that go on the device."""
    return list(
        SchoolClass.objects.filter(place__in=rules.classes_kept(actor, on))
        .select_related("place", "school")
        .order_by("school__name", "grade", "number")
    )


def package(kit: Kit, classes: list[SchoolClass], on: date, actor: Actor) -> dict[str, Any]:
    """Everything that the device keeps, as the browser reads it: names of pupils, tokens instead
    of numbers, codes, and no word of a case, an address, a telephone or a carer's name."""
    forms = declared()
    sealed = sealing(kit.code)
    return {
        "packed": localtime(kit.packed_at).isoformat(),
        "forms": [_form(form) for form in forms],
        "classes": [_class(one, forms, on, actor, sealed) for one in classes],
    }


def keys_received(kit: Kit) -> frozenset[str]:
    return frozenset(Receipt.objects.filter(kit=kit).values_list("key", flat=True))


def _form(form: OfflineForm) -> dict[str, Any]:
    return {
        "code": form.code,
        "title": str(form.title),
        "button": str(form.button),
        "warning": str(form.warning),
        "questions": [plain(question) for question in form.questions],
        "alarm": asdict(form.alarm) if form.alarm else None,
    }


def _class(
    one: SchoolClass, forms: list[OfflineForm], on: date, actor: Actor, sealed: Sealing
) -> dict[str, Any]:
    rows = Enrolment.objects.on(on).filter(school_class=one.place_id).order_by("pk")
    found = rows.values_list("child_id", "child__name")
    names = dict(by_name(found, lambda pair: pair[1]))
    notes: dict[str, Mapping[int, Note]] = {}
    for form in forms:
        if form.notes is not None:
            notes[form.code] = form.notes(one.place_id, on, actor, sealed)
        elif form.beside:
            notes[form.code] = {pk: Note() for pk, n in notes[form.beside].items() if n.open}
        else:
            notes[form.code] = {pk: Note() for pk in names}
    first = _first(notes)
    ids = sorted(names, key=lambda pk: first.get(pk, len(first)))
    return {
        "name": one.place.name,
        "school": one.school.name,
        "pupils": [_pupil(pk, names[pk], notes, sealed) for pk in ids],
    }


def _first(notes: Mapping[str, Mapping[int, Note]]) -> dict[int, int]:
    """Those whom a form puts first, in its order; the others follow by name."""
    order = [pk for of in notes.values() for pk, note in of.items() if note.open]
    return {pk: place for place, pk in enumerate(dict.fromkeys(order))}


def _pupil(
    pk: int, name: str, notes: Mapping[str, Mapping[int, Note]], sealed: Sealing
) -> dict[str, Any]:
    own = {code: of[pk] for code, of in notes.items() if pk in of}
    return {
        "token": sealed("child", pk),
        "name": name,
        "open": any(note.open for note in own.values()),
        "lines": [line for note in own.values() for line in note.lines],
        "forms": {
            code: {
                "seen": note.seen,
                "options": {q: [_choice(c) for c in cs] for q, cs in note.options.items()},
            }
            for code, note in own.items()
        },
    }


def _choice(choice: Choice) -> dict[str, str]:
    return {"value": choice.value, "label": str(choice.label)}
