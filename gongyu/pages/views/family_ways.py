"""How a family wants to be told; the same page shows it and takes what is chosen."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gongyu.ground.calendar.clock import now
from gongyu.ground.families import limits
from gongyu.ground.families.doors import access, any_carer
from gongyu.ground.notices import actions as notices
from gongyu.ground.notices.jobs import send_code_soon
from gongyu.ground.notices.rules import NoticeFault

from ..forms_ways import CodeForm, EmailForm
from ..queries.family.ways import ways_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(any_carer)
def ways(request: HttpRequest) -> HttpResponse:
    """The ways in their order; which comes first, and an address of mail."""
    forms = {"email_form": EmailForm(), "code_form": CodeForm(), "fault": ""}
    status = 200
    if request.method == "POST":
        deed = _DEEDS.get(request.POST.get("deed", ""))
        done = deed(request, forms) if deed else ""
        if done:
            messages.success(request, done)
            return redirect("family:ways")
        status = 422
    page = ways_page(request.family.carer_id, now())
    return render(request, "pages/family/ways.html", {"page": page, **forms}, status=status)


def _prefer(request: HttpRequest, forms: dict) -> str:
    family, path = request.family, request.POST.get("path", "")
    known = {line.path for line in ways_page(family.carer_id, now()).lines}
    if path not in known:
        return ""
    notices.prefer_way(family.carer_id, path, at=now(), by=family.actor)
    return _("记下了。以后先用这一种方式通知您。")


def _ask(request: HttpRequest, forms: dict) -> str:
    form = forms["email_form"] = EmailForm(request.POST)
    if not form.is_valid():
        return ""
    family, moment = request.family, now()
    # How often is counted for the carer and for the network, as codes of sign-in are.
    if not limits.may_ask(f"email:{family.carer_id}", request.META.get("REMOTE_ADDR", "")):
        form.add_error("email", _("试得太多了。请过一小时再试。"))
        return ""
    try:
        address = form.cleaned_data["email"]
        way = notices.ask_email(family.carer_id, address, at=moment, by=family.actor)
    except NoticeFault as fault:
        form.add_error("email", str(fault))
        return ""
    send_code_soon(way)
    return _("验证码已发到这个邮箱，请打开邮件看看。")


def _confirm(request: HttpRequest, forms: dict) -> str:
    form = forms["code_form"] = CodeForm(request.POST)
    if not form.is_valid():
        return ""
    family, typed = request.family, form.cleaned_data["code"]
    if notices.confirm_email(family.carer_id, typed, at=now(), by=family.actor):
        return _("邮箱验证好了。")
    if ways_page(family.carer_id, now()).waiting:
        form.add_error("code", _("数字不对。请再看看邮件，照着填。"))
    else:
        forms["fault"] = _("数字错了太多次，或者过了三十分钟。请再发一次。")
    return ""


def _end(request: HttpRequest, forms: dict) -> str:
    notices.end_email(request.family.carer_id, at=now(), by=request.family.actor)
    return _("邮箱已停用，地址也删除了。")


_DEEDS: dict[str, Callable[[HttpRequest, dict], str]] = {
    "prefer": _prefer,
    "ask": _ask,
    "confirm": _confirm,
    "end": _end,
}
