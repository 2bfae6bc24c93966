"""A class's page: its teachers, its children, and where each stands with the yearly visit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from gongyu.ground.access.permissions import VISIT_RECORD, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.design.addresses import address
from gongyu.ground.people.queries import Pupil, class_list
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role
from gongyu.indicators import queries as indicators

from .addresses import Step, crumbs

# How a class can be listed. A teacher opens the list to see whom to turn to, so that comes first.
ORDERS = {
    "need": _("按需要"),
    "road": _("按住处"),
    "number": _("按学号"),
    "name": _("按姓名"),
}
# What waits for somebody stands before what is done and what lawfully does not count.
_NEED = ("missed", "at_risk", "in_progress", "not_due", "unknown", "declined", "exempt", "met")


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One child of the class; `lives` is the community, `carer` who cares daily."""

    name: str
    url: str
    state: str
    reason: str
    lives: str
    carer: str
    boarding: bool
    number: str
    road: str  # the community's code: its first nine digits are the town's, so neighbours meet


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class with the names of its children, in one of `ORDERS`."""

    place: Place
    about: SchoolClass
    crumbs: list[Step]
    class_teachers: list[str]
    subject_teachers: list[str]
    lines: list[ClassLine]
    may_record: bool
    order: str

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(line.state for line in self.lines))

    @property
    def orders(self) -> list[dict[str, object]]:
        """The ways to list the class, as tabs."""
        return [
            {"label": words, "url": f"?order={code}", "current": code == self.order}
            for code, words in ORDERS.items()
        ]


def class_page(place: Place, actor: Actor, on: date, order: str = "") -> ClassPage:
    """Everything on the page; an unknown order is the first. Whoever shows it records the reading
    (actions.read_class)."""
    chosen = order if order in ORDERS else next(iter(ORDERS))
    states = indicators.class_states(place.pk, on)
    posts = _posts_at(place.pk, on)
    return ClassPage(
        place=place,
        about=place.school_class,
        crumbs=crumbs(place, actor, on),
        class_teachers=[_named(p) for p in posts if p.role == Role.CLASS_TEACHER],
        subject_teachers=[_named(p) for p in posts if p.role == Role.SUBJECT_TEACHER],
        lines=_ordered(
            [_line(pupil, states.get(pupil.child.pk)) for pupil in class_list(place.pk, on)], chosen
        ),
        may_record=may(actor, VISIT_RECORD, place.pk, on),
        order=chosen,
    )


@prepared
def _posts_at(place_id: int, on: date):
    posts = Post.objects.on(on).filter(place=place_id).select_related("staff")
    return posts.defer("staff__id_number", "staff__phone").order_by("pk")


def _ordered(lines: list[ClassLine], order: str) -> list[ClassLine]:
    """The lines, which come by name, in the order wanted; sorting is stable."""
    if order == "need":
        rank = {state: place for place, state in enumerate(_NEED)}
        return sorted(lines, key=lambda line: rank.get(line.state, len(rank)))
    if order == "road":
        return sorted(lines, key=lambda line: (not line.road, line.road))
    if order == "number":
        return sorted(lines, key=lambda line: (not line.number, len(line.number), line.number))
    return lines


def _named(post: Post) -> str:
    words = post.staff.name
    if post.subject:
        words += f"（{post.subject}）"
    return words + ("（代理）" if post.acting else "")


def _line(pupil: Pupil, found) -> ClassLine:
    reachable = [carer for carer in pupil.carers if carer.may_be_reached]
    daily = next((c for c in reachable if c.is_daily_carer), reachable[0] if reachable else None)
    return ClassLine(
        name=pupil.child.name,
        url=address("pages:child", pupil.child.pk),
        state=found.state if found else "unknown",
        reason=found.reason if found else "",
        lives=pupil.community.name if pupil.community else "",
        carer=f"{daily.carer.name} · {daily.relation}" if daily else "",
        boarding=pupil.enrolment.boarding,
        number=pupil.enrolment.pupil_number,
        road=pupil.community.code if pupil.community else "",
    )
