"""Families of the matrix: printed codes, corrections, numbers in doubt, and their addresses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gongyu.ground.families import actions as families
from gongyu.ground.families.models import NumberDoubt
from gongyu.ground.families.queries import family_of
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.models import Place
from gongyu.records.m07_family_participation.actions import propose_correction
from tests.cast import CAST_DAY, CAST_MOMENT, Person

if TYPE_CHECKING:
    from tests.contracts.matrix_world import Things, World


def slip_to(place: Place, child: Child, carer: Carer, person: Person) -> dict:
    chosen = [(child.pk, carer.pk)]
    [made] = families.print_codes(place, chosen, on=CAST_DAY, at=CAST_MOMENT, by=person.actor)
    return {"pk": made.pk}


def correction_of(carer: Carer, child: Child) -> dict:
    family = family_of(carer.pk, CAST_DAY)
    made = propose_correction(
        family.ward(child.pk), "name", "另一个名字", key="m", at=CAST_MOMENT, by=family.actor
    )
    return {"pk": made.pk}


def doubt_about(carer: Carer) -> dict:
    made = NumberDoubt.objects.create(carer=carer, said="slip", said_at=CAST_MOMENT)
    return {"pk": made.pk}


# What hangs on what families have; what is asked of a child stands with the others.
FAMILY_THINGS: dict[str, Callable[[World], Things]] = {
    **dict.fromkeys(
        ["participation:withdraw", "corrections:answer"], lambda world: world.corrections
    ),
    **dict.fromkeys(
        [f"families:{step}" for step in ("leave", "bind", "back")],
        lambda world: {"no such provider": {"provider": "none"}},
    ),
    "family:feed": lambda world: {
        "right token": {"token": world.family_calendar_token},
        "wrong token": {"token": "-".join(["aaaa"] * 6)},
    },
    "families:enter": lambda world: {
        "right token": {"token": world.code_token},
        "wrong token": {"token": "-".join(["aaaa"] * 6)},
    },
    **dict.fromkeys([f"codes:{step}" for step in ("handed", "end")], lambda world: world.slips),
    "codes:keep-number": lambda world: world.doubts,
}
