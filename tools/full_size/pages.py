"""What a class teacher's pages ask of the application's own database, beside one indexed query."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.template import engines

from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.indicators import queries
from gongyu.simulation import database
from gongyu.simulation.city import build
from gongyu.simulation.sizes import Size

from . import writing
from .measuring import measure, side_by_side, tell, tell_ratio

_TIMES = 40
_PAGE = """{% load i18n %}<!doctype html><html lang="zh-Hans"><title>{{ title }}</title><table>
{% for row in rows %}<tr><td>{{ row.name }}</td><td>{{ row.first }}</td><td>{{ row.second }}</td>
<td><a href="/children/{{ row.pk }}/">{% translate "查看" %}</a></td></tr>{% endfor %}</table></html>
"""


def measure_pages(size: Size, seed: int, on: date, runs: int) -> int:
    """Fills the database with the city and measures; 1 when a page shows nothing. Carers, whom
    neither page reads and who are two thirds of all rows of people, are left out."""
    writing.migrate()
    filled = measure(lambda: database.fill(build(size, seed, on), without=(Care, Carer)))
    tell(f"fill {connection.vendor} with {size.children:,} children", filled)
    classes = list(
        Enrolment.objects.filter(until_on=None).order_by("school_class_id")
        .values_list("school_class_id", flat=True).distinct()[:_TIMES]
    )  # fmt: skip
    children = list(
        Enrolment.objects.filter(school_class_id__in=classes).values_list("child_id", flat=True)
    )[:: max(size.children // 4_600, 20)][:_TIMES]
    print(f"Pages from {connection.vendor}, {Fact.objects.count():,} facts, {_TIMES} of each")

    def bare() -> None:
        for place in classes:
            rows = Enrolment.objects.filter(school_class_id=place).select_related("child")
            _page([(r.child_id, r.child.name, r.from_on, r.how_in) for r in rows])

    def unmet() -> None:
        for place in classes:
            states = queries.class_states(place, on)
            there = {k: s for k, s in states.items() if s.state not in ("met", "declined")}
            names = dict(Child.objects.filter(pk__in=there).values_list("pk", "name"))
            _page([(k, names[k], s.state, s.reason) for k, s in there.items()])

    def history() -> None:
        for child in children:
            facts = standing_facts().filter(subject_type="child", subject_id=child)
            _page([(f.seq, f.kind, f.on_date, f.status) for f in facts.order_by("on_date")])

    for step in (bare, unmet, history):
        step()
    one, listed, told = side_by_side(runs, bare, unmet, history)
    tell("a bare page with one indexed query", one)
    tell("a class's children without a visit", listed)
    tell("one child's history", told)
    tell_ratio("pages", "a class's list to the bare page", listed, one, 2, by_clock=False)
    tell_ratio("pages", "a child's history to the bare page", told, one, 2, by_clock=False)
    return 0 if queries.class_states(classes[0], on) else 1


def _page(rows: list[tuple]) -> str:
    named = [dict(zip(("pk", "name", "first", "second"), row, strict=True)) for row in rows]
    return engines["django"].from_string(_PAGE).render({"title": "班级", "rows": named})
