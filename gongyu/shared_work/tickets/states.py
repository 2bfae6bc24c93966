"""The states of a ticket; every one that still needs somebody has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

_DESK = "the desk's complaint handler; without one its officers, then the desk above"

TICKET = {
    "received": {
        "label": _("已收到，待受理"),
        "owner": _DESK,
        "clock": "to accept: 15 days (reading P19)",
        "to": {
            "accept": "accepted",
            "reject": "rejected",
            "send_on": "sent_on",
            "hand_over": "offered",
        },
    },
    "offered": {
        "label": _("移交中，待接收"),
        "owner": "the desk that hands over, until the other has taken it",
        "clock": "to accept goes on; the receiver answers within 3 working days (P20)",
        "to": {"take": "accepted", "give_back": "received", "keep": "received"},
    },
    "accepted": {
        "label": _("已受理"),
        "owner": _DESK,
        "clock": "to answer: 60 days, extended by at most 30 (reading P19)",
        "to": {
            "begin": "handling",
            "answer": "answered",
            "send_on": "sent_on",
            "hand_over": "passing",
        },
    },
    "handling": {
        "label": _("办理中"),
        "owner": "the post that began it; " + _DESK,
        "clock": "to answer: 60 days, extended by at most 30 (reading P19)",
        "to": {"answer": "answered", "send_on": "sent_on", "hand_over": "passing"},
    },
    "passing": {
        "label": _("移交中，待接收"),
        "owner": "the desk that hands over, until the other has taken it",
        "clock": "to answer goes on; the receiver answers within 3 working days (P20)",
        "to": {"take": "accepted", "give_back": "accepted", "keep": "accepted"},
    },
    "reopened": {
        "label": _("要求继续办理"),
        "owner": _DESK,
        "clock": "to answer anew, counted from the day it was reopened",
        "to": {
            "begin": "handling",
            "answer": "answered",
            "send_on": "sent_on",
            "hand_over": "passing",
        },
    },
    "answered": {
        "label": _("已答复"),
        "owner": "the asker, who may be content or reopen it; " + _DESK,
        "clock": "30 days in which it can be reopened (P20); then it closes by itself",
        "to": {
            "content": "closed",
            "not_content": "closed",
            "clock": "closed",
            "reopen": "reopened",
        },
    },
    "closed": {
        "label": _("已办结"),
        "owner": "",
        "clock": "within 30 days of the answer it can be reopened",
        "to": {"reopen": "reopened"},
    },
    "rejected": {
        "label": _("不予受理"),
        "owner": "",
        "clock": "within 30 days it can be reopened",
        "to": {"reopen": "reopened"},
    },
    "sent_on": {
        "label": _("已转送"),
        "owner": "",
        "clock": "within 30 days it can be reopened",
        "to": {"reopen": "reopened"},
    },
}

TABLES = {"ticket": TICKET}

# What still needs the desk; what waits for another desk; what needs nobody.
OPEN = ("received", "offered", "accepted", "handling", "passing", "reopened")
MOVING = ("offered", "passing")
ENDED = ("answered", "closed", "rejected", "sent_on")

# What was done, as the asker and the desk read it.
STEPS = {
    "tell": _("已收到"),
    "accept": _("已受理"),
    "begin": _("开始办理"),
    "note": _("内部记录"),
    "ask_more": _("请求延长"),
    "refuse_more": _("没有同意延长"),
    "extend": _("延长办理期限"),
    "answer": _("答复"),
    "reject": _("不予受理"),
    "send_on": _("转送"),
    "hand_over": _("提出移交"),
    "take": _("已接收"),
    "give_back": _("没有接收，退回"),
    "keep": _("取消移交"),
    "content": _("满意"),
    "not_content": _("不满意"),
    "reopen": _("要求继续办理"),
    "clock": _("到期办结"),
}
# What the asker does not see: notes of the desk, and time that was asked for but not granted yet.
INSIDE = ("note", "ask_more", "refuse_more")


def leads_to(status: str, step: str) -> str | None:
    """The status that the step leads to from here, or None where there is no such step."""
    return TICKET[status]["to"].get(step)
