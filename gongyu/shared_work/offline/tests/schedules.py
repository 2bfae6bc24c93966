"""Random schedules: two devices of one teacher, a network that loses, doubles and delays, browsers
that are killed, a teacher who edits and decides; all against the real endpoint.

`SimDevice` is `outbox.js` in Python: what it does between two steps is on the disk, so that being
killed anywhere is the same as never getting an answer.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from gongyu.records.m01_home_school_contact.actions import (
    note_anomaly,
    record_visit,
    take_anomaly_step,
    withdraw_proposal,
)
from gongyu.records.m01_home_school_contact.concern_shapes import NoteEntry, StepEntry
from gongyu.records.m01_home_school_contact.models import Proposal
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from tests.cast import CAST_DAY, CAST_MOMENT, Cast

from .device import Device, new_key

NAMES = ("杨小雨", "郑一凡")
DAYS = tuple((CAST_DAY - timedelta(days=back)).isoformat() for back in range(4))
# Two days on which something was noticed, of few kinds, so that the same is often noted twice.
MOMENTS = ("2026-11-03T15:20", "2026-11-04T09:30")
KINDS = ("mood", "absent", "self_harm")
FORMS = (("visit", 55), ("attempt", 15), ("anomaly", 30))
# What the network does with a request, and how often.
FATES = (("ok", 5), ("lost", 2), ("answer lost", 3), ("doubled", 2), ("delayed", 3))
MOST_ROUNDS = 60


@dataclass
class SimDevice:
    """`disk` is what IndexedDB holds: entries by key, with their state."""

    device: Device
    disk: dict[str, dict] = field(default_factory=dict)

    def waiting(self) -> list[dict]:
        return [entry for entry in self.disk.values() if entry["state"] == "waiting"]

    def outgoing(self, entry: dict) -> dict:
        return copy.deepcopy({k: v for k, v in entry.items() if k not in ("state", "answer")})

    def take(self, key: str, answer: dict) -> None:
        """As `sendAll` takes an answer: only what still waits is touched."""
        entry = self.disk.get(key)
        if entry is None or entry["state"] != "waiting":
            return
        if answer["state"] in ("stored", "already"):
            del self.disk[key]
        else:
            entry["state"], entry["answer"] = answer["state"], answer

    def decide(self, entry: dict, choice: str) -> None:
        """As `decided`: the key of what arrived already is used up."""
        del self.disk[entry["key"]]
        entry["decided"] = sorted({*entry["decided"], choice})
        if choice == "correct" and entry["answer"]["code"] == "changed":
            entry["corrects"], entry["key"] = entry["key"], new_key()
        entry["state"], entry["answer"] = "waiting", None
        self.disk[entry["key"]] = entry


class Schedule:
    """One random history, until everything has arrived or was thrown away by the teacher."""

    def __init__(self, cast: Cast, devices: list[Device], seed: int) -> None:
        self.random = Random(seed)
        self.cast = cast
        self.sims = [SimDevice(device) for device in devices]
        self.limbo: list[tuple[Device, dict]] = []
        self.typed: dict[str, dict] = {}  # an intent's name: its entry as it stands now
        self.versions = 0
        self.thrown: set[str] = set()
        self.online: list[str] = []
        self.steps: list[str] = []
        # Notes that the teacher decided to put another in the place of: by key, and by likeness.
        self.corrected: set[str] = set()
        self.corrected_alike = 0
        # Visits sent with that decision: one may arrive late, after its entry was edited anew.
        self.sent_to_correct: set[str] = set()
        # Keys under which was said that it is another matter, and that it is no harm.
        self.apart: set[str] = set()
        self.sure: set[str] = set()

    def run(self) -> None:
        deeds = [self.edit, self.deliver, self.online_deed, self.online_note, self.decide_one]
        deeds += [self.write, self.sync] * 4
        for _step in range(self.random.randint(6, 14)):
            self.random.choice(deeds)()
        if self.random.random() < 0.1:
            self.renew()
        # The network is back. What was on its way may come before, between and after.
        for _round in range(MOST_ROUNDS):
            left = [entry for sim in self.sims for entry in sim.disk.values()]
            if not left:
                break
            if self.random.random() < 0.3:
                self.deliver()
            for sim in self.sims:
                for entry in sim.waiting():
                    self._send(sim, entry, "ok")
                self._decide_all(sim)
        else:
            raise AssertionError(f"Something never came to rest: {self.steps}")
        while self.limbo:
            self.deliver()

    # What the teacher does.

    def write(self) -> None:
        sim, random = self._sim(), self.random
        [form] = random.choices([f for f, _ in FORMS], [w for _, w in FORMS])
        name = f"intent {len(self.typed)}"
        fields = self._fields(form, name)
        entry = sim.device.entry(random.choice(NAMES), form, new_key(random), **fields)
        entry |= {"state": "waiting", "answer": None, "intent": name}
        sim.disk[entry["key"]] = entry
        self.typed[name] = entry
        self._note("write", form, *fields.get("visited_on", fields.get("noticed_at")))

    def _fields(self, form: str, name: str) -> dict[str, list[str]]:
        random = self.random
        if form == "anomaly":
            harm = "，手臂有伤痕" if random.random() < 0.15 else ""
            fields = {
                "kind": [random.choice(KINDS)],
                "noticed_at": [random.choice(MOMENTS)],
                "words": [f"{name} version {self._version()}{harm}"],
            }
            # The device asked first; one that did not know the word asks when the server does.
            return fields | ({"sure": ["on"]} if random.random() < 0.5 else {})
        fields = {"visited_on": [random.choice(DAYS)]}
        if form == "visit":
            fields["asked"] = [f"{name} version {self._version()}"]
        return fields

    def edit(self) -> None:
        sim = self._sim()
        if sim.disk:
            self._edit(sim, self.random.choice(list(sim.disk.values())))

    def _edit(self, sim: SimDevice, entry: dict) -> None:
        name = entry["intent"]
        changed = self._fields(entry["form"], name)
        kept = {"visited_on", "noticed_at", "kind"} if self.random.random() < 0.7 else set()
        # "Sure" was said of other words.
        fields = {n: v for n, v in entry["fields"].items() if n != "sure"}
        fields |= {n: v for n, v in changed.items() if n not in kept}
        # As `edited`: what was decided was decided about other words.
        entry |= {"fields": fields, "state": "waiting", "answer": None}
        entry["decided"] = ["correct"] if entry["corrects"] else []
        self._note("edit", name)

    def decide_one(self) -> None:
        self._decide_all(self._sim())

    def _decide_all(self, sim: SimDevice) -> None:
        for entry in [e for e in sim.disk.values() if e["state"] in ("conflict", "refused")]:
            choices = [choice["value"] for choice in entry["answer"].get("choices", [])]
            roll = self.random.random()
            if choices and roll < 0.6:
                self._decide(sim, entry, self.random.choice(choices))
                self._note("decide", entry["intent"], *entry["decided"])
            elif roll < 0.8:
                self._edit(sim, entry)
            else:
                del sim.disk[entry["key"]]
                self.thrown.add(entry["intent"])
                self._note("throw", entry["intent"])

    def _decide(self, sim: SimDevice, entry: dict, choice: str) -> None:
        if choice == "correct" and entry["answer"]["code"] == "changed":
            self.corrected.add(entry["key"])
        elif choice == "correct" and entry["form"] == "anomaly":
            self.corrected_alike += 1
        sim.decide(entry, choice)

    def online_note(self) -> None:
        """The same teacher at a desk notes a child; or a colleague acts on what was noted."""
        known = Anomaly.objects.filter(status="noticed").first()
        if known is not None and self.random.random() < 0.4:
            excuse = StepEntry(
                "excuse", CAST_MOMENT, excuse="by_law", next_on=CAST_DAY + timedelta(days=7)
            )
            by = self.cast.moral_education_head.actor
            take_anomaly_step(known, excuse, at=CAST_MOMENT, by=by)
            self._note("a colleague acts")
            return
        key = f"online-{len(self.online)}"
        noticed_at = CAST_MOMENT - timedelta(hours=self.random.choice((1, 20)))
        entry = NoteEntry(self.cast.pupil.pk, self.random.choice(KINDS), noticed_at, "坐着不动")
        note_anomaly(entry, at=CAST_MOMENT, key=key, by=self.cast.class_teacher.actor)
        self.online.append(key)
        self._note("online note", entry.kind)

    def online_deed(self) -> None:
        """The same teacher at a desk: records a visit, or ends a proposal."""
        by = self.cast.class_teacher.actor
        proposal = Proposal.objects.filter(status="proposed").first()
        if proposal is not None and self.random.random() < 0.5:
            withdraw_proposal(proposal, by=by)
            return
        day = CAST_DAY - timedelta(days=self.random.randrange(4))
        key = f"online-{len(self.online)}"
        entry = VisitEntry(day, {self.cast.pupil.pk: ""}, setting="home", met_other="外婆")
        try:
            record_visit(entry, on=CAST_DAY, key=key, by=by)
        except VisitFault:
            return
        self.online.append(key)
        self._note("online", str(day))

    def renew(self) -> None:
        assert self._sim().device.contact()["state"] == "open"

    # What the network does.

    def sync(self) -> None:
        sim = self._sim()
        for entry in sim.waiting():
            [fate] = self.random.choices([f for f, _ in FATES], [w for _, w in FATES])
            self._note(fate, entry["intent"])
            if not self._send(sim, entry, fate):
                return

    def _send(self, sim: SimDevice, entry: dict, fate: str) -> bool:
        """Did an answer come? Without one the device stops, as `sendAll` does."""
        request = sim.outgoing(entry)
        request.pop("intent")
        if {"another", "apart"} & set(request["decided"]):
            self.apart.add(request["key"])
        if "correct" in request["decided"]:
            self.sent_to_correct.add(request["key"])
        if "sure" in request["decided"] or request["fields"].get("sure"):
            self.sure.add(request["key"])
        if fate == "delayed":
            self.limbo.append((sim.device, request))
        if fate in ("lost", "delayed"):
            return False
        answer = sim.device.one(request)
        if fate == "answer lost":
            return False
        if fate == "doubled":
            again = sim.device.one(request)
            answer = self.random.choice([answer, again])
        sim.take(entry["key"], answer)
        return True

    def deliver(self) -> None:
        """Something that was on its way arrives after all; nobody waits for the answer."""
        if self.limbo:
            device, request = self.limbo.pop(self.random.randrange(len(self.limbo)))
            device.one(request)
            self._note("late", request["key"][:4])

    def _sim(self) -> SimDevice:
        return self.random.choice(self.sims)

    def _version(self) -> int:
        self.versions += 1
        return self.versions

    def _note(self, *words: str) -> None:
        self.steps.append(" ".join(words))
