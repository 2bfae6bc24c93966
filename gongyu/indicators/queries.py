"""What pages ask of the figures: boards, figures, rows behind them, trends, states of a class.

Counts come with `exact=True` only for readers inside the school; every other reader gets them with
small cells and their complements left out, which is the default.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from gongyu.ground.places.models import Containment
from gongyu.ground.prepared import prepared
from gongyu.plan.model import Duty

from . import live
from .duties import current_plan, rule_on
from .models import STATE_FIELDS, Figure, Refresh
from .publishing import COUNTED, current_refresh, hidden_cells_of
from .reasons import reason_words
from .rule import Rule
from .school_help import SchoolHelp, schools_needing_help
from .state_rows import Row, rows

__all__ = [
    "ChildState",
    "DutyFigure",
    "Gap",
    "Row",
    "RuleWords",
    "SchoolHelp",
    "TrendPoint",
    "board",
    "child_state",
    "class_gaps",
    "class_states",
    "current_refresh",
    "figure",
    "figures_below",
    "refresh_on",
    "rows",
    "rule_words",
    "school_state",
    "schools_needing_help",
    "trend",
]

VISITS = "homeroom-visit-each-student"
CLASS_TEACHERS = "homeroom-and-subject-duties"


@dataclass(frozen=True, slots=True)
class DutyFigure:
    """One duty in one place. `counts` has the states that may be shown; those in `hidden` are too
    small, or would give a small one away. `subjects` (all of them together) and `tally` are None
    where they are hidden.

    `built` is False for a duty that no evaluator answers yet: then nothing is counted at all.
    """

    duty: str
    period_key: str
    place_id: int
    place_kind: str
    as_of: date | None
    ledger_seq: int
    counts: dict[str, int] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    subjects: int | None = 0
    tally: int | None = 0
    built: bool = True

    @property
    def suppressed(self) -> bool:
        """Whether anything at all is hidden."""
        return bool(self.hidden) or self.subjects is None

    @property
    def counted(self) -> int | None:
        """The subjects of which the duty is asked and known; None where a part is hidden."""
        if any(state in self.hidden for state in COUNTED):
            return None
        return sum(self.counts.get(state, 0) for state in COUNTED)

    @property
    def share(self) -> float | None:
        """Met among those of which the duty is asked and known, 0 to 1; None where none can be
        said."""
        counted = self.counted
        return self.counts.get("met", 0) / counted if counted else None

    @property
    def counted_at_most(self) -> int | None:
        """`counted` where it can be said; otherwise, from what is shown alone, how many they are
        at the most: all that is hidden might be asked for. None where nothing can be said."""
        if self.counted is not None or self.subjects is None:
            return self.counted
        return self.subjects - sum(n for state, n in self.counts.items() if state not in COUNTED)

    @property
    def share_at_least(self) -> float | None:
        """What the share is at the least; the share itself where nothing of it is hidden."""
        counted = self.counted_at_most
        return self.counts["met"] / counted if counted and "met" in self.counts else None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A figure as of a day, as it was known when it was computed."""

    as_of: date
    counts: dict[str, int]
    hidden: tuple[str, ...]
    subjects: int | None
    tally: int | None
    share: float | None

    @property
    def suppressed(self) -> bool:
        return bool(self.hidden) or self.subjects is None


@dataclass(frozen=True, slots=True)
class ChildState:
    """Where a child stands: `reason` in words, `code` for programs; `visits` are those that count."""

    state: str
    reason: str
    code: str
    visits: int
    fact_seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which a class had no class teacher, the last one not included."""

    class_id: int
    from_on: date
    until_on: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a figure rests on, in parts for a page."""

    quote: str
    sentence: str
    reading: str
    threshold: str
    threshold_source: str
    exceptions: tuple[str, ...]
    readings: tuple[tuple[str, str, str], ...]  # question, decision, source


def refresh_on(day: date) -> Refresh | None:
    """The newest refresh as of this very day, month ends included."""
    return Refresh.objects.filter(finished_at__isnull=False, as_of=day).order_by("-pk").first()


