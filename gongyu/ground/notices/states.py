"""The states of a notice, of its delivery to one carer, and of one message on its way, as tables."""

from django.utils.translation import gettext_lazy as _

NOTICE = {
    "spreading": {
        "label": _("正在分送"),
        "owner": "the job",
        "clock": "minutes",
        "to": {"spread": "open", "withdraw": "withdrawn"},
    },
    "open": {
        "label": _("已发出"),
        "owner": "sender",
        "clock": "the last day on which it matters",
        "to": {"withdraw": "withdrawn", "correct": "corrected", "its time is over": "over"},
    },
    "withdrawn": {"label": _("已撤回"), "owner": "", "clock": "", "to": {}},
    "corrected": {"label": _("已更正"), "owner": "", "clock": "", "to": {}},
    "over": {"label": _("已过期"), "owner": "", "clock": "", "to": {}},
}

DELIVERY = {
    "waiting": {
        "label": _("等每周一信"),
        "owner": "the job",
        "clock": "the next digest",
        "to": {
            "digest goes": "told",
            "budget is used up": "waiting",
            "no way works": "in_box",
            "answer": "answered",
            "withdraw": "stopped",
        },
    },
    "due": {
        "label": _("正在送达"),
        "owner": "the job",
        "clock": "the next step of its path",
        "to": {
            "message goes": "told",
            "budget is used up": "waiting",
            "path goes on": "due",
            "path ends": "to_hand",
            "no way works": "in_box",
            "answer": "answered",
            "withdraw": "stopped",
        },
    },
    "told": {
        "label": _("已告知"),
        "owner": "family",
        "clock": "the last day on which it matters",
        "to": {
            "answer": "answered",
            "remind": "due",
            "message did not arrive": "due",
            "withdraw": "stopped",
        },
    },
    "in_box": {
        "label": _("只在信箱里"),
        "owner": "family",
        "clock": "the last day on which it matters",
        "to": {"answer": "answered", "remind": "due", "withdraw": "stopped"},
    },
    "to_hand": {
        "label": _("等人送纸条"),
        "owner": "class teacher or children's director",
        "clock": "the last day on which it matters",
        "to": {"hand over": "handed", "answer": "answered", "withdraw": "stopped"},
    },
    "answered": {
        "label": _("家里已答复"),
        "owner": "",
        "clock": "",
        "to": {"answer anew": "answered"},
    },
    "handed": {
        "label": _("已当面送到"),
        "owner": "",
        "clock": "",
        "to": {"answer": "answered"},
    },
    "stopped": {"label": _("不再送"), "owner": "", "clock": "", "to": {}},
}
# A family may answer as long as the delivery is none of these.
CLOSED = ("stopped",)
REACHED = ("answered", "handed")
# What the sender may remind: told without an answer.
REMINDED = ("told", "in_box")

MESSAGE = {
    "ready": {
        "label": _("待发"),
        "owner": "the job",
        "clock": "its moment, never at night",
        "to": {"claim": "sending", "notice withdrawn": "stopped", "tried too often": "dead"},
    },
    "sending": {
        "label": _("正在发"),
        "owner": "the job that claimed it",
        "clock": "10 minutes",
        "to": {
            "taken": "sent",
            "surely not taken": "ready",
            "refused for good": "refused",
            "fell silent": "unknown",
            "job was killed": "unknown",
        },
    },
    "unknown": {
        "label": _("不知道发没发出"),
        "owner": "the job",
        "clock": "asked again after minutes, hours, a day",
        "to": {
            "provider had it": "sent",
            "provider never had it": "ready",
            "nobody can say": "dead",
            "report comes": "delivered",
        },
    },
    "sent": {
        "label": _("已发出"),
        "owner": "provider",
        "clock": "",
        "to": {"report: arrived": "delivered", "report: failed": "refused"},
    },
    "delivered": {"label": _("已送到手机"), "owner": "", "clock": "", "to": {}},
    "refused": {"label": _("对方收不到"), "owner": "", "clock": "", "to": {}},
    "dead": {
        "label": _("没能发出"),
        "owner": "sender",
        "clock": "the next working day",
        "to": {"looked after": "settled", "report comes": "delivered"},
    },
    "settled": {"label": _("已另行处理"), "owner": "", "clock": "", "to": {}},
    "stopped": {"label": _("不再发"), "owner": "", "clock": "", "to": {}},
}

TABLES = {"notice": NOTICE, "delivery": DELIVERY, "message": MESSAGE}


def leads_to(table: dict, status: str, step: str) -> str | None:
    """The status after the step; None where the table has no such step."""
    return table[status]["to"].get(step)
