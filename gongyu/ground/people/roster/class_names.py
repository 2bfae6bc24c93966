"""Class names as schools write them: "三年级2班", "3.2", "高一(3)班", "2024级5班", "大一班"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

# The stage's first grade and its number of grades, by the ground's grade numbers.
_SPAN = {
    "kindergarten": (-2, 3),
    "primary": (1, 6),
    "junior": (7, 3),
    "senior": (10, 3),
    "vocational": (10, 3),
    "special": (1, 12),
}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_CARE = {"小": -2, "中": -1, "大": 0}
_NUMBER = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_TAIL = rf"\(?\s*{_NUMBER}\s*\)?\s*班?"
_WORDS = {"小学": "primary", "小": "primary", "初中": "junior", "初": "junior",
          "高中": "senior", "高": "senior", "中职": "vocational", "职高": "vocational"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClassKey:
    """A class within a school and a school year."""

    stage: str
    grade: int
    number: int

    def __str__(self) -> str:
        return class_title(self)


@dataclass(frozen=True)
class SchoolFrame:
    """What must be known of the school to read a class name: its stages, the school year (the year
    it starts), and the classes it has by their own names ("小鹿班")."""

    stages: tuple[str, ...]
    school_year: int
    named: dict[str, ClassKey] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.stages, self.school_year, len(self.named)))


class ClassUnreadable(ValueError):
    """`code`: shape (cannot be read), number (no class number), stage (the school has no such
    grade), ambiguous (two stages fit), nursery (托班 are not on rosters)."""

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)


def chinese_number(text: str) -> int:
    """An Arabic or Chinese number up to 99."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        if len(text) != 1 or text not in _DIGITS:
            raise ClassUnreadable("shape")
        return _DIGITS[text]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def class_title(key: ClassKey) -> str:
    """The class's usual name."""
    if key.stage == "kindergarten":
        return f"{'小中大'[key.grade + 2]}{key.number}班"
    if key.stage in {"senior", "vocational"}:
        return (
            f"{'高' if key.stage == 'senior' else '职'}{'一二三'[key.grade - 10]}({key.number})班"
        )
    grades = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
    return f"{grades[key.grade - 1]}年级{key.number}班"


def is_last_grade(key: ClassKey, stages: tuple[str, ...]) -> bool:
    """Whether the school has nothing after this grade, so that who is gone has graduated."""
    ends = [_SPAN[stage][0] + _SPAN[stage][1] - 1 for stage in stages]
    return key.grade >= max(ends)


def clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[\s_]+", "", text).replace("【", "(").replace("】", ")")
    return re.sub(r"[\[{〔]", "(", re.sub(r"[\]}〕]", ")", text)).strip("'\"")


@lru_cache(maxsize=8192)
def parse_class(class_text: str, grade_text: str, frame: SchoolFrame) -> ClassKey:
    """The class meant by the class cell, with the help of the grade cell. Raises ClassUnreadable."""
    label, grade_label = clean(class_text), clean(grade_text)
    if named := frame.named.get(label) or frame.named.get(grade_label + label):
        return named
    if "托" in label or "托" in grade_label:
        raise ClassUnreadable("nursery")
    number = re.fullmatch(_TAIL, label)
    if number and grade_label:
        grade = _grade(grade_label, frame)
        if grade is None:
            raise ClassUnreadable("shape")
        return ClassKey(*grade, chinese_number(number[1]))
    whole = _whole(label, frame)
    if whole is not None:
        return whole
    if label and (number or _grade(label.removesuffix("班"), frame) is None):
        raise ClassUnreadable("shape")
    raise ClassUnreadable("number")


def _whole(label: str, frame: SchoolFrame) -> ClassKey | None:
    """A label that names grade and number together."""
    if match := re.fullmatch(r"(\d{1,2})[.\-/、](\d{1,2})班?", label):
        stage, grade = _fit(int(match[1]), frame)
        return ClassKey(stage, grade, int(match[2]))
    if match := re.fullmatch(r"([1-9])(0[1-9]|[1-4]\d)班?", label):
        stage, grade = _fit(int(match[1]), frame)
        return ClassKey(stage, grade, int(match[2]))
    # The shortest head that is a grade and leaves a class number: "高一(3)班", "大一班", "三2班".
    for cut in range(1, len(label)):
        tail = re.fullmatch(_TAIL, label[cut:])
        if not tail or not label[cut:].strip("()班"):
            continue
        grade = _grade(label[:cut], frame)
        if grade is not None and _may_end(label[:cut], label[cut:]):
            return ClassKey(*grade, chinese_number(tail[1]))
    return None


