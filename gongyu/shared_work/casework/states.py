"""The states of a sealed report; every open one has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

REPORT = {
    "recorded": {
        "label": _("已报告，等回音"),
        "owner": "liaison; the reporter alone where it is kept from the liaison",
        "clock": "the law binds the receiver to tell the result; ask within 3 working days",
        "to": {"answer": "answered", "close": "closed"},
    },
    "answered": {
        "label": _("受理单位已回复"),
        "owner": "liaison; the reporter alone where it is kept from the liaison",
        "clock": "until the child is safe; looked at again within 10 working days",
        "to": {"answer": "answered", "close": "closed"},
    },
    "closed": {"label": _("已了结"), "owner": "", "clock": "", "to": {}},
}

TABLES = {"sealed report": REPORT}


def leads_to(status: str, step: str) -> str | None:
    """The status that the step leads to from here, or None where there is no such step."""
    return REPORT[status]["to"].get(step)