def board(place_id: int, *, exact: bool = False) -> list[DutyFigure]:
    """The plan's numbers (those not built yet say so) and every other built duty, in the order of
    the text; empty before the first refresh."""
    refresh = current_refresh()
    if refresh is None:
        return []
    plan = current_plan()
    found = {(row.duty, row.period_key): row for row in _figures_at(refresh.pk, place_id)}
    duties = [duty for duty in plan.duties if duty.is_number or duty.built]
    figures = []
    for duty in duties:
        rule = rule_on(duty, refresh.as_of, plan) if duty.built else None
        key = rule.period_key if rule else ""
        row = found.get((duty.id, key))
        if row is not None:
            figures.append(_shown(row, refresh, duty, exact))
        else:
            figures.append(_nothing(duty, key, place_id, refresh))
    return figures


def figure(
    duty_id: str,
    period_key: str,
    place_id: int,
    *,
    exact: bool = False,
    refresh: Refresh | None = None,
) -> DutyFigure | None:
    """One figure; zeros for a place without subjects; None where the duty was not evaluated in the
    period, or never."""
    refresh = refresh or current_refresh()
    plan = current_plan()
    if refresh is None or not plan.has_duty(duty_id) or not plan.duty(duty_id).built:
        return None
    duty = plan.duty(duty_id)
    row = next(iter(_figure_at(refresh.pk, duty_id, period_key, place_id)), None)
    if row is not None:
        return _shown(row, refresh, duty, exact)
    same = Figure.objects.filter(refresh=refresh, duty=duty_id, period_key=period_key)
    if same.exists() or _is_current_key(duty, period_key, refresh):
        return _nothing(duty, period_key, place_id, refresh)
    return None


@prepared
def _figures_at(refresh_id: int, place_id: int):
    return Figure.objects.filter(refresh=refresh_id, place=place_id)


@prepared
def _figure_at(refresh_id: int, duty: str, period_key: str, place_id: int):
    return Figure.objects.filter(
        refresh=refresh_id, duty=duty, period_key=period_key, place=place_id
    )


@prepared
def _figures_below(refresh_id: int, duty: str, period_key: str, place_id: int, kind: str):
    inside = Containment.objects.filter(ancestor=place_id, place_kind=kind)
    return Figure.objects.filter(
        refresh=refresh_id,
        duty=duty,
        period_key=period_key,
        place_kind=kind,
        place_id__in=inside.values("place"),
    ).order_by("place__code")


@prepared
def _figures_at_month_ends(
    duty: str, period_key: str, place_id: int, plan_version: str, first: date, before: date
):
    return (
        Figure.objects.filter(
            duty=duty,
            period_key=period_key,
            place=place_id,
            refresh__purpose=Refresh.Purpose.MONTH_END,
            refresh__plan_version=plan_version,
            refresh__as_of__gte=first,
            refresh__as_of__lt=before,
            refresh__finished_at__isnull=False,
        )
        .select_related("refresh")
        .order_by("refresh__as_of")
    )


def _is_current_key(duty: Duty, period_key: str, refresh: Refresh) -> bool:
    rule = rule_on(duty, refresh.as_of, current_plan())
    return rule is not None and rule.period_key == period_key


def figures_below(
    duty_id: str, period_key: str, place_id: int, kind: str, *, exact: bool = False
) -> list[DutyFigure]:
    """The figures of the places of a kind below a place, in the order of their codes: never by
    their size. Places without subjects have none."""
    refresh = current_refresh()
    plan = current_plan()
    if refresh is None or not plan.has_duty(duty_id):
        return []
    found = _figures_below(refresh.pk, duty_id, period_key, place_id, str(kind))
    return [_shown(row, refresh, plan.duty(duty_id), exact) for row in found]


def trend(duty_id: str, place_id: int, *, exact: bool = False) -> list[TrendPoint]:
    """The figure at each month's end of the running school year, and now; classes have none.

    Each point hides enough for itself: no other point, and no earlier day, fills its gaps in
    (docs/adr/0008).
    """
    refresh = current_refresh()
    plan = current_plan()
    if refresh is None or not plan.has_duty(duty_id) or not plan.duty(duty_id).built:
        return []
    duty = plan.duty(duty_id)
    rule = rule_on(duty, refresh.as_of, plan)
    if rule is None:
        return []
    found = _figures_at_month_ends(
        duty_id, rule.period_key, place_id, refresh.plan_version,
        date.fromordinal(rule.first), refresh.as_of,
    )  # fmt: skip
    figures = [_shown(row, row.refresh, duty, exact) for row in found]
    now = figure(duty_id, rule.period_key, place_id, exact=exact, refresh=refresh)
    return [_point(each) for each in (*figures, *([now] if now else []))]


