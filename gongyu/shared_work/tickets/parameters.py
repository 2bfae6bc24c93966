"""The limits that tickets are counted by: the plan's readings, each with the document it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from gongyu.plan import load_plan

LAWFUL, OWN = "P19", "P20"
# Which reading sets which clock.
_READING_OF = {"accept": LAWFUL, "handle": LAWFUL, "take": OWN, "reopen": OWN}


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days, working or calendar ones, and what sets them. `is_own`: no document sets it, it
    is a parameter of ours and is shown as one. `is_stricter`: a district's, by its own document."""

    clock: str
    days: int
    unit: str
    source: str
    is_own: bool = False
    is_stricter: bool = False


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """The most days by which a round may be extended, in all."""

    most_days: int
    unit: str
    source: str


def limit_of(clock: str) -> Limit:
    """The plan's own limit of a clock: accept, handle, take or reopen."""
    reading = load_plan(settings.PLAN_FOLDER).reading(_READING_OF[clock])
    found = reading.parameters
    article = found.get(f"{clock}_article", "")
    return Limit(
        clock=clock,
        days=found[f"{clock}_days"],
        unit=found[f"{clock}_unit"],
        source=f"{reading.source.title}{article}",
        is_own=reading.source.kind == "decision",
    )


def extension_rule() -> ExtensionRule:
    reading = load_plan(settings.PLAN_FOLDER).reading(LAWFUL)
    found = reading.parameters
    return ExtensionRule(
        most_days=found["extension_days"],
        unit=found["extension_unit"],
        source=f"{reading.source.title}{found['extension_article']}",
    )


def amber_days() -> int:
    """How many days before the end a clock turns amber."""
    return load_plan(settings.PLAN_FOLDER).reading(OWN).parameters["amber_days"]
