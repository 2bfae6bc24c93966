"""What no notice may say: who has not done something, check-ins, rankings, shops, a child's need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from .reading import ease

# What is looked for, what is wrong with it, and how to mend it.
_RULES: tuple[tuple[str, str], ...] = (
    (r"【[^】]*】", _("还有没填的空：请把【】里的内容写好，并去掉【】。")),
    (
        r"(没有?|未|尚未|还没)(完成|提交|上交|交|参加|打卡|填写|回复|报名|做完)的?(同学|学生|家长|名单|孩子|有[:：])"
        r"|名单(公布|如下|见下)|@所有人|点名|通报批评",
        _("不点名、不列名单：请不要写谁没有做什么；要提醒的，用“提醒还没答复的家庭”。"),
    ),
    (
        r"打卡|签到|接龙|截图(上传|发|反馈)|上传截图|拍照上传|完成率|学习时长|积分|小红花|必须(下载|注册|安装|关注)",
        _("不打卡、不签到、不接龙、不截图，也不要求下载或关注：请删去这些要求。"),
    ),
    (
        r"排名|名次|倒数|前[一二三四五六七八九十百0-9]+名|第[一二三四五六七八九十0-9]+名|评比|末位",
        _("不排名次：请删去名次和评比。"),
    ),
    (
        r"taobao|tmall|jd\.com|pinduoduo|yangkeduo|1688\.|拼多多|淘宝|京东|团购|购买链接|下单|优惠券|秒杀|扫码(付|支付|缴)"
        r"|收款码|转账|微信红包|微店|指定(购买|商店|书店)",
        _("不带购物和收款：学校通知里不能推销或指定购买（未成年人保护法第三十八条）。"),
    ),
    (
        r"困境儿童|贫困(生|户)|低保|特困|留守儿童|孤儿|残疾(儿童|学生)|单亲|离异|抑郁|自残|自杀|家暴|受害|被性|问题学生|帮扶对象"
        r"|心理(疾病|异常)|确诊",
        _("不写孩子或家里的难处：这些请当面说，不放进通知。"),
    ),
    (
        r"(1[3-9][0-9]{9}).{0,6}(家长|妈妈|爸爸)|[1-9][0-9]{5}(19|20)[0-9]{9}[0-9Xx]",
        _("不写家长的号码和证件号：请删去。"),
    ),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), message) for pattern, message in _RULES)
LONGEST_SENTENCE = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What must be mended before sending: where it is, and how."""

    found: str
    message: str


def faults(title: str, words: str, names: Iterable[str] = ()) -> list[Fault]:
    """Everything that must not be said. `names` are the children of the classes it goes to: one of
    them may be a word by chance, two are a list."""
    text = f"{title}\n{words}"
    found = []
    for pattern, message in _COMPILED:
        match = pattern.search(text)
        if match:
            found.append(Fault(match[0], str(message)))
    named = sorted({name for name in names if len(name) > 1 and name in text})
    if len(named) > 1:
        found.append(
            Fault(
                "、".join(named[:3]),
                str(_("通知里不列学生姓名；每家收到时，会自动写上自己孩子的名字。")),
            )
        )
    return found


def advice(words: str) -> list[str]:
    """What would make it easier to read; nothing that stops it."""
    found, measure = [], ease(words)
    if measure.longest > LONGEST_SENTENCE:
        found.append(
            _("最长的一句有%(count)d个字，拆成两三句更好懂。") % {"count": measure.longest}
        )
    if measure.rare:
        found.append(_("这些字不是人人都认得：%(rare)s。") % {"rare": "、".join(measure.rare[:8])})
    return [str(one) for one in found]
