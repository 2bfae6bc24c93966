"""Carers as a registrar keeps them: add, change a telephone, take back a slip. Each with its audit
row; the days of care and of bars are changed in `actions`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.naming import initials

from . import rules_keeping as rules
from .actions import add_care
from .models import Bar, Care, Carer, Child
from .queries_keeping import carer_known
from .roster.known import CARER_ID, CARER_PHONE


@dataclass(frozen=True, slots=True)
class Person:
    """A carer as typed in, with normalised numbers; both numbers may be missing."""

    name: str
    phone: str = ""
    id_number: str = ""

    @property
    def id_digest(self) -> str | None:
        return digest(CARER_ID, self.id_number) if self.id_number else None

    @property
    def phone_digest(self) -> str:
        return digest(CARER_PHONE, self.phone) if self.phone else ""


@transaction.atomic
def add_carer(
    child: Child,
    person: Person,
    relation: str,
    from_on: date,
    *,
    by: Actor,
    is_guardian: bool = False,
    is_daily_carer: bool = False,
) -> Care:
    """Somebody begins to care for a child. Whoever cares for a brother or sister already is the
    same person, found by ID number, or by name and telephone. Raises PeopleRefused."""
    Child.objects.select_for_update().get(pk=child.pk)
    known = carer_known(person.name, person.id_digest, person.phone_digest)
    rules.check_person(child.pk, known, person.name, from_on, has_number=bool(person.id_number))
    return add_care(
        child,
        known or _new_carer(person),
        relation,
        from_on,
        is_guardian=is_guardian,
        is_daily_carer=is_daily_carer,
        by=by,
    )


@transaction.atomic
def change_phone(carer: Carer, child: Child, phone: str, other_phone: str, *, by: Actor) -> Carer:
    """Change the telephone numbers of a carer, for all the children in this care."""
    held = Carer.objects.select_for_update().get(pk=carer.pk)
    fields = {"phone": phone, "other_phone": other_phone}
    changed = sorted(name for name, value in fields.items() if getattr(held, name) != value)
    if not changed:
        return held
    held.phone, held.other_phone = phone, other_phone
    held.phone_digest = digest(CARER_PHONE, phone) if phone else ""
    held.save(update_fields=["phone", "other_phone", "phone_digest"])
    audit.record(
        "carer.change",
        by=by,
        subject=("child", child.pk),
        detail={"carer": held.pk, "fields": changed},
    )
    return held


@transaction.atomic
def take_back_care(care: Care, on: date, *, by: Actor, why: str) -> None:
    """Take back a care entered by mistake. Raises PeopleRefused."""
    held = Care.objects.select_for_update().get(pk=care.pk)
    rules.check_can_take_back(held, on)
    audit.record(
        "care.take_back",
        by=by,
        subject=("child", held.child_id),
        why=why,
        detail={
            "care": held.pk,
            "carer": held.carer_id,
            "relation": held.relation,
            "guardian": int(held.is_guardian),
            "daily": int(held.is_daily_carer),
            **_days(held),
        },
    )
    held.delete()


@transaction.atomic
def take_back_bar(bar: Bar, on: date, *, by: Actor, why: str) -> None:
    """Take back a bar entered by mistake. Raises PeopleRefused."""
    held = Bar.objects.select_for_update().get(pk=bar.pk)
    rules.check_can_take_back(held, on)
    audit.record(
        "bar.take_back",
        by=by,
        subject=("child", held.child_id),
        why=why,
        detail={
            "bar": held.pk,
            "carer": held.carer_id,
            "contact": int(held.contact),
            "information": int(held.information),
            **_days(held),
        },
    )
    held.delete()


def _new_carer(person: Person) -> Carer:
    return Carer.objects.create(
        name=person.name,
        initials=initials(person.name),
        id_number=person.id_number,
        id_digest=person.id_digest,
        phone=person.phone,
        phone_digest=person.phone_digest,
    )


def _days(row: Care | Bar) -> dict[str, str]:
    until = row.until_on.isoformat() if row.until_on else ""
    return {"from": row.from_on.isoformat(), "until": until}
