"""How a note typed without a network becomes an anomaly: through the online form and its action.

The clock runs from the moment of noticing on the phone. Words of harm become no note unasked, and
nothing here makes a report: the teacher is led to the way to report.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.http import QueryDict
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.access.models import User
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.people.models import Child
from gongyu.shared_work.offline.declared import Alarm, Arrived, Choice, Conflict, Kept, Refused

from .. import rules_concerns as rules
from .. import sensitive
from ..actions import note_anomaly, retract_anomaly
from ..concern_codes import KINDS_OF_HARM
from ..concern_shapes import NoteEntry
from ..forms.concerns import NoteForm
from ..models_concerns import Anomaly
from ..queries import meanwhile
from ..queries.concerns import ChildChoice
from ..rules_concerns import ConcernFault
from .receiving import check_form, child_of

# A note older than a device may keep it was not made on one.
OLDEST_HOURS = 72
CORRECT, ANOTHER, APART, SURE = "correct", "another", "apart", "sure"
ALARM = Alarm(
    words=tuple(sensitive.HARM.split("、")),
    choices={"kind": tuple(sorted(KINDS_OF_HARM))},
    asks=True,
)
TO_REPORT = gettext_lazy(
    "这听起来像孩子可能受到伤害。怀疑就可以报告：先打110，不用等谁同意。这一条还没有记下。"
)


def receive_anomaly(arrived: Arrived, *, on: date, by: Actor) -> Kept:
    """Raises Refused with the form's own faults, or Conflict where something happened meanwhile or
    the words speak of harm."""
    child = child_of(arrived)
    form = NoteForm(
        _form_data(arrived),
        children=[ChildChoice(child.pk, child.name, "")],
        moment=arrived.at,
    )
    check_form(form)
    if form.harm:
        raise Conflict("harm", str(TO_REPORT), (Choice(SURE, _("不是这样的，照样记下")),))
    entry = form.entry()
    _check_moment(entry.noticed_at, arrived.at)
    then = actor_for(User.objects.get(pk=by.user_id), localtime(entry.noticed_at).date())
    _check_reach(entry, then, on=on, by=by)
    # Two devices of one teacher wait for each other here, so that neither overlooks the other.
    Child.objects.select_for_update(no_key=True).get(pk=child.pk)
    _settle_meanwhile(arrived, child, entry, on=on, by=by)
    try:
        made = note_anomaly(entry, at=arrived.at, key=arrived.key, by=by, then=then)
    except ConcernFault as fault:
        raise Refused({fault.field: [str(fault)]}) from fault
    return Kept(made.pk, _("已记下。要联系家长的老师一进首页就能看到。"))


def _check_moment(noticed_at: datetime, at: datetime) -> None:
    if noticed_at < at - timedelta(hours=OLDEST_HOURS):
        words = _("发现的时间在 %d 小时以前，离线的记录送不到了。请联网后在“孩子有情况”里记下。")
        raise Refused({"noticed_at": [words % OLDEST_HOURS]})


def _check_reach(entry: NoteEntry, then: Actor | None, *, on: date, by: Actor) -> None:
    """Was the child the teacher's when it was noticed, or is it today?"""
    day = localtime(entry.noticed_at).date()
    if rules.child_to_note(by, entry.child_id, on) or rules.child_to_note(
        then, entry.child_id, day
    ):
        return
    raise Conflict(
        "moved",
        _(
            "%(day)s孩子不在您任教的班（可能已转出，或您的任职、查阅授权那天不在有效期内）。请告诉孩子现在的老师。"
        )
        % {"day": day_words(day)},
    )


def _settle_meanwhile(
    arrived: Arrived, child: Child, entry: NoteEntry, *, on: date, by: Actor
) -> None:
    """Take back what the teacher decided to put this note in the place of; ask where the same was
    noted elsewhere. Raises Conflict."""
    day = localtime(entry.noticed_at).date()
    alike = meanwhile.same_notes(child.pk, entry.kind, day, by.staff_id, arrived.key)
    if CORRECT in arrived.decided:
        corrected = meanwhile.own_note(arrived.corrects, by.staff_id)
        old = corrected if arrived.corrects else next(iter(alike), None)
        _take_back(old, arrived, on=on, by=by)
        alike = [note for note in alike if note != old]
    if not alike or ANOTHER in arrived.decided:
        return
    choices = [Choice(ANOTHER, _("是另外一件事，照样记下"))]
    if CORRECT not in arrived.decided:
        choices.insert(0, Choice(CORRECT, _("用这里写的更正那一条（原来的会保留）")))
    said = {
        "name": child.name,
        "at": f"{day_words(day)} {localtime(alike[0].noticed_at):%H:%M} ",
        "kind": alike[0].get_kind_display(),
    }
    raise Conflict(
        "twice", _("%(name)s %(at)s的“%(kind)s”，您已经在别处记过了。") % said, tuple(choices)
    )


def _take_back(old: Anomaly | None, arrived: Arrived, *, on: date, by: Actor) -> None:
    """The old note stays readable and counts nothing; one that somebody acts on stays as it is."""
    if old is None or APART in arrived.decided:
        return
    if not rules.may_retract(by, old, on):
        raise Conflict(
            "acted",
            _("先前的那一条已经有人在办，或者不再由您更正。要把这里写的另记一条吗？"),
            (Choice(APART, _("另记一条")),),
        )
    retract_anomaly(old, words=_("没有网络时填写，联网后更正"), at=arrived.at, by=by)


def _form_data(arrived: Arrived) -> QueryDict:
    """The fields of the online form, with the id where the device has a token."""
    data = QueryDict(mutable=True)
    for name in ("kind", "words", "noticed_at"):
        data[name] = arrived.one(name)
    data["child"], data["key"] = str(arrived.child_id), arrived.key
    data["sure"] = "on" if SURE in arrived.decided or arrived.one("sure") else ""
    return data
