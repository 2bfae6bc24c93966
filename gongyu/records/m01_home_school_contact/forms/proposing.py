"""Propose times to one family or to several at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from ..rules import MOST_TIMES
from ..shapes import ProposalEntry
from .composite import DayField, TimesField

WARM_WORDS = _("您好！我想到家里坐坐，和您聊聊孩子的近况。不用准备什么，选一个您方便的时间就好。")


def usual_times(on: date) -> list[datetime]:
    """Three times on the next weekend that leaves a family at least one day to answer."""
    saturday = on + timedelta(days=(5 - on.weekday()) % 7)
    if saturday - on < timedelta(days=2):
        saturday += timedelta(days=7)
    sunday = saturday + timedelta(days=1)
    moments = [(saturday, time(10)), (saturday, time(15)), (sunday, time(10))]
    return [make_aware(datetime.combine(day, hour)) for day, hour in moments]


class ProposalForm(forms.Form):
    times = TimesField(
        MOST_TIMES,
        label=_("可选的时间"),
        help_text=_("提一到五个，家长选一个，也可以另提。"),
        error_messages={"required": _("请至少提一个时间。")},
    )
    elsewhere = forms.CharField(
        label=_("家以外的地点（可不填）"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("填了，家长就可以选“家里”或这个地方，例如：学校会客室、村委会。"),
    )
    message = forms.CharField(
        label=_("给家长的话"),
        max_length=300,
        initial=WARM_WORDS,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )
    answer_by = DayField(label=_("请在哪天前回复"))

    def __init__(self, *args, on: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if on is not None:
            times = usual_times(on)
            self.fields["times"].initial = times
            self.fields["answer_by"].initial = times[0].date() - timedelta(days=1)

    def entry(self, families: list[tuple[int, ...]]) -> ProposalEntry:
        data = self.cleaned_data
        return ProposalEntry(
            families=tuple(families),
            times=data["times"],
            answer_by=data["answer_by"],
            message=data["message"].strip(),
            elsewhere=data["elsewhere"].strip(),
        )
