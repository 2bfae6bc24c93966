"""How much a city holds: the whole city's numbers, and fractions of them that have names."""

from __future__ import annotations

from dataclasses import dataclass

SCHOOLS = 9_000
CLASSES = 110_000
CHILDREN = 4_600_000
GUARDIANS = 8_000_000
VISITS = 5_000_000

# Names for fractions; a number may be given in their place.
NAMED = {"city": 1.0, "tenth": 0.1, "hundredth": 0.01, "thousandth": 0.001}


class NotASize(ValueError):
    """Neither one of the names nor a fraction above 0 and up to 1."""


@dataclass(frozen=True)
class Size:
    """The counts of one simulated city. Units (districts, towns, communities) are always whole."""

    share: float
    schools: int
    classes: int
    children: int
    guardians: int
    visits: int


def size_of(text: str) -> Size:
    """The size by its name or as a fraction of the city. Raises NotASize."""
    try:
        share = NAMED[text] if text in NAMED else float(text)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        names = ", ".join(NAMED)
        raise NotASize(f"{text!r} is no size; write one of {names}, or a fraction such as 0.05.")
    return Size(
        share=share,
        schools=max(round(SCHOOLS * share), 9),
        classes=max(round(CLASSES * share), 110),
        children=max(round(CHILDREN * share), 4_600),
        guardians=max(round(GUARDIANS * share), 8_000),
        visits=max(round(VISITS * share), 5_000),
    )
