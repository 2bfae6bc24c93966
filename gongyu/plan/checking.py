"""The whole check of a plan's folder: every fault with its file, line, key and cure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .calendar_checks import check_calendar
from .duty_checks import check_duties
from .faults import Fault
from .folder import PlanFolder, read_folder
from .names import check_names, names_of
from .number_checks import check_numbers
from .text_checks import check_text
from .vocabulary import EVALUATORS


def check_plan(folder: Path | str, evaluators: Mapping[str, str] | None = None) -> list[Fault]:
    """Every fault of the plan in this folder, in the order of its files and lines; [] when sound.

    Files, keys and types come first: what the plan says is checked once its shape is sound.
    `evaluators` (name → shape) are those that exist; by default one for each shape.
    """
    contents, faults = read_folder(Path(folder))
    if contents is None:
        return sorted(set(faults))
    return check_contents(contents, evaluators)


def check_contents(
    contents: PlanFolder, evaluators: Mapping[str, str] | None = None
) -> list[Fault]:
    """The faults of what the files say, their shape being sound."""
    names = names_of(contents)
    known = EVALUATORS if evaluators is None else evaluators
    return sorted(
        {
            *check_names(contents),
            *check_text(contents, names),
            *check_duties(contents, names, known),
            *check_numbers(contents, names),
            *check_calendar(contents.calendar),
        }
    )
