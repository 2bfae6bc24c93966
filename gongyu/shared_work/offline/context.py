"""What the frame of every page needs where work without a network is possible."""

from __future__ import annotations

from . import rules


def offline(request) -> dict:
    """The templates that the frame includes; asks the database nothing, as the roles of the day are
    known already."""
    if not rules.may_work_offline(getattr(request, "actor", None)):
        return {}
    return {"frame_head": "offline/_head.html", "frame_note": "offline/_frame.html"}
