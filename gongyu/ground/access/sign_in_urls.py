"""The addresses of sign-in, under the names that allauth looks for.

Signing up, e-mail and resetting a password by mail are not here: those pages do not exist.
"""

from django.urls import path
from django.views.generic import RedirectView

from . import sign_in_views as views
from .doors import access, everyone, signed_in

to_account = RedirectView.as_view(pattern_name="access:account")

urlpatterns = [
    path("sign-in/", access(everyone)(views.sign_in), name="account_login"),
    path("sign-in/code/", access(everyone)(views.code), name="mfa_authenticate"),
    path("sign-in/closed/", access(everyone)(views.closed), name="account_inactive"),
    path("sign-out/", access(everyone)(views.sign_out), name="account_logout"),
    path("account/password/", access(signed_in)(views.password), name="account_change_password"),
    path(
        "account/confirm/",
        access(signed_in)(views.confirm_by_password),
        name="account_reauthenticate",
    ),
    path(
        "account/confirm/code/", access(signed_in)(views.confirm_by_code), name="mfa_reauthenticate"
    ),
    path("account/second-factor/", access(signed_in)(to_account), name="mfa_index"),
    path("account/second-factor/enrol/", access(signed_in)(views.enrol), name="mfa_activate_totp"),
    path(
        "account/second-factor/replace/",
        access(signed_in)(views.replace),
        name="mfa_deactivate_totp",
    ),
    path(
        "account/second-factor/recovery-codes/",
        access(signed_in)(views.recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "account/second-factor/recovery-codes/new/",
        access(signed_in)(views.new_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/second-factor/recovery-codes/download/",
        access(signed_in)(views.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
