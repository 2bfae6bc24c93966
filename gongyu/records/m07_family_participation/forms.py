"""What a guardian writes about a mistake, and what the school answers."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import Correction

_TICK = {"class": "form-check-input"}


class ProposeForm(forms.Form):
    about = forms.ChoiceField(
        label=_("哪里不对？"),
        choices=Correction.About.choices,
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选一项。")},
    )
    should_be = forms.CharField(
        label=_("应当是什么？"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        help_text=_("照户口簿、身份证上写的写。不用拍照，学校要核对时会请您带原件。"),
        error_messages={"required": _("请写一写应当是什么。")},
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid4())


class AnswerForm(forms.Form):
    step = forms.ChoiceField(
        label=_("怎么答复"),
        choices=[("accept", _("已核对并更正")), ("refuse", _("不更正"))],
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选一项。")},
    )
    words = forms.CharField(
        label=_("给家长的话：改了什么，或者为什么不改"),
        max_length=300,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        error_messages={"required": _("请写明改了什么，或者为什么不改；家长会看到。")},
    )


def sent(request):
    """What was sent, nothing at all included; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None
