"""Record a visit: six questions at most. Record an attempt: two taps. Correct either."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .. import sensitive
from ..models import Setting, Visit
from ..queries.records import RecordSheet
from ..shapes import NextStep, VisitEntry
from .composite import ChildrenField, DayField, FollowsField, MetField

_AREA = {"class": "form-control", "rows": 2, "maxlength": 1000}


class RecordForm(forms.Form):
    """The six questions of a visit. `hints` is filled when words were met that a note hardly ever
    needs; sending the form again keeps them."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    visited_on = DayField(label=_("哪天去的"))
    setting = forms.ChoiceField(
        label=_("在哪里见面"),
        choices=Setting.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        help_text=_("约在学校、村居等地方见面的选“约访”，单独统计。"),
    )
    asked = forms.CharField(
        label=_("家长的想法和请求"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("写对孩子有帮助的就好。不写收入、信仰、病情，不拍照。"),
    )

    field_order = ("children", "visited_on", "met", "setting", "asked", "follows")

    def __init__(self, sheet: RecordSheet, *args, staff_id: int | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.hints: list[tuple[str, list[str]]] = []
        self.harm = False
        self.fields["key"].initial = str(uuid4())
        self.fields["setting"].initial = Setting.HOME
        if len(sheet.children) > 1:
            ticked = [value for c in sheet.children for value in (c.child_id == sheet.child.pk, "")]
            self.fields["children"] = ChildrenField(
                [(c.child_id, _child_words(c)) for c in sheet.children],
                label=_("这次看望了谁"),
                initial=ticked,
                help_text=_("兄弟姐妹可以一次家访；每个孩子可以单独记一句。"),
            )
        self.fields["met"] = MetField(
            [(c.carer_id, c.label) for c in sheet.carers], label=_("见到了谁")
        )
        owners = [(s.pk, s.name) for s in sheet.colleagues]
        self.fields["follows"] = FollowsField(
            owners,
            label=_("接下来做什么"),
            initial=["", None, staff_id],
            help_text=_("要记得办的，再选一个日期，会出现在“后续事项”里。"),
        )
        self.order_fields(self.field_order)

    def fill_from_draft(self, draft: dict[str, list[str]]) -> None:
        """Show what was kept of an unfinished record."""
        data = QueryDict(mutable=True)
        for name, values in draft.items():
            data.setlist(name, values)
        for name, field in self.fields.items():
            if name not in {"key", "sure"}:
                self.initial[name] = field.widget.value_from_datadict(data, {}, name)

    def clean(self) -> dict:
        data = super().clean()
        if self.errors:
            return data
        texts = [data["asked"], data["follows"][0], *self._notes(data).values()]
        self.harm = sensitive.speaks_of_harm(*texts)
        if not data["sure"]:
            self.hints = sensitive.found_in(*texts)
        return data

    def entry(self) -> VisitEntry:
        data = self.cleaned_data
        carers, other = data["met"]
        text, due_on, owner = data["follows"]
        step = NextStep(text, due_on, owner) if due_on and owner else None
        return VisitEntry(
            visited_on=data["visited_on"],
            notes=self._notes(data),
            setting=data["setting"],
            met=carers,
            met_other=other,
            asked=data["asked"].strip(),
            follows=text,
            next_step=step,
        )

    def _notes(self, data: dict) -> dict[int, str]:
        return data.get("children") or {self.sheet.child.pk: ""}


class CorrectionForm(RecordForm):
    """The same six questions, and why they are answered anew."""

    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("例如：日期记错了；家长指出有一处不对。原来的记录会保留。"),
    )

    field_order = (*RecordForm.field_order, "reason")


class AttemptForm(forms.Form):
    """An attempt that failed: which of two, and on which day."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[
            (Visit.Outcome.NOT_FOUND, Visit.Outcome.NOT_FOUND.label),
            (Visit.Outcome.REFUSED, Visit.Outcome.REFUSED.label),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    visited_on = DayField(label=_("哪天"))

    def __init__(self, *args, on: date | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid4())
        self.fields["visited_on"].initial = on

    def entry(self, child_ids: list[int]) -> VisitEntry:
        data = self.cleaned_data
        return VisitEntry(
            visited_on=data["visited_on"],
            notes=dict.fromkeys(child_ids, ""),
            outcome=data["outcome"],
        )


class CorrectAttemptForm(AttemptForm):
    reason = forms.CharField(
        label=_("为什么更正"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


def _child_words(child) -> str:
    if child.companion:
        return _("%(name)s（%(class)s，班主任%(teacher)s老师同去）") % {
            "name": child.name,
            "class": child.class_name,
            "teacher": child.companion,
        }
    return f"{child.name}（{child.class_name}）"
