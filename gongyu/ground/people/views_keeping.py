"""Enrolment and leave between two rosters: move, receive, let go, correct, take back."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongyu.ground.access.confirming import TwoSteps, two_steps
from gongyu.ground.access.doors import access
from gongyu.ground.calendar.clock import today
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.queries import running_classes

from . import actions, actions_keeping, doors_keeping, previews_enrolment
from . import queries_keeping as queries
from .forms_keeping import (
    CorrectStart,
    EndLeave,
    FindChild,
    IntoClass,
    LeaveSchool,
    Receive,
    StartLeave,
    TakeBack,
)
from .keeping_page import change_child, school_crumbs
from .models import Child
from .queries import class_on
from .rules import PeopleRefused

_TOKEN_SALT = "keeping.receive"  # noqa: S105 - names what is signed
_TOKEN_SECONDS = 30 * 60
_either = require_http_methods(["GET", "POST"])


@access(doors_keeping.school_kept)
@require_GET
@never_cache
def school(request: HttpRequest, school_id: int) -> HttpResponse:
    """Who came and who left lately, who is away, and the door for receiving a child."""
    context = {
        "school": request.granted,
        "movements": queries.movements(request.granted, today()),
        "recent_days": queries.RECENT.days,
    }
    return render(request, "people/keeping/school.html", context)


@access(doors_keeping.child_kept)
@require_GET
@never_cache
def child(request: HttpRequest, pk: int) -> HttpResponse:
    """All that is kept about a child's enrolment and care."""
    on = today()
    actions.read_child(request.granted, on, by=request.actor, why=_("办理学籍与照护"))
    context = {
        "folder": queries.folder(request.granted, on),
        # The first link leads here.
        "links": queries.keeping_links(request.actor, request.granted, on)[1:],
        "child": request.granted,
        "on": on,
    }
    return render(request, "people/keeping/child.html", context)


@access(doors_keeping.child_kept)
@_either
@never_cache
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another class of the school."""
    on, child = today(), request.granted
    enrolment = class_on(child.pk, on)
    classes = running_classes(enrolment.school_id, on)
    others = [one for one in classes if one.pk != enrolment.school_class_id]

    def carry_out(form: IntoClass) -> str:
        day = form.cleaned_data["from_on"]
        actions.move_class(enrolment, form.place, day, by=request.actor)
        return _("已登记：自%(day)s起在%(class)s。") % {
            "day": day_words(day),
            "class": form.place.name,
        }

    return change_child(
        request,
        child,
        on,
        IntoClass(request.POST or None, classes=others, on=on),
        title=_("调整班级"),
        lead=f"{child.name} · {_('现在')}：{enrolment.school_class.name}",
        preview=lambda form: previews_enrolment.moving(
            enrolment, form.place, form.cleaned_data["from_on"]
        ),
        carry_out=carry_out,
    )


@access(doors_keeping.child_kept)
@_either
@never_cache
def leave_school(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer at the school: transferred, graduated, left."""
    on, child = today(), request.granted
    enrolment = class_on(child.pk, on)

    def carry_out(form: LeaveSchool) -> str:
        data = form.cleaned_data
        actions.leave_class(enrolment, data["until_on"], data["how_out"], by=request.actor)
        return _("已登记：自%(day)s起不再在本校就读。") % {"day": day_words(data["until_on"])}

    return change_child(
        request,
        child,
        on,
        LeaveSchool(request.POST or None, on=on),
        title=_("转出或离校"),
        lead=f"{child.name} · {previews_enrolment.where(enrolment)}",
        preview=lambda form: previews_enrolment.leaving(
            enrolment, form.cleaned_data["until_on"], form.cleaned_data["how_out"]
        ),
        carry_out=carry_out,
        done=reverse("keeping:school", args=[enrolment.school_id]),
    )


