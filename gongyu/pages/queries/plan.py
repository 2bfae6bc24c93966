"""The plan as pages show it: measure → sentence → duty, with what is built and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from gongyu.ground.access.permissions import FIGURE_READ, roles_with
from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place
from gongyu.indicators import queries as indicators
from gongyu.indicators.duties import current_plan
from gongyu.plan.model import Duty, Measure, Plan, Sentence

from .addresses import Step
from .speaking import speaks_of


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A binding sentence in parts: (text, whether a duty quotes it), and its duties."""

    sentence: Sentence
    parts: tuple[tuple[str, bool], ...]
    duties: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure with its sentences; `built` of its `duties` have a figure already."""

    measure: Measure
    sentences: tuple[SentenceView, ...]
    duties: int
    built: int

    @property
    def departments(self) -> str:
        return "、".join(each.short for each in self.measure.departments)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The whole plan, or one measure of it."""

    plan: Plan
    measures: tuple[MeasureView, ...]
    chosen: MeasureView | None

    @property
    def built(self) -> int:
        return len(self.plan.built_duties)

    @property
    def numbered(self) -> int:
        """How many measures; what stands before them (number 0) is none of them."""
        return sum(1 for view in self.measures if view.measure.number)

    @property
    def sentences(self) -> int:
        return sum(len(view.sentences) for view in self.measures)


@dataclass(frozen=True, slots=True)
class DutyPage:
    """One duty with everything that its figure rests on, and its neighbours in the text."""

    plan: Plan
    duty: Duty
    measure: Measure
    before: Duty | None
    after: Duty | None
    figures: list[Step]


def plan_page(measure: int | None = None) -> PlanPage | None:
    """The plan with one measure opened; None when there is no measure of that number."""
    plan = current_plan()
    views = tuple(_measure_view(plan, each) for each in plan.measures)
    chosen = next((view for view in views if view.measure.number == measure), None)
    if measure is not None and chosen is None:
        return None
    return PlanPage(plan, views, chosen)


def duty_page(duty_id: str, actor: Actor | None, on: date) -> DutyPage | None:
    """One duty with its figure where the reader answers for one, or None when the plan has none of
    that id."""
    plan = current_plan()
    if not plan.has_duty(duty_id):
        return None
    duty = plan.duty(duty_id)
    place = plan.duties.index(duty)
    return DutyPage(
        plan=plan,
        duty=duty,
        measure=plan.measure(duty.measure),
        before=plan.duties[place - 1] if place else None,
        after=plan.duties[place + 1] if place + 1 < len(plan.duties) else None,
        figures=_figures(duty, actor, on) if duty.built and actor else [],
    )


def _figures(duty: Duty, actor: Actor, on: date) -> list[Step]:
    """The figure of a duty in each place for which the actor reads figures."""
    scopes = actor.scopes(*roles_with(FIGURE_READ))
    places = Place.objects.on(on).filter(pk__in=scopes).order_by("pk")
    found = []
    for place in places:
        if not speaks_of(place, duty):
            continue
        for figure in indicators.board(place.pk):
            if figure.duty == duty.id:
                url = reverse("pages:figure", args=[duty.id, figure.period_key, place.pk])
                found.append(Step(place.name, url))
    return found


def _measure_view(plan: Plan, measure: Measure) -> MeasureView:
    duties = plan.duties_of(measure.number)
    return MeasureView(
        measure=measure,
        sentences=tuple(_sentence_view(plan, each) for each in measure.sentences),
        duties=len(duties),
        built=sum(duty.built for duty in duties),
    )


def _sentence_view(plan: Plan, sentence: Sentence) -> SentenceView:
    duties = plan.duties_of(sentence.measure, sentence.id)
    return SentenceView(sentence, _marked(sentence.text, duties), duties)


def _marked(text: str, duties: tuple[Duty, ...]) -> tuple[tuple[str, bool], ...]:
    """The sentence cut at the ends of its quotes; True marks what some duty quotes."""
    quoted = [False] * len(text)
    for duty in duties:
        start = text.find(duty.quote)
        if start >= 0:
            quoted[start : start + len(duty.quote)] = [True] * len(duty.quote)
    parts: list[tuple[str, bool]] = []
    for char, mark in zip(text, quoted, strict=True):
        if parts and parts[-1][1] == mark:
            parts[-1] = (parts[-1][0] + char, mark)
        else:
            parts.append((char, mark))
    return tuple(parts)
