"""A roster from file to database in one go, for the command line: no page in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import RosterImport
from gongyu.ground.places.models import Place
from gongyu.ground.places.rules import PlaceRefused
from gongyu.ground.staff.rules import PostRefused

from . import actions, keeping
from .actions_at_once import AtOnce, bring_in
from .changes import Doubt
from .faults import FAULT, Fault
from .steps import Asked, Progress

_SHOWN = 50


@dataclass
class Outcome:
    """What became of the file. `status` is done, unchanged, dry_run, refused, doubts, mapping
    or failed; `counts` are rows by what happens to them."""

    status: str
    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    doubts: list[dict[str, Any]] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    not_kept: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    import_id: int | None = None

    @property
    def done(self) -> bool:
        return self.status in {"done", "unchanged", "dry_run"}

    def as_dict(self) -> dict[str, Any]:
        """For programs: values of faults are masked, doubts name rows and ids only."""
        return {
            "status": self.status,
            "import": self.import_id,
            "counts": self.counts,
            "fault_count": self.fault_count,
            "faults": [fault.as_dict() for fault in self.faults],
            "doubts": [
                {"sheet": d["sheet"], "row": d["row"], "candidates": [c for c, _words in d["candidates"]]}
                for d in self.doubts
            ],
            "new_classes": self.classes,
            "not_kept": self.not_kept,
            "unknown_headings": self.unknown,
        }  # fmt: skip

    def words(self) -> str:
        """For people."""
        lines = [_HEADS[self.status]]
        refusing = [fault for fault in self.faults if fault.severity == FAULT]
        lines += [f"  {fault}" for fault in refusing[:_SHOWN]]
        if self.fault_count > _SHOWN:
            lines.append(f"  …… 共 {self.fault_count} 处错误，用 --marked 得到标注好的表格")
        lines += [f"  {d['sheet']} 第 {d['row']} 行不能确定是否同一人（--doubts same 或 new）"
                  for d in self.doubts[:_SHOWN]]  # fmt: skip
        lines += [f"  {_COUNTS[name]} {n}" for name, n in self.counts.items() if name in _COUNTS]
        if self.classes:
            lines.append(f"  新开班级：{'、'.join(self.classes)}")
        if self.unknown:
            lines.append(f"  不认识的列，没有读取：{'、'.join(self.unknown)}")
        if self.not_kept:
            kept_out = [header for headers in self.not_kept.values() for header in headers]
            lines.append(f"  认得但不采集的列：{'、'.join(kept_out)}")
        warnings = len(self.faults) - len(refusing)
        if warnings:
            lines.append(f"  提醒 {warnings} 处")
        return "\n".join(lines)


_HEADS = {
    "done": "已导入。",
    "unchanged": "与现有资料一致，没有变化。",
    "dry_run": "试运行：以下是导入后的变化，没有写入任何数据。",
    "refused": "有错误，整份名册没有导入。",
    "doubts": "有不能确定的行，没有导入。",
    "failed": "处理中断，没有写入任何数据。",
    "mapping": "认不出表头，没有导入。请在网页上指出各列的含义，本校以后自动识别。",
}
_COUNTS = {
    "rows": "行数",
    "added": "新增",
    "transferred": "转入",
    "moved": "调班升级",
    "changed": "信息更新",
    "unchanged": "不变",
    "left": "表中没有",
    "opened": "新任职",
    "closed": "离任",
    "handed_over": "接任班主任",
    "carers_new": "新增家长",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says of the file; `doubts` is ask, same or new."""

    on: date
    kind: str = ""
    covers: str = RosterImport.Covers.PART
    with_leavers: bool = False
    doubts: str = "ask"
    dry_run: bool = False


def import_at_once(
    school: Place,
    data: bytes,
    options: Options,
    *,
    by: Actor,
    file_name: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """Reads, checks, compares and imports one file, whole or not at all. A dry run and a refusal
    leave nothing but their audit rows."""
    asked = Asked(options.kind, options.covers, options.on)
    decide = {"same": _the_same, "new": _new}.get(options.doubts)
    how = AtOnce(
        options.with_leavers,
        options.dry_run,
        decide,
        progress or (lambda phase, done, total: None),
    )
    try:
        brought = bring_in(school, file_name, data, asked, how, by=by)
    except (PlaceRefused, PostRefused) as refused:
        fault = Fault("contradiction", str(refused), _("核对后重新导入"))
        return Outcome("refused", faults=[fault], fault_count=1)
    roster, sheet = brought.roster, brought.sheet
    if sheet is None:
        return Outcome("failed", import_id=roster.pk)
    if roster.status == "done":
        quiet = {"rows", "unchanged", "left"}
        moved = any(n for name, n in roster.summary.items() if name not in quiet)
        left = options.with_leavers and roster.summary.get("left")
        status = "done" if moved or left else "unchanged"
        return Outcome(
            status,
            counts=roster.summary,
            faults=sheet.faults,
            not_kept=sheet.not_kept,
            unknown=sheet.unknown,
            import_id=roster.pk,
        )
    outcome = _outcome(roster)
    if roster.status == "ready" and not outcome.doubts:
        outcome.status = "dry_run"
    actions.cancel(roster, by=by)
    return outcome


def _new(doubts: list[Doubt]) -> dict[str, int]:
    return {doubt.entry.key: 0 for doubt in doubts}


def _the_same(doubts: list[Doubt]) -> dict[str, int]:
    """A choice among several candidates stays open."""
    return {d.entry.key: d.candidates[0][0] for d in doubts if len(d.candidates) == 1}


def _outcome(roster: RosterImport) -> Outcome:
    preview = keeping.kept_preview(roster.kept_as)
    return Outcome(
        status="doubts" if roster.status == "ready" else roster.status,
        counts=preview["counts"],
        faults=[Fault(**each) for each in preview["faults"]],
        fault_count=preview["fault_count"],
        doubts=preview["doubts"],
        classes=preview["classes"],
        not_kept=preview["not_kept"],
        unknown=preview["unknown"],
        import_id=roster.pk,
    )
