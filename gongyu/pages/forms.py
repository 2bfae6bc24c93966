"""What is asked of a page: filters and search words. Validates, never saves."""

from __future__ import annotations

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from gongyu.ground.design.states import LOOKS

from .deeds import DEEDS
from .queries.audit import AuditFilter

# Days at the edges of the calendar have no day before or after them.
_YEARS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1))]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class AuditForm(forms.Form):
    verb = forms.ChoiceField(label=_("事项"), required=False)
    person = forms.CharField(label=_("姓名"), required=False, max_length=60)
    first = forms.DateField(label=_("自"), required=False, widget=DateInput, validators=_YEARS)
    last = forms.DateField(label=_("至"), required=False, widget=DateInput, validators=_YEARS)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        words = sorted(DEEDS.items(), key=lambda item: str(item[1]))
        self.fields["verb"].choices = [("", _("全部")), *words]

    def asked(self) -> AuditFilter:
        """The filter as asked; what is not valid asks for nothing more than everything."""
        if not self.is_valid():
            return AuditFilter()
        data = dict(self.cleaned_data)
        data.pop("page")
        return AuditFilter(**data)

    def number(self) -> int:
        return (self.is_valid() and self.cleaned_data.get("page")) or 1


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("查找"),
        max_length=30,
        required=False,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}
        ),
    )


class RowsForm(forms.Form):
    """Which rows behind a figure are asked for."""

    state = forms.MultipleChoiceField(
        label=_("状态"),
        required=False,
        choices=[(code, look.label) for code, look in LOOKS.items()],
    )
    page = forms.IntegerField(required=False, min_value=1)

    def states(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data.get("state", ())) if self.is_valid() else ()

    def number(self) -> int:
        return (self.is_valid() and self.cleaned_data.get("page")) or 1