def _may_end(head: str, tail: str) -> bool:
    """Whether a grade may end here: digits are not torn apart, "三" alone wants a bracket or 班."""
    if head[-1].isdigit() and tail[0].isdigit():
        return False
    if head[-1] in "一二三四五六七八九十" and tail[0] in "一二三四五六七八九十":
        return head[-2:-1] in tuple("初高职")
    return not head[-1].isdigit() or tail[0] == "("


def _grade(text: str, frame: SchoolFrame) -> tuple[str, int] | None:
    """(stage, grade) of a grade's name, or None if it is none. Raises ClassUnreadable."""
    text = re.sub(r"^(培智|启聪|启明|聋|盲|特教)", "", text)
    if match := re.fullmatch(r"([小中大])班?", text):
        if "kindergarten" not in frame.stages:
            raise ClassUnreadable("stage")
        return "kindergarten", _CARE[match[1]]
    if match := re.fullmatch(r"(小学|初中|高中|中职|职高|小|初|高)?(20\d\d|\d\d)(级|届)", text):
        year = int(match[2]) + (2000 if len(match[2]) == 2 else 0)
        return _cohort(year, match[3], _WORDS.get(match[1] or ""), frame)
    if match := re.fullmatch(rf"(小学|初中|高中|中职|职高|初|高|职){_NUMBER}(年级|年)?", text):
        return _in_stage(match[1], chinese_number(match[2]), frame)
    if match := re.fullmatch(rf"{_NUMBER}(年级|年)?", text):
        return _fit(chinese_number(match[1]), frame)
    return None


def _in_stage(word: str, ordinal: int, frame: SchoolFrame) -> tuple[str, int]:
    """ "高一", "初中二年级", "小学三年级"."""
    wanted = {"职": "vocational", **_WORDS}[word]
    if wanted == "senior" and "senior" not in frame.stages and "vocational" in frame.stages:
        wanted = "vocational"
    if wanted not in frame.stages:
        if "special" in frame.stages:
            first, __ = _SPAN[wanted]
            return "special", first + ordinal - 1
        raise ClassUnreadable("stage")
    first, years = _SPAN[wanted]
    # "初中七年级" counts on from the primary school, "初中一年级" starts anew.
    grade = ordinal if first <= ordinal < first + years else first + ordinal - 1
    if not first <= grade < first + years:
        raise ClassUnreadable("stage")
    return wanted, grade


def _fit(ordinal: int, frame: SchoolFrame) -> tuple[str, int]:
    """A bare number: a grade counted through (1–12), or the year of the school's only stage."""
    for stage in frame.stages:
        first, years = _SPAN[stage]
        if stage != "kindergarten" and first <= ordinal < first + years:
            return stage, ordinal
    if len(frame.stages) == 1 and 1 <= ordinal <= 3:
        first, __ = _SPAN[frame.stages[0]]
        return frame.stages[0], first + ordinal - 1
    raise ClassUnreadable("ambiguous" if 1 <= ordinal <= 3 else "stage")


def _cohort(year: int, word: str, stage: str | None, frame: SchoolFrame) -> tuple[str, int]:
    """ "2024级": the year of entry if it is not in the future, else the year of leaving (as
    "初2028级" in Chongqing); "2027届" is always the year of leaving."""
    found = []
    for each in [stage] if stage else frame.stages:
        if each not in frame.stages:
            raise ClassUnreadable("stage")
        first, years = _SPAN[each]
        entered = year if word == "级" and year <= frame.school_year else year - years
        grade = first + frame.school_year - entered
        if entered <= frame.school_year and grade < first + years:
            found.append((each, grade))
    if len(found) > 1:
        raise ClassUnreadable("ambiguous")
    if not found:
        raise ClassUnreadable("stage")
    return found[0]
