"""What the pages of keeping show: a child's folder, a school's movements, whom a number names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.models import Entry
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.places.queries import ancestor
from gongyu.ground.secrets.fields import digest

from . import rules
from .models import Bar, Care, Carer, Child, Enrolment, Leave
from .queries import class_on
from .roster.known import CHILD_ID, CHILD_REGISTRY
from .rules_keeping import REOPEN, SLIP, children_kept_by, may_keep_school

RECENT = timedelta(days=60)


# What the doors of the pages ask for; None where it is out of reach, as if it did not exist.


def kept_child(actor: Actor | None, pk: int, on: date) -> Child | None:
    """The child, if the actor keeps it on the day."""
    return children_kept_by(actor, on).filter(pk=pk).first()


def kept_care(actor: Actor | None, child_pk: int, pk: int, on: date) -> Care | None:
    """A carer's place beside a child whom the actor keeps."""
    rows = Care.objects.filter(pk=pk, child=child_pk, child__in=children_kept_by(actor, on))
    return rows.select_related("child", "carer").first()


def kept_bar(actor: Actor | None, child_pk: int, pk: int, on: date) -> Bar | None:
    """A bar of a child whom the actor keeps."""
    rows = Bar.objects.filter(pk=pk, child=child_pk, child__in=children_kept_by(actor, on))
    return rows.select_related("child", "carer").first()


def kept_leave(actor: Actor | None, child_pk: int, pk: int, on: date) -> Leave | None:
    """A leave of a child whom the actor keeps."""
    rows = Leave.objects.filter(pk=pk, child=child_pk, child__in=children_kept_by(actor, on))
    return rows.select_related("child").first()


def kept_enrolment(actor: Actor | None, child_pk: int, pk: int, on: date) -> Enrolment | None:
    """An enrolment, at the actor's own school, of a child whom the actor keeps."""
    rows = Enrolment.objects.filter(pk=pk, child=child_pk, child__in=children_kept_by(actor, on))
    found = rows.select_related("child", "school", "school_class").first()
    return found if found and may_keep_school(actor, found.school, on) else None


def kept_school(actor: Actor | None, pk: int, on: date) -> Place | None:
    """The school, if the actor receives children there."""
    found = Place.objects.on(on).filter(pk=pk, kind=Place.Kind.SCHOOL).first()
    return found if found and may_keep_school(actor, found, on) else None


def leaver(actor: Actor | None, school_pk: int, pk: int, on: date) -> Enrolment | None:
    """An ended enrolment of a school that the actor keeps, wherever the child is today."""
    if kept_school(actor, school_pk, on) is None:
        return None
    rows = Enrolment.objects.filter(pk=pk, school=school_pk, until_on__isnull=False)
    return rows.select_related("child", "school", "school_class").first()


@dataclass(frozen=True, slots=True)
class KeepingLink:
    """One line of what can be done for a child; `route` takes the child's id."""

    label: str
    icon: str
    route: str


_LINKS = (
    KeepingLink(gettext_lazy("学籍与照护"), icon="folder", route="keeping:child"),
    KeepingLink(gettext_lazy("调整班级"), icon="arrows-exchange", route="keeping:move"),
    KeepingLink(gettext_lazy("登记休学、病假等"), icon="calendar-off", route="keeping:start-leave"),
    KeepingLink(gettext_lazy("增加照护人"), icon="user-plus", route="keeping:add-carer"),
    KeepingLink(gettext_lazy("转出或离校"), icon="door-exit", route="keeping:leave-school"),
)


def keeping_links(actor: Actor | None, child: Child, on: date) -> tuple[KeepingLink, ...]:
    """What the actor may do for the child; nothing for those who may not."""
    return _LINKS if rules.may_change_child(actor, child, on) else ()


@dataclass(frozen=True, slots=True)
class CareLine:
    """Somebody's care for the child. `state` is now, later or past; the bar, if one holds."""

    care: Care
    state: str
    bar: Bar | None
    is_slip: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """All that is kept about a child's enrolment and care, newest first."""

    child: Child
    enrolment: Enrolment | None
    coming: Enrolment | None
    enrolments: tuple[Enrolment, ...]
    may_take_back: bool
    leaves: tuple[Leave, ...]
    leaves_open: frozenset[int]
    leaves_slips: frozenset[int]
    cares: tuple[CareLine, ...]
    bars: tuple[Bar, ...]
    bars_open: frozenset[int]
    bars_slips: frozenset[int]


def folder(child: Child, on: date) -> Folder:
    """The page of one child. Whoever shows it records the reading (`actions.read_child`)."""
    rows = Enrolment.objects.filter(child=child).select_related("school", "school_class")
    enrolments = tuple(rows.order_by("-from_on"))
    leaves = tuple(Leave.objects.filter(child=child).order_by("-from_on"))
    bars = tuple(Bar.objects.filter(child=child).select_related("carer").order_by("-from_on"))
    newest = enrolments[0] if enrolments else None
    return Folder(
        child=child,
        enrolment=next((one for one in enrolments if one.holds_on(on)), None),
        coming=newest if newest and newest.from_on > on else None,
        enrolments=enrolments,
        may_take_back=bool(newest and newest.from_on + SLIP > on),
        leaves=leaves,
        leaves_open=_open(leaves, on),
        leaves_slips=_slips(leaves, on),
        cares=_care_lines(child, bars, on),
        bars=bars,
        bars_open=_open(bars, on),
        bars_slips=_slips(bars, on),
    )


def _open(rows: Iterable[Leave | Bar], on: date) -> frozenset[int]:
    return frozenset(row.pk for row in rows if row.until_on is None or row.until_on > on)


def _slips(rows: Iterable[Leave | Bar], on: date) -> frozenset[int]:
    return frozenset(row.pk for row in rows if row.from_on + SLIP > on)


