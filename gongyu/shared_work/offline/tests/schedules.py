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

from gongyu.records.m01_home_school_contact.actions import record_visit, withdraw_proposal
from gongyu.records.m01_home_school_contact.models import Proposal
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import VisitEntry
from tests.cast import CAST_DAY, Cast

from .device import Device, new_key

NAMES = ("杨小雨", "郑一凡")
DAYS = tuple((CAST_DAY - timedelta(days=back)).isoformat() for back in range(4))
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
        if entry["answer"]["code"] == "changed":
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

    def run(self) -> None:
        deeds = [self.edit, self.deliver, self.online_deed, self.decide_one]
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
        form = "visit" if random.random() < 0.8 else "attempt"
        fields = {"visited_on": [random.choice(DAYS)]}
        name = f"intent {len(self.typed)}"
        if form == "visit":
            fields["asked"] = [f"{name} version {self._version()}"]
        entry = sim.device.entry(random.choice(NAMES), form, new_key(random), **fields)
        entry |= {"state": "waiting", "answer": None, "intent": name}
        sim.disk[entry["key"]] = entry
        self.typed[name] = entry
        self._note("write", form, *fields["visited_on"])

    def edit(self) -> None:
        sim = self._sim()
        if sim.disk:
            self._edit(sim, self.random.choice(list(sim.disk.values())))

    def _edit(self, sim: SimDevice, entry: dict) -> None:
        name = entry["intent"]
        fields = dict(entry["fields"])
        if entry["form"] == "visit":
            fields["asked"] = [f"{name} version {self._version()}"]
        if self.random.random() < 0.3:
            fields["visited_on"] = [self.random.choice(DAYS)]
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
                sim.decide(entry, self.random.choice(choices))
                self._note("decide", entry["intent"], *entry["decided"])
            elif roll < 0.8:
                self._edit(sim, entry)
            else:
                del sim.disk[entry["key"]]
                self.thrown.add(entry["intent"])
                self._note("throw", entry["intent"])

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
