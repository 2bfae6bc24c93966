"""The state machines of this measure, as tables: every status has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

ELECTION = {
    "nominating": {
        "label": _("提名中"),
        "owner": "class teacher or head",
        "clock": "nominate_until; then the vote can open",
        "to": {"open": "voting", "cancel": "cancelled"},
    },
    "voting": {
        "label": _("投票中"),
        "owner": "families",
        "clock": "vote_until; counted from the next day on",
        "to": {"count": "decided", "fall short": "failed", "cancel": "cancelled"},
    },
    "decided": {"label": _("已产生结果"), "owner": "", "clock": "", "to": {}},
    "failed": {"label": _("没有选成"), "owner": "", "clock": "", "to": {}},
    "cancelled": {"label": _("已取消"), "owner": "", "clock": "", "to": {}},
}

CANDIDATE = {
    "suggested": {
        "label": _("待核对姓名"),
        "owner": "class teacher or head",
        "clock": "nominate_until of the election",
        "to": {"match": "nominated", "drop": "dropped"},
    },
    "nominated": {
        "label": _("待本人答复"),
        "owner": "nominated carer",
        "clock": "nominate_until of the election",
        "to": {"accept": "standing", "decline": "declined", "drop": "dropped"},
    },
    "standing": {
        "label": _("候选人"),
        "owner": "",
        "clock": "until the vote is counted",
        "to": {"withdraw": "declined"},
    },
    "declined": {
        "label": _("本人谢绝"),
        "owner": "",
        "clock": "",
        "to": {"accept": "standing"},
    },
    "dropped": {"label": _("未列入"), "owner": "", "clock": "", "to": {}},
}

MATTER = {
    "asking": {
        "label": _("征求意见中"),
        "owner": "families",
        "clock": "ask_until; counted from the next day on",
        "to": {
            "count": "agreed",
            "fall short": "not_agreed",
            "stop": "stopped",
            "withdraw": "withdrawn",
        },
    },
    "agreed": {
        "label": _("家长同意，办理中"),
        "owner": "committee",
        "clock": "settle_by",
        "to": {"settle": "settled", "stop": "stopping", "give up": "withdrawn"},
    },
    "stopping": {
        "label": _("已叫停，待退清"),
        "owner": "committee",
        "clock": "settle_by",
        "to": {"settle": "stopped"},
    },
    "settled": {"label": _("已结清公开"), "owner": "", "clock": "", "to": {}},
    "not_agreed": {"label": _("家长未同意"), "owner": "", "clock": "", "to": {}},
    "stopped": {"label": _("已叫停"), "owner": "", "clock": "", "to": {}},
    "withdrawn": {"label": _("已撤回"), "owner": "", "clock": "", "to": {}},
}

# A committee has at most one of these at a time: one matter, one collection, one settlement.
OPEN_MATTERS = ("asking", "agreed", "stopping")
OPEN_ELECTIONS = ("nominating", "voting")

RECTIFICATION = {
    "open": {
        "label": _("整改中"),
        "owner": "school",
        "clock": "due_on",
        "to": {"report": "reported"},
    },
    "reported": {
        "label": _("学校已报，待复核"),
        "owner": "district office",
        "clock": "due_on",
        "to": {"accept": "closed", "send back": "open"},
    },
    "closed": {"label": _("已整改"), "owner": "", "clock": "", "to": {}},
}

TABLES = {
    "committee election": ELECTION,
    "committee candidate": CANDIDATE,
    "committee matter": MATTER,
    "committee rectification": RECTIFICATION,
}


def leads_to(table: dict, status: str, step: str) -> str | None:
    """The status that the step leads to from here, or None where there is no such step."""
    return table[status]["to"].get(step)
