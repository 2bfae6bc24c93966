"""What a family says of how it is told. Validates, never saves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_LINE = {"class": "form-control"}


class EmailForm(forms.Form):
    """An address of mail; that it is the own one, its code shows."""

    email = forms.EmailField(
        label=_("电子邮箱"),
        max_length=254,
        widget=forms.EmailInput(attrs={**_LINE, "autocomplete": "email"}),
        error_messages={
            "required": _("请填写邮箱。"),
            "invalid": _("请填写完整的邮箱，例如 name@example.com。"),
            "max_length": _("这个邮箱太长了。"),
        },
    )


class CodeForm(forms.Form):
    """The digits that came by mail."""

    code = forms.CharField(
        label=_("邮件里的6位数字"),
        max_length=30,
        widget=forms.TextInput(
            attrs={**_LINE, "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
        error_messages={"required": _("请填写数字。")},
    )
