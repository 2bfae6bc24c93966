"""The small forms: a family's wishes, a follow-up, a reason."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Setting
from .composite import DayField

_LINE = {"class": "form-control"}


class PreferenceForm(forms.Form):
    prefers = forms.ChoiceField(
        label=_("家长希望在哪里见面"),
        required=False,
        choices=[("", _("没有特别要求")), *Setting.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    times = forms.CharField(
        label=_("方便的时间"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("例如：周末上午；晚上七点以后。"),
    )
    language = forms.CharField(
        label=_("习惯用语"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("例如：重庆话、土家语、普通话。"),
    )
    asked_on = DayField(
        label=_("家长主动提出家访的日期"), required=False, help_text=_("没有提出就不填。")
    )
    note = forms.CharField(
        label=_("其他说明"), required=False, max_length=200, widget=forms.TextInput(attrs=_LINE)
    )

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_asked_on(self) -> date | None:
        """A wish of a day to come would stay ahead of every visit."""
        asked_on = self.cleaned_data["asked_on"]
        if asked_on is not None and asked_on > self.on:
            raise forms.ValidationError(_("提出的日期不能晚于今天。"))
        return asked_on


class DoneForm(forms.Form):
    done_on = DayField(label=_("哪天办好的"))


class HandOverForm(forms.Form):
    owner = forms.TypedChoiceField(
        label=_("转交给"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )
    due_on = DayField(label=_("新的完成日期"))
    note = forms.CharField(
        label=_("说明（可不填）"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=_LINE),
    )

    def __init__(self, *args, colleagues, due_on: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(s.pk, s.name) for s in colleagues]
        self.fields["due_on"].initial = due_on


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("说明"), max_length=120, widget=forms.TextInput(attrs=_LINE))
