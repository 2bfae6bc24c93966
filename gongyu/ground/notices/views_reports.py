"""What gateways report: a message arrived or did not, a key was pressed. Signed, and safe to repeat."""

from __future__ import annotations

import json
from hmac import compare_digest

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now

from . import actions, queries
from .channels.file import secret_of
from .channels.gateway import signature
from .work.outcomes import report

FAMILY = Actor(user_id=None, name="家长")
CLOCKS_APART = 300  # seconds that the two clocks may differ; an older report is not taken
MOST_EVENTS = 500
_ERRORS = {"bad_number": "bad_address", "opted_out": "opted_out"}


@csrf_exempt
@require_POST
@access(everyone)
def reports(request: HttpRequest, name: str) -> HttpResponse:
    """The signature is the key. Unknown messages are passed over, so that a report that comes twice,
    late, or for another house does no harm; the count says how many told us something new."""
    secret = secret_of(settings.CHANNELS_FILE, name) if settings.CHANNELS_FILE else None
    if not secret or not _is_signed(request, secret, f"/reports/{name}"):
        raise Http404
    try:
        told = json.loads(request.body)
        events = told["events"]
        new = sum(_take(event, name) for event in events[:MOST_EVENTS])
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "not understood: docs/channels.md"}, status=400)
    return JsonResponse({"taken": new})


def _is_signed(request: HttpRequest, secret: str, path: str) -> bool:
    stamp = request.headers.get("X-Gongyu-Time", "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 12):
        return False
    if abs(now().timestamp() - int(stamp)) > CLOCKS_APART:
        return False
    told = request.headers.get("X-Gongyu-Signature", "")
    wanted = signature(secret, stamp, path, request.body)
    return told.isascii() and compare_digest(told, wanted)


def _take(event: dict, name: str) -> bool:
    key, state = str(event["key"]), event.get("state", "")
    pressed = event.get("pressed")
    new = False
    if state in {"delivered", "failed"}:
        reason = _ERRORS.get(event.get("error", ""), "not_delivered")
        new = report(key, name, arrived=state == "delivered", reason=reason, at=now())
    if pressed is not None:
        message = queries.message_with(key, name)
        if message is not None:
            new |= actions.answer_by_key(message, str(pressed), at=now(), by=FAMILY)
    return new
