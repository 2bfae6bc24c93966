"""What people type at sign-in, for accounts and for approvals. Forms validate and never save."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.years import school_year_bounds, school_year_of

from . import actions
from .doors import LARGEST_ID
from .models import Approval
from .rules import LONGEST, Case

_LATEST_YEAR = 2100
CODE_BOX = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "spellcheck": "false",
}


class SignIn(LoginForm):
    """Username and password."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("用户名")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autocapitalize": "none"}
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        # Only the demo prefills a password, from the list that its page shows anyway.
        self.fields["password"].widget.render_value = bool(self.initial.get("password"))


class Code(AuthenticateForm):
    """The six digits of the authenticator, or one of the recovery codes."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证码")
        self.fields["code"].widget.attrs = dict(CODE_BOX)

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        actions.note_refusal("code", username=self.user.username, by=None)
        super()._emit_authentication_failed(authenticator)


class NewAuthenticator(ActivateTOTPForm):
    """The first code of a new authenticator."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证器显示的六位数字")
        self.fields["code"].widget.attrs = dict(CODE_BOX)


class LastDay(forms.Form):
    """Until when somebody may read: the last day on which it still holds."""

    last_day = forms.DateField(
        label=_("授权至（含当日）"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _("请选择截止日期。"),
            "invalid": _("请填写日期，例如2027-08-31。"),
        },
    )

    def __init__(self, *args, on: date | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        day = on or today()
        self.fields["last_day"].initial = end_of_school_year(day).isoformat()
        self.fields["last_day"].widget.attrs |= {
            "min": day.isoformat(),
            "max": (day + LONGEST - timedelta(days=1)).isoformat(),
        }

    def clean_last_day(self) -> date:
        """A year of four nines has no day after its last."""
        last_day = self.cleaned_data["last_day"]
        if last_day.year > _LATEST_YEAR:
            raise forms.ValidationError(_("请核对年份。"))
        return last_day

    @property
    def until_on(self) -> date:
        """The first day on which it no longer holds."""
        return self.cleaned_data["last_day"] + timedelta(days=1)


class Grant(LastDay):
    """Whom to approve, for which place and purpose, until when."""

    # A greater number is an error in the database, not a refusal.
    staff = forms.IntegerField(min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    place = forms.IntegerField(min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)
    purpose = forms.ChoiceField(choices=Approval.Purpose.choices, widget=forms.HiddenInput)

    @property
    def case(self) -> Case:
        data = self.cleaned_data
        return Case(data["staff"], data["place"], data["purpose"])


class Why(forms.Form):
    """A reason in a few words."""

    why = forms.CharField(label=_("原因"), max_length=100, required=False, widget=forms.TextInput())


class FindStaff(forms.Form):
    """Part of a name, its pinyin initials, or a username."""

    q = forms.CharField(label=_("姓名、拼音首字母或用户名"), max_length=60, required=False)


class NewAccount(forms.Form):
    """The username of an account to open."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": _("请填写用户名。")},
    )


def end_of_school_year(on: date) -> date:
    """The last day of the school year; of the next one when this one ends within 60 days, as far
    as an approval may run."""
    _first, until = school_year_bounds(school_year_of(on))
    if until <= on + timedelta(days=60):
        until = min(school_year_bounds(school_year_of(on) + 1)[1], on + LONGEST)
    return until - timedelta(days=1)
