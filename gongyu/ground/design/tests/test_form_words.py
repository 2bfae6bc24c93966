"""A field that is not right yet says what to do, in the house's words."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

pytestmark = pytest.mark.without_database


class Everything(forms.Form):
    words = forms.CharField(max_length=3)
    number = forms.IntegerField(max_value=9)
    day = forms.DateField()
    one = forms.ChoiceField(choices=[("a", "甲")])
    many = forms.MultipleChoiceField(choices=[("a", "甲")])
    paper = forms.FileField()


def _said(data: dict, files: dict | None = None) -> dict[str, str]:
    return {name: said[0] for name, said in Everything(data, files).errors.items()}


def test_what_is_missing_is_asked_for_by_what_one_does_there():
    assert _said({}) == {
        "words": "请填写这一项。",
        "number": "请填写这一项。",
        "day": "请填写这一项。",
        "one": "请选择一项。",
        "many": "请至少选择一项。",
        "paper": "请选择文件。",
    }


def test_what_is_wrong_says_how_to_mend_it_and_never_repeats_what_was_typed():
    wrong = {
        "words": "杨小雨雨",
        "number": "10",
        "day": "明天",
        "one": "杨小雨",
        "many": ["杨小雨"],
    }
    said = _said(wrong, {"paper": SimpleUploadedFile("a.csv", b"")})
    assert said == {
        "words": "最多3个字，现在有4个，请缩短一些。",
        "number": "不能大于9，请核对。",
        "day": "请填写日期，例如2026-11-25。",
        "one": "请从给出的选项中选择。",
        "many": "请从给出的选项中选择。",
        "paper": "这个文件是空的。请检查后重新选择。",
    }
    assert "杨小雨" not in "".join(said.values())
