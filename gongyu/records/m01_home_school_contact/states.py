"""The state machines of this measure, as tables: every status has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

PROPOSAL = {
    "proposed": {
        "label": _("等家长回复"),
        "owner": "family",
        "clock": "answer_by; then it expires by itself",
        "to": {
            "choose": "chosen",
            "ask_other": "asked_other",
            "decline": "declined",
            "withdraw": "withdrawn",
            "clock": "expired",
            "visit": "held",
        },
    },
    "asked_other": {
        "label": _("家长另提了时间"),
        "owner": "proposer",
        "clock": "3 working days to agree on a time",
        "to": {
            "choose": "chosen",
            "decline": "declined",
            "withdraw": "withdrawn",
            "visit": "held",
        },
    },
    "chosen": {
        "label": _("已约好"),
        "owner": "proposer",
        "clock": "the chosen time",
        "to": {"visit": "held", "ask_other": "asked_other", "withdraw": "withdrawn"},
    },
    "held": {"label": _("已家访"), "owner": "", "clock": "", "to": {}},
    "declined": {"label": _("家长谢绝"), "owner": "", "clock": "", "to": {}},
    "expired": {"label": _("未收到回复"), "owner": "", "clock": "", "to": {}},
    "withdrawn": {"label": _("已撤回"), "owner": "", "clock": "", "to": {}},
}

# A family has at most one of these at a time.
LIVE_PROPOSALS = ("proposed", "asked_other", "chosen")

VISIT = {
    "standing": {
        "label": _("有效"),
        "owner": "visitor",
        "clock": "kept to the end of the next school year",
        "to": {"correct": "replaced", "retract": "retracted"},
    },
    "replaced": {"label": _("已更正"), "owner": "", "clock": "", "to": {}},
    "retracted": {"label": _("已撤销"), "owner": "", "clock": "", "to": {}},
}

DECLINE = {
    "waiting": {
        "label": _("待校长确认"),
        "owner": "head",
        "clock": "5 working days",
        "to": {"acknowledge": "acknowledged", "return": "returned", "withdraw": "withdrawn"},
    },
    "acknowledged": {
        "label": _("家长谢绝，校长已确认"),
        "owner": "head",
        "clock": "the end of the school year; a visit ends it earlier",
        "to": {"withdraw": "withdrawn"},
    },
    "returned": {"label": _("请再联系一次"), "owner": "", "clock": "", "to": {}},
    "withdrawn": {"label": _("已取消"), "owner": "", "clock": "", "to": {}},
}

FOLLOW_UP = {
    "open": {
        "label": _("待办"),
        "owner": "owner",
        "clock": "due_on",
        "to": {"do": "done", "hand_over": "handed_over", "drop": "dropped"},
    },
    "done": {"label": _("已办"), "owner": "", "clock": "", "to": {}},
    "handed_over": {"label": _("已转交"), "owner": "", "clock": "", "to": {}},
    "dropped": {"label": _("不再需要"), "owner": "", "clock": "", "to": {}},
}

ANOMALY = {
    "noticed": {
        "label": _("还没联系照护人"),
        "owner": "class teacher; without one the head of moral education, then the head",
        "clock": "due_at, reading P18; a reminder, never judged",
        "to": {"contact": "answered", "excuse": "answered", "retract": "retracted"},
    },
    "answered": {
        "label": _("处理中"),
        "owner": "owner",
        "clock": "next_on",
        "to": {
            "contact": "answered",
            "excuse": "answered",
            "handle": "answered",
            "refer": "referred",
            "close": "closed",
        },
    },
    "referred": {
        "label": _("已转介"),
        "owner": "owner",
        "clock": "next_on: ask what came of it",
        "to": {"contact": "referred", "handle": "referred", "refer": "referred", "close": "closed"},
    },
    "closed": {"label": _("已了结"), "owner": "", "clock": "", "to": {}},
    "retracted": {"label": _("记错了，已撤销"), "owner": "", "clock": "", "to": {}},
}

HAND_OVER = {
    "offered": {
        "label": _("等新学校接收"),
        "owner": "head of moral education or head of the new school",
        "clock": "10 working days, then the old school asks",
        "to": {"accept": "accepted", "refuse": "refused", "withdraw": "withdrawn"},
    },
    "accepted": {"label": _("已接收"), "owner": "", "clock": "", "to": {}},
    "refused": {"label": _("没有接收"), "owner": "", "clock": "", "to": {}},
    "withdrawn": {"label": _("已收回"), "owner": "", "clock": "", "to": {}},
}

CONTACT = {
    "standing": {
        "label": _("有效"),
        "owner": "maker",
        "clock": "kept to the end of the next school year",
        "to": {"correct": "replaced", "retract": "retracted"},
    },
    "replaced": {"label": _("已更正"), "owner": "", "clock": "", "to": {}},
    "retracted": {"label": _("已撤销"), "owner": "", "clock": "", "to": {}},
}

TABLES = {
    "visit proposal": PROPOSAL,
    "visit": VISIT,
    "decline": DECLINE,
    "follow-up": FOLLOW_UP,
    "anomaly": ANOMALY,
    "hand-over": HAND_OVER,
    "contact": CONTACT,
}


def leads_to(table: dict, status: str, step: str) -> str | None:
    """The status that the step leads to from here, or None where there is no such step."""
    return table[status]["to"].get(step)
