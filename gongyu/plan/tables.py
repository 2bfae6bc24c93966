"""The shape of each file of a plan: which keys it may have and what they hold."""

from __future__ import annotations

from .reading import Key
from .vocabulary import (
    CLASSES,
    DOCUMENT_KINDS,
    FACT_KINDS,
    PERIODS,
    SHAPES,
    STAGE_GROUPS,
    SUBJECTS,
    UNITS,
)

_CODE = r"[a-z][a-z0-9_-]*"
_FILE = r"[a-zA-Z0-9_.-]+"
_DAY_OF_YEAR = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_SCHOOL_YEAR = r"\d{4}-\d{4}"
_STAGES = Key("list of str", choices=STAGE_GROUPS)

_DEPARTMENT = {
    "code": Key("str", pattern=_CODE),
    "title": Key("str"),
    "short": Key("str"),
    "aliases": Key("list of str", may_be_empty=True),
}

_DOCUMENT = {
    "code": Key("str", pattern=_CODE),
    "kind": Key("str", choices=DOCUMENT_KINDS),
    "title": Key("str"),
    "number": Key("str", required=False),
    "published_on": Key("date", required=False),
    "note": Key("str", required=False),
}

_MEASURE = {
    "number": Key("int"),
    "title": Key("str"),
    "file": Key("str", pattern=_FILE),
    "heading": Key("str"),
    "departments": Key("list of str", may_be_empty=True),
    "departments_quote": Key("str", may_be_empty=True),
    "sentences": Key("list of str"),
}

_READING = {
    "id": Key("str", pattern=r"P\d{1,3}"),
    "question": Key("str"),
    "decision": Key("str"),
    "source": Key("str"),
    "effective_on": Key("date"),
    "parameters": Key("parameters", required=False),
}

# Whoever finds a child harmed, or suspects it, reports it: to whom, and what the rule lists.
_SOURCED_WORDS = {
    "code": Key("str", pattern=_CODE),
    "title": Key("str"),
    "source": Key("str"),
    "article": Key("str", required=False),
}
_RECEIVER = {
    **_SOURCED_WORDS,
    "phone": Key("str", pattern=r"[0-9-]{3,20}", required=False),
    "what": Key("str"),
}

PLAN = {
    "id": Key("str", pattern=_CODE),
    "title": Key("str"),
    "city": Key("str"),
    "place_code": Key("str", pattern=r"\d{6}"),
    "issued_on": Key("date"),
    "text": Key("str", pattern=_FILE),
    "source": Key("str"),
    "numbers": Key("int"),
    "duties": Key("int"),
    "disclosure": Key(
        "table",
        table={
            "public_minimum": Key("int"),
            "district_minimum": Key("int"),
            "source": Key("str"),
        },
    ),
    "departments": Key("tables", table=_DEPARTMENT),
    "actors": Key("tables", table={"code": Key("str", pattern=_CODE), "title": Key("str")}),
    "documents": Key("tables", table=_DOCUMENT),
    "measures": Key("tables", table=_MEASURE),
    "readings": Key("tables", table=_READING, required=False),
    "exceptions": Key(
        "tables",
        required=False,
        table={"code": Key("str", pattern=r"E\d{1,3}"), "title": Key("str")},
    ),
    "report_receivers": Key("tables", required=False, table=_RECEIVER),
    "report_situations": Key("tables", required=False, table=_SOURCED_WORDS),
}

_OVERRIDE = {
    "stage": Key("str", choices=STAGE_GROUPS),
    "value": Key("int"),
    # Looked for by the checks, which can say why a number without a document is refused.
    "source": Key("str", required=False),
    "article": Key("str", required=False),
}

_THRESHOLD = {
    "value": Key("int"),
    "unit": Key("str", choices=UNITS),
    "source": Key("str", required=False),
    "article": Key("str", required=False),
    "overrides": Key("tables", required=False, table=_OVERRIDE),
}

_DUTY = {
    "id": Key("str", pattern=_CODE),
    "label": Key("str", required=False),
    "class": Key("str", choices=CLASSES),
    "sentence": Key("str", pattern=r"\d{1,2}\.\d{1,2}"),
    "quote": Key("str"),
    "owner": Key("list of str"),
    "subject": Key("str", choices=SUBJECTS),
    "stages": Key("list of str", choices=STAGE_GROUPS, required=False),
    "period": Key(
        "table",
        table={
            "kind": Key("str", choices=PERIODS),
            "starts_on": Key("date", required=False),
            "ends_on": Key("date", required=False),
        },
    ),
    "shape": Key("str", choices=SHAPES),
    "evaluator": Key("str", required=False),
    "facts": Key("list of str", choices=FACT_KINDS, required=False),
    "exceptions": Key("list of str", may_be_empty=True),
    "evidence": Key("str"),
    "built": Key("bool"),
    "number": Key("bool", required=False),
    "threshold": Key("table", required=False, table=_THRESHOLD),
    "reading": Key(
        "table",
        table={"text": Key("str"), "ids": Key("list of str", may_be_empty=True)},
    ),
    "params": Key("parameters", required=False),
}

DUTIES = {"measure": Key("int"), "duties": Key("tables", table=_DUTY)}

_DAYS = {"starts_on": Key("date"), "ends_on": Key("date")}
_SOURCED = {"estimated": Key("bool"), "source": Key("str", required=False)}
_TERM = {"term": Key("int"), "stage_groups": _STAGES}
_VACATION_NAME = {"name": Key("str", choices=("winter", "summer")), "stage_groups": _STAGES}
_DAYS_OF_YEAR = {
    "starts": Key("str", pattern=_DAY_OF_YEAR),
    "ends": Key("str", pattern=_DAY_OF_YEAR),
}
_YEAR = {"school_year": Key("str", pattern=_SCHOOL_YEAR)}

CALENDAR = {
    "school_years": Key(
        "tables", table={"key": Key("str", pattern=_SCHOOL_YEAR), **_DAYS, **_SOURCED}
    ),
    "semesters": Key("tables", required=False, table={**_YEAR, **_TERM, **_DAYS, **_SOURCED}),
    "vacations": Key(
        "tables", required=False, table={**_YEAR, **_VACATION_NAME, **_DAYS, **_SOURCED}
    ),
    "estimate": Key(
        "table",
        required=False,
        table={
            "until": Key("str", pattern=_SCHOOL_YEAR),
            "semesters": Key("tables", table={**_TERM, **_DAYS_OF_YEAR}),
            "vacations": Key("tables", required=False, table={**_VACATION_NAME, **_DAYS_OF_YEAR}),
        },
    ),
    "years": Key("table", required=False, table={"first": Key("int"), "last": Key("int")}),
    "half_years": Key("tables", required=False, table={"number": Key("int"), **_DAYS_OF_YEAR}),
    "holidays": Key(
        "tables",
        required=False,
        table={
            "name": Key("str"),
            **_DAYS,
            "working_days": Key("list of date", may_be_empty=True),
            "source": Key("str"),
        },
    ),
}
