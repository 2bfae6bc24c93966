"""What a family types to come in: a number, a code. Messages never say whether a number is known."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.people.roster.values import ValueWrong, phones_of, text_of
from gongyu.ground.secrets.fields import digest

from . import codes
from .queries import CarerLine, CodesPage

_NUMBERS = {"inputmode": "numeric", "class": "form-control"}


class AskForm(forms.Form):
    """The telephone number as people type it, with blanks, +86 or full-width digits."""

    phone = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=30,
        widget=forms.TextInput(attrs={**_NUMBERS, "autocomplete": "tel"}),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )

    def clean_phone(self) -> str:
        try:
            found = phones_of(text_of(self.cleaned_data["phone"]))
        except ValueWrong:
            found = ()
        if len(found) != 1:
            raise forms.ValidationError(_("请填写一个完整的号码，例如11位的手机号。"))
        return found[0].number

    def number(self) -> str:
        """The digest under which the roster keeps the number."""
        return digest(CARER_PHONE, self.cleaned_data["phone"])


def number_digest(text: str) -> str:
    """The digest of a number that a provider vouches for, +86 or not; empty for none."""
    try:
        found = phones_of(text_of(text))
    except ValueWrong:
        found = ()
    return digest(CARER_PHONE, found[0].number) if len(found) == 1 else ""


class _Entering(forms.Form):
    own_phone = forms.BooleanField(
        label=gettext_lazy("这是我自己的手机，下次不用再输入"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class _WithCode(_Entering):
    digits = 0
    code = forms.CharField(
        max_length=30,
        widget=forms.TextInput(attrs={**_NUMBERS, "autocomplete": "one-time-code"}),
        error_messages={"required": gettext_lazy("请填写数字。")},
    )
    field_order = ["code", "own_phone"]

    def clean_code(self) -> str:
        code = codes.only_digits(self.cleaned_data["code"])
        if len(code) != self.digits:
            raise forms.ValidationError(
                _("应当是%(n)d位数字，您填了%(m)d位。请再看一看。")
                % {"n": self.digits, "m": len(code)}
            )
        return code


class SentCodeForm(_WithCode):
    digits = codes.SENT_DIGITS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("短信里的6位数字")


class PrintedCodeForm(_WithCode):
    digits = codes.PRINTED_DIGITS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("纸条上的12位数字")


class LinkForm(_Entering):
    """Coming in by a link, which is the code."""


class ChooseForm(forms.Form):
    """Which of the carers who share the number is here."""

    carer = forms.TypedChoiceField(
        coerce=int,
        label=gettext_lazy("您是哪一位？"),
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )

    def __init__(self, choices: list[tuple[int, str]], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carer"].choices = choices


class ChosenForm(forms.Form):
    """Who was ticked; each value names a child and a carer of the page."""

    chosen = forms.MultipleChoiceField(
        error_messages={
            "required": gettext_lazy("请先勾选照护人。"),
            "invalid_choice": gettext_lazy("名单变了，请再看一遍。"),
        }
    )

    def __init__(self, page: CodesPage, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._page = page
        self.fields["chosen"].choices = [
            (carer.key, carer.name) for line in page.lines for carer in line.carers
        ]

    def pairs(self) -> list[tuple[int, int]]:
        return [tuple(map(int, key.split("-"))) for key in self.cleaned_data["chosen"]]

    def carers(self) -> list[CarerLine]:
        found = map(self._page.carer, self.cleaned_data["chosen"])
        return [carer for carer in found if carer is not None]


def sent(request):
    """What was sent, nothing at all included; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None
