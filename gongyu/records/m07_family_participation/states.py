"""The states of a proposed correction; the open one has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

CORRECTION = {
    "proposed": {
        "label": _("等学校答复"),
        "owner": "registrar or head of the child's school",
        "clock": "working days of the plan's reading P21, counted from the day after",
        "to": {"accept": "accepted", "refuse": "refused", "withdraw": "withdrawn"},
    },
    "accepted": {"label": _("学校已更正"), "owner": "", "clock": "", "to": {}},
    "refused": {"label": _("学校没有更正"), "owner": "", "clock": "", "to": {}},
    "withdrawn": {"label": _("您收回了"), "owner": "", "clock": "", "to": {}},
}

TABLES = {"correction": CORRECTION}


def leads_to(status: str, step: str) -> str | None:
    """The status that the step leads to from here, or None where there is no such step."""
    return CORRECTION[status]["to"].get(step)