@access(doors_keeping.enrolment_kept)
@_either
@never_cache
def correct_start(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """The first day of an enrolment was entered wrongly."""
    on, row = today(), request.granted

    def carry_out(form: CorrectStart) -> str:
        data = form.cleaned_data
        actions_keeping.correct_start(row, data["from_on"], why=data["why"], by=request.actor)
        return _("起始日已更正为%(day)s，原来的日期留有记录。") % {
            "day": day_words(data["from_on"])
        }

    return change_child(
        request,
        row.child,
        on,
        CorrectStart(request.POST or None, on=on, initial={"from_on": row.from_on}),
        title=_("更正起始日"),
        lead=f"{row.child.name} · {previews_enrolment.where(row)}",
        preview=lambda form: previews_enrolment.correcting_start(row, form.cleaned_data["from_on"]),
        carry_out=carry_out,
    )


@access(doors_keeping.enrolment_kept)
@_either
@never_cache
def take_back_enrolment(request: HttpRequest, pk: int, enrolment: int) -> HttpResponse:
    """The newest enrolment was a mistake."""
    on, row = today(), request.granted
    kept = []

    def carry_out(form: TakeBack) -> str:
        kept.append(
            actions_keeping.take_back_enrolment(
                row, on, why=form.cleaned_data["why"], by=request.actor
            )
        )
        return _("误登的学籍已撤回，不再计入统计。")

    def done() -> str:
        back = kept[0]
        if back is not None and back.school_id == row.school_id:
            return reverse("keeping:child", args=[pk])
        return reverse("keeping:school", args=[row.school_id])

    return change_child(
        request,
        row.child,
        on,
        TakeBack(request.POST or None),
        title=_("撤回误登的学籍"),
        lead=f"{row.child.name} · {previews_enrolment.where(row)}",
        preview=lambda form: previews_enrolment.taking_back_enrolment(row, on),
        carry_out=carry_out,
        done=done,
    )


@access(doors_keeping.child_kept)
@_either
@never_cache
def start_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspended, ill for long, taught at home, abroad."""
    on, child = today(), request.granted

    def carry_out(form: StartLeave) -> str:
        actions.start_leave(child, **form.cleaned_data, by=request.actor)
        return _("已登记，自%(day)s起生效。") % {"day": day_words(form.cleaned_data["from_on"])}

    def preview(form: StartLeave):
        data = form.cleaned_data
        return previews_enrolment.starting_leave(
            child, data["kind"], data["from_on"], data["until_on"]
        )

    return change_child(
        request,
        child,
        on,
        StartLeave(request.POST or None, on=on),
        title=_("登记休学、病假等"),
        preview=preview,
        carry_out=carry_out,
    )


@access(doors_keeping.leave_kept)
@_either
@never_cache
def end_leave(request: HttpRequest, pk: int, leave: int) -> HttpResponse:
    """Back at school, or back earlier than planned."""
    on, row = today(), request.granted

    def carry_out(form: EndLeave) -> str:
        actions.end_leave(row, form.cleaned_data["until_on"], by=request.actor)
        return _("已登记自%(day)s起返校。") % {"day": day_words(form.cleaned_data["until_on"])}

    return change_child(
        request,
        row.child,
        on,
        EndLeave(request.POST or None, on=on),
        title=_("登记返校"),
        lead=f"{row.child.name} · {row.get_kind_display()}",
        preview=lambda form: previews_enrolment.ending_leave(row, form.cleaned_data["until_on"]),
        carry_out=carry_out,
    )


@access(doors_keeping.leave_kept)
@_either
@never_cache
def take_back_leave(request: HttpRequest, pk: int, leave: int) -> HttpResponse:
    """The leave was entered by mistake."""
    on, row = today(), request.granted

    def carry_out(form: TakeBack) -> str:
        actions_keeping.take_back_leave(row, on, why=form.cleaned_data["why"], by=request.actor)
        return _("误登的记录已撤回，不再计入统计。")

    return change_child(
        request,
        row.child,
        on,
        TakeBack(request.POST or None),
        title=_("撤回误登的不在校记录"),
        preview=lambda form: previews_enrolment.taking_back_leave(row, on),
        carry_out=carry_out,
    )


@access(doors_keeping.leaver_kept)
@_either
@never_cache
def reopen(request: HttpRequest, school_id: int, enrolment: int) -> HttpResponse:
    """Take back that a child left."""
    on, row = today(), request.granted

    def carry_out(form: TakeBack) -> str:
        actions_keeping.reopen_enrolment(row, on, why=form.cleaned_data["why"], by=request.actor)
        return _("已撤销离校，该生继续在本校就读。")

    back = reverse("keeping:school", args=[school_id])
    return two_steps(
        request,
        TwoSteps(
            form=TakeBack(request.POST or None),
            template="access/change_form.html",
            context={
                "title": _("撤销离校"),
                "lead": f"{row.child.name} · {previews_enrolment.where(row)}",
                "back": back,
                "crumbs": school_crumbs(row.school),
            },
            preview=lambda form: previews_enrolment.reopening(row, on),
            carry_out=carry_out,
            done=back,
            refusals=(PeopleRefused,),
        ),
    )


@access(doors_keeping.school_kept)
@_either
@never_cache
def find(request: HttpRequest, school_id: int) -> HttpResponse:
    """First half of receiving: the child named exactly, or nothing at all."""
    on, school = today(), request.granted
    form = FindChild(request.POST or None)
    context = {"school": school, "form": form, "crumbs": school_crumbs(school)}
    if request.method == "POST" and form.is_valid():
        try:
            child = actions_keeping.find_child(
                **form.cleaned_data, school=school, on=on, by=request.actor
            )
        except PeopleRefused as refused:
            form.add_error(None, str(refused))
        else:
            context["searched"] = True
            if child is not None:
                context["found"] = queries.found_child(child, school, on)
                context["receiving"] = _receiving_form(request, school, on, child=child)
    status = 422 if form.errors else 200
    return render(request, "people/keeping/receive.html", context, status=status)


@access(doors_keeping.school_kept)
@require_POST
@never_cache
def receive(request: HttpRequest, school_id: int) -> HttpResponse:
    """Second half: into which class, from which day."""
    on, school = today(), request.granted
    child = _child_of_token(request, school_id)
    form = _receiving_form(request, school, on, data=request.POST)
    back = reverse("keeping:receive", args=[school_id])

    def carry_out(form: Receive) -> str:
        data = form.cleaned_data
        actions_keeping.receive(
            child,
            form.place,
            data["from_on"],
            boarding=data["boarding"],
            pupil_number=data["pupil_number"],
            by=request.actor,
        )
        return _("已登记：该生自%(day)s起转入%(class)s。") % {
            "day": day_words(data["from_on"]),
            "class": form.place.name,
        }

    return two_steps(
        request,
        TwoSteps(
            form=form,
            template="access/change_form.html",
            context={
                "title": _("转入"),
                "lead": child.name,
                "back": back,
                "crumbs": school_crumbs(school),
            },
            preview=lambda form: previews_enrolment.receiving(
                child, school, form.place, form.cleaned_data["from_on"]
            ),
            carry_out=carry_out,
            done=reverse("keeping:school", args=[school_id]),
            refusals=(PeopleRefused,),
        ),
    )


def _receiving_form(request: HttpRequest, school, on, *, child=None, data=None) -> Receive:
    initial = {}
    if child is not None:
        # Whoever found the child may enrol it here, for half an hour, and nobody else may.
        claim = [child.pk, school.pk, request.actor.user_id]
        initial["token"] = signing.dumps(claim, salt=_TOKEN_SALT)
    classes = running_classes(school.pk, on)
    return Receive(data, classes=classes, on=on, initial=initial)


def _child_of_token(request: HttpRequest, school_id: int) -> Child:
    try:
        pk, for_school, for_user = signing.loads(
            request.POST.get("token", ""), salt=_TOKEN_SALT, max_age=_TOKEN_SECONDS
        )
    except signing.BadSignature as error:
        raise Http404 from error
    child = queries.child_by_id(pk)
    if child is None or (for_school, for_user) != (school_id, request.actor.user_id):
        raise Http404
    return child
