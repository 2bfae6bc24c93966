"""Made-up rosters, from a seed: for the bench and for the tests. Nobody in them exists."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta

import xlsxwriter

from .class_names import ClassKey, class_title
from .id_numbers import check_sign

HEADINGS = (
    "全国学籍号",
    "姓名",
    "性别",
    "出生日期",
    "身份证件类型",
    "身份证件号",
    "年级",
    "班级",
    "就读方式",
    "现住址",
    "父亲姓名",
    "父亲电话",
    "母亲姓名",
    "母亲电话",
)
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
    "于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙"
    "黎史陶贺毛段郝顾龚邵万覃武钱戴严莫孔向常"
)
_GIVEN = (
    "子涵浩宇欣怡梓轩雨泽诗琪俊杰思远佳慧明哲语嫣奕辰若曦嘉懿天佑静雯博文晓晨锦程雅婷"
    "瑞霖芷若皓轩依诺铭泽安然昕妍致远凌云书瑶乐天心怡家豪可馨承恩清扬"
)
_DISTRICT_CODES = ("500103", "500101", "500229", "500112", "500113")


def id_number(rng: random.Random, born_on: date, sex: str) -> str:
    """A number that passes GB 11643 and belongs to nobody (its place and order are drawn)."""
    order = rng.randrange(500) * 2 + (sex == "M")
    first = f"{rng.choice(_DISTRICT_CODES)}{born_on:%Y%m%d}{order:03d}"
    return first + check_sign(first)


def name(rng: random.Random, family: str = "") -> str:
    given = rng.choice(_GIVEN) + (rng.choice(_GIVEN) if rng.random() < 0.8 else "")
    return (family or rng.choice(_FAMILY)) + given


def phone(rng: random.Random) -> str:
    return f"1{rng.choice('356789')}{rng.randrange(10**9):09d}"


def pupil_row(rng: random.Random, key: ClassKey, school_year: int, used: set[str]) -> list[str]:
    """One row under HEADINGS, all of it text as a registry exports it."""
    sex = rng.choice("MF")
    first = date(school_year - key.grade - 6, 9, 1)
    number = ""
    while not number or number in used:
        born_on = first + timedelta(days=rng.randrange(365))
        number = id_number(rng, born_on, sex)
    used.add(number)
    family = rng.choice(_FAMILY)
    return [
        f"G{number}",
        name(rng, family),
        "男" if sex == "M" else "女",
        born_on.isoformat(),
        "居民身份证",
        number,
        class_title(key).partition("年级")[0] + "年级",
        f"{key.number}班",
        "住校" if rng.random() < 0.1 else "走读",
        f"重庆市渝中区某路{rng.randrange(1, 400)}号{rng.randrange(1, 30)}-{rng.randrange(1, 9)}",
        name(rng, family),
        phone(rng),
        name(rng),
        phone(rng),
    ]


def pupil_rows(
    count: int, *, school_year: int, seed: int = 1, per_class: int = 45
) -> list[list[str]]:
    """`count` pupils of a primary school, class after class."""
    rng = random.Random(seed)  # noqa: S311 (nothing secret hangs on it)
    used: set[str] = set()
    rows: list[list[str]] = []
    per_grade = -(-count // 6)
    for at in range(count):
        grade, within = divmod(at, per_grade)
        key = ClassKey("primary", grade + 1, within // per_class + 1)
        rows.append(pupil_row(rng, key, school_year, used))
    return rows


def xlsx(rows: list[list], *, headings: tuple[str, ...] = HEADINGS, sheet: str = "名册") -> bytes:
    """The rows as an .xlsx with a header row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": False, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for at, row in enumerate([headings, *rows]):
            page.write_row(at, 0, row)
    return out.getvalue()
