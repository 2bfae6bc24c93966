"""A stricter limit of the own district."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import LocalLimit
from .asking import LINE, TICK


class LimitForm(forms.Form):
    clock = forms.ChoiceField(
        label=_("哪一个期限"),
        choices=LocalLimit.Clock.choices,
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": _("请选择是哪一个期限。")},
    )
    days = forms.IntegerField(
        label=_("天数"),
        min_value=1,
        max_value=365,
        widget=forms.NumberInput(attrs={**LINE, "inputmode": "numeric"}),
        error_messages={"invalid": _("请填写天数，例如 30。")},
    )
    unit = forms.ChoiceField(
        label=_("怎样计"),
        choices=LocalLimit.Unit.choices,
        widget=forms.RadioSelect(attrs=TICK),
        initial="calendar",
    )
    document = forms.CharField(
        label=_("依据：文件名称和文号"),
        max_length=120,
        widget=forms.TextInput(attrs=LINE),
        error_messages={"required": _("没有文件的期限不能保存。请写明文件名称和文号。")},
    )
