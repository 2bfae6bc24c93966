"""Whatever is lost, doubled, reordered, late or killed: each entry arrives once, and no word is lost.

GONGYU_SCHEDULES says how many histories are tried: 100 by default, 500 in `make test`, 10,000 and
more in the long run.
"""

import os
from collections import Counter

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localtime

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.records.m01_home_school_contact.actions import propose_times
from gongyu.records.m01_home_school_contact.models import Visit, VisitChild
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.records.m01_home_school_contact.shapes import ProposalEntry
from gongyu.shared_work.offline.models import Receipt
from tests.cast import CAST_DAY, CAST_MOMENT, Cast, sign_in

from .device import Device
from .notes_kept import wrong_with_notes
from .schedules import Schedule

SCHEDULES = int(os.environ.get("GONGYU_SCHEDULES", "100"))
FIRST = int(os.environ.get("GONGYU_FIRST_SCHEDULE", "0"))
# Small parts, so that none runs into the time limit of a test and a long run shows how far it is.
PARTS = max(4, SCHEDULES // 100)


@pytest.fixture
def devices(cast, at_the_cast_day) -> list[Device]:
    entry = ProposalEntry(((cast.pupil.pk,),), (CAST_MOMENT,), CAST_DAY)
    propose_times(entry, cast.this_class, on=CAST_DAY, by=cast.class_teacher.actor)
    return [Device.turned_on(sign_in(Client(), cast.class_teacher)) for _device in range(2)]


class _RollBack(Exception):
    """Ends a schedule: the next begins with the cast as it was."""


@pytest.mark.parametrize("part", range(PARTS))
def test_every_entry_arrives_once_and_no_word_is_lost(cast, devices, part):
    for seed in range(FIRST + part, FIRST + SCHEDULES, PARTS):
        kept = [dict(device.told) for device in devices]
        try:
            with transaction.atomic():
                schedule = Schedule(cast, devices, seed)
                schedule.run()
                found = wrong_with(schedule, cast)
                assert found == [], f"schedule {seed}: {found}; {schedule.steps}"
                raise _RollBack
        except _RollBack:
            for device, told in zip(devices, kept, strict=True):
                device.told = told


def wrong_with(schedule: Schedule, cast: Cast) -> list[str]:
    """What is not as it must be after a schedule, in words; nothing in a good house."""
    visits = {visit.key: visit for visit in Visit.objects.all()}
    notes = {note.key: note for note in Anomaly.objects.all()}
    receipts = {receipt.key: receipt for receipt in Receipt.objects.all()}
    wrong = []
    for key, receipt in receipts.items():
        records = notes if receipt.form == "anomaly" else visits
        if key not in records or records[key].pk != receipt.record_id:
            wrong.append(f"{key} has no record of its own")
    known = receipts | _online(schedule)
    wrong += [f"{key} came from nowhere" for key in [*visits, *notes] if key not in known]
    wrong += _words_lost(schedule, visits | notes)
    wrong += _overwritten(visits, schedule)
    wrong += _traces(visits)
    return wrong + wrong_with_notes(schedule, notes)


def _online(schedule: Schedule) -> dict[str, None]:
    return dict.fromkeys(schedule.online)


def _words_lost(schedule: Schedule, records: dict[str, Visit | Anomaly]) -> list[str]:
    wrong = []
    for name, last in schedule.typed.items():
        if name in schedule.thrown:
            continue
        record = records.get(last["key"])
        if record is None:
            wrong.append(f"{name} never arrived")
            continue
        told = _told(record)
        meant = {n: last["fields"].get(n, [""])[0] for n in told}
        if told != meant:
            wrong.append(f"{name} arrived as {told} instead of {meant}")
    return wrong


def _told(record: Visit | Anomaly) -> dict[str, str]:
    if isinstance(record, Visit):
        return {"asked": record.asked, "visited_on": record.visited_on.isoformat()}
    noticed = localtime(record.noticed_at)
    return {
        "kind": record.kind,
        "words": record.words,
        "noticed_at": f"{noticed:%Y-%m-%dT%H:%M}",
    }


def _overwritten(visits: dict[str, Visit], schedule: Schedule) -> list[str]:
    """A visit is replaced by a decision alone, and stays; none stands beside its like."""
    wrong = [
        f"{visit.key} took another's place undecided"
        for visit in visits.values()
        if visit.replaces_id is not None and visit.key not in schedule.sent_to_correct
    ]
    standing = Counter(
        VisitChild.objects.filter(visit__status="standing").values_list(
            "child", "visit__visited_on", "visit__outcome"
        )
    )
    return wrong + [f"{what} stands {count} times" for what, count in standing.items() if count > 1]


def _traces(visits: dict[str, Visit]) -> list[str]:
    """One child's row, one audit row for each visit; one counting fact for each that stands."""
    rows = Counter(VisitChild.objects.values_list("visit", flat=True))
    audit = Counter(
        detail["visit"]
        for detail in AuditEntry.objects.filter(
            verb__in=["visit.record", "visit.correct"]
        ).values_list("detail", flat=True)
    )
    kinds = ["visit.held", "visit.attempted"]
    facts = Counter(
        attrs["visit"]
        for attrs in standing_facts()
        .filter(kind__in=kinds, quantity=1)
        .values_list("attrs", flat=True)
    )
    all_of = Counter(visit.pk for visit in visits.values())
    standing = Counter(v.pk for v in visits.values() if v.status == "standing")
    return [
        f"{what}: {found - meant} too many, {meant - found} missing"
        for what, found, meant in [
            ("children", rows, all_of), ("audit", audit, all_of), ("facts", facts, standing),
        ]
        if found != meant
    ]  # fmt: skip


def test_the_reading_of_this_test_finds_a_second_visit_and_a_lost_word(cast, devices):
    """A test that cannot fail is a defect: the faults it looks for are made here by hand."""
    schedule = Schedule(cast, devices, 1)
    schedule.write()
    entry = next(entry for sim in schedule.sims for entry in sim.disk.values())
    assert wrong_with(schedule, cast) == ["intent 0 never arrived"]
    schedule.limbo.clear()
    [sim] = [sim for sim in schedule.sims if sim.disk]
    schedule._send(sim, entry, "ok")
    assert wrong_with(schedule, cast) == []
    Visit.objects.update(asked="other words")
    Receipt.objects.update(record_id=7)
    assert len(wrong_with(schedule, cast)) == 2
