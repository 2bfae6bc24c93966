"""Appointments as an iCalendar file (RFC 5545), in universal time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from icalendar import Calendar, Event

from .queries.calendars import Appointment

MEDIA_TYPE = "text/calendar; charset=utf-8"


def calendar_file(appointments: Iterable[Appointment], name: str) -> bytes:
    """The file's bytes; an entry keeps its UID, so that a phone moves it rather than adds one."""
    calendar = Calendar()
    calendar.add("prodid", "-//Gongyu//Gongyu//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for each in appointments:
        calendar.add_component(_event(each))
    return calendar.to_ical()


def _event(each: Appointment) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.changed_at.astimezone(UTC))
    event.add("last-modified", each.changed_at.astimezone(UTC))
    event.add("dtstart", each.starts_at.astimezone(UTC))
    event.add("dtend", each.ends_at.astimezone(UTC))
    event.add("summary", each.title)
    if each.where:
        event.add("location", each.where)
    event.add("status", each.status)
    return event
