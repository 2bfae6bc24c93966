"""The register of purposes: what data is used for and on what that rests, read from `purposes.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from gongyu.ground.secrets.fields import digest

FILE = Path(__file__).with_name("purposes.toml")
DUTY, CONSENT = "duty", "consent"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose in plain words; `law` is what it rests on, `kept` how long data for it is kept."""

    code: str
    title: str
    what: str
    why: str
    basis: str
    law: str
    kept: str

    @property
    def asks_consent(self) -> bool:
        return self.basis == CONSENT


@lru_cache(maxsize=1)
def purposes() -> dict[str, Purpose]:
    """{code: purpose} in the order of the file."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["purposes"]
    return {row["code"]: Purpose(**row) for row in rows}


def to_ask() -> list[Purpose]:
    """The purposes for which consent is asked."""
    return [purpose for purpose in purposes().values() if purpose.asks_consent]


def duties() -> list[Purpose]:
    """The purposes that the law orders, which nobody is asked about."""
    return [purpose for purpose in purposes().values() if not purpose.asks_consent]


def fingerprint(code: str) -> str:
    """Of the words that somebody reads before saying yes; kept with the word as evidence."""
    told = purposes()[code]
    return digest("consent-read", "\n".join([told.title, told.what, told.why, told.law, told.kept]))
