"""Move, cancel, close, correct."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

from gongyu.shared_work.registers.forms import DayField

from ..models import Activity, Closing
from ..shapes import Outcome
from .planning import ClockField

_LINE = {"class": "form-control"}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("为什么"), max_length=120, widget=forms.TextInput(attrs=_LINE))


class MoveForm(forms.Form):
    day = DayField(label=_("改到哪一天"))
    start = ClockField(label=_("几点开始"))
    where = forms.CharField(
        label=_("地点（没变就不改）"), max_length=80, widget=forms.TextInput(attrs=_LINE)
    )
    reason = forms.CharField(
        label=_("为什么改期"),
        max_length=120,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("家长会看到，例如“当天有暴雨预警”。"),
    )

    def __init__(self, activity: Activity, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["start"].initial = localtime(activity.starts_at).time()
        self.fields["where"].initial = activity.where

    def starts_at(self) -> datetime:
        data = self.cleaned_data
        return make_aware(datetime.combine(data["day"], data["start"]))


class CloseForm(forms.Form):
    families = forms.IntegerField(
        label=_("到场多少个家庭"),
        min_value=0,
        widget=forms.NumberInput(attrs=_LINE),
        help_text=_("数个大概就行，不用签到，不用拍照。"),
    )
    counted_by = forms.ChoiceField(
        label=_("怎么数的"),
        choices=Closing.CountedBy.choices,
        initial=Closing.CountedBy.COUNT,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    said = forms.CharField(
        label=_("家长们说了什么（可不填）"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={**_LINE, "rows": 4}),
        help_text=_("记意见就好，不写是谁家说的。加密保存，只有本校领导能看。"),
    )

    def outcome(self) -> Outcome:
        data = self.cleaned_data
        return Outcome(data["families"], data["counted_by"], data["said"])


class CorrectForm(CloseForm):
    reason = forms.CharField(
        label=_("为什么更正"), max_length=120, widget=forms.TextInput(attrs=_LINE)
    )
