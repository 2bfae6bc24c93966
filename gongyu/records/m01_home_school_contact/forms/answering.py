"""The family's answer: a time and a place, another wish in words, or no visit this year."""

from __future__ import annotations

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from ..models import Proposal, Setting
from ..shapes import Answer

_TICK = {"class": "form-check-input"}
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def time_words(moment) -> str:
    """A moment as people say it: 11月8日 周日 15:00."""
    there = localtime(moment)
    return f"{date_format(there, 'n月j日')} {_DAYS[there.weekday()]} {there:%H:%M}"


class AnswerForm(forms.Form):
    """`by_teacher` words it for the teacher who writes down what was said."""

    choice = forms.ChoiceField(
        widget=forms.RadioSelect(attrs=_TICK), error_messages={"required": _("请选一项。")}
    )
    setting = forms.ChoiceField(
        label=_("在哪里见面"),
        required=False,
        choices=Setting.choices,
        initial=Setting.HOME,
        widget=forms.RadioSelect(attrs=_TICK),
    )
    words = forms.CharField(
        label=_("想说的话（可不填）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )

    def __init__(self, proposal: Proposal, *args, by_teacher: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        times = [(f"time-{t.pk}", time_words(t.starts_at)) for t in proposal.times.all()]
        other = _("家长另提时间或地点") if by_teacher else _("这些时间都不方便，我在下面写")
        no = _("家长这学年不需要家访") if by_teacher else _("这学年不用来，谢谢老师")
        self.fields["choice"].label = _("家长怎么说") if by_teacher else _("您什么时候方便？")
        self.fields["choice"].choices = [*times, ("ask_other", other), ("decline", no)]
        where = proposal.elsewhere or _("家以外的地方（在下面写）")
        self.fields["setting"].choices = [
            (Setting.HOME, _("家里")),
            (Setting.ELSEWHERE, where),
        ]

    def clean(self) -> dict:
        data = super().clean()
        choice = data.get("choice", "")
        if choice == "ask_other" and not data.get("words", "").strip():
            self.add_error("words", _("请写一写什么时间、在哪里方便。"))
        if choice.startswith("time-") and not data.get("setting"):
            self.add_error("setting", _("请选择在家里还是在别处见面。"))
        return data

    def answer(self) -> Answer:
        data = self.cleaned_data
        words = data["words"].strip()
        if not data["choice"].startswith("time-"):
            return Answer(step=data["choice"], words=words)
        time_id = int(data["choice"].removeprefix("time-"))
        return Answer("choose", time_id, data["setting"], words)
