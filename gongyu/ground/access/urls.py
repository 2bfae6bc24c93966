"""The own account, approvals, and accounts. Sign-in itself is in sign_in_urls."""

from django.urls import path

from . import views

app_name = "access"
urlpatterns = [
    path("account/", views.account, name="account"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/give/", views.approve, name="approve"),
    path("approvals/renew-expiring/", views.renew_expiring, name="renew-expiring"),
    path("approvals/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("accounts/", views.accounts, name="accounts"),
    path("accounts/open/<int:pk>/", views.open_account, name="open-account"),
    path("accounts/<int:pk>/restore/", views.restore, name="restore-account"),
    path("accounts/<int:pk>/close/", views.close, name="close-account"),
]
