"""The rows behind a figure: they count to it, state by state, and come in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared

from .duties import current_plan
from .models import STATE_FIELDS, Figure, Refresh
from .publishing import current_refresh, hidden_cells_of
from .reasons import reason_words
from .rule import subject_type
from .stored_states import StoredStates, query_states, stored_states

PER_PAGE = 50
_LEVELS = {"class", "campus", "school", "community", "town", "district", "city"}


@dataclass(frozen=True, slots=True)
class Row:
    """One subject of a figure. `reason` in words, `code` for programs; `place_id` is the class or
    school where the subject belongs on the day; `subject_type` is child, staff or place."""

    subject_type: str
    subject_id: int
    place_id: int
    school_id: int | None
    state: str
    reason: str
    code: str
    tally: int


class _Rows(Sequence[Any]):
    """Stored rows, read as far as they are asked for."""

    def __init__(
        self, stored: StoredStates | None, kind: str, condition: str, params: list, total: int
    ):
        self.stored = stored
        self.kind = kind
        self.condition = condition
        self.params = params
        self.total = total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int):
            return self._read(index, 1)[0]
        first, last, _ = index.indices(self.total)
        return self._read(first, max(last - first, 0))

    def _read(self, offset: int, count: int) -> list[Row]:
        if count == 0 or self.stored is None:
            return []
        found = query_states(
            self.stored,
            "SELECT subject_id, place_id, school_id, state, reason, tally "  # noqa: S608
            f"FROM states LEFT JOIN levels USING (place_id) WHERE {self.condition} "
            "ORDER BY school_id, grade, place_id, subject_id LIMIT ? OFFSET ?",
            [*self.params, count, offset],
        )
        return [_row(self.kind, each) for each in found]


def _row(kind: str, found: tuple) -> Row:
    subject, place, school, state, code, tally = found
    return Row(kind, subject, place, school, state, reason_words(code), code, int(tally or 0))


def rows(
    duty_id: str,
    period_key: str,
    place_id: int,
    *,
    states: Sequence[str] = (),
    page: int | str = 1,
    per_page: int = PER_PAGE,
    exact: bool = False,
    refresh: Refresh | None = None,
) -> Page[Row]:
    """One page of the subjects behind a figure, by school, grade and class: never by their state.

    With `states` only those in these states. Without `exact` whatever the figure hides is not
    listed either. An unknown duty, period, place or state gives an empty page.
    """
    refresh = refresh or current_refresh()
    place = next(iter(_place(place_id)), None)
    asked = [state for state in STATE_FIELDS if not states or state in states]
    nothing = _Rows(None, "", "", [], 0)
    if refresh is None or place is None or place.kind not in _LEVELS or not asked:
        return Paginator(nothing, per_page).get_page(page)
    figure = next(iter(_figure_at(refresh.pk, duty_id, period_key, place_id)), None)
    stored = stored_states(refresh, duty_id, period_key)
    if figure is None or stored is None:
        return Paginator(nothing, per_page).get_page(page)
    duty = current_plan().duty(duty_id)
    hidden = () if exact else hidden_cells_of(figure, duty)
    shown = [state for state in asked if state not in hidden]
    # The levels are words of our own, so the column may be named in the text.
    condition = f"{place.kind}_id = ? AND list_contains(?, state)"
    total = sum(getattr(figure, state) for state in shown)
    found = _Rows(stored, subject_type(duty.subject), condition, [place_id, shown], total)
    return Paginator(found, per_page).get_page(page)


@prepared
def _place(place_id: int):
    return Place.objects.filter(pk=place_id)


@prepared
def _figure_at(refresh_id: int, duty: str, period_key: str, place_id: int):
    return Figure.objects.filter(
        refresh=refresh_id, duty=duty, period_key=period_key, place=place_id
    )
