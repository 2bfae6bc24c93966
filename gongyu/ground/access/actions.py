"""Approvals are given, renewed, withdrawn; accounts opened, restored, closed. Each leaves its row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.staff.models import Staff

from . import rules
from .models import Approval, User
from .queries import lines_to_approve
from .rules import AccountRefused, ApprovalRefused, Case, check_username

STRANGER = Actor(user_id=None, name="未登录")


@dataclass(frozen=True, slots=True)
class NewApproval:
    """An approval to give: it runs from `from_on` until the first day it no longer holds."""

    case: Case
    from_on: date
    until_on: date


def approve(
    case: Case, until_on: date, *, by: Actor, on: date, from_on: date | None = None
) -> Approval:
    """Approve one person; where an approval still runs, the new one follows it without a gap.
    Raises ApprovalRefused."""
    start = max(from_on or on, _latest_end([case]).get(case, date.min))
    return approve_many([NewApproval(case, start, until_on)], by=by, on=on)[0]


@transaction.atomic
def approve_many(rows: Sequence[NewApproval], *, by: Actor, on: date) -> list[Approval]:
    """Approve many at once, in the order given; all or none. Raises ApprovalRefused."""
    allowed = rules.approvable(by, on)
    for row in rows:
        if row.case not in allowed:
            raise ApprovalRefused(
                _("您不能为此人授权：只有其负责人可以授权，且本人的授权须在有效期内。")
            )
        rules.check_end(row.until_on, row.from_on, on)
    at = now()
    given = Approval.objects.bulk_create(
        [
            Approval(
                staff_id=row.case.staff_id,
                place_id=row.case.place_id,
                purpose=row.case.purpose,
                from_on=row.from_on,
                until_on=row.until_on,
                approved_by_id=by.staff_id,
                approved_at=at,
            )
            for row in rows
        ]
    )
    audit.record_many([_deed("approval.give", one) for one in given], by=by)
    return given


def renew(approval: Approval, until_on: date, *, by: Actor, on: date) -> Approval:
    """Approve the same again, from the end of what runs. Raises ApprovalRefused."""
    case = Case(approval.staff_id, approval.place_id, approval.purpose)
    return approve(case, until_on, by=by, on=on)


@transaction.atomic
def renew_expiring(until_on: date, *, by: Actor, on: date) -> list[Approval]:
    """Renew all that runs out within 30 days and would end before `until_on`. Raises
    ApprovalRefused."""
    soon = [
        NewApproval(line.case, line.until_on, until_on)
        for line in lines_to_approve(by, on)
        if line.state == "soon" and line.until_on < until_on
    ]
    return approve_many(soon, by=by, on=on)


@transaction.atomic
def withdraw(approval: Approval, *, by: Actor, on: date, why: str = "") -> Approval:
    """Withdraw an approval with the renewals that follow it: from this moment nothing is read
    under it. Raises ApprovalRefused."""
    held = Approval.objects.select_for_update().get(pk=approval.pk)
    if not rules.may_withdraw(by, held, on):
        raise ApprovalRefused(_("您不能撤回这项授权。"))
    rules.check_can_withdraw(held, on)
    same = Approval.objects.filter(
        staff=held.staff_id, place=held.place_id, purpose=held.purpose, withdrawn_at__isnull=True
    )
    running = list(same.filter(until_on__gt=on))
    held.withdrawn_at = now()
    same.filter(pk__in=[one.pk for one in running]).update(withdrawn_at=held.withdrawn_at)
    audit.record_many([_deed("approval.withdraw", one, why) for one in running], by=by)
    return held


@transaction.atomic
def open_account(
    staff: Staff,
    username: str,
    password: str,
    totp_secret: str | None = None,
    *,
    by: Actor,
    on: date | None = None,
) -> User:
    """Open the sign-in account of a member of staff. Raises AccountRefused.

    The password is temporary, to be changed at the first sign-in, unless `on` says on which day
    it was set for good. With `totp_secret` (base32) the second factor is enrolled already.
    """
    check_username(username)
    if User.objects.filter(username=username).exists():
        raise AccountRefused(_("用户名%(name)s已被使用。请换一个用户名。") % {"name": username})
    if User.objects.filter(staff=staff).exists():
        raise AccountRefused(
            _("%(name)s已有账号。如忘记密码，请使用“重置登录”。") % {"name": staff.name}
        )
    user = User(username=username, staff=staff, password_changed_on=on)
    _set_checked_password(user, password)
    user.save()
    if totp_secret is not None:
        TOTP.activate(user, totp_secret)
    _note("account.open", user, by)
    return user


@transaction.atomic
def restore_access(user: User, password: str, *, by: Actor) -> User:
    """Let somebody in again who lost the password or the phone: a temporary password, and the
    second factor to be enrolled anew. Every session of the account ends. Raises AccountRefused."""
    _set_checked_password(user, password)
    user.password_changed_on = None
    user.save(update_fields=["password", "password_changed_on"])
    Authenticator.objects.filter(user=user).delete()
    _note("account.restore", user, by)
    return user


@transaction.atomic
def close_account(user: User, *, by: Actor) -> User:
    """Close an account; whoever is signed in with it is out at the next click."""
    if user.pk == by.user_id:
        raise AccountRefused(_("不能停用自己的账号。请由另一位系统管理员操作。"))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _note("account.close", user, by)
    return user


@transaction.atomic
def reopen_account(user: User, *, by: Actor) -> User:
    """Open a closed account again, with its password and second factor as they were."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    _note("account.reopen", user, by)
    return user


