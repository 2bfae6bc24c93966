"""What every page's frame needs: who is here, where one can go, and which day it is."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .frame import Frame


def frame(request) -> dict:
    """Lazy throughout: a page without a frame asks the database nothing."""
    actor = getattr(request, "actor", None)
    shown = Frame(actor, request.path) if actor is not None else None
    return {
        "demo": settings.DEMO,
        "actor": actor,
        "frame": shown,
        "frame_links": SimpleLazyObject(lambda: shown.links if shown is not None else []),
    }
