"""What the pages of the rosters show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.ground.people.models import Enrolment, RosterImport
from gongyu.ground.people.states import ROSTER_IMPORT
from gongyu.ground.places.models import Place

from . import keeping
from .faults import Fault
from .headers import STAFF, plain, table
from .marking import marked
from .previewing import PUPIL_TABS, STAFF_TABS
from .rules import imports_visible_to

ROWS_A_PAGE = 20
FOUND_AT_ONCE = 200
FAULTS_A_PAGE = 50

TAB_NAMES = {
    "added": gettext_lazy("新增"),
    "transferred": gettext_lazy("转入"),
    "moved": gettext_lazy("调班升级"),
    "changed": gettext_lazy("信息更新"),
    "left": gettext_lazy("表中没有"),
    "unchanged": gettext_lazy("不变"),
    "opened": gettext_lazy("新任职"),
    "closed": gettext_lazy("离任"),
}
PHASES = {
    "read": gettext_lazy("读取表格"),
    "compare": gettext_lazy("与现有资料核对"),
    "children": gettext_lazy("登记学生"),
    "enrolments": gettext_lazy("登记学籍"),
    "audit": gettext_lazy("写入审计记录"),
    "": gettext_lazy("排队等候"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    url: str
    current: bool
    count: int


@dataclass
class ImportPage:
    """One import as its page shows it; `rows` is a page of the chosen tab."""

    roster: RosterImport
    status: str
    label: str
    preview: dict[str, Any] = field(default_factory=dict)
    tabs: list[Tab] = field(default_factory=list)
    tab: str = ""
    text: str = ""
    rows: Page | None = None
    faults: Page | None = None
    warnings: list[Fault] = field(default_factory=list)
    progress: dict[str, Any] = field(default_factory=dict)

    @property
    def waits_for_worker(self) -> bool:
        return self.status in {"uploaded", "confirmed", "running"}

    @property
    def changes_nothing(self) -> bool:
        counts = self.preview.get("counts", {})
        still = {"rows", "unchanged", "carers_new", "carers_changed"}
        return not any(number for name, number in counts.items() if name not in still)


def history(actor: Actor | None, on: date, number: int = 1) -> Page:
    """The imports of the actor's schools, newest first."""
    found = imports_visible_to(actor, on).order_by("-uploaded_at", "-pk")
    page = Paginator(found, 20).get_page(number)
    for roster in page.object_list:
        roster.label = ROSTER_IMPORT[roster.status]["label"]
    return page


def import_page(roster: RosterImport, *, tab: str, text: str, number: int) -> ImportPage:
    """Everything of one import that its page shows."""
    page = ImportPage(roster, roster.status, str(ROSTER_IMPORT[roster.status]["label"]))
    if page.waits_for_worker:
        page.progress = progress_of(roster)
        return page
    try:
        page.preview = keeping.kept_preview(roster.kept_as)
    except keeping.NotKept:
        return page
    found = [Fault(**each) for each in page.preview["faults"]]
    page.warnings = [fault for fault in found if fault.severity != "fault"][:FAULTS_A_PAGE]
    faults = [fault for fault in found if fault.severity == "fault"]
    page.faults = Paginator(faults, FAULTS_A_PAGE).get_page(number)
    if roster.status == "ready":
        _fill_rows(page, tab, text, number)
    return page


def _fill_rows(page: ImportPage, tab: str, text: str, number: int) -> None:
    names = STAFF_TABS if page.roster.kind == STAFF else PUPIL_TABS
    lists = page.preview["tabs"]
    filled = [name for name in names if lists.get(name)]
    page.tab = tab if tab in names else next(iter(filled), names[0])
    page.text = text.strip()
    page.tabs = [
        Tab(str(TAB_NAMES[name]), f"?tab={name}", name == page.tab, len(lists.get(name, ())))
        for name in names
    ]
    rows = lists.get(page.tab, [])
    if page.text:
        rows = [row for row in rows if page.text in row["name"] or page.text in row["class"]]
    # What is looked for travels by POST alone, so its findings stand on one page.
    a_page = FOUND_AT_ONCE if page.text else ROWS_A_PAGE
    page.rows = Paginator(rows[:a_page] if page.text else rows, a_page).get_page(number)


def progress_of(roster: RosterImport) -> dict[str, Any]:
    """{phase (in words), done, total, again} of the work on an import."""
    told = keeping.progress_of(roster.kept_as)
    total = max(told["total"], 1)
    return {
        "label": str(PHASES.get(told["phase"], told["phase"])),
        "done": min(told["done"], total),
        "total": total,
        "again": keeping.stops(roster.kept_as) > 0,
    }


def marked_file(roster: RosterImport) -> bytes | None:
    """The file with its faults marked; None when it is no longer kept."""
    try:
        data = keeping.kept(roster.kept_as, keeping.FILE)
        preview = keeping.kept_preview(roster.kept_as)
    except keeping.NotKept:
        return None
    return marked(data, [Fault(**each) for each in preview["faults"]])


def headings_to_map(roster: RosterImport) -> list[dict[str, Any]]:
    """The headings found in the file, each with what it is taken for and an example-free place."""
    preview = keeping.kept_preview(roster.kept_as)
    found: dict[str, dict[str, Any]] = {}
    for sheet in preview["sheets"]:
        for index, header, name, group in sheet["columns"]:
            if plain(header) not in found:
                found[plain(header)] = {
                    "heading": header, "field": name, "group": group, "index": index,
                    "sheet": sheet["name"],
                }  # fmt: skip
    return list(found.values())


def day_to_propose(schools: list[Place], on: date) -> date:
    """The day that a new roster most likely speaks of: the year's first day while the school has
    nobody enrolled yet, today afterwards."""
    first, _until = school_year_bounds(school_year_of(on))
    known = Enrolment.objects.between(first, on).filter(school__in=schools).exists()
    return on if known else first


def field_choices(kind: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a column may hold, grouped, in the words of the known headings."""
    words = table()
    unused = [("-", _("不用这一列"))]
    if kind == STAFF:
        return [(_("其他"), unused), (_("教职工"), _labels(words["staff"]))]
    carers = words["carers"]
    groups = [(_("其他"), unused), (_("学生"), _labels(words["pupil"]))]
    for who, label in _WHO:
        whats = [
            (f"{who}.{what}", f"{label}{carers['what'][what][0] or _('姓名')}") for what in _WHAT
        ]
        groups.append((label, whats))
    return groups


def _labels(section: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(name, headings[0]) for name, headings in section.items()]


_WHO = (
    ("father", "父亲"),
    ("mother", "母亲"),
    ("guardian", "监护人"),
    ("parent", "家长"),
    ("daily", "实际照护人"),
    ("emergency", "紧急联系人"),
    ("member1", "成员1"),
    ("member2", "成员2"),
    ("member3", "成员3"),
)
_WHAT = ("name", "relation", "guardian", "phone", "other_phone", "id_number")
