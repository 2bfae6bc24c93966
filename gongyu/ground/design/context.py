"""What every page's frame needs: who is here, where one can go, and which day it is."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from .navigation import LEADERS, TEACHERS, items_for, role_words


def frame(request) -> dict:
    """Lazy throughout: a page without a frame asks the database nothing."""
    actor = getattr(request, "actor", None)
    return {
        "demo": settings.DEMO,
        "actor": actor,
        "frame_links": SimpleLazyObject(lambda: items_for(actor, request.path) if actor else []),
        "frame_notes": actor is not None and actor.has_role(*TEACHERS, *LEADERS, "registrar"),
        "frame_roles": SimpleLazyObject(lambda: role_words(actor) if actor else ""),
    }
