"""Which numbers may judge: those of the plan's own words and those of a cited document."""

from __future__ import annotations

from collections.abc import Iterator

from .faults import Fault
from .folder import PlanFolder
from .names import Names
from .reading import Table
from .vocabulary import (
    CLASSES,
    CLASSES_WITH_THRESHOLD,
    DOCUMENT_KINDS,
    DOCUMENT_KINDS_FOR_THRESHOLDS,
    SUBJECTS,
    UNITS_OF_SHAPE,
)

_PERCENT_LIMIT = 100
# With fewer than three in a cell, one of them could tell who the other is.
_LEAST_MINIMUM = 3


def check_numbers(folder: PlanFolder, names: Names) -> Iterator[Fault]:
    duties = numbers = 0
    for table in folder.duty_files.values():
        for duty in table.tables("duties"):
            duties += 1
            numbers += duty.get("number", False)
            yield from _check_number(duty, names)
            if "threshold" in duty:
                yield from _check_may_judge(duty)
                yield from _check_threshold(duty, names)
    if numbers != folder.plan["numbers"]:
        what = f"标为方案数字的要求有 {numbers} 项，应为 {folder.plan['numbers']} 项"
        yield folder.plan.fault("numbers", what, "改正 numbers，或改正各要求的 number")
    # One that is left out would be missed by nobody whose sentence another duty covers as well.
    if duties != folder.plan["duties"]:
        what = f"要求共 {duties} 项，应为 {folder.plan['duties']} 项"
        yield folder.plan.fault("duties", what, "补上缺的要求，或改正 duties")
    yield from _check_disclosure(folder.plan.table("disclosure"))


def _check_disclosure(disclosure: Table) -> Iterator[Fault]:
    """Below 3 nothing is hidden of which one knows the other; the public never sees more than a
    district does."""
    for key in ("district_minimum", "public_minimum"):
        if disclosure[key] < _LEAST_MINIMUM:
            what = f"少于 {disclosure[key]} 人才不显示，等于不保护儿童"
            yield disclosure.fault(key, what, f"写 {_LEAST_MINIMUM} 或更大的数")
    if disclosure["public_minimum"] < disclosure["district_minimum"]:
        what = "对公众显示的比对区县的还细"
        yield disclosure.fault("public_minimum", what, "不小于 district_minimum")


def _check_number(duty: Table, names: Names) -> Iterator[Fault]:
    """A number of the plan stands in the quoted words, has a label and belongs to class N."""
    source = duty.table("threshold").get("source")
    is_plans_own = _kind(source, names) == "plan"
    if duty["class"] == "N" and "threshold" not in duty:
        yield duty.fault("threshold", "N 类要求没有阈值", "补上有出处的阈值，或改为 R 类")
    if not duty.get("number"):
        if is_plans_own:
            cure = "写 number = true，或改引给出这个数的文件"
            yield duty.fault("threshold.source", "阈值引自方案，却没有标为方案的数字", cure)
        return
    if not is_plans_own:
        yield duty.fault(
            "number", "方案的数字须以方案为出处", "删去 number，或改正 threshold.source"
        )
    if "label" not in duty:
        yield duty.fault("label", "方案的数字没有短名", "补上 label，供首页显示")
    if is_plans_own and not _is_in_words(duty):
        value = duty["threshold"]["value"]
        cure = "引用写有这个数的原文；方案没有写的数不能作阈值"
        yield duty.fault("threshold.value", f"引文里看不出 {value} 这个数", cure)


def _is_in_words(duty: Table) -> bool:
    quote, threshold = duty["quote"], duty["threshold"]
    value = threshold["value"]
    if threshold["unit"] == "percent":
        return f"{value}%" in quote or (value == _PERCENT_LIMIT and "全覆盖" in quote)
    # “每学期开展” binds to once a semester without writing the figure.
    return f"{value}次" in quote or (value == 1 and "每" in quote)


def _check_may_judge(duty: Table) -> Iterator[Fault]:
    letter = duty["class"]
    if letter not in CLASSES_WITH_THRESHOLD:
        what = f"{letter} 类（{CLASSES[letter]}）不作评判，不能有阈值"
        yield duty.fault("threshold", what, "删去 threshold，只计数")
    elif SUBJECTS[duty["subject"]].in_need and duty["shape"] != "closed_in_time":
        yield duty.fault("threshold", "困境儿童、个案和结对的数量不得设目标", "删去 threshold")


def _check_threshold(duty: Table, names: Names) -> Iterator[Fault]:
    threshold = duty.table("threshold")
    units = UNITS_OF_SHAPE.get(duty["shape"], ())
    if units and threshold["unit"] not in units:
        yield duty.fault(
            "threshold.unit", f"{duty['shape']} 的单位不对", "改用：" + "、".join(units)
        )
    yield from _check_value(duty, threshold)
    yield from _check_document(threshold, names)
    seen: set[str] = set()
    for override in threshold.tables("overrides"):
        yield from _check_override(duty, override, names)
        if override["stage"] in seen:
            yield override.fault("stage", f"{override['stage']} 写了两次", "删去其中一个")
        seen.add(override["stage"])


def _check_value(duty: Table, row: Table) -> Iterator[Fault]:
    limit = _PERCENT_LIMIT if duty["threshold"]["unit"] == "percent" else 366
    if not 1 <= row["value"] <= limit:
        yield row.fault("value", f"阈值 {row['value']} 不合理", f"写 1 到 {limit} 之间的数")


def _check_override(duty: Table, override: Table, names: Names) -> Iterator[Fault]:
    if override["stage"] not in duty.get("stages", []):
        yield override.fault("stage", f"这项要求不计 {override['stage']}", "删去，或补进 stages")
    yield from _check_value(duty, override)
    yield from _check_document(override, names)
    if _kind(override.get("source"), names) == "plan":
        yield override.fault("source", "分学段的阈值须另有文件", "引用给出这个数的法规或文件")


def _check_document(row: Table, names: Names) -> Iterator[Fault]:
    """A threshold without a document cannot be saved; neither can one that rests on hearsay."""
    source = row.get("source")
    if source is None:
        yield row.fault("source", "阈值没有出处", "写明给出这个数的文件；没有文件就删去阈值")
        return
    kind = _kind(source, names)
    if kind == "":
        yield row.fault("source", f"没有代码为“{source}”的文件", "在 plan.toml 的 documents 中登记")
    elif kind not in DOCUMENT_KINDS_FOR_THRESHOLDS:
        what = f"{DOCUMENT_KINDS[kind]}不能作阈值的出处"
        yield row.fault("source", what, "引用方案、法律、法规或正式文件")
    if not row.get("article"):
        yield row.fault("article", "没有写明出自哪一条", "补上 article，如“第二十二条”")


def _kind(source: str | None, names: Names) -> str:
    return names.documents[source]["kind"] if source in names.documents else ""
