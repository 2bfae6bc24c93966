"""Inline icons from the file that the front-end build writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

ICONS_FILE = Path(__file__).resolve().parent / "static" / "vendor" / "icons.json"


@lru_cache(maxsize=1)
def _drawings(changed_ns: int) -> dict[str, str]:
    return json.loads(ICONS_FILE.read_text(encoding="utf-8")) if changed_ns else {}


def drawing(name: str) -> str:
    """The inner SVG of an icon; empty before the front-end build has run, so tests need none."""
    try:
        changed_ns = ICONS_FILE.stat().st_mtime_ns
    except FileNotFoundError:
        changed_ns = 0
    return _drawings(changed_ns).get(name, "")
