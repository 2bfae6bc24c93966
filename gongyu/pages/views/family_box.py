"""The family's box: what it was sent, one notice opened and answered, its attachments."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongyu.ground.calendar.clock import now, today
from gongyu.ground.families.doors import access, any_carer
from gongyu.ground.notices import actions as notices
from gongyu.ground.notices.models import Delivery
from gongyu.ground.notices.queries import InBox, attachment
from gongyu.ground.notices.rules import NoticeFault
from gongyu.ground.notices.views_opened import attached

from .. import actions_family as actions
from ..queries.family.box import box_of, opened


def _own(request: HttpRequest, pk: int, number: int = 0) -> InBox | None:
    """A notice of the carer's own box about a child who is visible today."""
    return opened(request.family, pk, today())


@require_safe
@access(any_carer)
def box(request: HttpRequest) -> HttpResponse:
    """What came about all children together, what waits for an answer first."""
    return render(request, "pages/family/box.html", {"box": box_of(request.family, today())})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(_own)
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Reading asks for nothing and tells the sender nothing; an answer does, as behind a link."""
    fault = _answered(request, request.granted) if request.method == "POST" else ""
    if request.method == "POST" and not fault:
        messages.success(request, _("收到了，谢谢。"))
        return redirect("family:notice", pk)
    # After a fault as it stands now: it may have been withdrawn a moment ago.
    item = _own(request, pk) if fault else request.granted
    if item is None:
        raise Http404
    actions.read_notice(item, by=request.family.actor)
    day = today()
    context = {"item": item, "waits": item.waits_on(day), "day": day, "fault": fault}
    return render(request, "pages/family/notice.html", context, status=400 if fault else 200)


def _answered(request: HttpRequest, item: InBox) -> str:
    """What is wrong with the answer; empty when it is kept."""
    wanted, _dot, choice = request.POST.get("answer", "").partition(".")
    is_number = choice.isascii() and choice.isdecimal() and len(choice) <= 2
    try:
        if wanted != str(item.delivery.pk) or not is_number:
            raise NoticeFault(_("请选择一个答案。"))
        by = request.family.actor
        notices.answer(item.delivery, int(choice), way=Delivery.Way.BOX, at=now(), by=by)
    except NoticeFault as error:
        return str(error)
    return ""


@never_cache
@require_safe
@access(_own)
def notice_attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An attachment of a notice that stands in the carer's own box."""
    return attached(attachment(request.granted.notice.pk, number), number)
