"""The files that a device keeps to start without a network: none of them holds anybody's data."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.templatetags.static import static

from gongyu.shared_work.casework.guide import receivers

MODULES = ("shell", "screens", "questions", "outbox", "network", "vault", "store", "frame")
FILES = (
    "vendor/gongyu.css",
    "design/favicon.svg",
    "design/gongyu.js",
    "vendor/app-192.png",
    *(f"offline/{name}.js" for name in MODULES),
)
TEMPLATES = Path(__file__).resolve().parent / "templates" / "offline"


def addresses() -> list[str]:
    """Where the files are served, hashed names in production."""
    return [static(name) for name in FILES]


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any file of the shell, so that a device takes the new one whole."""
    state = hashlib.sha256()
    for name in (*FILES, "offline/worker.js"):
        found = finders.find(name)
        state.update(name.encode())
        # Before the front-end build has run a file may be missing; tests need none of them.
        state.update(Path(found).read_bytes() if found else b"")
    for template in sorted(TEMPLATES.iterdir()):
        state.update(template.read_bytes())
    # The plan names whom to ring; a device must not keep a number of yesterday.
    state.update(repr([(each.title, each.phone) for each in receivers()]).encode())
    return state.hexdigest()[:16]
