"""The coded words of contacts and of children who seem not well; texts of users stay out of codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By which way a family was reached; counted side by side and never weighed."""

    PHONE = "phone", "电话"
    MESSAGE = "message", "短信、留言"
    ONLINE = "online", "视频、线上"
    IN_PERSON = "in_person", "当面"


class Kind(models.TextChoices):
    """What struck somebody. The plan says 学生异常 and no more; these words are ours (decision of
    the project) and only sort the note: they are no diagnosis and stand in no figure."""

    ABSENT = "absent", "没到校，原因不明"
    UNWELL = "unwell", "受伤、身体不舒服"
    MOOD = "mood", "情绪低落或者大起大落"
    WITHDRAWN = "withdrawn", "不说话、不合群"
    CONDUCT = "conduct", "行为突然变了"
    CONFLICT = "conflict", "同学矛盾、疑似欺凌"
    SELF_HARM = "self_harm", "说到不想活、伤害自己"
    FAMILY = "family", "家里有变故"
    OTHER = "other", "其他"


# Where the words alone say that harm may be done, the way to report opens before anything is kept.
KINDS_OF_HARM = frozenset({Kind.SELF_HARM})

# Lawful reasons for not turning to the carer: (in words, the source). Which of them was given is
# encrypted and shown to its writer alone; to everybody else each looks like every other.
EXCUSES = {
    "already_knows": (_("照护人已经知道，是照护人先告诉学校的"), _("本系统的约定")),
    "nobody_to_reach": (
        _("没有可以联系的照护人，已请村（居）或者亲属协助"),
        _("《重庆市家庭教育促进条例》"),
    ),
    "all_barred": (
        _("能联系的都在限制之列（保护令、禁止接触、不得告知）"),
        _("《反家庭暴力法》第二十九条"),
    ),
    "others_tell": (
        _("由公安机关或者主管部门依规定告知"),
        _("《未成年人保护法》第十一条"),
    ),
    "child_asks": (
        _("事情轻微，孩子请求不告诉，已听取孩子的意见"),
        _("《未成年人保护法》第四条"),
    ),
    "by_law": (_("依法不宜由学校告知"), _("《未成年人保护法》第十一条")),
}
EXCUSED_WORDS = _("按规定不另行联系家长")
