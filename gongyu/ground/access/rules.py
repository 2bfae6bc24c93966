"""Who may approve whom, who may see an approval, and which approval may be given."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gongyu.ground.audit.actors import Actor
from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Placement
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role

from .models import Approval
from .permissions import APPROVAL_GIVE, AUDIT_READ, PURPOSE_OF, may, places_with
from .scopes import places_reached

# The responsible person of each: the head for the school, the district for its heads, the city
# for the districts. An administrator keeps accounts and never approves.
APPROVES: dict[str, tuple[str, ...]] = {
    Role.HEAD: (
        Role.CLASS_TEACHER,
        Role.SUBJECT_TEACHER,
        Role.MORAL_EDUCATION_HEAD,
        Role.SCHOOL_LEADER,
        Role.REGISTRAR,
        Role.REPORT_LIAISON,
    ),
    Role.DISTRICT_OFFICER: (
        Role.HEAD,
        Role.REGISTRAR,
        Role.CHILDREN_DIRECTOR,
        Role.COMPLAINT_HANDLER,
    ),
    Role.CITY_OFFICER: (Role.DISTRICT_OFFICER, Role.AUDITOR, Role.COMPLAINT_HANDLER),
}
LONGEST = timedelta(days=366)  # at most one school year ahead
SOON = timedelta(days=30)


class ApprovalRefused(Exception):
    """This approval cannot be given or changed; the message says why and what to do."""


class AccountRefused(Exception):
    """This account cannot be opened or changed; the message says why and what to do."""


@dataclass(frozen=True, slots=True, order=True)
class Case:
    """What an approval is about: who may read within which place, for which purpose."""

    staff_id: int
    place_id: int
    purpose: str


def approvable(actor: Actor | None, on: date) -> dict[Case, list[Post]]:
    """Everything that the actor may approve on the day, with the posts that call for it.

    Nobody approves oneself, and nobody passes on what he does not hold: the giver's own approval
    must run on the day.
    """
    found: dict[Case, list[Post]] = defaultdict(list)
    for role in dict.fromkeys(held.role for held in actor.posts) if actor else ():
        if role not in APPROVES or not _may_give(actor, role, on):
            continue
        for case, post in _cases(_posts_to_approve(actor, on, role=role), on):
            found[case].append(post)
    return dict(found)


@prepared
def _posts_to_approve(actor: Actor, on: date, *, role: str):
    return (
        Post.objects.on(on)
        .filter(role__in=APPROVES[role], place__in=places_reached(actor, role, on=on))
        .exclude(staff=actor.staff_id)
        .select_related("staff", "place", "place__school_class")
        .defer("staff__id_number", "staff__phone")
        .order_by("staff__initials", "staff__name", "pk")
    )


def _may_give(actor: Actor, role: str, on: date) -> bool:
    held = [post for post in actor.posts if post.role == role]
    return any(may(actor, APPROVAL_GIVE, post.scope_id, on) for post in held)


def cases_of(staff_id: int, on: date) -> dict[Case, list[Post]]:
    """The approvals that somebody's posts of the day call for."""
    found: dict[Case, list[Post]] = defaultdict(list)
    for case, post in _cases(_own_posts(staff_id, on), on):
        found[case].append(post)
    return dict(found)


@prepared
def _own_posts(staff_id: int, on: date):
    return (
        Post.objects.on(on)
        .filter(staff=staff_id, role__in=list(PURPOSE_OF))
        .select_related("staff", "place", "place__school_class")
        .defer("staff__id_number", "staff__phone")
    )


@prepared
def _served(departments: set[int], on: date):
    stays = Placement.objects.on(on).filter(place__among=departments)
    return stays.values_list("place", "parent")


def _cases(posts: list[Post], on: date) -> list[tuple[Case, Post]]:
    # An approval is for the whole school, or for what a department serves; the post narrows it.
    departments = {p.place_id for p in posts if p.place.kind == "department"}
    served = dict(_served(departments, on)) if departments else {}
    found = []
    for post in posts:
        if post.place.kind == "class":
            place_id = post.place.school_class.school_id
        else:
            place_id = served.get(post.place_id, post.place_id)
        found.append((Case(post.staff_id, place_id, PURPOSE_OF[post.role]), post))
    return found


def may_approve(actor: Actor | None, case: Case, on: date) -> bool:
    """May the actor approve this on the day?"""
    return case in approvable(actor, on)


def may_withdraw(actor: Actor | None, approval: Approval, on: date) -> bool:
    """Whoever may give approvals in the place may withdraw one, though never the own."""
    return (
        actor is not None
        and approval.staff_id != actor.staff_id
        and may(actor, APPROVAL_GIVE, approval.place_id, on)
    )


def may_view_approval(actor: Actor | None, approval: Approval, on: date) -> bool:
    """Everybody sees the own approvals; responsible persons and auditors those in their reach."""
    if actor is None:
        return False
    own = actor.staff_id is not None and approval.staff_id == actor.staff_id
    return own or any(
        may(actor, permission, approval.place_id, on) for permission in (APPROVAL_GIVE, AUDIT_READ)
    )


def approvals_visible_to(actor: Actor | None, on: date) -> QuerySet[Approval]:
    """Exactly the approvals of which `may_view_approval` is true."""
    if actor is None:
        return Approval.objects.none()
    seen = Q(place__in=places_with(actor, APPROVAL_GIVE, on=on))
    seen |= Q(place__in=places_with(actor, AUDIT_READ, on=on))
    if actor.staff_id is not None:
        seen |= Q(staff=actor.staff_id)
    return Approval.objects.filter(seen)


def check_end(until_on: date | None, from_on: date, on: date) -> None:
    """Refuse an approval without an end, one that ends before it begins, or one for too long."""
    if until_on is None:
        raise ApprovalRefused(_("授权必须有截止日期。请选择一个不超过一学年的日期。"))
    if until_on <= from_on:
        raise ApprovalRefused(
            _("截止日期必须不早于%(day)s。请重新选择日期。") % {"day": day_words(from_on)}
        )
    if until_on > on + LONGEST:
        last = on + LONGEST - timedelta(days=1)
        raise ApprovalRefused(
            _("授权最长一学年，截止日期不能晚于%(day)s。请重新选择日期。")
            % {"day": day_words(last)}
        )


def check_can_withdraw(approval: Approval, on: date) -> None:
    """Refuse to withdraw what is withdrawn or over."""
    if approval.withdrawn_at is not None:
        raise ApprovalRefused(_("这项授权已经撤回，无需再次撤回。"))
    if approval.until_on <= on:
        raise ApprovalRefused(_("这项授权已经到期，无需撤回。"))


_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")


def check_username(username: str) -> None:
    """Refuse what cannot be typed on every keyboard."""
    if not _USERNAME.fullmatch(username):
        raise AccountRefused(
            _("用户名须为3至60位小写字母、数字、点、横线或下划线，并以字母或数字开头。")
        )
