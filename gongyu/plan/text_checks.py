"""Whether the plan's own words are there: headings, sentences, departments, all of them exact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .faults import Fault
from .folder import PlanFolder
from .names import Names
from .reading import Table

# "(责任部门:市教委、市妇联)": the names behind the colon.
_DEPARTMENTS_QUOTE = re.compile(r"[(（][^:：]*[:：](.*?)[)）]")


def check_text(folder: PlanFolder, names: Names) -> Iterator[Fault]:
    for department in names.departments.values():
        if department["title"] not in folder.text:
            yield department.fault("title", "原文中没有这个部门", "照原文的署名抄写全称")
    for measure in folder.plan.tables("measures"):
        yield from _check_block(measure, folder.text)
        yield from _check_departments(measure, names)
    yield from _check_headings(folder)


def _check_block(measure: Table, text: str) -> Iterator[Fault]:
    """Heading, sentences and departments stand in the text one after another, with no gap.

    This proves at once that every sentence is exact and that none is left out.
    """
    at = text.find(measure["heading"])
    if at < 0:
        yield measure.fault("heading", "原文中没有这个标题", "照原文逐字抄写，包括标点")
        return
    at += len(measure["heading"])
    for index, sentence in enumerate(measure["sentences"]):
        if not text.startswith(sentence, at):
            what = "原文此处不是这句话" if sentence in text else "原文中没有这句话"
            yield measure.fault("sentences", what, _expected(text, at), index)
            return
        at += len(sentence)
    if not text.startswith(measure["departments_quote"], at):
        cure = _expected(text, at)
        yield measure.fault("departments_quote", "原文此处不是这段话，或漏了句子", cure)
        return
    at += len(measure["departments_quote"])
    if at < len(text) and text[at] != "\n":
        yield measure.fault("sentences", "这项措施还有句子没有列出", _expected(text, at))


def _expected(text: str, at: int) -> str:
    following = text[at:].split("\n", 1)[0]
    end = following.find("。") + 1 or len(following)
    return f"原文此处是：{following[:end]}" if following else "原文这一段到此为止，删去多余的内容"


def _check_departments(measure: Table, names: Names) -> Iterator[Fault]:
    unknown = [code for code in measure["departments"] if code not in names.departments]
    for code in unknown:
        index = measure["departments"].index(code)
        yield measure.fault(
            "departments", f"没有代码为“{code}”的部门", "在 departments 中登记", index
        )
    quote = _DEPARTMENTS_QUOTE.fullmatch(measure["departments_quote"])
    if unknown or quote is None:
        return
    by_name = {
        name: code
        for code, row in names.departments.items()
        for name in (row["short"], row["title"], *row["aliases"])
    }
    quoted = quote.group(1).split("、")
    for name in quoted:
        if name not in by_name:
            what = f"责任部门“{name}”没有登记"
            yield measure.fault(
                "departments_quote", what, "在 departments 的 short 或 aliases 中补上"
            )
            return
    if [by_name[name] for name in quoted] != measure["departments"]:
        cure = "按原文顺序写：" + "、".join(by_name[name] for name in quoted)
        yield measure.fault("departments", "与原文所列责任部门不一致", cure)


def _check_headings(folder: PlanFolder) -> Iterator[Fault]:
    """A numbered paragraph of the text that no measure claims has been forgotten."""
    headings = [measure["heading"] for measure in folder.plan.tables("measures")]
    for line in folder.text.split("\n"):
        numbered = re.match(r"\d{1,3}[.．、]", line)
        if numbered and not any(line.startswith(heading) for heading in headings):
            cure = "在 measures 中补上这项措施"
            yield folder.plan.fault("measures", f"原文的“{line[:20]}…”没有列为措施", cure)
