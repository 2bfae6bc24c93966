"""Who somebody is today, until when who may read, and who could approve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.calendar.clock import today
from gongyu.ground.places.models import Containment, Place, Placement
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role, Staff

from .models import Approval, User
from .rules import APPROVES, SOON, Case, approvable, cases_of, may_withdraw
from .standing import Standing

LINES_PER_PAGE = 50


def actor_for(user: User, on: date | None = None) -> Actor | None:
    """The actor behind a signed-in account with the posts held on the day; None when signed out."""
    if not user.is_authenticated:
        return None
    if user.staff_id is None:
        return Actor(user_id=user.pk, name=user.username)
    rows = _posts_held(user.staff_id, on or today())
    departments = [row[2] for row in rows if row[3] == Place.Kind.DEPARTMENT]
    above = {row[0]: row[1:] for row in _served(departments, on or today())} if departments else {}
    return Actor(
        user_id=user.pk,
        name=rows[0][5] if rows else user.staff.name,
        staff_id=user.staff_id,
        posts=tuple(_held(row, above.get(row[2])) for row in rows),
    )


def actor_of_request(user: User) -> Actor | None:
    """The actor of one request, with the standing that it needs at its doors."""
    on = today()
    actor = actor_for(user, on)
    if actor is None or actor.staff_id is None:
        return actor
    scopes = tuple(dict.fromkeys(post.scope_id for post in actor.posts))
    return replace(actor, standing=Standing(actor.staff_id, scopes, on))


@prepared
def _posts_held(staff_id: int, on: date) -> QuerySet:
    held = Post.objects.on(on).filter(staff_id=staff_id).order_by("pk")
    return held.values_list("pk", "role", "place_id", "place__kind", "acting", "staff__name")


@prepared
def _served(departments: list[int], on: date) -> QuerySet:
    served = Placement.objects.on(on).filter(place__among=departments)
    return served.values_list("place_id", "parent_id", "parent__kind")


def _held(row: tuple, served: tuple[int, str] | None) -> HeldPost:
    # A department's post reaches what the department serves: its district or the city.
    post_id, role, place_id, kind, acting, _name = row
    scope_id, scope_kind = served or (place_id, kind)
    return HeldPost(post_id, role, place_id, scope_id, scope_kind, acting)


def has_second_factor(user: User) -> bool:
    """Has the account an authenticator?"""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """How somebody signs in. `password_due_on` is the day on which the password must be changed."""

    username: str
    posts: tuple[Post, ...]
    password_changed_on: date | None
    password_due_on: date | None
    has_second_factor: bool
    recovery_codes_left: int


def own_account(user_id: int, on: date) -> OwnAccount:
    """The account page's facts about one account."""
    user = User.objects.get(pk=user_id)
    devices = {device.type: device for device in Authenticator.objects.filter(user=user)}
    codes = devices.get(Authenticator.Type.RECOVERY_CODES)
    days, changed = settings.PASSWORD_MAX_AGE_DAYS, user.password_changed_on
    posts = Post.objects.on(on).filter(staff=user.staff_id).select_related("place")
    return OwnAccount(
        username=user.username,
        posts=tuple(posts.order_by("pk")) if user.staff_id else (),
        password_changed_on=changed,
        password_due_on=changed + timedelta(days=days) if changed and days else None,
        has_second_factor=Authenticator.Type.TOTP in devices,
        recovery_codes_left=len(codes.wrap().get_unused_codes()) if codes else 0,
    )


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A member of staff with the posts of the day and the account, if there is one."""

    staff: Staff
    posts: tuple[Post, ...]
    user: User | None


def find_accounts(text: str, on: date, limit: int = 50) -> list[AccountRow]:
    """Staff by part of the name, pinyin initials or username, by name; without text, the newest
    members of staff who have no account yet."""
    text = text.strip()
    people = Staff.objects.select_related("user")
    if text:
        found = Q(name__contains=text) | Q(user__username__startswith=text.lower())
        if text.isascii():
            found |= Q(initials__startswith=text.lower())
        people = people.filter(found).order_by("initials", "name", "pk")
    else:
        people = people.filter(user__isnull=True).order_by("-pk")
    chosen = list(people[:limit])
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in (
        Post.objects.on(on).filter(staff__in=chosen).select_related("place__school_class__school")
    ):
        posts[post.staff_id].append(post)
    return [AccountRow(one, tuple(posts[one.pk]), getattr(one, "user", None)) for one in chosen]


def account(user_id: int) -> User | None:
    return User.objects.select_related("staff").filter(pk=user_id, staff__isnull=False).first()


def account_named(username: str) -> User | None:
    return User.objects.select_related("staff").filter(username=username).first()


def staff_without_account(staff_id: int) -> Staff | None:
    return Staff.objects.filter(pk=staff_id, user__isnull=True).first()


def approval_to_withdraw(actor: Actor | None, pk: int, on: date) -> Approval | None:
    """The approval, if the actor may withdraw it."""
    found = Approval.objects.select_related("staff").filter(pk=pk).first()
    return found if found is not None and may_withdraw(actor, found, on) else None


@dataclass(frozen=True, slots=True)
class Line:
    """One person's approval as it stands on a day. `until_on` is the first day without one;
    `state` is valid, soon (30 days or less), lapsed or none."""

    case: Case
    staff: Staff
    place: Place
    posts: tuple[Post, ...]
    state: str
    until_on: date | None
    running: Approval | None
    approvers: tuple[Post, ...] = ()

    @property
    def last_day(self) -> date | None:
        return self.until_on - timedelta(days=1) if self.until_on else None

    @property
    def may_read(self) -> bool:
        return self.running is not None

    @property
    def roles(self) -> list[str]:
        return list(dict.fromkeys(Role(post.role).label for post in self.posts))


def lines_to_approve(actor: Actor | None, on: date) -> list[Line]:
    """Everybody whom the actor may approve, with the approval as it stands: what needs a decision
    first, then by name."""
    order = {"lapsed": 0, "none": 0, "soon": 1, "valid": 2}
    lines = _lines(approvable(actor, on), on)
    return sorted(lines, key=lambda line: (order[line.state], line.place.code, line.staff.name))


def lines_found(lines: list[Line], words: str, number: str) -> Page[Line]:
    """The lines whose person (by name or initials) or place is looked for, fifty to a page."""
    return Paginator(lines_named(lines, words), LINES_PER_PAGE).get_page(number)


def lines_named(lines: list[Line], words: str) -> list[Line]:
    """The same, all of them."""
    low = words.lower()
    return [
        line
        for line in lines
        if words in line.staff.name
        or words in line.place.name
        or (low and line.staff.initials.startswith(low))
    ]


def own_lines(actor: Actor | None, on: date) -> list[Line]:
    """The approvals that the actor's own posts call for; where one is missing or ends soon, with
    those who could approve. Empty for roles that need none."""
    if actor is None or actor.staff_id is None:
        return []
    lines = _lines(cases_of(actor.staff_id, on), on)
    return [
        line if line.state == "valid" else _with_approvers(line, on)
        for line in sorted(lines, key=lambda line: line.case)
    ]


def _lines(cases: dict[Case, list[Post]], on: date) -> list[Line]:
    if not cases:
        return []
    given = _approvals_by_case(cases)
    places = {place.pk: place for place in _places({case.place_id for case in cases})}
    return [
        Line(
            case=case,
            staff=posts[0].staff,
            place=places[case.place_id],
            posts=tuple(posts),
            **_standing(given.get(case, []), on),
        )
        for case, posts in cases.items()
    ]


@prepared
def _places(ids: set[int]):
    return Place.objects.filter(pk__among=ids)


def _approvals_by_case(cases: Iterable[Case]) -> dict[Case, list[Approval]]:
    approvals = _approvals_of({case.staff_id for case in cases})
    found: dict[Case, list[Approval]] = defaultdict(list)
    for one in approvals:
        found[Case(one.staff_id, one.place_id, one.purpose)].append(one)
    return found


@prepared
def _approvals_of(staff: set[int]):
    held = Approval.objects.filter(staff__among=staff, withdrawn_at__isnull=True)
    return held.order_by("from_on", "pk")


def _standing(approvals: list[Approval], on: date) -> dict:
    """State, end and running approval of one case; a renewal that follows carries the end on."""
    end, running = on, None
    for one in approvals:
        if one.holds_on(on):
            running = one
        if one.from_on <= end < one.until_on:
            end = one.until_on
    if running is None:
        past = [one.until_on for one in approvals if one.until_on <= on]
        return {
            "state": "lapsed" if past else "none",
            "until_on": max(past, default=None),
            "running": None,
        }
    state = "soon" if end <= on + SOON else "valid"
    return {"state": state, "until_on": end, "running": running}


def _with_approvers(line: Line, on: date) -> Line:
    wanted = {str(post.role) for post in line.posts}
    roles = [role for role, given in APPROVES.items() if wanted & {str(g) for g in given}]
    above = Containment.objects.on(on).filter(place=line.case.place_id).values("ancestor")
    departments = Placement.objects.on(on).filter(
        parent__in=above, place__kind=Place.Kind.DEPARTMENT
    )
    posts = Post.objects.on(on).filter(role__in=roles).exclude(staff=line.case.staff_id)
    found = posts.filter(place__in=above) | posts.filter(place__in=departments.values("place"))
    # The nearest responsible person is the one to ask.
    nearest = sorted(
        found.select_related("staff", "place"), key=lambda post: roles.index(post.role)
    )
    return Line(
        line.case, line.staff, line.place, line.posts, line.state, line.until_on, line.running,
        tuple(post for post in nearest if post.role == nearest[0].role),
    )  # fmt: skip
