"""Builds the plan from a folder that the checks have found sound."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .checking import check_contents
from .estimating import estimated_rows, estimated_years, month_and_day
from .faults import PlanError
from .folder import PlanFolder, default_plan_folder, read_folder
from .model import (
    Actor,
    CalendarData,
    Department,
    Disclosure,
    Document,
    Duty,
    DutyPeriod,
    ExceptionRule,
    HalfYear,
    Holiday,
    Measure,
    Override,
    Plan,
    Reading,
    ReportReceiver,
    ReportSituation,
    SchoolYear,
    Semester,
    Sentence,
    Threshold,
    Vacation,
)
from .reading import Table


def load_plan(folder: Path | str | None = None) -> Plan:
    """The plan in this folder (by default the one that is in force here), read once a process.

    Raises PlanError, with every fault, for a plan that is not sound.
    """
    return _load(_place_of(folder, os.environ.get("GONGYU_PLAN")))


# A page asks for the plan some twenty times, and where a folder really is takes a question to the
# disk for each part of its path.
@lru_cache(maxsize=16)
def _place_of(folder: Path | str | None, _named: str | None) -> Path:
    return Path(folder or default_plan_folder()).resolve()


@lru_cache(maxsize=8)
def _load(folder: Path) -> Plan:
    contents, faults = read_folder(folder)
    if contents is None:
        raise PlanError(faults)
    faults = check_contents(contents)
    if faults:
        raise PlanError(faults)
    return _Builder(contents).plan()


class _Builder:
    """Turns sound tables into dataclasses; names are looked up without asking again."""

    def __init__(self, folder: PlanFolder):
        self.folder = folder
        raw = folder.plan
        self.documents = {row["code"]: Document(**row) for row in raw["documents"]}
        self.departments = {
            row["code"]: Department(**{**row, "aliases": tuple(row["aliases"])})
            for row in raw["departments"]
        }
        self.actors = {row["code"]: Actor(**row) for row in raw["actors"]}
        self.readings = {row["id"]: self._reading(row) for row in raw.get("readings", [])}
        self.exceptions = {row["code"]: ExceptionRule(**row) for row in raw.get("exceptions", [])}
        self.measures = tuple(self._measure(row) for row in raw["measures"])

    def plan(self) -> Plan:
        raw = self.folder.plan
        disclosure = raw["disclosure"]
        return Plan(
            id=raw["id"],
            version=self.folder.version,
            title=raw["title"],
            city=raw["city"],
            place_code=raw["place_code"],
            issued_on=raw["issued_on"],
            source=self.documents[raw["source"]],
            text=self.folder.text,
            disclosure=Disclosure(
                public_minimum=disclosure["public_minimum"],
                district_minimum=disclosure["district_minimum"],
                source=self.documents[disclosure["source"]],
            ),
            departments=tuple(self.departments.values()),
            actors=tuple(self.actors.values()),
            documents=tuple(self.documents.values()),
            measures=self.measures,
            readings=tuple(self.readings.values()),
            exceptions=tuple(self.exceptions.values()),
            duties=tuple(self._duties()),
            calendar=self._calendar(self.folder.calendar),
            report_receivers=self._sourced(ReportReceiver, raw.get("report_receivers", [])),
            report_situations=self._sourced(ReportSituation, raw.get("report_situations", [])),
        )

    def _sourced(self, kind: type, rows: list[Mapping[str, Any]]) -> tuple:
        return tuple(kind(**{**row, "source": self.documents[row["source"]]}) for row in rows)

    def _reading(self, row: Mapping[str, Any]) -> Reading:
        parameters = MappingProxyType(_frozen(row.get("parameters", {})))
        source = self.documents[row["source"]]
        return Reading(**{**row, "source": source, "parameters": parameters})

    def _measure(self, row: Mapping[str, Any]) -> Measure:
        number = row["number"]
        return Measure(
            number=number,
            title=row["title"],
            departments=tuple(self.departments[code] for code in row["departments"]),
            sentences=tuple(
                Sentence(f"{number}.{position}", number, position, text)
                for position, text in enumerate(row["sentences"], start=1)
            ),
        )

    def _duties(self) -> list[Duty]:
        sentences = {each.id: each for measure in self.measures for each in measure.sentences}
        return [
            self._duty(row, measure.number, sentences)
            for measure in self.measures
            for row in self.folder.duty_files[measure.number].tables("duties")
        ]

    def _duty(self, row: Table, measure: int, sentences: Mapping[str, Sentence]) -> Duty:
        readings = tuple(self.readings[code] for code in row["reading"]["ids"])
        params: dict[str, Any] = {}
        for reading in readings:
            params |= reading.parameters
        params |= _frozen(row.get("params", {}))
        return Duty(
            id=row["id"],
            label=row.get("label", ""),
            class_code=row["class"],
            measure=measure,
            sentence=sentences[row["sentence"]],
            quote=row["quote"],
            owner=tuple(self.departments.get(c) or self.actors[c] for c in row["owner"]),
            subject=row["subject"],
            stages=tuple(row.get("stages", ())),
            period=DutyPeriod(**row["period"]),
            shape=row["shape"],
            evaluator=row.get("evaluator", row["shape"]),
            facts=tuple(row.get("facts", ())),
            threshold=self._threshold(row.get("threshold")),
            exceptions=tuple(self.exceptions[code] for code in row["exceptions"]),
            reading_text=row["reading"]["text"],
            readings=readings,
            evidence=row["evidence"],
            built=row["built"],
            is_number=row.get("number", False),
            params=MappingProxyType(params),
        )

    def _threshold(self, row: Mapping[str, Any] | None) -> Threshold | None:
        if row is None:
            return None
        return Threshold(
            value=row["value"],
            unit=row["unit"],
            source=self.documents[row["source"]],
            article=row["article"],
            overrides=tuple(
                Override(**{**each, "source": self.documents[each["source"]]})
                for each in row.get("overrides", [])
            ),
        )

    def _calendar(self, raw: Table) -> CalendarData:
        years = raw.get("years")
        return CalendarData(
            school_years=self._days(
                SchoolYear, [*raw["school_years"], *estimated_years(raw)], key=str
            ),
            semesters=self._days(
                Semester,
                [*raw.get("semesters", []), *estimated_rows(raw, "semesters")],
                school_year=str,
                term=int,
                stage_groups=tuple,
            ),
            vacations=self._days(
                Vacation,
                [*raw.get("vacations", []), *estimated_rows(raw, "vacations")],
                school_year=str,
                name=str,
                stage_groups=tuple,
            ),
            years=tuple(range(years["first"], years["last"] + 1)) if years else (),
            half_years=tuple(
                HalfYear(row["number"], month_and_day(row["starts"]), month_and_day(row["ends"]))
                for row in raw.get("half_years", [])
            ),
            holidays=self._days(Holiday, raw.get("holidays", []), name=str, working_days=tuple),
        )

    def _days(self, kind: type, rows: list[Mapping[str, Any]], **rest: type) -> tuple:
        """Rows of days as dataclasses of this kind, in the order of their days."""
        built = [
            kind(
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                estimated=row.get("estimated", False),
                source=self.documents[row["source"]] if "source" in row else None,
                **{name: make(row[name]) for name, make in rest.items()},
            )
            for row in rows
        ]
        return tuple(sorted(built, key=lambda each: (each.starts_on, each.ends_on)))


def _frozen(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Lists become tuples, so that nothing in a plan can be changed after it is read."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in parameters.items()}
