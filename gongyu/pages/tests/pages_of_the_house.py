"""Every page of the house with somebody who opens it: for query counts, weights and axe."""

from __future__ import annotations

from django.urls import reverse

DUTY = "homeroom-visit-each-student"
YEAR = "2026-2027"

# Who opens it, the page's name, and what its address names: people and places of the cast by the
# name they have there, and plain words.
PAGES: tuple[tuple[str, str, tuple[str | int, ...]], ...] = (
    ("class_teacher", "pages:home", ()),
    ("subject_teacher", "pages:home", ()),
    ("moral_education_head", "pages:home", ()),
    ("school_leader", "pages:home", ()),
    ("head", "pages:home", ()),
    ("registrar", "pages:home", ()),
    ("district_officer", "pages:home", ()),
    ("city_officer", "pages:home", ()),
    ("auditor", "pages:home", ()),
    ("administrator", "pages:home", ()),
    ("class_teacher", "pages:class", ("this_class",)),
    ("class_teacher", "pages:child", ("pupil",)),
    ("class_teacher", "pages:search", ()),
    ("class_teacher", "pages:plan", ()),
    ("class_teacher", "pages:measure", (1,)),
    ("class_teacher", "pages:duty", (DUTY,)),
    ("head", "pages:school", ("school",)),
    ("head", "pages:class", ("this_class",)),
    ("head", "pages:figure", ("school",)),
    ("head", "pages:figure-rows", ("school",)),
    ("district_officer", "pages:school", ("school",)),
    ("district_officer", "pages:town", ("town",)),
    ("district_officer", "pages:district", ("district",)),
    ("district_officer", "pages:figure", ("district",)),
    ("district_officer", "pages:figure-rows", ("district",)),
    ("city_officer", "pages:city", ()),
    ("city_officer", "pages:figure", ("city",)),
    ("city_officer", "pages:figure-rows", ("city",)),
    ("auditor", "pages:audit", ()),
    ("head", "visits:index", ()),
    ("class_teacher", "visits:class", ("this_class",)),
    ("head", "visits:record", ()),
    ("class_teacher", "visits:record-child", ("pupil",)),
    ("class_teacher", "visits:child", ("pupil",)),
    ("class_teacher", "visits:follow-ups", ()),
    ("class_teacher", "access:account", ()),
    ("class_teacher", "offline:shell", ()),
    ("class_teacher", "offline:kits", ()),
    ("head", "visits:declines", ()),
    ("registrar", "people:imports", ()),
    ("registrar", "keeping:school", ("school",)),
    ("registrar", "keeping:child", ("pupil",)),
    ("registrar", "keeping:classes", ("school",)),
    ("registrar", "keeping:open-class", ("school",)),
    ("registrar", "keeping:merge-class", ("school", "this_class")),
    ("district_officer", "access:heads", ()),
    ("district_officer", "access:appoint-head", ("school",)),
    ("district_officer", "pages:days-off", ()),
    ("city_officer", "pages:enter-days-off", ()),
    ("head", "registers:place", ("school",)),
    ("head", "access:approvals", ()),
    ("administrator", "access:accounts", ()),
    ("class_teacher", "concerns:index", ()),
    ("class_teacher", "concerns:note", ()),
    ("class_teacher", "contacts:class", ("this_class",)),
    ("head", "concerns:index", ()),
    ("class_teacher", "casework:report", ()),
    ("class_teacher", "casework:receipt", ()),
    ("report_liaison", "pages:home", ()),
    ("report_liaison", "casework:index", ()),
    ("head", "activities:school", ("school",)),
    ("head", "activities:plan", ("school",)),
    ("class_teacher", "activities:class", ("this_class",)),
    ("class_teacher", "activities:plan-meeting", ("this_class",)),
    ("subject_teacher", "activities:index", ()),
    ("head", "pages:term", ("school",)),
    ("class_teacher", "pages:calendar", ()),
    ("class_teacher", "notices:index", ()),
    ("class_teacher", "notices:write", ("this_class",)),
    ("head", "notices:write", ("school",)),
    ("district_officer", "notices:write", ("district",)),
    ("class_teacher", "notices:slips", ()),
    ("head", "pages:burden", ("school",)),
    ("district_officer", "pages:burden", ("district",)),
    ("city_officer", "pages:burden", ("city",)),
    ("children_director", "pages:home", ()),
    ("children_director", "codes:place", ("community",)),
    ("class_teacher", "codes:place", ("this_class",)),
    ("class_teacher", "codes:numbers", ()),
    ("class_teacher", "consents:child", ("pupil",)),
    ("registrar", "corrections:index", ()),
)


def address(cast, name: str, of: tuple[str | int, ...]) -> str:
    """The address of a page for this cast."""
    ids = [getattr(cast, str(each)).pk if hasattr(cast, str(each)) else each for each in of]
    figure = (DUTY, YEAR) if name.startswith("pages:figure") else ()
    return reverse(name, args=[*figure, *ids])
