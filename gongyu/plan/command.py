"""`gongyu plan check` proves a plan; `gongyu plan show` says what a measure or a duty asks."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .checking import check_plan
from .faults import PlanError
from .folder import default_plan_folder
from .loading import load_plan
from .model import Duty, Measure, Plan
from .vocabulary import CLASSES, SHAPES, STAGE_GROUPS, UNITS

Answer = tuple[str, int]


def add_commands(subparsers: Any) -> None:
    """Adds `plan` with its two commands; each handler prints and returns the exit code."""
    plan = subparsers.add_parser("plan", help="检查方案、查看方案")
    commands = plan.add_subparsers(dest="plan_command", metavar="COMMAND", required=True)
    checking = commands.add_parser("check", help="检查一个方案文件夹，列出每处错误及改法")
    checking.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="方案文件夹")
    checking.set_defaults(handler=lambda args: _say(check(args.folder, args.json)))
    showing = commands.add_parser("show", help="查看措施、句子或要求")
    showing.add_argument("what", nargs="?", default="", help="措施号、句序（如 1.4）或要求代码")
    showing.add_argument("--folder", type=Path, metavar="FOLDER", help="方案文件夹")
    showing.set_defaults(handler=lambda args: _say(show(args.what, args.json, args.folder)))
    for command in (checking, showing):
        command.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def _say(answer: Answer) -> int:
    text, code = answer
    print(text)
    return code


def check(folder: Path | None = None, as_json: bool = False) -> Answer:
    """What the check found, and 0 for a sound plan or 1 for one that is refused."""
    place = Path(folder or default_plan_folder())
    faults = check_plan(place)
    if faults:
        if as_json:
            found = {"folder": str(place), "sound": False, "faults": [f.as_dict() for f in faults]}
            return _as_json(found), 1
        lines = [f"{place}：方案不能使用，共 {len(faults)} 处错误", *(f"  {f}" for f in faults)]
        return "\n".join(lines), 1
    plan = load_plan(place)
    return (_as_json(_counts(plan, place)) if as_json else _summary(plan, place)), 0


def show(what: str = "", as_json: bool = False, folder: Path | None = None) -> Answer:
    """A measure (its number), a sentence ("1.4"), a duty (its id), or all measures."""
    try:
        plan = load_plan(folder)
    except PlanError as error:
        return f"方案不能使用，请先运行 gongyu plan check：\n{error}", 1
    if not what:
        if as_json:
            return _as_json([_measure_data(plan, each) for each in plan.measures]), 0
        return _table(plan), 0
    if plan.has_duty(what):
        duty = plan.duty(what)
        return (_as_json(duty_data(duty)) if as_json else _duty_text(duty)), 0
    duties = [duty for duty in plan.duties if what in (str(duty.measure), duty.sentence.id)]
    if not duties:
        near = get_close_matches(what, [duty.id for duty in plan.duties], n=3)
        hint = "是不是：" + "、".join(near) if near else "写措施号、句序（如 1.4）或要求代码"
        return f"没有“{what}”。{hint}", 1
    if as_json:
        return _as_json([duty_data(duty) for duty in duties]), 0
    return _duties_text(plan.measure(duties[0].measure), duties), 0


def _counts(plan: Plan, folder: Path) -> dict[str, Any]:
    sentences = list(plan.sentences)
    covered = {duty.sentence.id for duty in plan.duties}
    return {
        "folder": str(folder),
        "sound": True,
        "id": plan.id,
        "version": plan.version,
        "duties": len(plan.duties),
        "measures": sum(measure.number > 0 for measure in plan.measures),
        "sentences": len(sentences),
        "sentences_covered": sum(sentence.id in covered for sentence in sentences),
        "built": len(plan.built_duties),
        "numbers": [duty.id for duty in plan.numbers],
        "classes": _by_class(plan.duties),
        "by_measure": [
            {"measure": each.number, "classes": _by_class(plan.duties_of(each.number))}
            for each in plan.measures
        ],
    }


def _by_class(duties: tuple[Duty, ...]) -> dict[str, int]:
    counts = Counter(duty.class_code for duty in duties)
    return {letter: counts[letter] for letter in CLASSES}


def _summary(plan: Plan, folder: Path) -> str:
    counts = _counts(plan, folder)
    covered = f"{counts['sentences_covered']} of {counts['sentences']} sentences"
    return "\n".join(
        [
            f"{plan.title}（{plan.id}，版本 {plan.version}）",
            _table(plan),
            *(f"  {letter} {title}" for letter, title in CLASSES.items()),
            f"方案的数字 {len(plan.numbers)} 个："
            + "、".join(f"{duty.title} {_threshold_text(duty)}" for duty in plan.numbers),
            f"已建成 {counts['built']} 项，其余 {counts['duties'] - counts['built']} 项所属措施尚未建成",
            f"{counts['duties']} duties, {counts['measures']} measures, {covered}",
        ]
    )


def _table(plan: Plan) -> str:
    rows = [["措施", "标题", *CLASSES, "合计"]]
    for measure in plan.measures:
        counts = _by_class(plan.duties_of(measure.number))
        rows.append([str(measure.number), measure.title, *map(str, counts.values())])
        rows[-1].append(str(sum(counts.values())))
    total = _by_class(plan.duties)
    rows.append(["合计", "", *map(str, total.values()), str(sum(total.values()))])
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(_padded, row, widths)).rstrip() for row in rows)


def _width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _duties_text(measure: Measure, duties: list[Duty]) -> str:
    departments = "、".join(each.short for each in measure.departments) or "未列"
    head = f"措施{measure.number} {measure.title}（责任部门：{departments}）"
    return "\n\n".join([head, *(_duty_text(duty) for duty in duties)])


def _duty_text(duty: Duty) -> str:
    lines = [
        f"{duty.id}  {duty.class_code} {duty.class_title}",
        f"  原文  “{duty.quote}”（第 {duty.sentence.id} 句）",
        f"  责任  {duty.owner_title}",
        f"  对象  {duty.subject_title}{_stages_text(duty)}，{duty.period.title}",
        f"  算法  {SHAPES[duty.shape]}（{duty.evaluator}）",
        f"  阈值  {_threshold_text(duty) or '无；只计数或只看有无，不设红线'}",
    ]
    if duty.threshold:
        lines.append(f"  出处  {duty.threshold.source.citation}{duty.threshold.article}")
    lines.append(f"  读法  {duty.reading_text}")
    lines += [f"        {each.id} {each.decision}" for each in duty.readings]
    if duty.exceptions:
        lines.append(
            "  例外  " + "；".join(f"{each.code} {each.title}" for each in duty.exceptions)
        )
    lines.append("  状态  " + ("已建成" if duty.built else "所属措施尚未建成"))
    return "\n".join(lines)


def _stages_text(duty: Duty) -> str:
    return f"（{'、'.join(STAGE_GROUPS[each] for each in duty.stages)}）" if duty.stages else ""


def _threshold_text(duty: Duty) -> str:
    threshold = duty.threshold
    if threshold is None:
        return ""
    unit = UNITS[threshold.unit]
    others = "".join(
        f"，{STAGE_GROUPS[each.stage]}≥{each.value}{unit}（{each.source.title}{each.article}）"
        for each in threshold.overrides
    )
    return f"≥{threshold.value}{unit}{others}"


def _measure_data(plan: Plan, measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "title": measure.title,
        "departments": [each.code for each in measure.departments],
        "sentences": [each.text for each in measure.sentences],
        "duties": [duty.id for duty in plan.duties_of(measure.number)],
    }


def duty_data(duty: Duty) -> dict[str, Any]:
    """A duty as plain values, for programs."""
    threshold = duty.threshold
    return {
        "id": duty.id,
        "title": duty.title,
        "class": duty.class_code,
        "measure": duty.measure,
        "sentence": duty.sentence.id,
        "quote": duty.quote,
        "owner": [each.code for each in duty.owner],
        "subject": duty.subject,
        "stages": list(duty.stages),
        "period": duty.period.kind,
        "shape": duty.shape,
        "evaluator": duty.evaluator,
        "facts": list(duty.facts),
        "threshold": None
        if threshold is None
        else {
            "value": threshold.value,
            "unit": threshold.unit,
            "source": threshold.source.citation,
            "article": threshold.article,
            "overrides": {each.stage: each.value for each in threshold.overrides},
        },
        "exceptions": [each.code for each in duty.exceptions],
        "reading": duty.reading_text,
        "readings": [each.id for each in duty.readings],
        "params": dict(duty.params),
        "number": duty.is_number,
        "built": duty.built,
    }


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str)
