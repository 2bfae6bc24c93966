"""The plan as frozen dataclasses: what the engine, the pages and the calendar read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from .vocabulary import CLASSES, PERIODS, STAGES_IN_GROUP, SUBJECTS, UNITS


@dataclass(frozen=True)
class Document:
    """What a threshold, a reading or a calendar rests on."""

    code: str
    kind: str
    title: str
    number: str = ""
    published_on: date | None = None
    note: str = ""

    @property
    def citation(self) -> str:
        return f"{self.title}（{self.number}）" if self.number else self.title


@dataclass(frozen=True)
class Department:
    """One of the departments that issued the plan; `short` is its name in the sentences."""

    code: str
    title: str
    short: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actor:
    """Somebody whom a sentence binds and who is not one of the issuing departments."""

    code: str
    title: str


@dataclass(frozen=True)
class Reading:
    """How an open point is read (P1 …), with what it rests on and from when."""

    id: str
    question: str
    decision: str
    source: Document
    effective_on: date
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ExceptionRule:
    """A case in which a duty is read differently for one subject (E1 …)."""

    code: str
    title: str


@dataclass(frozen=True)
class Sentence:
    """A binding sentence, exactly as it stands in the text."""

    id: str  # "1.4"
    measure: int
    number: int
    text: str


@dataclass(frozen=True)
class Measure:
    """A measure of the plan, its responsible departments and its sentences."""

    number: int
    title: str
    departments: tuple[Department, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Override:
    """Another number for one group of stages, from a document of its own."""

    stage: str
    value: int
    source: Document
    article: str


@dataclass(frozen=True)
class Threshold:
    """The number that a duty is judged by, and the document that gives it."""

    value: int
    unit: str  # times, percent, days
    source: Document
    article: str
    overrides: tuple[Override, ...] = ()

    def value_for(self, stage_group: str | None) -> int:
        """The number that holds for schools of this group of stages."""
        for override in self.overrides:
            if override.stage == stage_group:
                return override.value
        return self.value

    @property
    def text(self) -> str:
        return self.words_of(self.value)

    @property
    def override_texts(self) -> list[tuple[Override, str]]:
        """Each other number in the same words."""
        return [(each, self.words_of(each.value)) for each in self.overrides]

    def words_of(self, value: int) -> str:
        """A number as official papers put it: 不少于1次, 不低于90%, 100%, 30日内."""
        if self.unit == "days":
            return f"{value}{UNITS[self.unit]}内"
        if self.unit == "percent":
            return "100%" if value == 100 else f"不低于{value}%"
        return f"不少于{value}{UNITS[self.unit]}"


@dataclass(frozen=True)
class DutyPeriod:
    """In which periods a duty falls due; the two days bound a programme or a horizon."""

    kind: str
    starts_on: date | None = None
    ends_on: date | None = None

    @property
    def title(self) -> str:
        return PERIODS[self.kind]


@dataclass(frozen=True)
class Duty:
    """One duty. `params` joins the parameters of its readings with its own; read them by name."""

    id: str
    label: str
    class_code: str
    measure: int
    sentence: Sentence
    quote: str
    owner: tuple[Department | Actor, ...]
    subject: str
    stages: tuple[str, ...]
    period: DutyPeriod
    shape: str
    evaluator: str
    facts: tuple[str, ...]
    threshold: Threshold | None
    exceptions: tuple[ExceptionRule, ...]
    reading_text: str
    readings: tuple[Reading, ...]
    evidence: str
    built: bool
    is_number: bool
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def is_judged(self) -> bool:
        """Whether met and missed are said at all. Classes R and P are only ever counted."""
        return self.class_code not in ("R", "P")

    @property
    def title(self) -> str:
        return self.label or self.quote

    @property
    def class_title(self) -> str:
        return CLASSES[self.class_code]

    @property
    def subject_title(self) -> str:
        return SUBJECTS[self.subject].title

    @property
    def counted_title(self) -> str:
        """What stands in a row behind its numbers. What is done for families is tallied by place: no
        family is ever a row."""
        by_place = self.shape == "tally" and self.subject in ("family", "communication")
        return "班级或学校" if by_place else self.subject_title

    @property
    def owner_title(self) -> str:
        return "、".join(
            each.short if isinstance(each, Department) else each.title for each in self.owner
        )

    @property
    def school_stages(self) -> tuple[str, ...]:
        """The single stages (primary, junior …) behind the groups of stages."""
        return tuple(stage for group in self.stages for stage in STAGES_IN_GROUP[group])


@dataclass(frozen=True)
class Days:
    """A run of days, both ends included; `source` is empty where the dates are estimated."""

    starts_on: date
    ends_on: date
    estimated: bool
    source: Document | None

    @property
    def until_on(self) -> date:
        """The first day after it."""
        return self.ends_on + timedelta(days=1)


@dataclass(frozen=True)
class SchoolYear(Days):
    key: str  # "2026-2027"


@dataclass(frozen=True)
class Semester(Days):
    school_year: str
    term: int
    stage_groups: tuple[str, ...]


@dataclass(frozen=True)
class Vacation(Days):
    school_year: str
    name: str  # winter, summer
    stage_groups: tuple[str, ...]


@dataclass(frozen=True)
class Holiday(Days):
    """Days off by law and the working days that make up for them."""

    name: str
    working_days: tuple[date, ...]


@dataclass(frozen=True)
class HalfYear:
    """Half of a calendar year, as (month, day)."""

    number: int
    starts: tuple[int, int]
    ends: tuple[int, int]


@dataclass(frozen=True)
class CalendarData:
    """Everything the plan knows about days. Years after the published ones are estimated."""

    school_years: tuple[SchoolYear, ...]
    semesters: tuple[Semester, ...]
    vacations: tuple[Vacation, ...]
    years: tuple[int, ...]
    half_years: tuple[HalfYear, ...]
    holidays: tuple[Holiday, ...]

    @cached_property
    def kept(self) -> dict[tuple, Any]:
        """What is worked out from the calendar once a process; see periods.py."""
        return {}

    @cached_property
    def days_off(self) -> dict[date, str]:
        """Each day off by law, with the name of its holiday."""
        return {
            holiday.starts_on + timedelta(days=offset): holiday.name
            for holiday in self.holidays
            for offset in range((holiday.ends_on - holiday.starts_on).days + 1)
        }

    @cached_property
    def working_weekends(self) -> frozenset[date]:
        """Weekend days on which everybody works."""
        return frozenset(day for holiday in self.holidays for day in holiday.working_days)

    @cached_property
    def holiday_years(self) -> frozenset[int]:
        """The years whose days off are published; beyond them a working day is an estimate."""
        return frozenset(holiday.starts_on.year for holiday in self.holidays)


@dataclass(frozen=True)
class Disclosure:
    """Counts below these are hidden, in public views and inside a district."""

    public_minimum: int
    district_minimum: int
    source: Document


@dataclass(frozen=True)
class ReportSituation:
    """One of the situations in which a suspicion of harm must be reported."""

    code: str
    title: str
    source: Document
    article: str = ""


@dataclass(frozen=True)
class ReportReceiver:
    """Who takes a report of suspected harm, and by which number; `what` says when to turn there."""

    code: str
    title: str
    what: str
    source: Document
    phone: str = ""
    article: str = ""


@dataclass(frozen=True)
class Plan:
    """A whole plan. `version` is a digest of its files: two equal versions are the same rules."""

    id: str
    version: str
    title: str
    city: str
    place_code: str
    issued_on: date
    source: Document
    text: str
    disclosure: Disclosure
    departments: tuple[Department, ...]
    actors: tuple[Actor, ...]
    documents: tuple[Document, ...]
    measures: tuple[Measure, ...]
    readings: tuple[Reading, ...]
    exceptions: tuple[ExceptionRule, ...]
    duties: tuple[Duty, ...]
    calendar: CalendarData
    report_receivers: tuple[ReportReceiver, ...] = ()
    report_situations: tuple[ReportSituation, ...] = ()

    @cached_property
    def _by_id(self) -> dict[str, Duty]:
        return {duty.id: duty for duty in self.duties}

    def duty(self, duty_id: str) -> Duty:
        """The duty of this id; KeyError when there is none."""
        return self._by_id[duty_id]

    def reading(self, reading_id: str) -> Reading:
        """The reading of this id ("P18"); KeyError when there is none."""
        return {each.id: each for each in self.readings}[reading_id]

    def has_duty(self, duty_id: str) -> bool:
        return duty_id in self._by_id

    def measure(self, number: int) -> Measure:
        """The measure of this number; KeyError when there is none."""
        for measure in self.measures:
            if measure.number == number:
                return measure
        raise KeyError(number)

    def duties_of(self, measure: int, sentence: str = "") -> tuple[Duty, ...]:
        """The duties of a measure, or of one of its sentences ("1.4")."""
        return tuple(
            duty
            for duty in self.duties
            if duty.measure == measure and sentence in ("", duty.sentence.id)
        )

    @property
    def numbers(self) -> tuple[Duty, ...]:
        """The duties behind the plan's own numbers, in the order of the text."""
        return tuple(duty for duty in self.duties if duty.is_number)

    @property
    def built_duties(self) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.built)

    @property
    def sentences(self) -> Iterator[Sentence]:
        for measure in self.measures:
            yield from measure.sentences
