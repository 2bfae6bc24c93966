"""Draws every state table into docs/states, one page each; `--check` only says what is out of date."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "states"
sys.path.insert(0, str(ROOT))


def tables() -> Iterator[tuple[str, dict]]:
    """Every table that an app's states.py lists in TABLES, by the name of what it is about."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongyu.config.settings_test")
    os.environ.setdefault("GONGYU_DATA", tempfile.mkdtemp(prefix="gongyu-states-"))
    import django

    django.setup()
    for path in sorted((ROOT / "gongyu").rglob("states.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        yield from getattr(module, "TABLES", {}).items()


def drawing(name: str, table: dict) -> str:
    """A page: the diagram, then each status with its owner and its clock."""
    article = "an" if name[0] in "aeio" else "a"
    lines = [
        f"# States of {article} {name}",
        "",
        "Drawn by `make docs` from the table in `states.py`.",
        "",
    ]
    lines += ["```mermaid", "stateDiagram-v2"]
    lines += [f"    [*] --> {next(iter(table))}"]
    for status, row in table.items():
        lines += [f"    {status} --> {target}: {step}" for step, target in row["to"].items()]
        if not row["to"]:
            lines.append(f"    {status} --> [*]")
    lines += ["```", "", "| status | for users | owner | clock |", "|---|---|---|---|"]
    lines += [
        f"| {status} | {row['label']} | {row['owner'] or '–'} | {row['clock'] or '–'} |"
        for status, row in table.items()
    ]
    return "\n".join(lines) + "\n"


def out_of_date() -> list[str]:
    """The names of the pages that differ from their tables."""
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = {f"{name.replace(' ', '-')}.md": drawing(name, table) for name, table in tables()}
    stale = [
        name
        for name, text in wanted.items()
        if not (TARGET / name).exists() or (TARGET / name).read_text("utf-8") != text
    ]
    return stale + [p.name for p in TARGET.glob("*.md") if p.name not in wanted]


def main() -> int:
    if "--check" in sys.argv:
        stale = out_of_date()
        print("\n".join(f"docs/states/{name} is out of date: run `make docs`." for name in stale))
        return 1 if stale else 0
    for name, table in tables():
        (TARGET / f"{name.replace(' ', '-')}.md").write_text(drawing(name, table), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
