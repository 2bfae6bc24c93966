"""The project's own Python files, parsed once, for the tests that read code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@lru_cache
def python_files() -> tuple[Path, ...]:
    folders = ("gongyu", "tests", "tools")
    return tuple(
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts and "node_modules" not in path.parts
    )


@lru_cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def rooms(name: str) -> list[Path]:
    """Every file of one room (`views`, `actions`, …), split rooms (`views_x.py`) included."""
    return [
        path
        for path in python_files()
        if "tests" not in path.parts
        and path.parts[-2] != "tests"
        and (path.stem == name or path.stem.startswith(f"{name}_") or path.parent.name == name)
        and (ROOT / "gongyu") in path.parents
    ]


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def place(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None else ""
    return f"{path.relative_to(ROOT)}{line}"
