"""The kinds of papers, matters and problems, as tables: adding a kind is adding a row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PAPER_KINDS: dict[str, str] = {
    "plan": _("工作计划"),
    "minutes": _("会议纪要"),
    "activity": _("开展的活动"),
    "word": _("告诉大家一声"),
}

# What the notice wants committees to help the school with (sentence 2.2); the rest is 其他.
FOCUSES: dict[str, str] = {
    "policy": _("教育政策宣讲"),
    "moral": _("德育"),
    "safety": _("学生安全健康教育"),
    "other": _("其他家校互动"),
}

CLASS_FEE, TEACHING_AIDS, NAMED_SHOPPING = "class_fee", "teaching_aids", "named_shopping"


@dataclass(frozen=True, slots=True)
class MatterKind:
    """`forbidden`: the notice forbids it, and the form says so when it is chosen."""

    label: str
    forbidden: bool = False


MATTER_KINDS: dict[str, MatterKind] = {
    "activity": MatterKind(_("一次集体活动的用品、场地、车辆")),
    "keepsake": MatterKind(_("毕业留念")),
    "performance": MatterKind(_("一次演出或比赛的服装、道具")),
    "other": MatterKind(_("别的一次性的事")),
    # They can be chosen, so that whoever means them reads why not.
    CLASS_FEE: MatterKind(_("班费"), forbidden=True),
    TEACHING_AIDS: MatterKind(_("教辅、练习册、资料"), forbidden=True),
    NAMED_SHOPPING: MatterKind(_("到指定的商家或按指定品牌购买"), forbidden=True),
}

PROBLEMS: dict[str, str] = {
    "election": _("没有按规定选举或换届"),
    "fee": _("收取班费"),
    "aids": _("征订教辅"),
    "shopping": _("指定购物"),
    "accounts": _("事项没有公开或没有结清"),
    "other": _("其他"),
}