def _care_lines(child: Child, bars: tuple[Bar, ...], on: date) -> tuple[CareLine, ...]:
    barred = {bar.carer_id: bar for bar in bars if bar.holds_on(on)}
    cares = Care.objects.filter(child=child).select_related("carer")
    lines = [
        CareLine(care, _state(care, on), barred.get(care.carer_id), care.from_on + SLIP > on)
        for care in cares.order_by("-is_daily_carer", "position", "-from_on")
    ]
    return tuple(sorted(lines, key=lambda line: ("now", "later", "past").index(line.state)))


def _state(care: Care, on: date) -> str:
    if care.holds_on(on):
        return "now"
    return "later" if care.from_on > on else "past"


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved at a school lately, and who is away: rows of enrolments and leaves."""

    came: tuple[Enrolment, ...]
    left: tuple[tuple[Enrolment, bool], ...]
    away: tuple[Leave, ...]


def movements(school: Place, on: date) -> Movements:
    """Who came and who left within two months, with whether the leaving can be taken back."""
    rows = Enrolment.objects.filter(school=school).select_related("child", "school_class")
    came = rows.filter(
        from_on__gt=on - RECENT, how_in__in=(Enrolment.HowIn.TRANSFERRED, Enrolment.HowIn.RETURNED)
    )
    ways = (Enrolment.HowOut.TRANSFERRED, Enrolment.HowOut.LEFT, Enrolment.HowOut.GRADUATED)
    left = list(rows.filter(until_on__gt=on - REOPEN, how_out__in=ways).order_by("-until_on"))
    followed = set(
        Enrolment.objects.filter(child__in=[row.child_id for row in left])
        .filter(from_on__gte=on - REOPEN)
        .values_list("child_id", "from_on")
    )
    here = Enrolment.objects.on(on).filter(school=school).values("child")
    away = Leave.objects.on(on).filter(child__in=here).select_related("child")
    return Movements(
        came=tuple(came.order_by("-from_on")),
        left=tuple((row, not _followed(row, followed)) for row in left),
        away=tuple(away.order_by("from_on")),
    )


def _followed(row: Enrolment, starts: set[tuple[int, date]]) -> bool:
    return any(child == row.child_id and start >= row.until_on for child, start in starts)


# What the actions need to know.


def child_with_number(name: str, number: str) -> Child | None:
    """The child of exactly this name whose ID or registry number is exactly this one."""
    # Most registry numbers are a G before the ID number; some schools know only the one.
    registry = [digest(CHILD_REGISTRY, number), digest(CHILD_REGISTRY, f"G{number}")]
    by_number = Q(id_digest=digest(CHILD_ID, number)) | Q(registry_digest__in=registry)
    return Child.objects.filter(by_number, name=name).first()


def misses_of(actor: Actor, on: date) -> int:
    """How often the actor searched for a child in vain on the day."""
    first = timezone.make_aware(datetime.combine(on, time.min))
    rows = Entry.objects.filter(user_id=actor.user_id, at__gte=first, verb="child.find")
    return rows.filter(subject_id__isnull=True).count()


def enrolment_from(child_id: int, on: date) -> Enrolment | None:
    """The enrolment that holds on the day, or the first one after it."""
    rows = Enrolment.objects.between(on, date.max).filter(child=child_id)
    return rows.select_related("school", "school_class").order_by("from_on").first()


def enrolment_before(enrolment: Enrolment) -> Enrolment | None:
    """The child's enrolment just before this one."""
    rows = Enrolment.objects.filter(child=enrolment.child_id, from_on__lt=enrolment.from_on)
    return rows.select_related("school", "school_class").order_by("-from_on").first()


def how_received(child_id: int, class_id: int) -> str:
    """How a child comes into the class: admitted for the first time, back again, or transferred."""
    school = SchoolClass.objects.get(pk=class_id).school_id
    last = Enrolment.objects.filter(child=child_id).order_by("-from_on").first()
    if last is None:
        return Enrolment.HowIn.ADMITTED
    returned = last.school_id == school
    return Enrolment.HowIn.RETURNED if returned else Enrolment.HowIn.TRANSFERRED


@dataclass(frozen=True, slots=True)
class Found:
    """What the receiving school sees of a child whom it named exactly: enough to be sure."""

    child: Child
    where: str
    since: date | None
    here: bool


def found_child(child: Child, school: Place, on: date) -> Found:
    """Where the child is enrolled today: the school and its district, and nothing else."""
    now = class_on(child.pk, on)
    if now is None:
        return Found(child, _("目前没有在读学籍"), None, here=False)
    district = ancestor(now.school_id, Place.Kind.DISTRICT, on)
    where = now.school.name
    if district is not None and not where.startswith(district.name):
        where = district.name + where
    return Found(child, where, now.from_on, here=now.school_id == school.pk)


def child_by_id(pk: int) -> Child | None:
    """The child of a hand-over under way, whose id stands in a signed token."""
    return Child.objects.filter(pk=pk).first()


def carer_known(name: str, id_digest: str | None, phone_digest: str) -> Carer | None:
    """The carer who bears the ID number, or else this name at this telephone."""
    if id_digest:
        found = Carer.objects.filter(id_digest=id_digest).first()
        if found is not None:
            return found
    if not phone_digest:
        return None
    rows = Carer.objects.filter(phone_digest=phone_digest, name=name).order_by("pk")
    if id_digest:
        rows = rows.filter(id_digest__isnull=True)
    return rows.first()


def children_cared_for_by(carer_id: int, on: date) -> int:
    """For how many children the person is entered on the day."""
    return Care.objects.on(on).filter(carer=carer_id).values("child").distinct().count()
