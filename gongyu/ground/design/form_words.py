"""What every form says of a field that is not right yet, where the form has no better words.

Django's own sentences are correct and cold, and one of them repeats what was typed. A message says
what to do, and never echoes a value.
"""

from __future__ import annotations

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

CHOOSE = _("请从给出的选项中选择。")
FIELDS: dict[type[forms.Field], dict[str, object]] = {
    forms.Field: {"required": _("请填写这一项。")},
    forms.CharField: {"required": _("请填写这一项。")},
    forms.IntegerField: {"invalid": _("请填写整数，例如 12。")},
    forms.DateField: {"invalid": _("请填写日期，例如2026-11-25。")},
    forms.DateTimeField: {"invalid": _("请填写日期和时间，例如2026-11-25 19:30。")},
    forms.TimeField: {"invalid": _("请填写时间，例如19:30。")},
    forms.BooleanField: {"required": _("请勾选这一项。")},
    forms.ChoiceField: {"required": _("请选择一项。"), "invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {
        "required": _("请至少选择一项。"),
        "invalid_choice": CHOOSE,
        "invalid_list": CHOOSE,
    },
    forms.ModelChoiceField: {"required": _("请选择一项。"), "invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {
        "required": _("请至少选择一项。"),
        "invalid_choice": CHOOSE,
        "invalid_list": CHOOSE,
        "invalid_pk_value": CHOOSE,
    },
    forms.FileField: {
        "required": _("请选择文件。"),
        "invalid": _("没有收到文件。请重新选择后再提交。"),
        "missing": _("没有收到文件。请重新选择后再提交。"),
        "empty": _("这个文件是空的。请检查后重新选择。"),
    },
}
VALIDATORS: dict[type, object] = {
    validators.MaxLengthValidator: _(
        "最多%(limit_value)d个字，现在有%(show_value)d个，请缩短一些。"
    ),
    validators.MinLengthValidator: _("至少%(limit_value)d个字，现在有%(show_value)d个，请补充。"),
    validators.MaxValueValidator: _("不能大于%(limit_value)s，请核对。"),
    validators.MinValueValidator: _("不能小于%(limit_value)s，请核对。"),
    validators.ProhibitNullCharactersValidator: _("含有看不见的特殊字符，请删去后重新输入。"),
}


def use_these_words() -> None:
    """Put the words in place of the framework's; once, when the application starts."""
    for field, words in FIELDS.items():
        # A new table for each class, so that none writes into the one that it inherits.
        field.default_error_messages = {**field.default_error_messages, **words}
    for validator, message in VALIDATORS.items():
        validator.message = message
