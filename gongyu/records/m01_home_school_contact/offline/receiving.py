"""How an entry typed without a network becomes a visit: through the online form and its action,
with post, approval and family as of the day of the visit."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child
from gongyu.shared_work.offline.declared import Arrived, Choice, Conflict, Kept, Refused

from .. import rules
from ..actions import correct_visit, record_visit
from ..forms import AttemptForm, RecordForm
from ..forms.composite import DayField
from ..models import Visit
from ..queries import meanwhile
from ..queries.records import record_sheet
from ..rules import VisitFault
from ..shapes import VisitEntry
from ..views.recording import HARM_WORDS

CORRECT, AGAIN, PROPOSED, WORDS = "correct", "again", "proposed", "words"


def receive_visit(arrived: Arrived, *, on: date, by: Actor) -> Kept:
    """Raises Refused with the form's own faults, or Conflict where something happened meanwhile."""
    child, day = child_of(arrived), _day(arrived)
    _check_reach(child, day, on=on, by=by)
    sheet = record_sheet(child, day)
    form = RecordForm(sheet, _form_data(arrived, by), staff_id=by.staff_id)
    check_form(form)
    if form.hints and WORDS not in arrived.decided:
        found = "、".join(word for _about, words in form.hints for word in words)
        raise Conflict(
            "words",
            _("“%s”这些是家庭的私事，多半不用写，记录会有人看到。") % found,
            (Choice(WORDS, _("对帮助孩子有用，照样保存")),),
        )
    entry = form.entry()
    visit = _written(arrived, child, entry, on=on, by=by)
    said = _("已记录。统计会自动更新，不用再填任何表。")
    return Kept(visit.pk, said, str(HARM_WORDS) if form.harm else "")


def receive_attempt(arrived: Arrived, *, on: date, by: Actor) -> Kept:
    """Raises Refused or Conflict."""
    child, day = child_of(arrived), _day(arrived)
    _check_reach(child, day, on=on, by=by)
    form = AttemptForm(_form_data(arrived, by), on=on)
    check_form(form)
    visit = _written(arrived, child, form.entry([child.pk]), on=on, by=by)
    return Kept(visit.pk, _("已记下这一次。两次没成功，会请校长确认，不算谁的过错。"))


def _written(arrived: Arrived, child: Child, entry: VisitEntry, *, on: date, by: Actor) -> Visit:
    old = _to_correct(arrived, child, entry, by)
    if old is not None and not rules.may_correct_visit(by, old, on):
        raise Refused({"": [_("那条记录现在不由您更正，请联系德育主任或校长。")]})
    try:
        if old is None:
            _check_meanwhile(arrived, child, entry, by)
            return record_visit(entry, on=on, key=arrived.key, by=by)
        return correct_visit(
            old, entry, reason=_("没有网络时填写，联网后更正"), on=on, key=arrived.key, by=by
        )
    except VisitFault as fault:
        if old is None:
            # Another device may have been a moment faster: that is a question, not a fault.
            _check_meanwhile(arrived, child, entry, by)
        raise Refused({fault.field: [str(fault)]}) from fault


def _to_correct(arrived: Arrived, child: Child, entry: VisitEntry, by: Actor) -> Visit | None:
    """The visit in whose place the teacher decided to put this one; the old one is kept."""
    if CORRECT not in arrived.decided:
        return None
    if arrived.corrects is not None:
        return meanwhile.newest_version(arrived.corrects)
    return meanwhile.same_visit(child.pk, entry, by.staff_id, arrived.key)


