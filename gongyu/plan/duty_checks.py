"""Whether each duty keeps to the text and invents no red line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from .faults import Fault
from .folder import PlanFolder
from .names import Names, twice
from .reading import Table
from .vocabulary import (
    CALENDAR_PERIODS,
    PERIODS_OF_SHAPE,
    SHAPES,
    SHAPES_OF_CLASS,
    STAGE_GROUPS,
    SUBJECTS_WITH_STAGES,
)


def check_duties(
    folder: PlanFolder, names: Names, evaluators: Mapping[str, str]
) -> Iterator[Fault]:
    """`evaluators` gives each evaluator's name and the shape it computes."""
    covered: set[str] = set()
    duties: list[Table] = []
    for number, table in folder.duty_files.items():
        if table["measure"] != number:
            yield table.fault("measure", f"这个文件属于措施 {number}", f"写成 measure = {number}")
        for duty in table.tables("duties"):
            duties.append(duty)
            covered.add(duty["sentence"])
            yield from _check_quote(duty, number, folder.text, names)
            yield from _check_owner(duty, names.measures[number], names)
            yield from _check_references(duty, names)
            yield from _check_shape(duty, evaluators)
            yield from _check_subject(duty)
            yield from _check_period(duty, folder.calendar)
            yield from _check_params(duty, names)
    yield from twice(duties, "id")
    yield from _check_coverage(names, covered)


def _check_quote(duty: Table, number: int, text: str, names: Names) -> Iterator[Fault]:
    sentence = names.sentences.get(duty["sentence"])
    if sentence is None:
        yield duty.fault("sentence", f"方案没有第 {duty['sentence']} 句", "写成“措施.句序”，如 1.4")
    elif duty["sentence"].split(".")[0] != str(number):
        yield duty.fault(
            "sentence", f"第 {duty['sentence']} 句不属于措施 {number}", "改正句序或换文件"
        )
    elif duty["quote"] not in text:
        yield duty.fault("quote", "引文不是原文的一段", "照原文逐字抄写，包括标点")
    elif duty["quote"] not in sentence:
        home = next((key for key, value in names.sentences.items() if duty["quote"] in value), None)
        cure = f"改为 sentence = “{home}”" if home else "引文不要跨句"
        yield duty.fault("sentence", f"引文不在第 {duty['sentence']} 句之内", cure)


def _check_owner(duty: Table, measure: Table, names: Names) -> Iterator[Fault]:
    for index, code in enumerate(duty["owner"]):
        if code in names.departments:
            if measure["departments"] and code not in measure["departments"]:
                what = f"{names.departments[code]['short']}不是这项措施的责任部门"
                cure = "改用本措施的责任部门：" + "、".join(measure["departments"])
                yield duty.fault("owner", what, cure, index)
        elif code not in names.actors:
            near = get_close_matches(code, [*names.departments, *names.actors], n=1)
            cure = f"是不是 {near[0]}？" if near else "在 departments 或 actors 中登记"
            yield duty.fault("owner", f"没有代码为“{code}”的部门或责任人", cure, index)


def _check_references(duty: Table, names: Names) -> Iterator[Fault]:
    for index, code in enumerate(duty["exceptions"]):
        if code not in names.exceptions:
            yield duty.fault("exceptions", f"没有例外 {code}", "在 exceptions 中登记", index)
    for index, code in enumerate(duty["reading"]["ids"]):
        if code not in names.readings:
            yield duty.fault("reading.ids", f"没有读法 {code}", "在 readings 中登记", index)


def _check_shape(duty: Table, evaluators: Mapping[str, str]) -> Iterator[Fault]:
    shapes = SHAPES_OF_CLASS[duty["class"]]
    if duty["shape"] not in shapes:
        what = f"{duty['class']} 类不能用 {duty['shape']}（{SHAPES[duty['shape']]}）"
        yield duty.fault("shape", what, "改用：" + "、".join(shapes))
    evaluator = duty.get("evaluator", duty["shape"])
    if evaluator not in evaluators:
        key = "evaluator" if "evaluator" in duty else "shape"
        cure = "可用的有：" + "、".join(sorted(evaluators))
        yield duty.fault(key, f"没有名为“{evaluator}”的计算方法", cure)
    elif evaluators[evaluator] != duty["shape"]:
        what = f"{evaluator} 算的是 {evaluators[evaluator]}，不是 {duty['shape']}"
        yield duty.fault("evaluator", what, "换一个计算方法，或删去这个键")
    if duty["built"] and "facts" not in duty:
        cure = "写明所计的事实，或写 built = false"
        yield duty.fault("facts", "已建成的要求没有写明所计的事实", cure)


def _check_subject(duty: Table) -> Iterator[Fault]:
    needs_stages = duty["subject"] in SUBJECTS_WITH_STAGES
    if needs_stages and "stages" not in duty:
        cure = "写明 stages，可用：" + "、".join(STAGE_GROUPS)
        yield duty.fault("stages", "没有写明计入哪些学段", cure)
    if not needs_stages and "stages" in duty:
        yield duty.fault("stages", f"对象是 {duty['subject']}，不分学段", "删去 stages")


def _check_period(duty: Table, calendar: Table) -> Iterator[Fault]:
    period = duty.table("period")
    kind = period["kind"]
    allowed = PERIODS_OF_SHAPE[duty["shape"]]
    if kind not in allowed:
        what = f"{duty['shape']} 不能用周期 {kind}"
        yield duty.fault("period.kind", what, "改用：" + "、".join(allowed))
    if kind == "horizon" and "ends_on" not in period:
        yield duty.fault("period", "到期的目标没有写明日期", "补上 ends_on")
    if "starts_on" in period and "ends_on" in period and period["ends_on"] < period["starts_on"]:
        yield duty.fault("period.ends_on", "结束早于开始", "改正日期")
    if kind in CALENDAR_PERIODS:
        for stage in duty.get("stages", [""]):
            if not _calendar_has(calendar, kind, stage):
                where = f"（{STAGE_GROUPS[stage]}）" if stage else ""
                what = f"校历中没有{CALENDAR_PERIODS[kind]}{where}的起止日期"
                yield duty.fault("period.kind", what, "在 calendar.toml 中补上，或改用别的周期")


def _calendar_has(calendar: Table, kind: str, stage: str) -> bool:
    if kind == "half_year":
        return bool(calendar.get("half_years")) and "years" in calendar
    if kind == "year":
        return "years" in calendar
    if kind == "school_year":
        return bool(calendar.get("school_years"))
    rows = calendar.tables({"semester": "semesters", "vacation": "vacations"}[kind])
    return any(stage in ("", *row["stage_groups"]) for row in rows)


def _check_params(duty: Table, names: Names) -> Iterator[Fault]:
    """A parameter has one home: one of the duty's readings, or the duty itself."""
    homes: dict[str, str] = {}
    for code in duty["reading"]["ids"]:
        reading = names.readings.get(code)
        for name in reading.get("parameters", {}) if reading else ():
            homes[name] = code
    for name in duty.get("params", {}):
        if name in homes:
            what = f"参数 {name} 已由读法 {homes[name]} 给出"
            yield duty.fault(f"params.{name}", what, "删去这里的，要改就改读法")


def _check_coverage(names: Names, covered: set[str]) -> Iterator[Fault]:
    for number, measure in names.measures.items():
        for index in range(len(measure["sentences"])):
            if f"{number}.{index + 1}" not in covered:
                what = f"第 {number}.{index + 1} 句没有对应的要求"
                cure = f"在 {measure['file']} 中为这一句补上要求"
                yield measure.fault("sentences", what, cure, index)
