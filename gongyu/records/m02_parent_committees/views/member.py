"""A committee member's page behind the own link, bound to the seat: papers, matters, settlement."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.calendar.clock import today
from gongyu.shared_work.family_links.limits import note_miss, too_many_misses

from .. import actions
from ..forms.work import CollectForm, ExpenseForm, MatterForm, PaperForm, SettleForm
from ..queries.families_pages import MemberPage, member_page, member_picture
from . import handling


@never_cache
@require_http_methods(["GET", "HEAD"])
@access(everyone)
def member(request: HttpRequest, token: str) -> HttpResponse:
    page = member_page(token, today())
    if page is None:
        return _missed(request)
    account = page.page.open_account
    context = {
        "page": page,
        "token": token,
        "account": account,
        "can_count": bool(
            account and account.matter.status == "asking" and today() > account.matter.poll.last_on
        ),
    }
    return render(request, "committees/member.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def paper(request: HttpRequest, token: str) -> HttpResponse:
    def write(page: MemberPage, form: PaperForm):
        return actions.put_up_paper(
            page.page.committee,
            form.entry(),
            on=today(),
            by=actions.MEMBER,
            member=page.member,
        )

    return _entered(
        request,
        token,
        lambda data, files: PaperForm(
            data, files, initial={"on": today(), "key": handling.fresh_key()}
        ),
        write,
        _("公开计划、纪要或活动"),
        _("已公开，家长打开链接就能看到。"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def matter(request: HttpRequest, token: str) -> HttpResponse:
    """File a matter. What the notice forbids comes back with its own sentence."""
    return _entered(
        request,
        token,
        lambda data, files: MatterForm(data, on=today()),
        lambda page, form: actions.file_matter(page.member, form.entry(), on=today()),
        _("提一件要花钱的事"),
        _("已提出，家长可以不记名答复了。"),
    )


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def collect(request: HttpRequest, token: str) -> HttpResponse:
    return _entered(
        request,
        token,
        lambda data, files: CollectForm(data),
        lambda page, form: actions.note_collection(
            page.page.open_account.matter, **form.cleaned_data, on=today()
        ),
        _("记下一共收了多少"),
        _("已记下。买了东西，请记支出、附票据。"),
        needs_matter=True,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def expense(request: HttpRequest, token: str) -> HttpResponse:
    def write(page: MemberPage, form: ExpenseForm):
        data = form.cleaned_data
        return actions.add_expense(
            page.page.open_account.matter,
            what=data["what"],
            amount=data["amount"],
            receipt=form.picture("receipt"),
            key=data["key"],
            on=today(),
        )

    return _entered(
        request,
        token,
        lambda data, files: ExpenseForm(data, files, initial={"key": handling.fresh_key()}),
        write,
        _("记一笔支出"),
        _("支出和票据已公开给家长。"),
        needs_matter=True,
    )


@never_cache
@require_http_methods(["GET", "POST"])
@access(everyone)
def settle(request: HttpRequest, token: str) -> HttpResponse:
    return _entered(
        request,
        token,
        lambda data, files: SettleForm(data),
        lambda page, form: actions.settle_matter(
            page.page.open_account.matter, **form.cleaned_data, on=today()
        ),
        _("结清"),
        _("余额为零，已结清公开。可以提下一件事了。"),
        needs_matter=True,
    )


@never_cache
@require_POST
@access(everyone)
def step(request: HttpRequest, token: str) -> HttpResponse:
    """One button: count the answers, withdraw, give up a matter, or step down."""
    page = member_page(token, today())
    if page is None:
        return _missed(request)
    account = page.page.open_account
    asked = request.POST.get("step", "")
    if asked == "leave":
        handling.tried(
            request,
            lambda: actions.leave_seat(
                page.member, left="stepped_down", on=today(), by=actions.MEMBER
            ),
            _("已记下您辞去委员。谢谢您这段时间的付出。"),
        )
        return render(request, "committees/stepped_down.html")
    deeds = {
        "count": (actions.count_matter, _("已统计，结果家长也能看到。")),
        "withdraw": (actions.withdraw_matter, _("已撤回，没有开票。")),
        "give-up": (actions.give_up_matter, _("这件事不办了，可以提别的。")),
    }
    if account is not None and asked in deeds:
        deed, said = deeds[asked]
        handling.tried(request, lambda: deed(account.matter, on=today(), by=actions.MEMBER), said)
    return redirect("committees:member", token)


@never_cache
@require_GET
@access(everyone)
def picture(request: HttpRequest, token: str, pk) -> HttpResponse:
    return handling.picture(member_picture(token, pk, today()))


def _entered(
    request: HttpRequest,
    token: str,
    make: Callable,
    write: Callable,
    title: str,
    said: str,
    *,
    needs_matter: bool = False,
) -> HttpResponse:
    """A form behind a member's link: shown, checked, taken, or given back with all its words."""
    page = member_page(token, today())
    if page is None:
        return _missed(request)
    if needs_matter and page.page.open_account is None:
        return redirect("committees:member", token)
    sent = request.method == "POST"
    form = make(request.POST if sent else None, request.FILES if sent else None)
    if sent and handling.done(form, lambda: write(page, form)):
        messages.success(request, said)
        return redirect("committees:member", token)
    context = {"form": form, "title": title, "page": page, "token": token}
    return render(request, "committees/member_form.html", context)


def _missed(request: HttpRequest) -> HttpResponse:
    address = request.META.get("REMOTE_ADDR", "")
    if too_many_misses(address):
        return render(request, "committees/link_closed.html", status=429)
    note_miss(address)
    return render(request, "committees/link_closed.html", status=404)
