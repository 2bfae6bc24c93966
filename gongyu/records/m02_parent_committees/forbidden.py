"""What the notice forbids a committee: found by the kind that was chosen and by the words used, and
answered with the notice's own sentence."""

from __future__ import annotations

import re

from django.conf import settings
from django.utils.translation import gettext as _

from gongyu.plan import load_plan

from .codes import CLASS_FEE, MATTER_KINDS, NAMED_SHOPPING, TEACHING_AIDS
from .faults import CommitteeFault, Forbidden
from .words import plain

# The duty whose quoted sentence names the three.
CLAUSE_OF = "pc-rectify"

# Words after `plain`: no spaces, no punctuation, simplified letters.
_WORDS: dict[str, re.Pattern[str]] = {
    CLASS_FEE: re.compile(
        r"班费|班级(?:活动)?(?:经费|基金|资金|公费|运转费)|班会费|家委会?会?费|家委(?:会)?(?:经费|基金)|"
        r"学期(?:经)?费|预收|预存|banfei|分期(?:收|交|缴)|备用金"
    ),
    TEACHING_AIDS: re.compile(
        r"教辅|辅导(?:书|资料|材料|教材)|练习(?:册|题|卷)|习题|试卷|题库|资料费|复习资料|学习资料|"
        r"同步(?:练|训练)|征订|订(?:购)?(?:报刊|杂志|资料)|学习机|学习软件|打卡会员|jiaofu"
    ),
    NAMED_SHOPPING: re.compile(
        r"指定(?:的)?(?:商家|商店|店|品牌|地点|网店|平台|链接|购|买|供)|(?:统一|集体)(?:购买|采购|订购|定制|定做)?"
        r"(?:指定)|(?:必须|只能|一律|务必)(?:在|到|买|购|去|从|用)|团购(?:链接|群)?|扫码下单|强制"
    ),
}
_NOT_VOLUNTARY = re.compile(
    r"(?:每人|人人|每户|每家|家家|所有(?:人|家长|家庭)|全班)(?:都)?(?:必须|须|要|得|应)(?:交|缴|出|付|买|参加)|"
    r"(?:必须|务必|一律)(?:交|缴|出|付|参加)|不交(?:的|者|就)|不参加(?:的|者|就)"
)


def clause() -> str:
    """The sentence of the notice, to the letter."""
    return load_plan(settings.PLAN_FOLDER).duty(CLAUSE_OF).quote


def check_matter(kind: str, *texts: str) -> None:
    """Raises Forbidden for what the notice forbids, CommitteeFault for what is not voluntary."""
    if kind not in MATTER_KINDS:
        raise CommitteeFault(_("请选一类。"), "kind")
    if MATTER_KINDS[kind].forbidden:
        raise _refusal(kind, "", "kind")
    whole = plain("\n".join(texts))
    for what, pattern in _WORDS.items():
        met = pattern.search(whole)
        if met:
            raise _refusal(what, met.group(), "title")
    met = _NOT_VOLUNTARY.search(whole)
    if met:
        raise CommitteeFault(
            _("“%s”：要花钱的事只能完全自愿，不能要求每家都参加。请改写。") % met.group(), "why"
        )


def _refusal(what: str, found: str, field: str) -> Forbidden:
    names = {CLASS_FEE: _("班费"), TEACHING_AIDS: _("征订教辅"), NAMED_SHOPPING: _("指定购物")}
    return Forbidden(_("这属于“%s”，方案不允许，不能提交。") % names[what], clause(), found, field)
