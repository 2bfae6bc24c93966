"""Where a suspicion goes and in which situations the rule names: the plan's data, with sources."""

from __future__ import annotations

from django.conf import settings

from gongyu.plan import load_plan
from gongyu.plan.model import ReportReceiver, ReportSituation

FIRST = "110"


def receivers() -> tuple[ReportReceiver, ...]:
    """Who takes a report; 110 is the first of them."""
    return load_plan(settings.PLAN_FOLDER).report_receivers


def situations() -> tuple[ReportSituation, ...]:
    """The situations of the reporting rule, in its order."""
    return load_plan(settings.PLAN_FOLDER).report_situations


def titles_of(codes: tuple[str, ...], among: tuple) -> list[str]:
    """The codes in words; one that the plan no longer has is shown as it is."""
    known = {each.code: each.title for each in among}
    return [known.get(code, code) for code in codes]
