"""Which schools could use help, and which help: from the same figures, never as a ranking."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongyu.ground.places.models import Containment, Place
from gongyu.ground.prepared import prepared
from gongyu.plan.model import Plan

from .duties import current_plan, rule_on
from .models import STATE_FIELDS, Figure, Refresh
from .publishing import current_refresh, hidden_cells_of
from .reasons import help_words
from .stored_states import query_states, stored_states

VISITS = "homeroom-visit-each-student"
CLASS_TEACHERS = "homeroom-and-subject-duties"
VISITING_RULES = "home-visit-system"
_OPEN = ("in_progress", "at_risk")
OPEN_DAY = "open-day"
_OPEN_DAY_HELP = {"missed": "open_day_missed", "at_risk": "open_day_soon"}
# Before so many weeks have passed a pace says nothing.
_FIRST_WEEKS = 6


@dataclass(frozen=True, slots=True)
class SchoolHelp:
    """A school, its district, and what would help; `why` is all reasons in one text."""

    place_id: int
    name: str
    district: str
    reasons: tuple[str, ...]

    @property
    def why(self) -> str:
        return "；".join(self.reasons)


def schools_needing_help(place_id: int) -> list[SchoolHelp]:
    """The schools below a place that could use help, by district and code. Counts about children
    are told only where the school's figure may show them."""
    refresh = current_refresh()
    if refresh is None:
        return []
    plan = current_plan()
    schools = set(_schools_in(place_id, refresh.as_of))
    reasons: dict[int, list[str]] = defaultdict(list)
    for found in (
        _slow_visits(refresh, plan, schools),
        _classes_without_teacher(refresh, plan, schools),
        _visiting_rules(refresh, plan, schools),
        _open_days(refresh, plan, schools),
    ):
        for school, words in found:
            reasons[school].append(words)
    return _in_order(reasons, refresh.as_of)


@prepared
def _schools_in(place_id: int, day: date):
    inside = Containment.objects.on(day).filter(ancestor=place_id, place_kind=Place.Kind.SCHOOL)
    return inside.values_list("place_id", flat=True)


@prepared
def _figures_of(refresh_id: int, duty: str, period_key: str, schools: set[int]):
    return Figure.objects.filter(
        refresh=refresh_id,
        duty=duty,
        period_key=period_key,
        place_kind=Place.Kind.SCHOOL,
        place__among=schools,
    )


def _slow_visits(refresh: Refresh, plan: Plan, schools: set[int]) -> Iterator[tuple[int, str]]:
    """Schools whose open visits would not be done by the year's end at the pace so far."""
    rule = _rule(plan, VISITS, refresh.as_of)
    if rule is None:
        return
    day = refresh.as_of.toordinal()
    past, left = (day - rule.first) // 7, (rule.until - day) // 7
    if past < _FIRST_WEEKS or left < 1:
        return
    minimum = plan.disclosure.district_minimum
    for row in _figures_of(refresh.pk, VISITS, rule.period_key, schools):
        hidden = hidden_cells_of(row, plan.duty(VISITS))
        if "met" in hidden or "subjects" in hidden:
            continue
        still_open = _open_at_most(row, hidden)
        if still_open >= minimum and still_open * past > row.met * left:
            kind = "visits_at_most" if set(_OPEN) & set(hidden) else "visits"
            pace = round(row.met / past)
            yield row.place_id, help_words(kind, open=still_open, weeks=left, pace=pace)


def _open_at_most(row: Figure, hidden: tuple[str, ...]) -> int:
    """The visits still open; where their number is hidden, reckoned from the shown cells alone, as
    if all that is hidden were open: neither the words nor that they appear may tell more."""
    if not set(_OPEN) & set(hidden):
        return sum(getattr(row, state) for state in _OPEN)
    closed = (state for state in STATE_FIELDS if state not in _OPEN and state not in hidden)
    return row.subjects - sum(getattr(row, state) for state in closed)


def _classes_without_teacher(
    refresh: Refresh, plan: Plan, schools: set[int]
) -> Iterator[tuple[int, str]]:
    for school, code, classes in _states(
        refresh,
        plan,
        CLASS_TEACHERS,
        "SELECT school_id, reason, COUNT(*) FROM states JOIN levels USING (place_id) "
        "WHERE state IN ('missed', 'unknown') AND school_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2",
    ):
        if school in schools:
            kind = "no_teacher" if code == "nobody_in_post" else "no_teacher_recorded"
            yield school, help_words(kind, classes=classes)


def _visiting_rules(refresh: Refresh, plan: Plan, schools: set[int]) -> Iterator[tuple[int, str]]:
    for school, code in _states(
        refresh,
        plan,
        VISITING_RULES,
        "SELECT subject_id, reason FROM states WHERE reason <> 'in_force' ORDER BY 1",
    ):
        if school in schools:
            yield school, help_words(code)


def _open_days(refresh: Refresh, plan: Plan, schools: set[int]) -> Iterator[tuple[int, str]]:
    for school, state, code in _states(
        refresh,
        plan,
        OPEN_DAY,
        "SELECT subject_id, state, reason FROM states WHERE state IN ('missed', 'at_risk') "
        "OR (state IN ('unknown', 'in_progress') AND reason = 'no_word_yet') ORDER BY 1",
    ):
        if school in schools:
            no_word = code == "no_word_yet"
            yield school, help_words("open_day_no_word" if no_word else _OPEN_DAY_HELP[state])


def _rule(plan: Plan, duty_id: str, day: date):
    if not plan.has_duty(duty_id) or not plan.duty(duty_id).built:
        return None
    return rule_on(plan.duty(duty_id), day, plan)


def _states(refresh: Refresh, plan: Plan, duty_id: str, query: str) -> list[tuple]:
    rule = _rule(plan, duty_id, refresh.as_of)
    stored = stored_states(refresh, duty_id, rule.period_key) if rule else None
    return query_states(stored, query, []) if stored else []


def _in_order(reasons: dict[int, list[str]], day: date) -> list[SchoolHelp]:
    if not reasons:
        return []
    districts = dict(_districts_of(list(reasons), day))
    names = dict(_districts_named(set(districts.values()), day))
    schools = _places(list(reasons))
    ordered = sorted(schools, key=lambda school: (districts.get(school.pk, ""), school.code))
    return [
        SchoolHelp(
            school.pk,
            school.name,
            names.get(districts.get(school.pk, ""), ""),
            tuple(reasons[school.pk]),
        )
        for school in ordered
    ]


@prepared
def _districts_of(schools: list[int], day: date):
    above = Containment.objects.on(day).filter(
        place__among=schools, ancestor_kind=Place.Kind.DISTRICT
    )
    return above.values_list("place_id", "ancestor__code")


@prepared
def _districts_named(codes: set[str], day: date):
    named = Place.objects.on(day).filter(kind=Place.Kind.DISTRICT, code__among=codes)
    return named.values_list("code", "name")


@prepared
def _places(ids: list[int]):
    return Place.objects.filter(pk__among=ids)
