"""Every action leaves an audit row: read from the code, through the functions it calls."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.contracts.sources import ROOT, parsed, place, rooms

pytestmark = pytest.mark.without_database

TRACES = {"record", "record_many", "Deed", "record_protected"}
# Functions that change nothing by themselves, or only what is nobody's business.
WITHOUT_TRACE: dict[str, str] = {
    "gongyu/ground/audit/actions.py": "writes the audit itself",
    "gongyu/ground/ledger/actions.py": "facts are written inside an action that leaves the trace",
    "gongyu/ground/calendar/actions.py": "holidays are nobody's data; the change keeps its source",
}


def _calls(node: ast.AST) -> set[str]:
    names = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            function = call.func
            names.add(
                function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
            )
    return names


def _functions_of(folder: list[Path]) -> dict[str, set[str]]:
    """{function name: names it calls} over the files of one app."""
    found: dict[str, set[str]] = {}
    for path in folder:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, set()).update(_calls(node))
    return found


def _leaves_a_trace(name: str, calls: dict[str, set[str]], seen: set[str]) -> bool:
    if name in seen:
        return False
    seen.add(name)
    called = calls.get(name, set())
    return bool(called & TRACES) or any(_leaves_a_trace(c, calls, seen) for c in called)


def _all_actions() -> list[Path]:
    return [p for p in rooms("actions") if str(p.relative_to(ROOT)) not in WITHOUT_TRACE]


def test_every_action_leaves_an_audit_row():
    files = _all_actions()
    # An action may leave its trace through an action of a lower app, so all are known together.
    calls = _functions_of(sorted((ROOT / "gongyu").rglob("*.py")))
    untraced = [
        f"{place(path, node)} {node.name}"
        for path in files
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "by" in {a.arg for a in node.args.kwonlyargs}
        and not _leaves_a_trace(node.name, calls, set())
    ]
    assert untraced == []


def test_every_action_is_atomic_or_says_that_it_needs_a_transaction():
    calls = _functions_of(sorted((ROOT / "gongyu").rglob("*.py")))
    loose = []
    for path in _all_actions():
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            decorated = any("atomic" in ast.unparse(d) for d in node.decorator_list)
            inside = "atomic" in ast.unparse(node)
            # Who writes the trace oneself needs the transaction oneself; others may lean on an action.
            writes = bool(_calls(node) & {*TRACES, "append_many"})
            says_so = "transaction" in (ast.get_docstring(node) or "")
            delegates = any(
                name in calls and name != node.name for name in _calls(node) if name in calls
            )
            if not (decorated or inside or (says_so if writes else delegates)):
                loose.append(f"{place(path, node)} {node.name}")
    assert loose == []


def test_the_reading_of_this_test_finds_a_silent_action():
    calls = {"silent": {"create"}, "loud": {"_write"}, "_write": {"record"}}
    assert not _leaves_a_trace("silent", calls, set())
    assert _leaves_a_trace("loud", calls, set())