def _check_meanwhile(arrived: Arrived, child: Child, entry: VisitEntry, by: Actor) -> None:
    is_held = entry.outcome == Visit.Outcome.HELD
    other = _recorded_since(arrived, child, by) if is_held else None
    # Asked last: the same visit, kept by another device this very moment, is not another one.
    same = meanwhile.same_visit(child.pk, entry, by.staff_id, arrived.key)
    if same is not None:
        raise Conflict(
            "twice",
            _("%(name)s %(day)s的这一次，您已经在别处记过了。")
            % {"name": child.name, "day": _words(entry.visited_on)},
            (Choice(CORRECT, _("用这里写的更正那一条（原来的会保留）")),),
        )
    if not is_held:
        return
    if other is not None and AGAIN not in arrived.decided:
        raise Conflict(
            "recorded",
            _("这期间您已记过 %(name)s %(day)s的家访。这是另外一次吗？")
            % {"name": child.name, "day": _words(other.visited_on)},
            (Choice(AGAIN, _("是另外一次，照样记下")),),
        )
    _check_proposal(arrived, child)


def _recorded_since(arrived: Arrived, child: Child, by: Actor) -> Visit | None:
    own = arrived.own_keys | {arrived.key}
    return meanwhile.recorded_since(child.pk, by.staff_id, arrived.packed_at, own)


def _check_proposal(arrived: Arrived, child: Child) -> None:
    if PROPOSED in arrived.decided:
        return
    ended = meanwhile.proposal_ended(child.pk, arrived.seen, arrived.packed_at, arrived.own_keys)
    if ended is not None:
        raise Conflict(
            "proposal",
            _("填写时 %(name)s 的预约还在，后来变成了“%(state)s”。这次家访确实去了吗？")
            % {"name": child.name, "state": ended.label},
            (Choice(PROPOSED, _("去了，照样记下")),),
        )


def _check_reach(child: Child, day: date, *, on: date, by: Actor) -> None:
    """Was the child the teacher's on the day of the visit, and did the approval run then?"""
    try:
        rules.check_day_of_visit(day, on)
    except VisitFault as fault:
        raise Refused({fault.field: [str(fault)]}) from fault
    enrolment = rules.enrolment_for_visit(child, day)
    then = actor_for(User.objects.get(pk=by.user_id), day)
    if enrolment is not None and rules.may_work_with_class(then, enrolment.school_class_id, day):
        return
    raise Conflict(
        "moved",
        _(
            "%(day)s孩子不在您任教的班（可能已转出，或您的任职、查阅授权那天不在有效期内）。请核对日期。"
        )
        % {"day": _words(day)},
    )


def child_of(arrived: Arrived) -> Child:
    child = Child.objects.filter(pk=arrived.child_id).select_related("home").first()
    if child is None:
        raise Refused({"": [_("这个孩子的资料已经不在系统里，请联系学籍管理员。")]})
    return child


def _day(arrived: Arrived) -> date:
    try:
        return DayField().clean(arrived.one("visited_on"))
    except forms.ValidationError as fault:
        raise Refused({"visited_on": list(fault.messages)}) from fault


def _form_data(arrived: Arrived, by: Actor) -> QueryDict:
    """The fields of the online form, with ids where the device has tokens."""
    data = QueryDict(mutable=True)
    told = dict(arrived.fields)
    ticked, notes = told.pop("children", ()), told.pop("children_note", ())
    # A device that knew of no siblings asked no question about them.
    data[f"children_{arrived.child_id}"] = "" if ticked else "on"
    for token, note in zip_longest(ticked, notes[: len(ticked)], fillvalue=""):
        child_id = arrived.unsealed("child", token)
        data[f"children_{child_id}"], data[f"children_{child_id}_note"] = "on", note
    # A token that stands for nobody is a fault of the form, not a lost tick.
    carers = [arrived.unsealed("carer", token) or 0 for token in told.pop("met", ())]
    data.setlist("met_carers", [str(carer) for carer in carers])
    data["follows_text"] = "".join(told.pop("follows", ()))
    data["follows_owner"] = str(by.staff_id) if any(told.get("follows_due", ())) else ""
    for name, values in told.items():
        data.setlist(name, list(values))
    data["key"], data["sure"] = arrived.key, ""
    return data


def check_form(form: forms.Form) -> None:
    if not form.is_valid():
        faults = {name: [str(one) for one in found] for name, found in form.errors.items()}
        raise Refused({"" if name == "__all__" else name: told for name, told in faults.items()})


def _words(day: date) -> str:
    return f"{day.month}月{day.day}日"
