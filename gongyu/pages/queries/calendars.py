"""What stands in a person's calendar: activities and agreed visits, without a child's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.shapes import Family
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.activities.queries.feeds import activities_in_calendar

from .family.week import lines_of

# How long a visit takes in a calendar; nobody is held to it.
VISIT_LASTS = timedelta(minutes=45)
_STATUS = {"planned": "TENTATIVE", "cancelled": "CANCELLED", "moved": "CANCELLED"}


@dataclass(frozen=True, slots=True)
class Appointment:
    """One entry of a calendar. `uid` stays the same as long as the thing does."""

    uid: str
    title: str
    where: str
    starts_at: datetime
    ends_at: datetime
    status: str  # CONFIRMED, TENTATIVE, CANCELLED (RFC 5545)
    changed_at: datetime


def appointments_of(actor: Actor, on: date) -> list[Appointment]:
    """Activities that the person sees, and the own agreed visits, in order of time."""
    found = [_of_activity(each) for each in activities_in_calendar(actor, on)]
    waiting = visits.waiting_answers(actor.staff_id, on)
    found += [_of_visit(each) for each in (*waiting.to_record, *waiting.agreed)]
    return sorted(found, key=lambda each: (each.starts_at, each.uid))


def _of_activity(activity: Activity) -> Appointment:
    place = activity.where
    if activity.organiser_id != activity.school_id:
        place = f"{activity.organiser.name} {place}"
    return Appointment(
        uid=f"activity-{activity.pk}@gongyu",
        title=f"{activity.kind_words}：{activity.title}",
        where=place,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        status=_STATUS.get(activity.status, "CONFIRMED"),
        changed_at=activity.changed_at,
    )


def _of_visit(proposal) -> Appointment:
    starts = proposal.chosen_time.starts_at
    return Appointment(
        uid=f"visit-{proposal.pk}@gongyu",
        # Whose home it is stands in Gongyu alone, never in a calendar that travels.
        title=_("家访（已约好）"),
        where="",
        starts_at=starts,
        ends_at=starts + VISIT_LASTS,
        status="CONFIRMED",
        changed_at=proposal.changed_at,
    )


def appointments_of_family(family: Family, on: date, moment: datetime) -> list[Appointment]:
    """What a family is invited to and has agreed, in order of time, without a child's name."""
    return [
        Appointment(
            uid=f"family-{line.uid}@gongyu",
            title=_("家访（已约好）") if line.uid.startswith("visit-") else line.what,
            where=line.where if not line.uid.startswith("visit-") else "",
            starts_at=line.when,
            ends_at=line.until or line.when + VISIT_LASTS,
            status="CANCELLED" if line.is_off else "CONFIRMED",
            changed_at=line.changed_at or line.when,
        )
        for line in lines_of(family, on, moment)
        if not line.uid.startswith("proposal-")
    ]
