"""What stands below a place, each with its own figure: the list that boards and opened figures share."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from gongyu.ground.places.models import Place

from .figures import Figure


@dataclass(frozen=True, slots=True)
class BelowRow:
    name: str
    url: str
    figure: Figure | None
    note: str = ""


class BrokenDown:
    """A page that has a list of places below its own."""

    __slots__ = ()

    place: Place
    below: list[BelowRow]
    below_word: str

    @property
    def below_title(self) -> str:
        return _("各%(kind)s") % {"kind": self.below_word}

    @property
    def classes_stay_inside(self) -> bool:
        """Whether the classes' figures are all kept from this reader."""
        found = self.with_figures
        return (
            self.place.kind == Place.Kind.SCHOOL
            and bool(found)
            and all(r.figure.hidden for r in found)
        )

    @property
    def with_figures(self) -> list[BelowRow]:
        return [row for row in self.below if row.figure is not None]

    @property
    def without_figures(self) -> list[BelowRow]:
        return [row for row in self.below if row.figure is None]
