"""Why a subject is in its state, in the users' words; a reason never blames a family."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

REASONS = {
    "visited": _("本班班主任已家访"),
    "visited_by_former_class": _("原班级班主任已家访"),
    "not_begun": _("本期尚未开始"),
    "too_short": _("本学年在籍时间较短"),
    "away_now": _("目前不在校"),
    "away_most_of_the_year": _("本学年大部分时间不在校"),
    "declined": _("家长谢绝，校长已确认"),
    "no_class": _("本学年班级未登记"),
    "no_teacher_recorded": _("班主任未登记"),
    "left": _("已离校"),
    "visited_not_enough": _("次数未到"),
    "visitor_not_in_post": _("有家访记录，访问者当日不是班主任"),
    "visited_elsewhere": _("已约访，尚未家访"),
    "not_visited": _("尚未家访"),
    "counted": _("只计数，不作评判"),
    "none_yet": _("尚无记录"),
    "enough": _("次数已到"),
    "too_few": _("次数未到"),
    "opened_too_late": _("本期开办时间较短"),
    "planned": _("已列入计划"),
    "no_word_yet": _("计划的日期已过，还没有收尾"),
    "in_force": _("现行有效"),
    "not_reviewed_this_year": _("现行有效，本学年尚未复核"),
    "nothing_registered": _("尚未登记"),
    "lapsed": _("已到期，没有现行的"),
    "delivered": _("已出台"),
    "in_post": pgettext_lazy("class teacher", "班主任在岗"),
    "gap_before": _("在岗，本学年曾有空缺"),
    "nobody_in_post": _("当日无班主任在岗"),
    "class_closed": _("班级已撤销或合并"),
    "closed": _("已联系或者已有答复"),
    "closed_in_time": _("按时办结"),
    "closed_late": _("已办结，超过时限"),
    "overdue": _("超过时限未办结"),
    "open": _("办理中"),
}


def reason_words(code: str) -> str:
    """The reason as users read it; nothing for a code that has no words."""
    return str(REASONS[code]) if code in REASONS else ""


def help_words(kind: str, **numbers: int) -> str:
    """What a school would be helped by, with the numbers that say so."""
    texts = {
        "visits": gettext(
            "还有%(open)s名学生未家访，本学年余%(weeks)s周，目前每周约%(pace)s名；"
            "可协助调配人手、分片安排"
        ),
        "visits_at_most": gettext(
            "未家访的学生至多%(open)s名，本学年余%(weeks)s周，目前每周约%(pace)s名；"
            "可协助调配人手、分片安排"
        ),
        "no_teacher": gettext("有%(classes)s个班没有班主任在岗；可协助安排代理或补充师资"),
        "no_teacher_recorded": gettext("有%(classes)s个班未登记班主任；可协助补齐任职登记"),
        "open_day_soon": gettext("本学期还没有举办开放日，学期将要结束；可协助安排日期"),
        "open_day_missed": gettext("这一学期没有举办开放日；可了解原因，协助安排"),
        "open_day_no_word": gettext("计划的开放日已过，还没有收尾；可提醒记一下到场家庭数"),
        "lapsed": gettext("家访制度已到期；可协助修订"),
        "nothing_registered": gettext("家访制度尚未登记；可提供范本"),
        "not_reviewed_this_year": gettext("家访制度本学年尚未复核；可提醒并提供复核要点"),
    }
    return texts[kind] % numbers
