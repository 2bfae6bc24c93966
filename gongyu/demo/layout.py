"""What the demo city holds before any person is named: schools, their places, grades and classes."""

from __future__ import annotations

from dataclasses import dataclass

# District codes as in the units' data: 渝中区, 万州区, 城口县.
YUZHONG, WANZHOU, CHENGKOU = "500103", "500101", "500229"


@dataclass(frozen=True, slots=True)
class SchoolPlan:
    """One made-up school: `classes` is the number of classes in each grade, `size` the children
    in a class, `boarding` the share that boards."""

    name: str
    kind: str
    district: str
    classes: int
    size: int
    boarding: float = 0.0
    town: int = 0  # which of the district's towns, counted round


def _plans(district: str, rows: str) -> list[SchoolPlan]:
    plans = []
    for number, row in enumerate(rows.strip().splitlines()):
        name, kind, classes, size, boarding = row.split()
        plans.append(
            SchoolPlan(name, kind, district, int(classes), int(size), float(boarding), number * 3)
        )
    return plans


# The names are made up; the demo city says so on every page.
SCHOOLS: list[SchoolPlan] = [
    *_plans(
        YUZHONG,
        """
        星桥小学 primary 4 42 0
        云梯小学 primary 4 43 0
        半山小学 primary 3 40 0
        江声小学 primary 3 41 0
        石阶小学 primary 2 38 0
        星桥中学 full_secondary 5 46 0.1
        江声初级中学 junior 6 45 0
        云梯九年制学校 nine_year 2 41 0
        晨光高级中学 senior 6 46 0.3
        星桥幼儿园 kindergarten 3 28 0
        半山幼儿园 kindergarten 2 27 0
        石阶幼儿园 kindergarten 2 26 0
        晴川特殊教育学校 special 1 10 0
        江声职业学校 vocational 3 40 0.4
        """,
    ),
    *_plans(
        WANZHOU,
        """
        橘灯小学 primary 4 44 0
        平湖小学 primary 4 43 0
        西岭小学 primary 3 42 0
        渡口小学 primary 3 40 0
        梨树小学 primary 2 36 0.2
        柳坪小学 primary 1 30 0.4
        橘灯中学 full_secondary 5 48 0.4
        平湖初级中学 junior 5 46 0.2
        西岭九年制学校 nine_year 2 40 0.3
        渡口高级中学 senior 6 48 0.6
        橘灯幼儿园 kindergarten 3 28 0
        平湖幼儿园 kindergarten 3 27 0
        梨树幼儿园 kindergarten 1 24 0
        平湖职业学校 vocational 3 42 0.6
        """,
    ),
    *_plans(
        CHENGKOU,
        """
        葛藤小学 primary 3 40 0.1
        松岩小学 primary 2 36 0.3
        高滩小学 primary 1 28 0.5
        岚峰小学 primary 1 24 0.5
        云台小学 primary 1 18 0.6
        葛藤中学 full_secondary 4 47 0.6
        松岩初级中学 junior 4 44 0.7
        高滩九年制学校 nine_year 1 34 0.6
        葛藤幼儿园 kindergarten 2 26 0
        松岩幼儿园 kindergarten 1 22 0
        高滩幼儿园 kindergarten 1 20 0
        葛藤职业学校 vocational 2 40 0.7
        """,
    ),
]

GRADES_OF = {
    "kindergarten": [("kindergarten", g) for g in (-2, -1, 0)],
    "primary": [("primary", g) for g in range(1, 7)],
    "junior": [("junior", g) for g in range(7, 10)],
    "nine_year": [("primary", g) for g in range(1, 7)] + [("junior", g) for g in range(7, 10)],
    "full_secondary": [("junior", g) for g in (7, 8, 9)] + [("senior", g) for g in (10, 11, 12)],
    "senior": [("senior", g) for g in (10, 11, 12)],
    "vocational": [("vocational", g) for g in (10, 11, 12)],
    "special": [("special", g) for g in range(1, 10)],
}


def age_of(grade: int) -> int:
    """The age a child reaches in the year in which the grade begins (a first-grader is 6)."""
    return grade + 5


def children_planned() -> int:
    return sum(p.classes * p.size * len(GRADES_OF[p.kind]) for p in SCHOOLS)
