"""One word about one purpose, on the family's page and as staff write it down."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Word
from .purposes import to_ask

_CHOICE = {"class": "form-select"}


class SayForm(forms.Form):
    purpose = forms.CharField(max_length=40)
    says = forms.ChoiceField(choices=Word.Says.choices)


class TakeForm(forms.Form):
    """What was signed or said: who, about what, yes or no, and how it was said."""

    purpose = forms.ChoiceField(label=_("哪件事"), widget=forms.Select(attrs=_CHOICE))
    speaker = forms.TypedChoiceField(
        label=_("谁说的"), coerce=int, widget=forms.Select(attrs=_CHOICE)
    )
    says = forms.ChoiceField(
        label=_("怎么说"), choices=Word.Says.choices, widget=forms.Select(attrs=_CHOICE)
    )
    how = forms.ChoiceField(
        label=_("用什么方式"),
        choices=[(Word.How.PAPER, _("纸质签字")), (Word.How.SPOKEN, _("当面说"))],
        widget=forms.Select(attrs=_CHOICE),
    )

    def __init__(self, speakers: list[tuple[int, str]], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(each.code, each.title) for each in to_ask()]
        self.fields["speaker"].choices = speakers
