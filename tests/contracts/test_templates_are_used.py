"""No template lies about unused, and none carries what the content policy forbids."""

from __future__ import annotations

import re

import pytest

from tests.contracts.sources import ROOT, python_files

pytestmark = pytest.mark.without_database

TEMPLATES = sorted((ROOT / "gongyu").rglob("templates/**/*.html"))
# Found by the libraries themselves, by these folders' names.
FOUND_BY_NAME = (
    "account/",
    "mfa/",
    "allauth/",
    "usersessions/",
    "cotton/",
    "bootstrap5/",
    "django/",
)


def _name(path) -> str:
    return str(path).split("/templates/", 1)[1]


def test_every_template_is_named_somewhere():
    text = "\n".join(p.read_text("utf-8") for p in [*python_files(), *TEMPLATES])
    unused = [
        _name(path)
        for path in TEMPLATES
        if not _name(path).startswith(FOUND_BY_NAME) and _name(path) not in text
    ]
    assert unused == []


def test_every_component_is_used():
    text = "\n".join(p.read_text("utf-8") for p in TEMPLATES)
    components = [p for p in TEMPLATES if "/templates/cotton/" in str(p)]
    unused = [
        p.stem
        for p in components
        if not re.search(rf"<c-{p.stem.replace('_', '[-_]')}[\s>/]", text)
    ]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_template_has_inline_style_or_script_without_nonce(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle=\"", text), "inline style is refused by the content policy"
    assert not re.search(r"\son[a-z]+=\"", text), "inline handlers are refused by the policy"
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or "nonce" in tag or "application/json" in tag, tag
