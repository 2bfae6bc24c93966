"""What must hold of the notes of children after a random schedule."""

from __future__ import annotations

from collections import Counter

from django.utils.timezone import localtime

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.records.m01_home_school_contact.offline.noting import ALARM
from gongyu.shared_work.casework.models import Report

from .schedules import Schedule


def wrong_with_notes(schedule: Schedule, notes: dict[str, Anomaly]) -> list[str]:
    """What is not as it must be, in words."""
    return [
        *_doubled(schedule, notes),
        *_taken_back(schedule, notes),
        *_traces(notes),
        *_harm(schedule, notes),
    ]


def _doubled(schedule: Schedule, notes: dict[str, Anomaly]) -> list[str]:
    """Two like notes stand side by side only where the teacher said that they are two."""
    told_apart = schedule.apart | set(schedule.online)
    alike = Counter(
        (note.child_id, note.kind, localtime(note.noticed_at).date())
        for note in notes.values()
        if note.status != "retracted" and note.key not in told_apart
    )
    return [f"{what} stands {count} times" for what, count in alike.items() if count > 1]


def _taken_back(schedule: Schedule, notes: dict[str, Anomaly]) -> list[str]:
    """A note is taken back by a decision alone."""
    back = {key for key, note in notes.items() if note.status == "retracted"}
    undecided = back - schedule.corrected
    if len(undecided) > schedule.corrected_alike:
        return [f"{len(undecided)} notes were taken back, decided {schedule.corrected_alike} times"]
    return []


def _traces(notes: dict[str, Anomaly]) -> list[str]:
    """One audit row for each note, and one counting fact for each that was not taken back."""
    audit = Counter(
        AuditEntry.objects.filter(verb="anomaly.note").values_list("subject_id", flat=True)
    )
    facts = Counter(
        standing_facts()
        .filter(kind="anomaly.noticed", quantity=1)
        .values_list("subject_id", flat=True)
    )
    standing = Counter(note.pk for note in notes.values() if note.status != "retracted")
    wrong = []
    if audit != Counter(note.pk for note in notes.values()):
        wrong.append(f"audit of notes: {audit}")
    if facts != standing:
        wrong.append(f"facts of notes: {facts} instead of {standing}")
    return wrong


def _harm(schedule: Schedule, notes: dict[str, Anomaly]) -> list[str]:
    """Words of harm become a note only when the teacher said that it is not so, and never a report
    by themselves."""
    wrong = [
        f"{key} speaks of harm and was kept unasked"
        for key, note in notes.items()
        if ALARM.is_raised_by({"kind": (note.kind,), "words": (note.words,)})
        and key not in schedule.sure | set(schedule.online)
    ]
    return wrong + ["a report was made"] * Report.objects.count()
