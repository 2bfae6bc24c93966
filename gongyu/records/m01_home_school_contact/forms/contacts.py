"""Record a contact in seconds: tick families, choose the channel, write one line."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.people.models import Child

from ..concern_codes import Channel
from ..concern_shapes import ContactEntry
from .concerns import moment_field

_LINE = {"class": "form-control", "autocomplete": "off"}
_TICK = {"class": "form-check-input"}


class ContactForm(forms.Form):
    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    children = forms.TypedMultipleChoiceField(
        label=_("联系了哪些孩子的家庭"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs=_TICK),
        error_messages={"required": _("请勾选联系了哪些孩子的家庭。")},
    )
    channel = forms.ChoiceField(
        label=_("怎么联系的"),
        choices=Channel.choices,
        initial=Channel.PHONE,
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选择用什么方式联系的。")},
    )
    line = forms.CharField(
        label=_("说了什么（一句就好）"), max_length=200, widget=forms.TextInput(attrs=_LINE)
    )
    asked = forms.CharField(
        label=_("家长的想法和请求（可不填）"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs=_LINE),
    )
    follows = forms.CharField(
        label=_("接下来做什么（可不填）"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_LINE),
    )

    def __init__(self, *args, children: list[Child], moment: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid4())
        self.fields["children"].choices = [(child.pk, child.name) for child in children]
        self.fields["made_at"] = moment_field(_("什么时候"), moment)

    def entry(self) -> ContactEntry:
        data = self.cleaned_data
        return ContactEntry(
            tuple(data["children"]),
            data["channel"],
            data["made_at"],
            data["line"],
            data["asked"],
            data["follows"],
        )


class ContactCorrectionForm(ContactForm):
    reason = forms.CharField(
        label=_("为什么更正"), max_length=120, widget=forms.TextInput(attrs=_LINE)
    )
