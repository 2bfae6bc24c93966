"""The page behind a message's link: what that message carries, for its carer, and a button to answer."""

from __future__ import annotations

from hmac import compare_digest

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now, today

from . import actions, queries
from .rules import NoticeFault
from .words import token_of

FAMILY = Actor(user_id=None, name="家长")


@access(everyone)
@never_cache
@require_http_methods(["GET", "POST"])
def opened(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The long random token is the key; it opens what the message carried, as of today."""
    fault, day = "", today()
    if request.method == "POST":
        fault = _answer(request, pk, token)
        if not fault:
            # Back to this very page; its address is known without being written anew.
            return HttpResponseRedirect(request.path)
    items = _items(pk, token)
    shown = {
        "pk": pk,
        "token": token,
        "items": [(one, one.waits_on(day)) for one in items],
        "fault": fault,
        "day": day,
    }
    return render(request, "notices/opened.html", shown, status=400 if fault else 200)


def _answer(request: HttpRequest, pk: int, token: str) -> str:
    """What is wrong with the answer; empty when it is kept."""
    wanted, _dot, choice = request.POST.get("answer", "").partition(".")
    is_number = all(one.isascii() and one.isdecimal() for one in (wanted, choice))
    known = int(wanted) if is_number and len(wanted) < 19 else 0
    try:
        if not known or len(choice) > 2:
            raise NoticeFault(_("请选择一个答案。"))
        actions.answer_by_link(pk, token, known, int(choice), at=now(), by=FAMILY)
    except NoticeFault as error:
        return str(error)
    return ""


def _items(pk: int, token: str) -> list[queries.InBox]:
    message = queries.message_behind(pk)
    if message is None or not compare_digest(token_of(message.pk, message.key), token):
        raise Http404
    items = queries.opened_by(message, today())
    if not items:
        raise Http404
    return items


@access(everyone)
@never_cache
@require_GET
def opened_attachment(
    request: HttpRequest, pk: int, token: str, notice_id: int, number: int
) -> HttpResponse:
    """An attachment of a notice that the message carried, and of no other."""
    if all(one.notice.pk != notice_id for one in _items(pk, token)):
        raise Http404
    return attached(queries.attachment(notice_id, number), number)


def attached(found: tuple[str, bytes] | None, number: int) -> HttpResponse:
    """The file under a name that says nothing; it is shown, never run."""
    if found is None:
        raise Http404
    kind, data = found
    answer = HttpResponse(data, content_type=kind)
    ending = {"application/pdf": "pdf", "image/png": "png"}.get(kind, "jpg")
    answer["Content-Disposition"] = f'inline; filename="notice-{number}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
