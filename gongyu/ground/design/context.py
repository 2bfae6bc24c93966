"""What every page's frame needs."""

from django.conf import settings


def frame(request) -> dict:
    return {"demo": settings.DEMO, "actor": getattr(request, "actor", None)}
