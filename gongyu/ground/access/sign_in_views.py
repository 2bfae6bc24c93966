"""The pages of sign-in and of the second factor: allauth's views, with what is ours about them."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import (
    AccountInactiveView,
    LoginView,
    LogoutView,
    PasswordChangeView,
    ReauthenticateView,
)
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongyu.ground.calendar.clock import today

from . import actions, passwords
from .demo_accounts import DEMO_PASSWORD, current_code, demo_accounts, is_demo_account
from .sign_in import forget_second_factor


class SignInPage(LoginView):
    """Username and password; in the demo the page lists the accounts, and a click fills them in."""

    def get_initial(self) -> dict:
        initial = super().get_initial()
        chosen = self.request.GET.get("account", "")
        if any(account.username == chosen for account in demo_accounts()):
            initial |= {"login": chosen, "password": DEMO_PASSWORD}
        return initial

    def get_context_data(self, **kwargs) -> dict:
        accounts = demo_accounts()
        return super().get_context_data(**kwargs) | {
            "demo_accounts": accounts,
            "demo_password": DEMO_PASSWORD if accounts else "",
            "chosen": self.request.GET.get("account", ""),
        }


class CodePage(AuthenticateView):
    """The second factor; in the demo the page shows the code that the phone would show."""

    def get_context_data(self, **kwargs) -> dict:
        code = current_code(self.stage.login.user)
        return super().get_context_data(**kwargs) | {"demo_code": code}


class FixedInDemo:
    """In the demo the sign-in page shows password and code, so these stay as they are."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_demo_account(request.user):
            return render(request, "access/fixed_in_demo.html")
        return super().dispatch(request, *args, **kwargs)


class PasswordPage(FixedInDemo, PasswordChangeView):
    """Change the own password, asked for or because it is due."""

    def get_context_data(self, **kwargs) -> dict:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "first_time": user.password_changed_on is None,
            "password_is_due": passwords.must_change(user, today()),
        }


class EnrolPage(ActivateTOTPView):
    """Enrol the authenticator; nothing else opens before."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        user = self.request.user
        # The code just typed proves the factor for this session, and opens the recovery codes.
        record_authentication(self.request, user, "mfa", type="totp", reauthenticated=True)
        actions.note_second_factor("second_factor.add", user, by=self.request.actor)
        return response


class ReplacePage(FixedInDemo, DeactivateTOTPView):
    """Give up the present authenticator, and enrol the next one at once."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        forget_second_factor(self.request)
        actions.note_second_factor("second_factor.remove", self.request.user, by=self.request.actor)
        return response


class NewRecoveryCodesPage(GenerateRecoveryCodesView):
    """Make new recovery codes; the old ones are void."""

    def form_valid(self, form) -> HttpResponse:
        response = super().form_valid(form)
        actions.note_second_factor("second_factor.codes", self.request.user, by=self.request.actor)
        return response


sign_in = SignInPage.as_view()
code = CodePage.as_view()
sign_out = LogoutView.as_view()
closed = AccountInactiveView.as_view()
password = PasswordPage.as_view()
enrol = EnrolPage.as_view()
replace = ReplacePage.as_view()
confirm_by_password = ReauthenticateView.as_view()
confirm_by_code = CodeAgainView.as_view()
recovery_codes = ViewRecoveryCodesView.as_view()
new_recovery_codes = NewRecoveryCodesPage.as_view()
download_recovery_codes = DownloadRecoveryCodesView.as_view()
