"""What the frame of every page needs where work without a network is possible."""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from . import rules


def offline(request) -> dict:
    """Parts of the frame; asks the database nothing, as the roles of the day are known already."""
    if not rules.may_work_offline(getattr(request, "actor", None)):
        return {}
    parts = _parts.__wrapped__ if settings.DEBUG else _parts
    return parts(settings.ROOT_URLCONF, get_language())


@lru_cache(maxsize=8)
def _parts(_urls: str, _language: str) -> dict[str, SafeString]:
    """They are the same for every class teacher. The last two only tell apart."""
    try:
        reverse("offline:shell")
    except NoReverseMatch:
        # A house with fewer apps has no such pages.
        return {}
    return {
        "frame_head": render_to_string("offline/_head.html"),
        "frame_note": render_to_string("offline/_frame.html"),
    }
