"""The states of an activity and of a booking, as tables: every status has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

ACTIVITY = {
    "planned": {
        "label": _("已计划"),
        "owner": "responsible",
        "clock": "invited before it begins",
        "to": {
            "invite": "invited",
            "its time comes": "held",
            "cancel": "cancelled",
            "move": "moved",
        },
    },
    "invited": {
        "label": _("已邀请"),
        "owner": "responsible",
        "clock": "until it begins",
        "to": {"its time comes": "held", "cancel": "cancelled", "move": "moved"},
    },
    # Nobody presses anything when it begins: a moment after its start reads it so.
    "held": {
        "label": _("待收尾"),
        "owner": "responsible",
        "clock": "7 days after it was held",
        "to": {"close": "closed", "cancel": "cancelled", "move": "moved"},
    },
    "closed": {
        "label": _("已举办"),
        "owner": "",
        "clock": "",
        "to": {"correct": "closed", "take back": "cancelled"},
    },
    "moved": {"label": _("已改期"), "owner": "", "clock": "", "to": {}},
    "cancelled": {"label": _("已取消"), "owner": "", "clock": "", "to": {}},
}
# What is written down; `held` is read from the clock.
STORED = tuple(status for status in ACTIVITY if status != "held")
STILL_TO_COME = ("planned", "invited")

BOOKING = {
    "booked": {
        "label": _("已约好"),
        "owner": "family",
        "clock": "the day of the activity",
        "to": {
            "change time": "booked",
            "cancel": "cancelled",
            "activity moved": "carried_over",
            "activity cancelled": "called_off",
        },
    },
    "waiting": {
        "label": _("排队等候"),
        "owner": "the next place that frees",
        "clock": "the last day for booking",
        "to": {
            "a place frees": "booked",
            "change time": "booked",
            "cancel": "cancelled",
            "activity moved": "carried_over",
            "activity cancelled": "called_off",
        },
    },
    "cancelled": {"label": _("家长取消"), "owner": "", "clock": "", "to": {}},
    "carried_over": {"label": _("随活动改期"), "owner": "", "clock": "", "to": {}},
    "called_off": {"label": _("活动取消"), "owner": "", "clock": "", "to": {}},
}
# A child has at most one of these in an activity.
LIVE = ("booked", "waiting")

TABLES = {"activity": ACTIVITY, "booking": BOOKING}


def leads_to(table: dict, status: str, step: str) -> str | None:
    """The status after the step; None where the table has no such step."""
    return table[status]["to"].get(step)
