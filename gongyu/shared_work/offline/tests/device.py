"""A device as the tests see it: over HTTP alone, like the browser, with its own kit and entries."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random
from uuid import UUID, uuid4

from django.test import Client
from django.urls import reverse

from tests.cast import CAST_DAY

# The cast's moment as a phone writes it.
MOMENT = "2026-11-04T10:00"


def new_key(random: Random | None = None) -> str:
    return str(UUID(int=random.getrandbits(128), version=4) if random else uuid4())


@dataclass
class Device:
    """Signed in already, with a kit that it was given."""

    client: Client
    told: dict = field(default_factory=dict)

    @classmethod
    def turned_on(cls, client: Client) -> Device:
        answer = client.post(reverse("offline:open"))
        assert answer.status_code == 200, answer.content
        return cls(client, answer.json())

    @property
    def code(self) -> str:
        return self.told["kit"]

    @property
    def pupils(self) -> dict[str, dict]:
        """{name: pupil} of all classes."""
        return {
            pupil["name"]: pupil
            for one in self.told["package"]["classes"]
            for pupil in one["pupils"]
        }

    def options(self, name: str, question: str, form: str = "visit") -> dict[str, str]:
        """{label: token} of a pupil's own choices."""
        found = self.pupils[name]["forms"][form]["options"].get(question, [])
        return {choice["label"]: choice["value"] for choice in found}

    def entry(self, name: str, form: str = "visit", key: str = "", **fields) -> dict:
        """An entry as `outbox.js` sends it; keywords change fields (lists of values)."""
        told = {"visited_on": [CAST_DAY.isoformat()]}
        if form == "visit":
            told |= {"met": [], "met_other": ["邻居"], "setting": ["home"], "asked": ["想多读书"]}
        elif form == "anomaly":
            told = {"kind": ["mood"], "words": ["课间不说话"], "noticed_at": [MOMENT]}
        else:
            told |= {"outcome": ["not_found"]}
        pupil = self.pupils[name]
        return {
            "key": key or new_key(),
            "form": form,
            "pupil": pupil["token"],
            "fields": told | fields,
            "seen": pupil["forms"].get(form, {}).get("seen", ""),
            "decided": [],
            "corrects": "",
            "packed": self.told["package"]["packed"],
            "typed": self.told["now"],
        }

    def send(self, *entries: dict) -> list[dict]:
        answer = self.post("send", {"entries": list(entries)})
        assert answer.status_code == 200, answer.content
        return answer.json()["answers"]

    def one(self, entry: dict) -> dict:
        [answer] = self.send(entry)
        assert answer["key"] == entry["key"]
        return answer

    def post(self, step: str, body: object = None):
        return self.client.post(
            reverse(f"offline:{step}", args=[self.code]),
            json.dumps(body if body is not None else {}),
            content_type="application/json",
        )

    def contact(self) -> dict:
        answer = self.post("contact").json()
        if answer["state"] == "open":
            self.told = answer
        return answer
