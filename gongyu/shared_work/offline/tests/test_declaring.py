"""A form that works without a network is one entry, and the browser can draw what it asks."""

import re
from pathlib import Path

import pytest

from gongyu.shared_work.offline import declared, shell
from gongyu.shared_work.offline.declared import KINDS, Choice, OfflineForm, Question
from gongyu.shared_work.offline.words import words

pytestmark = pytest.mark.without_database
SCRIPTS = Path(shell.__file__).parent / "static" / "offline"


def form(**changes) -> OfflineForm:
    told = {
        "code": "note",
        "title": "记一笔",
        "button": "记",
        "questions": (Question("seen_at", "moment", "什么时候"),),
        "receive": lambda arrived, on, by: None,
        "notes": lambda *args: {},
    }
    return OfflineForm(**(told | changes))


def test_a_form_is_declared_by_one_entry(monkeypatch):
    monkeypatch.setattr(declared, "_FORMS", {})
    declared.declare(form())
    assert [one.code for one in declared.declared()] == ["note"]
    assert declared.form_of("note").title == "记一笔"
    assert declared.form_of("other") is None


def test_a_question_of_no_kind_and_a_form_beside_nothing_are_refused(monkeypatch):
    monkeypatch.setattr(declared, "_FORMS", {})
    with pytest.raises(ValueError, match="no kind"):
        declared.declare(form(questions=(Question("photo", "photo", "照片"),)))
    with pytest.raises(ValueError, match="beside"):
        declared.declare(form(notes=None, beside="nothing"))


def test_a_form_beside_none_and_without_notes_is_for_everybody(monkeypatch):
    monkeypatch.setattr(declared, "_FORMS", {})
    declared.declare(form(notes=None))
    assert declared.form_of("note").beside == ""


def test_an_alarm_hears_words_in_any_text_and_choices_of_their_question():
    alarm = declared.Alarm(words=("伤痕",), choices={"kind": ("self_harm",)})
    assert alarm.is_raised_by({"asked": ("没什么", "有伤痕")})
    assert alarm.is_raised_by({"kind": ("self_harm",)})
    assert not alarm.is_raised_by({"asked": ("self_harm",), "kind": ("mood",)})


def test_a_question_is_told_without_what_is_empty():
    question = Question("place", "one", "哪里", choices=(Choice("home", "家里"),), longest=0)
    assert declared.plain(question) == {
        "name": "place",
        "kind": "one",
        "label": "哪里",
        "choices": [{"value": "home", "label": "家里"}],
    }


def test_the_browser_draws_every_kind_and_every_slot_and_word_is_there():
    """Scripts, templates and words name each other; a slip of the pen is found here."""
    script = (SCRIPTS / "questions.js").read_text()
    drawn = re.search(r"const DRAW = \{(.*?)\};", script, re.S)[1]
    assert set(re.findall(r"^\s+(\w+)[:,]", drawn, re.M)) == set(KINDS)
    text = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    templates = "".join(path.read_text() for path in shell.TEMPLATES.glob("*.html"))
    made = set(re.findall(r'id="t-([\w-]+)"', templates))
    asked = set(re.findall(r'(?:clone|show)\(\s*"([\w-]+)"', text))
    assert asked - made == set()
    known = set(words())
    used = set(re.findall(r"\bwords\.(\w+)", text)) | set(re.findall(r'\bsaid\("(\w+)"', text))
    used |= {f"state_{state}" for state in ("draft", "waiting", "refused")}
    assert used == known


def test_no_script_of_the_shell_writes_html_or_runs_text():
    text = "".join(path.read_text() for path in SCRIPTS.glob("*.js"))
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|new Function", text)


def test_the_shell_keeps_every_module_and_a_new_version_when_one_changes(monkeypatch, tmp_path):
    assert {f"offline/{path.name}" for path in SCRIPTS.glob("*.js")} == {
        *(name for name in shell.FILES if name.startswith("offline/")),
        "offline/worker.js",
    }
    before = shell.version.__wrapped__()
    changed = tmp_path / "changed.js"
    changed.write_text("// another")
    monkeypatch.setattr(shell.finders, "find", lambda name: str(changed))
    assert shell.version.__wrapped__() != before
