"""Who a session belongs to; signing in itself is allauth's."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from gongyu.ground.prepared import prepared

from .models import User


@prepared
def _accounts(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


class AccountBackend(AuthenticationBackend):
    """Reads the account anew with every request: one that was closed is signed out by that."""

    def get_user(self, user_id: int) -> User | None:
        found = _accounts(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None
