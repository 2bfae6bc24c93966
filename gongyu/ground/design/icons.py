"""Inline icons from the file that the front-end build writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

ICONS_FILE = Path(__file__).resolve().parent / "static" / "vendor" / "icons.json"


@lru_cache(maxsize=1)
def _drawings() -> dict[str, str]:
    return json.loads(ICONS_FILE.read_text(encoding="utf-8"))


def drawing(name: str) -> str:
    """The inner SVG of an icon; empty before the front-end build has run, so tests need none."""
    try:
        return _drawings().get(name, "")
    except FileNotFoundError:
        return ""