def _point(each: DutyFigure) -> TrendPoint:
    assert each.as_of is not None, "every figure of a trend was computed on a day"
    return TrendPoint(each.as_of, each.counts, each.hidden, each.subjects, each.tally, each.share)


def _shown(row: Figure, refresh: Refresh, duty: Duty, exact: bool) -> DutyFigure:
    hidden = () if exact else hidden_cells_of(row, duty)
    return DutyFigure(
        duty=row.duty,
        period_key=row.period_key,
        place_id=row.place_id,
        place_kind=row.place_kind,
        as_of=refresh.as_of,
        ledger_seq=refresh.ledger_seq,
        counts={s: getattr(row, s) for s in STATE_FIELDS if s not in hidden},
        hidden=tuple(state for state in STATE_FIELDS if state in hidden),
        subjects=None if "subjects" in hidden else row.subjects,
        # The tally follows the states closely; where one of them is hidden it would tell.
        tally=None if hidden else row.tally,
    )


def _nothing(duty: Duty, key: str, place_id: int, refresh: Refresh) -> DutyFigure:
    return DutyFigure(
        duty=duty.id,
        period_key=key,
        place_id=place_id,
        place_kind="",
        as_of=refresh.as_of if duty.built else None,
        ledger_seq=refresh.ledger_seq,
        counts=dict.fromkeys(STATE_FIELDS, 0) if duty.built else {},
        built=duty.built,
    )


def class_states(class_id: int, on: date, duty_id: str = VISITS) -> dict[int, ChildState]:
    """{child id: where it stands with a duty over children}, read from the database as it is now,
    for the children who belong to the class on the day."""
    rule = _rule_of(duty_id, on)
    if rule is None:
        return {}
    rows = live.states_of_places(rule, on.toordinal(), [class_id])
    return {row.subject_id: _said(row) for row in rows}


def child_state(child_id: int, class_id: int, on: date, duty_id: str = VISITS) -> ChildState | None:
    """The same of one child of the class, without reading the others."""
    rule = _rule_of(duty_id, on)
    if rule is None:
        return None
    row = live.state_of_child(rule, on.toordinal(), class_id, child_id)
    return _said(row) if row is not None else None


def _rule_of(duty_id: str, on: date) -> Rule | None:
    plan = current_plan()
    if not plan.has_duty(duty_id) or not plan.duty(duty_id).built:
        return None
    return rule_on(plan.duty(duty_id), on, plan)


def _said(row: live.StateRow) -> ChildState:
    return ChildState(row.state, reason_words(row.reason), row.reason, row.tally, row.fact_seqs)


def school_state(school_id: int, on: date, duty_id: str) -> ChildState | None:
    """Where a school stands with a duty over schools, read from the database as it is now."""
    rule = _rule_of(duty_id, on)
    if rule is None:
        return None
    found = live.states_of_places(rule, on.toordinal(), [school_id])
    own = next((row for row in found if row.subject_id == school_id), None)
    return _said(own) if own is not None else None


def class_gaps(class_ids: list[int], on: date, duty_id: str = CLASS_TEACHERS) -> list[Gap]:
    """The days of the running school year on which these classes had no class teacher."""
    rule = _rule_of(duty_id, on)
    if rule is None:
        return []
    return [
        Gap(place, date.fromordinal(first), date.fromordinal(until))
        for place, first, until in live.gaps_of_classes(rule, on.toordinal(), class_ids)
    ]


def rule_words(duty_id: str) -> RuleWords:
    """Quote, reading, threshold and sources of a duty. Raises KeyError for an unknown one."""
    duty = current_plan().duty(duty_id)
    threshold = duty.threshold
    return RuleWords(
        quote=duty.quote,
        sentence=duty.sentence.text,
        reading=duty.reading_text,
        threshold=threshold.text if threshold else "",
        threshold_source=f"{threshold.source.citation} {threshold.article}" if threshold else "",
        exceptions=tuple(rule.title for rule in duty.exceptions),
        readings=tuple(
            (reading.question, reading.decision, reading.source.citation)
            for reading in duty.readings
        ),
    )
