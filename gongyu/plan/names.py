"""The names that a plan declares, looked up by everything that refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .faults import Fault
from .folder import PlanFolder
from .reading import Table


@dataclass(frozen=True)
class Names:
    """Code → the table that declares it; for sentences "1.4" → their text."""

    departments: dict[str, Table]
    actors: dict[str, Table]
    documents: dict[str, Table]
    readings: dict[str, Table]
    exceptions: dict[str, Table]
    measures: dict[int, Table]
    sentences: dict[str, str]


def names_of(folder: PlanFolder) -> Names:
    plan = folder.plan
    measures = {row["number"]: row for row in plan.tables("measures")}
    return Names(
        departments={row["code"]: row for row in plan.tables("departments")},
        actors={row["code"]: row for row in plan.tables("actors")},
        documents={row["code"]: row for row in plan.tables("documents")},
        readings={row["id"]: row for row in plan.tables("readings")},
        exceptions={row["code"]: row for row in plan.tables("exceptions")},
        measures=measures,
        sentences={
            f"{number}.{position}": text
            for number, row in measures.items()
            for position, text in enumerate(row["sentences"], start=1)
        },
    )


def check_names(folder: PlanFolder) -> Iterator[Fault]:
    """No name is declared twice, and every document that is referred to is declared."""
    plan = folder.plan
    # A duty's owner may be either, so departments and actors share one room of names.
    owners = [*plan.tables("departments"), *plan.tables("actors")]
    yield from twice(owners, "code")
    for kind, key in (
        ("documents", "code"),
        ("readings", "id"),
        ("exceptions", "code"),
        ("report_receivers", "code"),
        ("report_situations", "code"),
    ):
        yield from twice(list(plan.tables(kind)), key)
    yield from twice(list(plan.tables("measures")), "number")
    yield from twice(list(plan.tables("measures")), "file")
    yield from check_sources(folder, names_of(folder))


def twice(rows: list[Table], key: str) -> Iterator[Fault]:
    """A fault for each row whose key an earlier row already has."""
    first: dict[object, Table] = {}
    for row in rows:
        earlier = first.setdefault(row[key], row)
        if earlier is not row:
            where = f"{earlier.file}:{earlier.lines[(*earlier.path, key)]}"
            yield row.fault(key, f"“{row[key]}”已在 {where} 用过", "改名或删去其中一个")


def check_sources(folder: PlanFolder, names: Names) -> Iterator[Fault]:
    plan, calendar = folder.plan, folder.calendar
    rows = [plan, plan.table("disclosure"), *plan.tables("readings")]
    rows += [*plan.tables("report_receivers"), *plan.tables("report_situations")]
    for kind in ("school_years", "semesters", "vacations", "holidays"):
        rows += calendar.tables(kind)
    for row in rows:
        if "source" in row:
            yield from check_source(row, names)
    if plan["source"] in names.documents:
        document = names.documents[plan["source"]]
        if document["kind"] != "plan":
            yield document.fault("kind", "方案自身的文件应为 plan 类", '写成 kind = "plan"')


def check_source(row: Table, names: Names, key: str = "source") -> Iterator[Fault]:
    if row[key] not in names.documents:
        yield row.fault(key, f"没有代码为“{row[key]}”的文件", "在 plan.toml 的 documents 中登记")