@transaction.atomic
def change_password(user: User, password: str, *, on: date, by: Actor) -> User:
    """Store the password that somebody chose for the own account."""
    user.set_password(password)
    user.password_changed_on = on
    user.save(update_fields=["password", "password_changed_on"])
    _note("password.change", user, by)
    return user


@transaction.atomic
def note_sign_in(user: User, *, by: Actor) -> None:
    """Somebody is in, with both factors."""
    _note("session.sign_in", user, by)


@transaction.atomic
def note_sign_out(reason: str, *, by: Actor) -> None:
    """Somebody is out: `asked` for it, or was `idle` too long."""
    audit.record("session.sign_out", by=by, subject=("user", by.user_id), detail={"reason": reason})


@transaction.atomic
def note_refusal(reason: str, *, username: str | None, by: Actor | None) -> None:
    """A sign-in was refused: `password`, `code`, or `locked`. Nobody is known to have done it, so
    the row names the account aimed at, if there is one, and nothing that was typed."""
    aimed_at = User.objects.filter(username=username or "").values_list("pk", flat=True).first()
    audit.record(
        "session.refused",
        by=by or STRANGER,
        subject=("user", aimed_at),
        detail={"reason": reason},
    )


@transaction.atomic
def note_second_factor(verb: str, user: User, *, by: Actor) -> None:
    """The authenticator or the recovery codes changed: `second_factor.add`, `.remove`, `.codes`."""
    _note(verb, user, by)


def _set_checked_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise AccountRefused("".join(error.messages)) from error
    user.set_password(password)


def _note(verb: str, user: User, by: Actor) -> None:
    audit.record(verb, by=by, subject=("user", user.pk), detail={"staff": user.staff_id})


def _latest_end(cases: Iterable[Case]) -> dict[Case, date]:
    ends = (
        Approval.objects.filter(
            staff__in=[case.staff_id for case in cases], withdrawn_at__isnull=True
        )
        .values_list("staff", "place", "purpose")
        .annotate(end=Max("until_on"))
    )
    return {Case(*case): end for *case, end in ends}


def _deed(verb: str, approval: Approval, why: str = "") -> audit.Deed:
    return audit.Deed(
        verb,
        ("staff", approval.staff_id),
        place_id=approval.place_id,
        why=why,
        detail={
            "approval": approval.pk,
            "purpose": str(approval.purpose),
            "from": approval.from_on.isoformat(),
            "until": approval.until_on.isoformat(),
        },
    )
