"""A carer's session: it ends by itself on a shared phone, lasts longer on the own one, and never lies
beside somebody's who works here."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from gongyu.ground.calendar.clock import now, today

from .queries import family_of
from .shapes import Family

KEY = "family"
ASKED = "family_asked"
PROVEN = "family_proven"
# Between typing a code and choosing who one is.
PROVEN_FOR = timedelta(minutes=5)


def start(request: HttpRequest, carer_id: int, *, number: str, own_phone: bool) -> None:
    """Begin anew: nothing of who was here before remains. `number` is the digest by which the carer
    came in, empty for a printed code or a sign-in elsewhere."""
    request.session.flush()
    request.session[KEY] = {
        "carer": carer_id,
        "number": number,
        "own": own_phone,
        "seen": _minute(),
    }
    _set_expiry(request, own_phone)
    rotate_token(request)


def end(request: HttpRequest) -> None:
    request.session.flush()


def make_own(request: HttpRequest) -> None:
    """This is the carer's own phone: stay for days rather than minutes."""
    request.session[KEY] = {**request.session[KEY], "own": True}
    _set_expiry(request, True)


def number_of(request: HttpRequest) -> str:
    return request.session.get(KEY, {}).get("number", "")


def present_family(request: HttpRequest, on: date | None = None) -> Family | None:
    """Who is here, asked anew at every request. A session that is over is emptied: too long without
    a tap, a number that changed hands, nobody left whom the carer may see."""
    held = request.session.get(KEY)
    if held is None or request.user.is_authenticated:
        return None
    minute, idle = _minute(), _idle_minutes(held["own"])
    family = None
    if minute - held["seen"] < idle:
        number = held["number"] or None
        family = family_of(held["carer"], on or today(), number=number, own_phone=held["own"])
    if family is None:
        request.session.flush()
    elif held["seen"] != minute:
        # Once a minute is enough, and spares a write for every tap.
        request.session[KEY] = {**held, "seen": minute}
    return family


def prove(request: HttpRequest, carer_ids: list[int], number: str, own_phone: bool) -> None:
    """The code was right and several carers share the number: the next page asks which one."""
    request.session.flush()
    request.session[PROVEN] = {
        "carers": carer_ids,
        "number": number,
        "own": own_phone,
        "until": (now() + PROVEN_FOR).timestamp(),
    }


def proven(request: HttpRequest) -> dict | None:
    held = request.session.get(PROVEN)
    return held if held is not None and now().timestamp() < held["until"] else None


def _set_expiry(request: HttpRequest, own_phone: bool) -> None:
    # 0: with the browser, and after the idle minutes in any case.
    request.session.set_expiry(settings.FAMILY_OWN_PHONE_DAYS * 86400 if own_phone else 0)


def _idle_minutes(own_phone: bool) -> int:
    return settings.FAMILY_OWN_PHONE_DAYS * 1440 if own_phone else settings.FAMILY_IDLE_MINUTES


def _minute() -> int:
    return int(now().timestamp() // 60)
