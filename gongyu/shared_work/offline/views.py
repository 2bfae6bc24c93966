"""The shell and its worker, which hold nobody's data; the kit's contact, what it sends, its end."""

from __future__ import annotations

import json
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.secrets.fields import digest
from gongyu.shared_work.casework.guide import receivers

from . import rules
from . import shell as shell_files
from .actions import close_kit, open_kit, receive, renew_kit
from .forms import Unreadable, read_sent
from .models import Kit, Why
from .queries import classes_of, kit_with, kits_of, package
from .words import words

TEAL = "#135d66"
WORKER = "offline/worker.js"
# Questions of one input, and what kind of input it is.
SIMPLE_KINDS = (("day", "date"), ("moment", "datetime-local"), ("line", "text"))


def works_offline(request: HttpRequest) -> bool:
    return rules.may_work_offline(request.actor)


def own_kit(request: HttpRequest, code: str) -> Kit | None:
    return kit_with(request.actor, code)


@require_GET
@access(everyone)
def shell(request: HttpRequest) -> HttpResponse:
    """The page that opens without a network. The same for everybody: it fills itself from what the
    device keeps encrypted."""
    context = {"words": words(), "simple_kinds": SIMPLE_KINDS, "receivers": receivers()}
    response = render(request, "offline/shell.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@access(everyone)
def worker(request: HttpRequest) -> HttpResponse:
    told = {
        "version": shell_files.version(),
        "shell": reverse("offline:shell"),
        "files": shell_files.addresses(),
    }
    text = f"self.TOLD = {json.dumps(told)};\nimportScripts({json.dumps(static(WORKER))});\n"
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    # Its reach is the whole house, although its address is not the house's door.
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@access(everyone)
def manifest(request: HttpRequest) -> HttpResponse:
    icon = {"type": "image/png", "purpose": "any"}
    told = {
        "id": "/",
        "name": _("共育"),
        "short_name": _("共育"),
        "description": _("学校、家庭、社会协同育人"),
        "lang": "zh-Hans",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": TEAL,
        "background_color": "#f6f4ef",
        "icons": [
            {**icon, "src": static("vendor/app-192.png"), "sizes": "192x192"},
            {**icon, "src": static("vendor/app-512.png"), "sizes": "512x512"},
            {
                **icon,
                "src": static("vendor/app-maskable-512.png"),
                "sizes": "512x512",
                "purpose": "maskable",
            },
        ],
        "shortcuts": [{"name": _("离线使用"), "url": reverse("offline:shell")}],
    }
    response = JsonResponse(told, content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_GET
@access(everyone)
def hello(request: HttpRequest) -> HttpResponse:
    """Is there a network, is somebody signed in, and is it the one to whom the kit belongs?"""
    actor = request.actor
    who = digest("offline-owner", str(actor.staff_id))[:24] if actor and actor.staff_id else ""
    return JsonResponse(
        {"who": who, "may": rules.may_work_offline(actor), "csrf": get_token(request)}
    )


@require_GET
@access(works_offline)
def kits(request: HttpRequest) -> HttpResponse:
    return render(request, "offline/kits.html", {"rows": kits_of(request.actor, now())})


@require_POST
@access(works_offline)
def open_one(request: HttpRequest) -> HttpResponse:
    classes = classes_of(request.actor, today())
    if not classes:
        return JsonResponse({"error": _nothing_to_keep()}, status=422)
    kit = open_kit(classes, by=request.actor)
    return JsonResponse(_given(kit, classes, request))


@require_POST
@access(own_kit)
def contact(request: HttpRequest, code: str) -> HttpResponse:
    """The device asks whether it may go on, and is given the pupils anew."""
    kit: Kit = request.granted
    if rules.was_given_up(kit):
        return JsonResponse({"state": "closed"})
    classes = classes_of(request.actor, today())
    if not rules.may_renew(kit) or not classes:
        close_kit(kit, Why.ENDED, by=request.actor)
        return JsonResponse({"state": "ended", "said": _nothing_to_keep()})
    return JsonResponse(_given(renew_kit(kit, classes, by=request.actor), classes, request))


@require_POST
@access(own_kit)
def send(request: HttpRequest, code: str) -> HttpResponse:
    """What was typed arrives; each entry is answered by itself."""
    kit: Kit = request.granted
    if not rules.still_takes(kit, now()):
        return JsonResponse({"error": _("这台设备的离线使用已经停用或过期。")}, status=422)
    try:
        entries = read_sent(request.body)
    except Unreadable as fault:
        return JsonResponse({"error": str(fault)}, status=400)
    answers = [receive(kit, sent, on=today(), by=request.actor) for sent in entries]
    return JsonResponse({"answers": [asdict(answer) for answer in answers]})


@require_POST
@access(own_kit)
def close(request: HttpRequest, code: str) -> HttpResponse:
    wrong = request.GET.get("why") == Why.WRONG_PIN
    close_kit(request.granted, Why.WRONG_PIN if wrong else Why.ASKED, by=request.actor)
    if request.POST.get("page"):
        messages.success(request, _("已停用。那台设备下次联网时会清空。"))
        return redirect("offline:kits")
    return JsonResponse({"state": "closed"})


def _nothing_to_keep() -> str:
    return str(_("现在没有您担任班主任、且查阅授权有效的班级，本机不再保存学生名单。"))


def _given(kit: Kit, classes: list, request: HttpRequest) -> dict:
    return {
        "state": "open",
        "kit": kit.code,
        "hours": int(rules.KEPT.total_seconds() // 3600),
        "now": now().isoformat(),
        "package": package(kit, classes, today(), request.actor),
    }
