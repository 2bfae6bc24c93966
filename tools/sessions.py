"""Sessions made ahead, as if password and second factor had both been given. For tools alone."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from gongyu.ground.access.models import User
from gongyu.ground.calendar.clock import today
from gongyu.ground.families.sessions import KEY
from gongyu.ground.staff.models import Staff


def account_of(staff: Staff, username: str) -> User:
    """The account of a member of staff; where there is none, one that no password opens."""
    found, _made = User.objects.get_or_create(
        staff=staff,
        defaults={"username": username, "password": "!", "password_changed_on": today()},
    )
    return found


def session_of_family(carer_id: int, number: str) -> str:
    """The key of a fresh session of a carer on the own phone; `number` as a digest."""
    store = SessionStore()
    seen = int(time.time() // 60)
    store[KEY] = {"carer": carer_id, "number": number, "own": True, "seen": seen}
    store.create()
    return store.session_key


def session_of(user: User) -> str:
    """The key of a fresh session of the account, for the cookie `sessionid`."""
    moment = time.time()
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["account_authentication_methods_user"] = str(user.pk)
    store["account_authentication_methods"] = [
        {"method": "password", "at": moment},
        {"method": "mfa", "at": moment, "type": "totp"},
    ]
    store.create()
    return store.session_key
