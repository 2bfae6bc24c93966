"""The pages of the own account, of approvals for responsible persons, and of accounts."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.design.sheets import download

from . import actions, passwords, queries
from .actions_sheets import export_approvals
from .doors import access, role, signed_in
from .forms import FindStaff, Grant, LastDay, NewAccount, Why
from .permissions import ACCOUNT_KEEP, roles_with
from .rules import APPROVES, AccountRefused, ApprovalRefused
from .workbook import approvals_sheet


def _responsible(request: HttpRequest, **kwargs) -> bool:
    # Whoever's own approval lapsed still finds the page, and reads there whom to ask.
    return request.actor.has_role(*APPROVES)


def _withdrawable(request: HttpRequest, pk: int):
    return queries.approval_to_withdraw(request.actor, pk, today())


_keeper = role(*roles_with(ACCOUNT_KEEP))


def _account_kept(request: HttpRequest, pk: int):
    return _keeper(request) and queries.account(pk)


def _staff_kept(request: HttpRequest, pk: int):
    return _keeper(request) and queries.staff_without_account(pk)


@access(signed_in)
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here, until when I may read, and how I sign in."""
    on = today()
    return render(
        request,
        "access/account.html",
        {
            "mine": queries.own_account(request.user.pk, on),
            "lines": queries.own_lines(request.actor, on),
            "max_age": settings.PASSWORD_MAX_AGE_DAYS,
        },
    )


@access(_responsible)
@require_GET
def approvals(request: HttpRequest) -> HttpResponse:
    """Everybody whom I answer for: who may read until when, and what needs a decision."""
    on = today()
    return render(request, "access/approvals.html", _approvals_page(request, on))


def _approvals_page(request: HttpRequest, on, fault: str = "") -> dict:
    everybody = queries.lines_to_approve(request.actor, on)
    waiting = [line for line in everybody if line.state != "valid"]
    words = request.GET.get("q", "").strip()[:40]
    show_all = request.GET.get("show") == "all" or not waiting or bool(words)
    page = queries.lines_found(
        everybody if show_all else waiting, words, request.GET.get("page", "1")
    )
    return {
        "lines": page,
        "words": words,
        "show_all": show_all,
        "count": len(everybody),
        "waiting": len(waiting),
        "soon": sum(line.state == "soon" for line in everybody),
        "form": LastDay(on=on),
        "own_missing": [line for line in queries.own_lines(request.actor, on) if not line.may_read],
        "fault": fault,
    }


@access(_responsible)
@require_GET
def approvals_export(request: HttpRequest) -> HttpResponse:
    """The list as a sheet: what was looked for, or what needs a decision, and all its pages."""
    words = request.GET.get("q", "").strip()[:40]
    only_waiting = request.GET.get("show") != "all" and not words
    lines = export_approvals(words, only_waiting, on=today(), by=request.actor)
    return download(approvals_sheet(lines, today()), f"approvals-{today().isoformat()}.xlsx")


@access(_responsible)
@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve or renew one person."""
    on = today()
    form = Grant(request.POST, on=on)
    if not form.is_valid():
        return _refused(request, on, _first_fault(form))
    try:
        given = actions.approve(form.case, form.until_on, by=request.actor, on=on)
    except ApprovalRefused as refused:
        return _refused(request, on, str(refused))
    messages.success(
        request,
        _("已授权%(name)s至%(day)s。")
        % {"name": given.staff.name, "day": day_words(form.cleaned_data["last_day"])},
    )
    return redirect("access:approvals")


@access(_responsible)
@require_POST
def renew_expiring(request: HttpRequest) -> HttpResponse:
    """Renew everybody whose approval runs out within 30 days."""
    on = today()
    form = LastDay(request.POST, on=on)
    if not form.is_valid():
        return _refused(request, on, _first_fault(form))
    try:
        given = actions.renew_expiring(form.until_on, by=request.actor, on=on)
    except ApprovalRefused as refused:
        return _refused(request, on, str(refused))
    messages.success(request, _("已为%(count)d人续期。") % {"count": len(given)})
    return redirect("access:approvals")


@access(_withdrawable)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw one approval, from now on."""
    on = today()
    form = Why(request.POST)
    if not form.is_valid():
        return _refused(request, on, _first_fault(form))
    try:
        taken = actions.withdraw(
            request.granted, by=request.actor, on=on, why=form.cleaned_data["why"]
        )
    except ApprovalRefused as refused:
        return _refused(request, on, str(refused))
    messages.success(request, _("已撤回%(name)s的授权。") % {"name": taken.staff.name})
    return redirect("access:approvals")


def _refused(request: HttpRequest, on, fault: str) -> HttpResponse:
    return render(request, "access/approvals.html", _approvals_page(request, on, fault), status=422)


def _first_fault(form) -> str:
    return next(iter(form.errors.values()))[0]


@access(_keeper)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Staff and their accounts, found by name."""
    form = FindStaff(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    return render(
        request,
        "access/accounts.html",
        {"form": form, "text": text, "rows": queries.find_accounts(text, today())},
    )


@access(_staff_kept)
@never_cache
def open_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the account of a member of staff; the temporary password is shown once."""
    form = NewAccount(request.POST or None)
    secret, fault = passwords.temporary_password(), ""
    if form.is_valid():
        try:
            user = actions.open_account(
                request.granted, form.cleaned_data["username"], secret, by=request.actor
            )
        except AccountRefused as refused:
            fault = str(refused)
        else:
            return render(request, "access/password_once.html", {"user": user, "secret": secret})
    context = {"staff": request.granted, "form": form, "fault": fault}
    return render(request, "access/open_account.html", context, status=422 if fault else 200)


@access(_account_kept)
@require_POST
@never_cache
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody in again who lost the password or the phone."""
    secret = passwords.temporary_password()
    user = actions.restore_access(request.granted, secret, by=request.actor)
    return render(request, "access/password_once.html", {"user": user, "secret": secret})


@access(_account_kept)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, or open it again."""
    user = request.granted
    try:
        if user.is_active:
            actions.close_account(user, by=request.actor)
            messages.success(request, _("账号%(name)s已停用。") % {"name": user.username})
        else:
            actions.reopen_account(user, by=request.actor)
            messages.success(request, _("账号%(name)s已恢复。") % {"name": user.username})
    except AccountRefused as refused:
        messages.error(request, str(refused))
    return redirect("access:accounts")
