"""Which duties of the plan are evaluated on a day, each in its period, as rules for the shapes."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from gongyu.ground.places.models import STAGES_OF
from gongyu.plan import load_plan
from gongyu.plan.model import Duty, Plan
from gongyu.plan.periods import Period, periods
from gongyu.plan.vocabulary import CALENDAR_PERIODS, STAGES_IN_GROUP

from .rule import Rule, Window

_FIRST_GROUP = "compulsory"


def current_plan() -> Plan:
    """The plan in force here, read once a process. Raises PlanError for one that is not sound."""
    return load_plan(settings.PLAN_FOLDER)


def rules_on(day: date, plan: Plan | None = None) -> list[Rule]:
    """The rules of every built duty on a day: in the period that runs, or ran last."""
    plan = plan or current_plan()
    rules = (rule_on(duty, day, plan) for duty in plan.built_duties)
    return [rule for rule in rules if rule is not None]


def earlier_rules_on(day: date, plan: Plan | None = None) -> list[Rule]:
    """The rules of the duties with periods in the period before the one that runs."""
    plan = plan or current_plan()
    rules = (
        rule_on(duty, day, plan, back=1)
        for duty in plan.built_duties
        if duty.period.kind in CALENDAR_PERIODS
    )
    return [rule for rule in rules if rule is not None]


def rule_on(duty: Duty, day: date, plan: Plan, back: int = 0) -> Rule | None:
    """The duty in the newest period begun by the day, or `back` periods before it; None where the
    calendar has none. A duty without periods is looked at within the school year of the day."""
    if not plan.has_duty(duty.id) or plan.duty(duty.id) is not duty:
        return _rule_on(duty, day, plan, back)
    key = (duty.id, day, back)
    kept = _KEPT_RULES.get(id(plan))
    if kept is None or kept[0] is not plan:
        if len(_KEPT_RULES) >= _MOST_PLANS:
            _KEPT_RULES.clear()
        kept = _KEPT_RULES[id(plan)] = (plan, {})
    rules = kept[1]
    if key not in rules:
        if len(rules) >= _MOST_RULES:
            rules.clear()
        rules[key] = _rule_on(duty, day, plan, back)
    return rules[key]


# A plan never changes, and every page with a number asks for the same few rules of the day. The
# plan is kept beside its rules, so that its id stays its own.
_KEPT_RULES: dict[int, tuple[Plan, dict[tuple[str, date, int], Rule | None]]] = {}
_MOST_PLANS, _MOST_RULES = 4, 4000


def _rule_on(duty: Duty, day: date, plan: Plan, back: int) -> Rule | None:
    has_periods = duty.period.kind in CALENDAR_PERIODS
    kind = duty.period.kind if has_periods else "school_year"
    found = _begun(plan, kind, _FIRST_GROUP, day)
    if len(found) <= back:
        return None
    period = found[-1 - back]
    year = _school_year_of(plan, period)
    if year is None:
        return None
    params = {name: _frozen(value) for name, value in duty.params.items()}
    threshold = duty.threshold
    return Rule(
        duty=duty.id,
        shape=duty.shape,
        subject=duty.subject,
        judged=duty.is_judged,
        period_key=period.key if has_periods else duty.period.kind,
        school_year=year.starts_on.year,
        first=period.starts_on.toordinal(),
        until=period.until_on.toordinal(),
        admission_from=_month_day(params, year.starts_on.year, year.starts_on),
        next_admission_from=_month_day(params, year.starts_on.year + 1, year.until_on),
        threshold=threshold.value if threshold else None,
        fact_kinds=duty.facts,
        stages=duty.school_stages,
        windows=_windows(duty, plan, kind, period),
        params=tuple(sorted(params.items())),
    )


def _begun(plan: Plan, kind: str, group: str, day: date) -> list[Period]:
    return [row for row in periods(plan.calendar, group, kind) if row.starts_on <= day]


def _school_year_of(plan: Plan, period: Period) -> Period | None:
    years = periods(plan.calendar, _FIRST_GROUP, "school_year")
    return next((year for year in years if year.holds(period.starts_on)), None)


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


def _month_day(params: dict, year: int, otherwise: date) -> int:
    """The day of admission of a year; without the parameter no visit counts ahead of its year."""
    text = params.get("admission_from")
    if not text:
        return otherwise.toordinal()
    month, day = map(int, text.split("-"))
    return date(year, month, day).toordinal()


def _windows(duty: Duty, plan: Plan, kind: str, period: Period) -> tuple[Window, ...]:
    """One for each kind of school that is a subject. A school of several stages has the period of
    all of them together, and the highest of their numbers."""
    windows = []
    for school_kind, stages in STAGES_OF.items():
        groups = [
            group
            for group in duty.stages
            if any(stage in STAGES_IN_GROUP[group] for stage in stages)
        ]
        own = [
            row
            for group in groups
            for row in periods(plan.calendar, group, kind)
            if row.key == period.key
        ]
        if not own:
            continue
        numbers = [duty.threshold.value_for(group) for group in groups] if duty.threshold else []
        windows.append(
            Window(
                school_kind=school_kind,
                first=min(row.starts_on for row in own).toordinal(),
                until=max(row.until_on for row in own).toordinal(),
                threshold=max(numbers, default=None),
            )
        )
    return tuple(windows)
