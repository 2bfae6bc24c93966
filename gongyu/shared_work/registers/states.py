"""The states of a register entry: who has to act in each, and by when."""

from django.utils.translation import gettext_lazy as _

ENTRY = {
    "upcoming": {
        "label": _("尚未生效"),
        "owner": "responsible",
        "clock": "until from_on",
        "to": {"begins": "valid"},
    },
    "valid": {
        "label": _("现行有效"),
        "owner": "responsible",
        "clock": "a year after the last review",
        "to": {"year passes": "review_due", "replace": "replaced", "end": "ended"},
    },
    "review_due": {
        "label": _("待年度复核"),
        "owner": "responsible",
        "clock": "reviewed when the year is round; it stays valid meanwhile",
        "to": {"review": "valid", "replace": "replaced", "end": "ended"},
    },
    "replaced": {"label": _("已有新版"), "owner": "", "clock": "", "to": {}},
    "ended": {"label": _("已停用"), "owner": "", "clock": "", "to": {}},
}

TABLES = {"register entry": ENTRY}
