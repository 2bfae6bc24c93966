"""What a role may do within its scope, and what besides needs a standing approval that still runs."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Containment
from gongyu.ground.staff.models import Role

from .models import Approval
from .scopes import reaches, standing_on

CHILD_READ = "child.read"
CHILD_CHANGE = "child.change"
ROSTER_IMPORT = "roster.import"
VISIT_RECORD = "visit.record"
DECLINE_ACKNOWLEDGE = "decline.acknowledge"
FIGURE_READ = "figure.read"
FIGURE_ROWS = "figure.rows"  # the names of the children behind a figure
REGISTER_READ = "register.read"
REGISTER_KEEP = "register.keep"
POST_KEEP = "post.keep"
CLASS_KEEP = "class.keep"  # the classes and campuses of a school
HEAD_KEEP = "post.keep_heads"  # the heads of a district's schools, its children's directors
HANDLER_KEEP = "post.keep_handlers"  # who works on complaints
OFFICER_KEEP = "post.keep_officers"  # the districts' officers, and the auditors
DAYS_OFF_KEEP = "days_off.keep"
AUDIT_READ = "audit.read"
APPROVAL_GIVE = "approval.give"
ACCOUNT_KEEP = "account.keep"
SEARCH = "search"
REPORT_READ = "report.read"  # sealed reports of suspected harm: the named liaison alone
ACTIVITY_READ = "activity.read"
ACTIVITY_KEEP = "activity.keep"  # of a class alone: its parents' meetings
BOOKING_KEEP = "booking.keep"  # which families booked, and booking for them
NOTICE_SEND = "notice.send"  # to the families of a class or a school
NOTICE_CAMPAIGN = "notice.campaign"  # a department's, to the families of its schools
NOTICE_HAND = "notice.hand"  # slips of a class, or of the children of a village
BURDEN_READ = "burden.read"  # what notices cost people, by department and month
CODE_PRINT = "code.print"  # sign-in codes on paper for the carers of the own class
CODE_PRINT_VILLAGE = "code.print_village"  # the same for the children who live in the village
NUMBER_CHECK = "number.check"  # numbers of which somebody said "not me"
TICKET_HANDLE = "ticket.handle"  # complaints at the own desk, and at no other
TICKET_OVERSEE = "ticket.oversee"  # complaints at every desk in reach, extensions, trials
COMMITTEE_READ = "committee.read"
COMMITTEE_KEEP = "committee.keep"  # elections, slips for the families, the seats
COMMITTEE_INSPECT = "committee.inspect"
CITY_REGISTER_KEEP = "register.keep_city"  # what is entered for the whole city

_TEACHER = frozenset({CHILD_READ, VISIT_RECORD, SEARCH, ACTIVITY_READ})
_SCHOOL = frozenset(
    {CHILD_READ, VISIT_RECORD, FIGURE_READ, FIGURE_ROWS, REGISTER_READ, REGISTER_KEEP, SEARCH}
) | {ACTIVITY_READ, ACTIVITY_KEEP, BOOKING_KEEP, NOTICE_SEND, NOTICE_HAND}
_OFFICER = frozenset({FIGURE_READ, REGISTER_READ, APPROVAL_GIVE, SEARCH}) | {
    NOTICE_CAMPAIGN,
    BURDEN_READ,
    TICKET_OVERSEE,
    HANDLER_KEEP,
}
_COMMITTEE = frozenset({COMMITTEE_READ, COMMITTEE_KEEP})

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CLASS_TEACHER: _TEACHER
    | {FIGURE_READ, FIGURE_ROWS, ACTIVITY_KEEP, BOOKING_KEEP}
    | {NOTICE_SEND, NOTICE_HAND, CODE_PRINT, NUMBER_CHECK}
    | _COMMITTEE,
    Role.SUBJECT_TEACHER: _TEACHER,
    Role.MORAL_EDUCATION_HEAD: _SCHOOL | {CHILD_CHANGE} | _COMMITTEE,
    Role.SCHOOL_LEADER: _SCHOOL | {COMMITTEE_READ},
    Role.HEAD: _SCHOOL
    | _COMMITTEE
    | {CHILD_CHANGE, ROSTER_IMPORT, DECLINE_ACKNOWLEDGE, POST_KEEP, CLASS_KEEP, APPROVAL_GIVE}
    | {BURDEN_READ},
    Role.REGISTRAR: frozenset(
        {
            CHILD_READ,
            CHILD_CHANGE,
            ROSTER_IMPORT,
            POST_KEEP,
            CLASS_KEEP,
            FIGURE_READ,
            REGISTER_READ,
            SEARCH,
            NUMBER_CHECK,
        }
    ),
    Role.DISTRICT_OFFICER: _OFFICER | {HEAD_KEEP, DAYS_OFF_KEEP, COMMITTEE_READ, COMMITTEE_INSPECT},
    Role.CITY_OFFICER: _OFFICER | {DAYS_OFF_KEEP, CITY_REGISTER_KEEP, OFFICER_KEEP},
    Role.AUDITOR: frozenset({AUDIT_READ, FIGURE_READ, REGISTER_READ}),
    Role.ADMINISTRATOR: frozenset({ACCOUNT_KEEP}),
    Role.REPORT_LIAISON: frozenset({REPORT_READ}),
    Role.CHILDREN_DIRECTOR: frozenset({CODE_PRINT_VILLAGE, NOTICE_HAND}),
    Role.COMPLAINT_HANDLER: frozenset({TICKET_HANDLE}),
}

# What touches single children, or opens others the way to them, stands on an approval by a
# responsible person (未成年人网络保护条例 art. 36).
NEEDS_APPROVAL = frozenset(
    {
        CHILD_READ,
        CHILD_CHANGE,
        ROSTER_IMPORT,
        VISIT_RECORD,
        DECLINE_ACKNOWLEDGE,
        FIGURE_ROWS,
        AUDIT_READ,
        APPROVAL_GIVE,
        CLASS_KEEP,
        HEAD_KEEP,
        HANDLER_KEEP,
        REPORT_READ,
        BOOKING_KEEP,
        NOTICE_SEND,
        NOTICE_HAND,
        CODE_PRINT,
        CODE_PRINT_VILLAGE,
        NUMBER_CHECK,
        TICKET_HANDLE,
        TICKET_OVERSEE,
        COMMITTEE_KEEP,
    }
)
# Nobody stands above the city's officers here, and they read no child's data.
NEEDS_NO_APPROVAL = frozenset({Role.CITY_OFFICER, Role.ADMINISTRATOR})

_DAILY_WORK = (
    Role.CLASS_TEACHER,
    Role.SUBJECT_TEACHER,
    Role.MORAL_EDUCATION_HEAD,
    Role.SCHOOL_LEADER,
    Role.HEAD,
    Role.REGISTRAR,
)
PURPOSE_OF: dict[str, str] = {
    **dict.fromkeys(_DAILY_WORK, Approval.Purpose.DAILY_WORK),
    Role.DISTRICT_OFFICER: Approval.Purpose.SUPERVISION,
    Role.AUDITOR: Approval.Purpose.AUDIT,
    Role.REPORT_LIAISON: Approval.Purpose.PROTECTION,
    Role.CHILDREN_DIRECTOR: Approval.Purpose.DAILY_WORK,
    Role.COMPLAINT_HANDLER: Approval.Purpose.COMPLAINTS,
}


def roles_with(permission: str) -> frozenset[str]:
    """The roles that carry the permission."""
    return frozenset(str(role) for role, held in PERMISSIONS.items() if permission in held)


def holds(actor: Actor | None, permission: str) -> bool:
    """Does a role of today carry the permission at all? For menus; a place needs `may`."""
    return actor is not None and actor.has_role(*roles_with(permission))


def may(actor: Actor | None, permission: str, place_id: int | None, on: date) -> bool:
    """May the actor do this in this place on this day? True exactly for `places_with`."""
    if not holds(actor, permission) or place_id is None:
        return False
    free, by_purpose = _roles_by_approval(actor, permission)
    if free and reaches(actor, place_id, *free, on=on):
        return True
    return any(
        reaches(actor, place_id, *roles, on=on) and approved(actor, purpose, place_id, on)
        for purpose, roles in by_purpose.items()
    )


def places_with(
    actor: Actor | None, permission: str, *, kind: str | None = None, on: date
) -> QuerySet[Containment]:
    """The ids of the places where the actor may, as a subquery for `place__in=`."""
    rows = Containment.objects.on(on)
    if not holds(actor, permission):
        return rows.none().values("place_id")
    if kind is not None:
        rows = rows.filter(place_kind=kind)
    free, by_purpose = _roles_by_approval(actor, permission)
    whole, partly = set(actor.scopes(*free)), Q()
    for purpose, roles in by_purpose.items():
        covered, others = _by_cover(actor, purpose, actor.scopes(*roles), on)
        whole |= covered
        if others:
            partly |= Q(_covered(actor, purpose, on), ancestor__in=others)
    wanted = Q(ancestor__in=whole) | partly if whole else partly
    return (rows.filter(wanted) if wanted else rows.none()).values("place_id")


def _by_cover(
    actor: Actor, purpose: str, scopes: frozenset[int], on: date
) -> tuple[frozenset[int], frozenset[int]]:
    """The scopes that an approval covers as a whole, and those that one may cover in part."""
    standing = standing_on(actor, on)
    if standing is None:
        return frozenset(), scopes
    approved = standing.approved.get(purpose, frozenset())
    if not approved:
        return frozenset(), frozenset()
    # What stands below a scope on the day stands below all that the scope stands below.
    covered = frozenset(s for s in scopes if not approved.isdisjoint(standing.above(s)))
    return covered, scopes - covered


def approvals_in_force(staff_id: int | None, on: date) -> QuerySet[Approval]:
    """The standing approvals of a member of staff that run on the day and were not withdrawn."""
    return Approval.objects.on(on).filter(staff=staff_id, withdrawn_at__isnull=True)


def approved(actor: Actor, purpose: str, place_id: int, on: date) -> bool:
    """Has the actor an approval for this purpose that covers the place on the day?"""
    if (standing := standing_on(actor, on)) is not None:
        return not standing.approved.get(purpose, frozenset()).isdisjoint(standing.above(place_id))
    above = Containment.objects.on(on).filter(place=place_id).values("ancestor_id")
    return approvals_in_force(actor.staff_id, on).filter(place__in=above, purpose=purpose).exists()


def _covered(actor: Actor, purpose: str, on: date) -> Exists:
    covering = Containment.objects.on(on).filter(
        place=OuterRef("place"),
        ancestor__in=approvals_in_force(actor.staff_id, on)
        .filter(purpose=purpose)
        .values("place_id"),
    )
    return Exists(covering)


def _roles_by_approval(
    actor: Actor, permission: str
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """The actor's roles with the permission: those that need no approval, the others by purpose."""
    held = {post.role for post in actor.posts} & roles_with(permission)
    if permission not in NEEDS_APPROVAL:
        return tuple(held), {}
    by_purpose: dict[str, tuple[str, ...]] = {}
    for role in sorted(held - NEEDS_NO_APPROVAL):
        purpose = PURPOSE_OF[role]
        by_purpose[purpose] = (*by_purpose.get(purpose, ()), role)
    return tuple(held & NEEDS_NO_APPROVAL), by_purpose
