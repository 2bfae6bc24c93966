"""Sessions stand in the database, where ending one ends it; they are read by a prepared question."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet

from gongyu.ground.calendar.clock import now
from gongyu.ground.prepared import prepared


@prepared
def _sessions(key: str, at: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=at)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _sessions(self.session_key, now())
        if found:
            return found[0]
        self._session_key = None
        return None
