"""Enter, replace, end and review: the forms validate and never save."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from .kinds import CHANNELS, KINDS
from .models import Entry, Review

_LINE = {"class": "form-control"}


_EARLIEST, _LATEST = date(1949, 10, 1), date(2100, 1, 1)
_YEARS = _("请核对年份。")


class DayField(forms.DateField):
    """A day by the phone's own calendar; ISO days without it."""

    default_validators = [MinValueValidator(_EARLIEST, _YEARS), MaxValueValidator(_LATEST, _YEARS)]

    def __init__(self, **kwargs):
        picker = forms.DateInput(attrs={**_LINE, "type": "date"}, format="%Y-%m-%d")
        kwargs.setdefault("error_messages", {"invalid": _("日期写作 2026-11-04 这样的形式。")})
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d"], widget=picker, **kwargs)


class EntryForm(forms.Form):
    """The last day is entered as people say it, the day included."""

    title = forms.CharField(label=_("名称"), max_length=120, widget=forms.TextInput(attrs=_LINE))
    document_number = forms.CharField(
        label=_("文号（可不填）"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
    )
    from_on = DayField(label=_("从哪天起生效"))
    last_on = DayField(
        label=_("到哪天为止（含当天）"), required=False, help_text=_("长期有效就不填。")
    )
    responsible = forms.TypedChoiceField(
        label=_("负责人"), coerce=int, widget=forms.Select(attrs={"class": "form-select"})
    )
    note = forms.CharField(
        label=_("备注（可不填）"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_LINE),
    )

    def __init__(self, *args, staff, of: Entry | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = {member.pk: member for member in staff}
        self.fields["responsible"].choices = [(pk, s.name) for pk, s in self.staff.items()]
        if of is not None:
            self.initial.setdefault("title", of.title)
            self.initial.setdefault("responsible", of.responsible_id)
        kind = KINDS.get(self.kind_asked(of))
        if kind is not None and kind.names_channels:
            self._ask_for_channels(of)

    def kind_asked(self, of: Entry | None) -> str:
        """Of which kind the entry is, as far as the form knows before it is read."""
        return of.kind if of is not None else ""

    def _ask_for_channels(self, of: Entry | None) -> None:
        """For each way a person to ask, or nobody where the school does not offer it."""
        named = {c.kind: c for c in of.channels.all()} if of is not None else {}
        nobody = [("", _("不用这个渠道"))]
        people = [(pk, member.name) for pk, member in self.staff.items()]
        for code, label in CHANNELS.items():
            before = named.get(code)
            self.fields[f"ask_{code}"] = forms.TypedChoiceField(
                label=_("%s：找谁") % label,
                coerce=int,
                required=False,
                empty_value=None,
                choices=[*nobody, *people],
                initial=before.ask_id if before else "",
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            self.fields[f"how_{code}"] = forms.CharField(
                label=_("%s：怎样联系（可不填）") % label,
                required=False,
                max_length=60,
                initial=before.how if before else "",
                widget=forms.TextInput(attrs=_LINE),
            )

    def entered(self) -> dict:
        """The keyword arguments of actions.enter and actions.replace."""
        data = dict(self.cleaned_data)
        last: date | None = data.pop("last_on")
        data["until_on"] = last + timedelta(days=1) if last else None
        data["responsible"] = self.staff[data["responsible"]]
        asked = {
            code: (data.pop(f"ask_{code}", None), data.pop(f"how_{code}", "")) for code in CHANNELS
        }
        data["channels"] = {
            code: (staff_id, how.strip()) for code, (staff_id, how) in asked.items() if staff_id
        }
        return data


class NewEntryForm(EntryForm):
    kind = forms.ChoiceField(
        label=_("登记什么"),
        choices=[(key, kind.label) for key, kind in KINDS.items()],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    field_order = ("kind",)

    def __init__(self, *args, place_kind: str = "school", **kwargs):
        super().__init__(*args, **kwargs)
        fitting = [(k, it.label) for k, it in KINDS.items() if it.place_kind == place_kind]
        self.fields["kind"].choices = fitting

    def kind_asked(self, of: Entry | None) -> str:
        return str(self.data.get("kind") or self.initial.get("kind") or "")


class EndForm(forms.Form):
    until_on = DayField(label=_("从哪天起停用"))
    reason = forms.CharField(
        label=_("为什么停用"), max_length=120, widget=forms.TextInput(attrs=_LINE)
    )


class ReviewForm(forms.Form):
    reviewed_on = DayField(label=_("哪天复核的"))
    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=Review.Outcome.choices,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    note = forms.CharField(
        label=_("说明（可不填）"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_LINE),
    )
