"""Whatever is written to the audit has words; an auditor never reads a code."""

from __future__ import annotations

import ast
import re

import pytest

from gongyu.pages.deeds import DEEDS, deed_words, subject_words
from tests.contracts.sources import parsed, python_files

pytestmark = pytest.mark.without_database
VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
WRITERS = {"record", "Deed", "note_reading", "_audit", "_record", "_record_rows", "_deed", "_note"}


def verbs_in_code() -> set[str]:
    """The verbs that calls of the audit's writers name literally."""
    found = set()
    for path in python_files():
        if "tests" in path.parts or "gongyu" not in path.parts:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0] if node.args else None
                words = first.value if isinstance(first, ast.Constant) else None
                if name in WRITERS and isinstance(words, str) and VERB.fullmatch(words):
                    found.add(words)
    return found


def test_every_verb_that_the_code_writes_has_words():
    assert len(verbs_in_code()) > 20
    assert verbs_in_code() - set(DEEDS) == set()


def test_what_a_row_is_about_has_words_and_a_number():
    assert subject_words("child", 944) == "学生 944"
    assert subject_words("search", None) == "查找"
    assert subject_words("thing", 1) == "thing 1"


def test_an_unknown_verb_is_shown_as_it_is():
    assert deed_words("thing.happen") == "thing.happen"
