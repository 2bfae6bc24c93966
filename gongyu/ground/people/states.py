"""The states of a roster on its way in, as a table: every status has an owner and a clock."""

from django.utils.translation import gettext_lazy as _

_KEPT = "7 days; then the file is deleted"

ROSTER_IMPORT = {
    "uploaded": {
        "label": _("正在读取"),
        "owner": "the worker",
        "clock": "at once",
        "to": {
            "read": "ready",
            "refuse": "refused",
            "ask": "mapping",
            "bring_in": "done",
            "take_up": "uploaded",
            "fail": "failed",
        },
    },
    "mapping": {
        "label": _("等待对应表头"),
        "owner": "uploader",
        "clock": _KEPT,
        "to": {"map": "uploaded", "cancel": "cancelled", "clock": "expired"},
    },
    "refused": {
        "label": _("有错误，未导入"),
        "owner": "uploader",
        "clock": _KEPT,
        "to": {"map": "uploaded", "cancel": "cancelled", "clock": "expired"},
    },
    "ready": {
        "label": _("等待确认"),
        "owner": "uploader",
        "clock": _KEPT,
        "to": {
            "confirm": "confirmed",
            "map": "uploaded",
            "read_again": "uploaded",
            "cancel": "cancelled",
            "clock": "expired",
        },
    },
    "confirmed": {
        "label": _("排队导入"),
        "owner": "the worker",
        "clock": "at once",
        "to": {"start": "running", "take_up": "confirmed", "fail": "failed"},
    },
    "running": {
        "label": _("正在导入"),
        "owner": "the worker",
        "clock": "at once; taken up again when its process was stopped, three times at most",
        "to": {
            "finish": "done",
            "changed": "ready",
            "refuse": "refused",
            "take_up": "confirmed",
            "fail": "failed",
        },
    },
    "done": {"label": _("已导入"), "owner": "", "clock": "", "to": {}},
    "failed": {
        "label": _("导入中断，未写入任何数据"),
        "owner": "uploader",
        "clock": _KEPT,
        "to": {"read_again": "uploaded", "cancel": "cancelled", "clock": "expired"},
    },
    "cancelled": {"label": _("已取消"), "owner": "", "clock": "", "to": {}},
    "expired": {"label": _("已过期，文件已删除"), "owner": "", "clock": "", "to": {}},
}

# While one of these holds, the file and the preview are kept.
KEEPING = ("uploaded", "mapping", "refused", "ready", "confirmed", "running", "failed")

TABLES = {"roster import": ROSTER_IMPORT}
