"""How a family comes in and goes out: asking for a code, typing it, a link, choosing who one is."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.clock import now, today
from gongyu.ground.people.masking import masked

from . import actions, demo_sign_ins, elsewhere, jobs, limits, queries, sessions
from .doors import access as family_access
from .doors import any_carer
from .forms import AskForm, ChooseForm, LinkForm, PrintedCodeForm, SentCodeForm, sent

BIG_PRINT = "family_big"
NEXT = "next"
_YEAR = 365 * 86400
# One sentence for wrong, used, too old, unknown and barred.
REFUSED = "这个码进不去：可能输错了、用过了，或者过了时间。可以重新要一个，或请班主任打印一张。"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The number in the roster; what happens next is the same for every number."""
    if request.family is not None:
        return redirect(settings.FAMILY_HOME)
    form = AskForm(sent(request), initial={"phone": _demo_number(request)})
    if request.method == "POST" and form.is_valid():
        if limits.may_ask(form.number(), _address(request)):
            code = actions.ask_for_code(form.number(), at=now())
            jobs.send_soon(code, request.build_absolute_uri("/"))
            request.session[sessions.ASKED] = {
                "number": form.number(),
                "code": code.pk,
                NEXT: _next(request),
            }
            return redirect("families:code")
        form.add_error(None, _("要得太勤了。请过一个小时再试，或请班主任打印一张登录码。"))
    context = {
        "form": form,
        "next": _next(request),
        "demo_numbers": demo_sign_ins.offered(),
        "elsewhere": list(elsewhere.providers().values()),
    }
    return render(request, "families/sign_in.html", context, status=422 if form.errors else 200)


def _demo_number(request: HttpRequest) -> str:
    chosen = request.GET.get("number", "")
    return chosen if any(each.number == chosen for each in demo_sign_ins.offered()) else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def code(request: HttpRequest) -> HttpResponse:
    """The digits that were sent, if the roster knows the number; the page does not say whether."""
    asked = request.session.get(sessions.ASKED)
    if asked is None:
        return redirect("families:sign-in")
    form = SentCodeForm(sent(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            carers = actions.use_sent_code(
                asked["number"], form.cleaned_data["code"], at=now(), on=today()
            )
            if carers:
                return _come_in(request, carers, asked["number"], form, asked[NEXT])
            form.add_error("code", _(REFUSED))
        status = 422
    context = {"form": form, "demo_code": demo_sign_ins.code_of(asked["code"])}
    return render(request, "families/code.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def printed(request: HttpRequest) -> HttpResponse:
    """The digits on a slip of paper."""
    form = PrintedCodeForm(sent(request))
    status = 200
    if request.method == "POST":
        status = 422
        if limits.too_many_misses(_address(request)):
            form.add_error(None, _("试得太多了。请过十分钟再试。"))
            status = 429
        elif form.is_valid():
            carers = actions.use_printed_code(form.cleaned_data["code"], at=now(), on=today())
            if carers:
                return _come_in(request, carers, "", form, "")
            limits.note_miss(_address(request))
            form.add_error("code", _(REFUSED))
    return render(request, "families/printed.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link uses nothing up: programs that look at links ahead do no harm. One button
    comes in, another one says "not me"."""
    found = queries.code_of_link(token, now())
    if found is None:
        blocked = limits.too_many_misses(_address(request))
        limits.note_miss(_address(request))
        return _closed(request, status=429 if blocked else 404)
    form = LinkForm(sent(request))
    if request.method == "POST" and request.POST.get("step") == "not-me":
        actions.not_me_by_link(token, at=now(), on=today())
        return render(request, "families/set_aside.html")
    if request.method == "POST" and form.is_valid():
        carers = actions.use_link(token, at=now(), on=today())
        if not carers:
            return _closed(request)
        return _come_in(request, carers, found.phone_digest, form, "")
    return render(request, "families/enter.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access(everyone)
def choose(request: HttpRequest) -> HttpResponse:
    """Several carers share the number that was proven; each comes in as oneself."""
    proven = sessions.proven(request)
    if proven is None:
        return redirect("families:sign-in")
    carers = queries.carers_at(proven["number"], today())
    choices = [(c.pk, masked(c.name)) for c in carers if c.pk in proven["carers"]]
    form = ChooseForm(choices, sent(request))
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["carer"]
        return start_session(request, chosen, proven["number"], proven["own"], "")
    status = 422 if request.method == "POST" else 200
    return render(request, "families/choose.html", {"form": form}, status=status)


def _come_in(request: HttpRequest, carers: list, number: str, form, after: str) -> HttpResponse:
    own_phone = form.cleaned_data["own_phone"]
    if len(carers) == 1:
        return start_session(request, carers[0].pk, number, own_phone, after)
    sessions.prove(request, [carer.pk for carer in carers], number, own_phone)
    return redirect("families:choose")


def start_session(
    request: HttpRequest, carer_id: int, number: str, own_phone: bool, after: str
) -> HttpResponse:
    """Begin the carer's session and lead to the pages."""
    sessions.start(request, carer_id, number=number, own_phone=own_phone)
    actions.note_entered(by=Actor(user_id=None, name=_("家长"), carer_id=carer_id))
    return redirect(after or settings.FAMILY_HOME)


@require_POST
@access(everyone)
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, for the next carer on the same phone."""
    if request.family is not None:
        actions.note_left("asked", by=request.family.actor)
        sessions.end(request)
        messages.success(request, _("已经退出。这部手机上什么也没有留下。"))
    return redirect("families:sign-in")


@require_POST
@family_access(any_carer)
def own_phone(request: HttpRequest) -> HttpResponse:
    """This phone is the carer's own: stay."""
    sessions.make_own(request)
    messages.success(request, _("记住了。在这部手机上，下次打开就能看到。"))
    return redirect(settings.FAMILY_HOME)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@family_access(any_carer)
def not_me(request: HttpRequest) -> HttpResponse:
    """These are not my children: the number is set aside at once, and the school sees it."""
    if request.method == "POST":
        number, actor = sessions.number_of(request), request.family.actor
        actions.not_me(number, at=now(), by=actor)
        actions.note_left("not me", by=actor)
        sessions.end(request)
        return render(request, "families/set_aside.html")
    return render(request, "families/not_me.html")


@require_POST
@access(everyone)
def big_print(request: HttpRequest) -> HttpResponse:
    """Larger letters on this phone, or the ordinary ones again."""
    after = request.POST.get(NEXT, "")
    answer = redirect(after if _is_ours(request, after) else settings.FAMILY_HOME)
    if request.COOKIES.get(BIG_PRINT):
        answer.delete_cookie(BIG_PRINT)
    else:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie(BIG_PRINT, "1", _YEAR, httponly=True, samesite="Lax", secure=secure)
    return answer


@require_safe
@access(everyone)
def paper_only(request: HttpRequest) -> HttpResponse:
    """What somebody without a phone can do: whom to ask for a printed code."""
    return render(request, "families/paper_only.html")


def _closed(request: HttpRequest, status: int = 404) -> HttpResponse:
    return render(request, "families/closed.html", status=status)


def _next(request: HttpRequest) -> str:
    after = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    return after if _is_ours(request, after) else ""


def _is_ours(request: HttpRequest, after: str) -> bool:
    ours = after.startswith(settings.FAMILY_HOME)
    return ours and url_has_allowed_host_and_scheme(after, {request.get_host()})


def _address(request: HttpRequest) -> str:
    return request.META.get("REMOTE_ADDR", "")
