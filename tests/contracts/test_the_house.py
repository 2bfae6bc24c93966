"""The rules of the house that reading the code can hold."""

import ast
import re
import subprocess

import pytest

from tests.contracts.sources import ROOT, functions, parsed, place, python_files, rooms

pytestmark = pytest.mark.without_database

FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "base", "services", "managers", "signals"}
ORM_CALLS = {"objects", "save", "delete", "bulk_create", "select_related", "prefetch_related"}


def test_no_file_is_longer_than_400_lines():
    long = [
        f"{place(path)}: {count} lines"
        for path in python_files()
        if (count := len(path.read_text("utf-8").splitlines())) > 400
    ]
    assert long == []


def test_no_template_or_script_of_ours_is_longer_than_400_lines():
    tracked = subprocess.run(
        ["git", "ls-files", "*.html", "*.js", "*.css"], cwd=ROOT, capture_output=True, text=True
    ).stdout.split()
    long = [f for f in tracked if len((ROOT / f).read_text("utf-8").splitlines()) > 400]
    assert long == []


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{place(path, node)} {node.name}"
        for path in python_files()
        for node in functions(path)
        if node.end_lineno - node.lineno + 1 > 50
    ]
    assert long == []


def test_no_file_has_a_name_that_says_nothing():
    assert [place(p) for p in python_files() if p.stem in FORBIDDEN_NAMES] == []


def test_every_room_says_what_it_is_for_in_at_most_three_lines():
    silent = []
    for path in python_files():
        if path.name in {"__init__.py", "apps.py", "urls.py"} or "tests" in path.parts:
            continue
        said = ast.get_docstring(parsed(path)) or ""
        if not said or len(said.split("\n\n")[0].splitlines()) > 3:
            silent.append(place(path))
    assert silent == []


def test_no_view_talks_to_the_database():
    talk = [
        f"{place(path, node)} .{node.attr}"
        for path in rooms("views")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ORM_CALLS
    ]
    assert talk == []


def test_no_view_or_form_imports_models_to_write_them():
    wrong = [
        f"{place(path, node)}"
        for path in rooms("forms")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"save", "create", "bulk_create"}
    ]
    assert wrong == []


def test_every_action_names_who_does_it():
    nameless = []
    for path in rooms("actions"):
        for node in parsed(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "by" not in {a.arg for a in node.args.kwonlyargs}:
                nameless.append(f"{place(path, node)} {node.name}")
    assert nameless == []


def test_pages_and_rules_never_read_the_wall_clock_by_themselves():
    allowed = {ROOT / "gongyu/ground/calendar/clock.py"}
    wrong = [
        f"{place(path, node)} {ast.unparse(node)}"
        for path in python_files()
        if path not in allowed and "tests" not in path.parts and "tools" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func)
        in {"date.today", "datetime.now", "datetime.utcnow", "timezone.now", "timezone.localdate"}
    ]
    assert wrong == []


def test_no_test_is_skipped_or_expected_to_fail_and_each_can_fail():
    wrong = []
    for path in python_files():
        if not path.name.startswith("test_"):
            continue
        for node in functions(path):
            if not node.name.startswith("test_"):
                continue
            text = ast.unparse(node)
            if not re.search(r"\bassert\b|raises|check_|expect|assert_", text):
                wrong.append(f"{place(path, node)} asserts nothing")
    assert wrong == []


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    hosts = "|".join(["pypi" + r"\.org", "registry" + r"\.npmjs", "pythonhosted", "npmmirror"])
    found = subprocess.run(
        ["git", "grep", "-nIE", f"{hosts}|/root/|/home/[a-z]+/", "--", "."],
        cwd=ROOT, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert [line for line in found.splitlines() if "test_the_house.py" not in line] == []


def test_measures_never_import_each_other():
    wrong = []
    for path in python_files():
        match = re.search(r"gongyu/records/(m\d\d_\w+)/", str(path))
        if not match:
            continue
        for node in ast.walk(parsed(path)):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            wrong += [
                f"{place(path, node)} {name}"
                for name in names
                if name.startswith("gongyu.records.m") and match[1] not in name
            ]
    assert wrong == []


def test_each_measure_app_says_its_measure_departments_nouns_and_flow():
    silent = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "gongyu/records").glob("m*/__init__.py"))
        if len(ast.get_docstring(parsed(path)) or "") < 80
    ]
    assert silent == []
