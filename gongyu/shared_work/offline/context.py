"""What the frame of every page needs where work without a network is possible."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from . import rules


def offline(request) -> dict:
    """The templates that the frame includes; asks the database nothing, as the roles of the day are
    known already."""
    if not rules.may_work_offline(getattr(request, "actor", None)):
        return {}
    try:
        reverse("offline:shell")
    except NoReverseMatch:
        # A house with fewer apps has no such pages.
        return {}
    return {"frame_head": "offline/_head.html", "frame_note": "offline/_frame.html"}
