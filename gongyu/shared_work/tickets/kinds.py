"""The kinds of tickets and where each is led, as one table: adding a kind is adding a row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that are led and counted alike. `desk` is the kind of place whose desk owns them: the
    nearest of it above the place concerned, and the city where there is none. `past_school`: the
    school concerned learns nothing of it. `measure` is the measure that brought the family."""

    label: str
    measure: int
    desk: str = "district"
    past_school: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """`offered`: anybody may choose it today. A kind of a later measure keeps its name here, so that
    the database knows it before its pages do."""

    label: str
    hint: str
    family: str
    offered: bool = True
    asks_amount: bool = False


FAMILIES: dict[str, Family] = {
    "committee": Family(_("家委会问题投诉"), measure=2),
    "guardianship": Family(_("监护履职线索"), measure=5),
    "surroundings": Family(_("校园周边和校外培训线索"), measure=10),
    "dispute": Family(_("家校问题调处"), measure=11, desk="school", past_school=False),
    "whistle": Family(_("吹哨报到事项"), measure=11, past_school=False),
}

KINDS: dict[str, Kind] = {
    "class_fees": Kind(
        _("收班费"), _("家委会收班费、活动费，或者要家长集资、捐款"), "committee", asks_amount=True
    ),
    "teaching_aids": Kind(
        _("订教辅"), _("要家长统一购买、征订教辅资料"), "committee", asks_amount=True
    ),
    "forced_shopping": Kind(
        _("指定购物"), _("指定到哪里买、买什么，不买不行"), "committee", asks_amount=True
    ),
    "other": Kind(_("家委会的其他问题"), _("说不清算哪一类，就选这个"), "committee"),
    "guardian_neglect": Kind(
        _("监护人不履行职责"), "", "guardianship", offered=False
    ),
    "illegal_training": Kind(_("违规校外培训"), "", "surroundings", offered=False),
    "campus_surroundings": Kind(_("校园周边环境"), "", "surroundings", offered=False),
    "home_school_dispute": Kind(_("家校问题"), "", "dispute", offered=False),
    "community_whistle": Kind(_("需要多部门到场的事"), "", "whistle", offered=False),
}  # fmt: skip

# What came out of it. The first two are a complaint that was right.
FINDINGS: dict[str, str] = {
    "substantiated": _("属实"),
    "partly": _("部分属实"),
    "unsubstantiated": _("不属实"),
    "unclear": _("查不清"),
}
RIGHT = ("substantiated", "partly")

# The lawful reasons for not taking it on; each is told to the asker with what to do instead.
REJECTIONS: dict[str, str] = {
    "in_court": _("已经或者依法应当通过诉讼、仲裁、行政复议等法定途径解决"),
    "being_handled": _("同一件事已经在办理，请看那一件的进展"),
    "already_answered": _("同一件事已经办结，没有新的事实和理由"),
    "not_about_this": _("反映的不是本系统受理的事项"),
}


def offered() -> dict[str, Kind]:
    """What anybody may choose today, in its order."""
    return {code: kind for code, kind in KINDS.items() if kind.offered}


def family_of(kind: str) -> Family:
    return FAMILIES[KINDS[kind].family]


def of_family(family: str) -> list[str]:
    return [code for code, kind in KINDS.items() if kind.family == family]
