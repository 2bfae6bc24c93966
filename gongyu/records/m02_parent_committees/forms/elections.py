"""Calling an election, naming candidates, filling seats; last days are entered as people say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.calendar.years import school_year_bounds, school_year_of
from gongyu.shared_work.registers.forms import DayField

from ..models import Member
from ..queries.families import MOST_SHOWN, shortlist
from ..shapes import Called

_LINE = {"class": "form-control"}
_SELECT = {"class": "form-select"}
_TICK = {"class": "form-check-input"}
# A week to name somebody, a week to vote: enough for a slip to go home and come back.
_WEEK = timedelta(days=7)


def ids_in(typed: Iterable[str]) -> list[int]:
    """The numbers among what was sent."""
    return [int(one) for one in typed if one.isascii() and one.isdigit() and len(one) < 19]


class TermForm(forms.Form):
    """How many seats, from which day, until which last day."""

    seats = forms.IntegerField(
        label=_("名额（几位委员）"),
        min_value=1,
        max_value=99,
        initial=5,
        widget=forms.NumberInput(attrs=_LINE),
    )
    term_from = DayField(label=_("任期从哪天开始"))
    term_last = DayField(label=_("任期到哪天为止（含当天）"))

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        _first, until = school_year_bounds(school_year_of(on))
        self.initial.setdefault("term_from", on + 2 * _WEEK + timedelta(days=1))
        self.initial.setdefault("term_last", until - timedelta(days=1))


class CallForm(TermForm):
    nominate_until = DayField(label=_("提名到哪天为止（含当天）"))
    vote_until = DayField(label=_("投票到哪天为止（含当天）"))
    field_order = ("seats", "nominate_until", "vote_until", "term_from", "term_last")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("nominate_until", self.on + _WEEK)
        self.initial.setdefault("vote_until", self.on + 2 * _WEEK)

    def called(self) -> Called:
        data = self.cleaned_data
        return Called(
            data["seats"],
            data["nominate_until"],
            data["vote_until"],
            data["term_from"],
            data["term_last"] + timedelta(days=1),
        )


class MeetingForm(TermForm):
    """Who was chosen at a meeting; only guardians and daily carers of the electorate are offered."""

    carers = forms.TypedMultipleChoiceField(
        label=_("推选出的委员"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs=_TICK),
        error_messages={"required": _("请选出至少一位。")},
    )
    held_on = DayField(label=_("哪天开会推选的"))
    look_for = forms.CharField(
        label=_("找一位家长"),
        required=False,
        max_length=20,
        help_text=_("家长多，先写姓名里的字，按“找”，再勾选。勾选过的会留着。"),
        widget=forms.TextInput(attrs={**_LINE, "autocomplete": "off"}),
    )
    field_order = ("held_on", "look_for", "carers", "seats", "term_from", "term_last")

    def __init__(self, *args, eligible, words: str = "", ticked: Iterable[int] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self.finds = len(eligible) > MOST_SHOWN
        if not self.finds:
            del self.fields["look_for"]
        shown = shortlist(eligible, words, ticked)
        self.fields["carers"].choices = [(pk, c.label) for pk, c in shown.items()]
        self.initial["term_from"] = self.on
        self.initial.setdefault("held_on", self.on)

    def clean_held_on(self) -> date:
        held_on = self.cleaned_data["held_on"]
        if held_on > self.on:
            raise forms.ValidationError(_("开会的日期不能晚于今天。"))
        return held_on

    def called(self) -> Called:
        data = self.cleaned_data
        held_on = data["held_on"]
        until = data["term_last"] + timedelta(days=1)
        return Called(data["seats"], held_on, held_on, data["term_from"], until)


class ByElectionForm(forms.Form):
    seats = forms.IntegerField(
        label=_("补选几位"), min_value=1, max_value=99, widget=forms.NumberInput(attrs=_LINE)
    )
    nominate_until = DayField(label=_("提名到哪天为止（含当天）"))
    vote_until = DayField(label=_("投票到哪天为止（含当天）"))

    def __init__(self, *args, on: date, empty: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seats", max(empty, 1))
        self.initial.setdefault("nominate_until", on + _WEEK)
        self.initial.setdefault("vote_until", on + 2 * _WEEK)


class RunOffForm(forms.Form):
    vote_until = DayField(label=_("再次投票到哪天为止（含当天）"))


class NominationForm(forms.Form):
    """From paper, or whom a family meant."""

    carer = forms.TypedChoiceField(
        label=_("哪位家长"), coerce=int, widget=forms.Select(attrs=_SELECT)
    )
    accepted = forms.BooleanField(
        label=_("本人已答应参选"), required=False, widget=forms.CheckboxInput(attrs=_TICK)
    )

    def __init__(self, *args, eligible, words: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        shown = shortlist(eligible, words, ids_in([self.data.get("carer", "")]))
        self.fields["carer"].choices = [(pk, c.label) for pk, c in shown.items()]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("原因（家长会看到）"), max_length=120, widget=forms.TextInput(attrs=_LINE)
    )


class EndTermForm(ReasonForm):
    until_on = DayField(label=_("从哪天起结束"))
    field_order = ("until_on", "reason")


class OfficeForm(forms.Form):
    office = forms.ChoiceField(
        label=_("职务"), choices=Member.Office.choices, widget=forms.Select(attrs=_SELECT)
    )


class LeaveForm(forms.Form):
    left = forms.ChoiceField(
        label=_("为什么离任"),
        choices=[c for c in Member.Left.choices if c[0] != Member.Left.TERM_ENDED],
        widget=forms.Select(attrs=_SELECT),
    )
