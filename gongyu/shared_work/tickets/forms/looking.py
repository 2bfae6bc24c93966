"""What part of the tray and which year is asked for; what is not understood is left out."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.access.doors import LARGEST_ID

from .. import kinds
from ..queries.trays import TABS, Asked
from .asking import LINE, TICK

_SELECT = {"class": "form-select"}


class TrayForm(forms.Form):
    q = forms.CharField(
        label=_("编号或学校"), required=False, max_length=40, widget=forms.TextInput(attrs=LINE)
    )
    kind = forms.ChoiceField(label=_("类别"), required=False, widget=forms.Select(attrs=_SELECT))
    late = forms.BooleanField(
        label=_("只看超期的"), required=False, widget=forms.CheckboxInput(attrs=TICK)
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        every = [(code, kind.label) for code, kind in kinds.offered().items()]
        self.fields["kind"].choices = [("", _("全部")), *every]

    def asked(self) -> Asked:
        self.is_valid()
        data = self.cleaned_data
        tab = self.data.get("tab", "")
        return Asked(
            tab=tab if tab in TABS else "todo",
            words=data.get("q", ""),
            kind=data.get("kind", ""),
            desk_id=_number(self.data.get("desk")),
            about_id=_number(self.data.get("about")),
            late=data.get("late", False),
            number=_number(self.data.get("page")) or 1,
        )


class YearForm(forms.Form):
    year = forms.IntegerField(required=False, min_value=2000, max_value=2200)

    def year_asked(self) -> int | None:
        return self.cleaned_data["year"] if self.is_valid() else None


def _number(text: str | None) -> int | None:
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    return int(text) if int(text) <= LARGEST_ID else None
