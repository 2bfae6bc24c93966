"""The forms of a report: what was reported to whom, a receipt, a step."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from gongyu.ground.places.models import Place

from . import guide
from .shapes import Told

_LINE = {"class": "form-control", "autocomplete": "off"}
_TICK = {"class": "form-check-input"}


class ReportForm(forms.Form):
    """That it was reported: six questions, most of them ticks."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    child = forms.IntegerField(required=False, widget=forms.HiddenInput)
    receivers = forms.MultipleChoiceField(
        label=_("报告给了谁"), widget=forms.CheckboxSelectMultiple(attrs=_TICK), required=False
    )
    reported_at = forms.DateTimeField(
        label=_("什么时候报告的"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            attrs={**_LINE, "type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={"invalid": _("时间写作 2026-11-04 15:00 这样的形式。")},
    )
    receipt_number = forms.CharField(
        label=_("接警或受理编号（没有就不填，以后可以补）"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
    )
    situations = forms.MultipleChoiceField(
        label=_("属于哪种情形"), widget=forms.CheckboxSelectMultiple(attrs=_TICK), required=False
    )
    who = forms.CharField(
        label=_("哪个孩子"),
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("姓名和班级；不知道姓名的，写您知道的。加密保存。"),
    )
    words = forms.CharField(
        label=_("看到、听到了什么（可不填）"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={**_LINE, "rows": 2}),
        help_text=_("一两句就好。要紧的话请对接警的人说，这里不用写全。"),
    )
    place = forms.TypedChoiceField(
        label=_("在哪个单位发现的"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )
    for_liaison = forms.TypedChoiceField(
        label=_("谁可以看这份记录"),
        coerce=lambda value: value == "yes",
        choices=[
            ("yes", _("只有本校的强制报告联络员")),
            ("no", _("谁也不给看（例如事情涉及学校里的人），只凭我的回执打开")),
        ],
        widget=forms.RadioSelect(attrs=_TICK),
        initial="yes",
    )

    def __init__(self, *args, places: list[Place], moment: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {place.pk: place for place in places}
        self.fields["key"].initial = str(uuid4())
        self.fields["reported_at"].initial = localtime(moment)
        self.fields["receivers"].choices = [
            (each.code, f"{each.phone} {each.title}".strip()) for each in guide.receivers()
        ]
        self.fields["situations"].choices = [(e.code, e.title) for e in guide.situations()]
        self.fields["place"].choices = [(place.pk, place.name) for place in places]
        # Whoever works in one place is not asked in which.
        if len(places) == 1:
            self.fields["place"].widget = forms.HiddenInput()
            self.fields["place"].initial = places[0].pk

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            receivers=tuple(data["receivers"]),
            situations=tuple(data["situations"]),
            reported_at=data["reported_at"],
            child=data["who"].strip(),
            child_id=data["child"],
            receipt_number=data["receipt_number"].strip(),
            words=data["words"].strip(),
        )

    def chosen_place(self) -> Place:
        return self.places[self.cleaned_data["place"]]


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=_("回执"), max_length=60, widget=forms.TextInput(attrs=_LINE),
        help_text=_("保存时给您的六组字母，例如 abcd-efgh-…"),
    )  # fmt: skip


class StepForm(forms.Form):
    step = forms.ChoiceField(
        label=_("现在怎样"),
        choices=[("answer", _("受理单位有了回复")), ("close", _("已经了结"))],
        widget=forms.RadioSelect(attrs=_TICK),
        initial="answer",
    )
    words = forms.CharField(
        label=_("谁回复的、编号、说了什么"),
        max_length=300,
        widget=forms.Textarea(attrs={**_LINE, "rows": 2}),
    )
