"""Who may record and read visits, and what a visit, a proposal or a decline must satisfy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import (
    CHILD_READ,
    DECLINE_ACKNOWLEDGE,
    VISIT_RECORD,
    holds,
    may,
    places_with,
)
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Role

from .models import Decline, FollowUp, Proposal, Visit, VisitChild
from .shapes import ProposalEntry
from .states import DECLINE, FOLLOW_UP, PROPOSAL, leads_to

# Who reads what a family said although somebody else visited: nobody but these.
READERS_OF_A_SCHOOL = (Role.HEAD, Role.MORAL_EDUCATION_HEAD)
# New pupils may be visited in the summer before the first day of school.
ADMISSION_VISIT_DAYS = 62
ATTEMPTS_BEFORE_A_DECLINE = 2
MOST_TIMES = 5
# Beyond this a day is a slip of the pen.
FARTHEST_AHEAD = timedelta(days=366)


class VisitFault(ValueError):
    """What cannot be recorded; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def in_roles(actor: Actor | None, *roles: str) -> Actor | None:
    """The same person with the posts of these roles alone."""
    if actor is None:
        return None
    return replace(actor, posts=tuple(p for p in actor.posts if p.role in roles))


def enrolment_for_visit(child: Child, day: date) -> Enrolment | None:
    """The enrolment that a visit on this day belongs to: the one in force, or for a new pupil the
    one that starts within the summer after it."""
    rows = _enrolments_about(child.pk, day, day + timedelta(days=ADMISSION_VISIT_DAYS))
    if not rows:
        return None
    first = rows[0]
    if first.from_on <= day or (day.month in {7, 8} and first.from_on.month in {7, 8, 9}):
        return first
    return None


@prepared
def _enrolments_about(child_id: int, day: date, latest: date):
    return (
        Enrolment.objects.filter(child=child_id, from_on__lte=latest)
        .filter(Q(until_on__isnull=True) | Q(until_on__gt=day))
        .select_related("school_class", "school")
        .order_by("from_on")
    )


def may_visit_at_all(actor: Actor | None) -> bool:
    return holds(actor, VISIT_RECORD)


def may_decide_at_all(actor: Actor | None) -> bool:
    return holds(actor, DECLINE_ACKNOWLEDGE)


def may_work_with_class(actor: Actor | None, class_id: int, on: date) -> bool:
    """May the actor see the class's list for visits, propose times and record?"""
    return may(actor, VISIT_RECORD, class_id, on)


def may_record_visit(actor: Actor | None, child: Child, on: date) -> bool:
    enrolment = enrolment_for_visit(child, on)
    return enrolment is not None and may(actor, VISIT_RECORD, enrolment.school_class_id, on)


def children_to_record(actor: Actor | None, on: date) -> QuerySet[Child]:
    """Exactly the children for whom `may_record_visit` is true."""
    classes = places_with(actor, VISIT_RECORD, kind=Place.Kind.CLASS, on=on)
    now = Enrolment.objects.on(on).filter(child=OuterRef("pk"))
    wanted = Q(Exists(now.filter(school_class__in=classes)))
    if on.month in {7, 8}:
        soon = Enrolment.objects.filter(
            child=OuterRef("pk"),
            from_on__gt=on,
            from_on__lte=on + timedelta(days=ADMISSION_VISIT_DAYS),
            from_on__month__in=[7, 8, 9],
            school_class__in=classes,
        )
        wanted |= ~Exists(now) & Exists(soon)
    return Child.objects.filter(wanted)


def sees_needs(actor: Actor | None, class_id: int, on: date) -> bool:
    """Why a family comes first, and what it prefers, is for those who plan the visits."""
    planners = in_roles(actor, Role.CLASS_TEACHER, *READERS_OF_A_SCHOOL)
    return may(planners, VISIT_RECORD, class_id, on)


def readable_rows(actor: Actor | None, on: date) -> QuerySet[VisitChild]:
    """The children's rows of visits that the actor may read, notes included: a class teacher those
    of pupils of today made in the same school, a head and a head of moral education those of the
    school, a visitor the own ones of pupils of today."""
    if not holds(actor, CHILD_READ):
        return VisitChild.objects.none()
    schools = places_with(
        in_roles(actor, *READERS_OF_A_SCHOOL), CHILD_READ, kind=Place.Kind.SCHOOL, on=on
    )
    classes = places_with(
        in_roles(actor, Role.CLASS_TEACHER), CHILD_READ, kind=Place.Kind.CLASS, on=on
    )
    visiting = in_roles(actor, *VISITING_ROLES)
    visited = places_with(visiting, CHILD_READ, kind=Place.Kind.CLASS, on=on)
    schools_visited = SchoolClass.objects.filter(place__in=visited).values("school_id")
    here = Enrolment.objects.on(on).filter(child=OuterRef("child"), school=OuterRef("school"))
    own = Q(visit__visitor=actor.staff_id) | Q(post__staff=actor.staff_id)
    return VisitChild.objects.filter(
        Q(school__in=schools)
        | Q(Exists(here.filter(school_class__in=classes)))
        | (own & Q(Exists(here.filter(school__in=schools_visited))))
    )


VISITING_ROLES = (
    Role.CLASS_TEACHER,
    Role.SUBJECT_TEACHER,
    Role.SCHOOL_LEADER,
    *READERS_OF_A_SCHOOL,
)


def visits_visible_to(actor: Actor | None, on: date) -> QuerySet[Visit]:
    rows = readable_rows(actor, on).filter(visit=OuterRef("pk"))
    return Visit.objects.filter(Exists(rows))


def may_read_visit(actor: Actor | None, visit: Visit, on: date) -> bool:
    return readable_rows(actor, on).filter(visit=visit).exists()


def may_correct_visit(actor: Actor | None, visit: Visit, on: date) -> bool:
    """Whoever was there, and those who answer for the school."""
    readable = readable_rows(actor, on).filter(visit=visit).count()
    # Whoever corrects reads and writes what was noted of each child, brothers and sisters too.
    if visit.status != "standing" or not readable or readable < visit.children.count():
        return False
    if actor.staff_id in {visit.visitor_id, *visit.children.values_list("post__staff", flat=True)}:
        return True
    readers = in_roles(actor, *READERS_OF_A_SCHOOL)
    return any(may(readers, VISIT_RECORD, row.school_id, on) for row in visit.children.all())


def proposals_visible_to(actor: Actor | None, on: date) -> QuerySet[Proposal]:
    """The proposals of the classes whose visits the actor plans, and the own ones."""
    planned = places_with(
        in_roles(actor, Role.CLASS_TEACHER, *READERS_OF_A_SCHOOL),
        VISIT_RECORD,
        kind=Place.Kind.CLASS,
        on=on,
    )
    worked = places_with(actor, VISIT_RECORD, kind=Place.Kind.CLASS, on=on)
    own = Q(proposer=actor.staff_id if actor else None, class_place__in=worked)
    return Proposal.objects.filter(Q(class_place__in=planned) | own)


def may_read_proposal(actor: Actor | None, proposal: Proposal, on: date) -> bool:
    if sees_needs(actor, proposal.class_place_id, on):
        return True
    own = (
        actor is not None and actor.staff_id is not None and actor.staff_id == proposal.proposer_id
    )
    return own and may_work_with_class(actor, proposal.class_place_id, on)


def declines_visible_to(actor: Actor | None, on: date) -> QuerySet[Decline]:
    """The declines that the actor decides on."""
    schools = places_with(actor, DECLINE_ACKNOWLEDGE, kind=Place.Kind.SCHOOL, on=on)
    return Decline.objects.filter(school__in=schools)


def may_decide_decline(actor: Actor | None, decline: Decline, on: date) -> bool:
    return may(actor, DECLINE_ACKNOWLEDGE, decline.school_id, on)


def may_withdraw_decline(actor: Actor | None, decline: Decline, on: date) -> bool:
    """The head, and the class teacher to whom the family says that it changed its mind."""
    teacher = in_roles(actor, Role.CLASS_TEACHER)
    enrolment = enrolment_for_visit(decline.child, on)
    return may_decide_decline(actor, decline, on) or (
        enrolment is not None and may(teacher, VISIT_RECORD, enrolment.school_class_id, on)
    )


def follow_ups_visible_to(actor: Actor | None, on: date) -> QuerySet[FollowUp]:
    """The own ones of pupils of today in the schools where the actor works, and for the readers of
    a school all of the school's."""
    if not holds(actor, VISIT_RECORD):
        return FollowUp.objects.none()
    schools = places_with(
        in_roles(actor, *READERS_OF_A_SCHOOL), VISIT_RECORD, kind=Place.Kind.SCHOOL, on=on
    )
    classes = places_with(actor, VISIT_RECORD, kind=Place.Kind.CLASS, on=on)
    here = Enrolment.objects.on(on).filter(
        child=OuterRef("child"),
        school=OuterRef("school"),
        school__in=SchoolClass.objects.filter(place__in=classes).values("school_id"),
    )
    return FollowUp.objects.filter(
        Q(school__in=schools) | (Q(owner=actor.staff_id) & Q(Exists(here)))
    )


def may_change_follow_up(actor: Actor | None, follow_up: FollowUp, on: date) -> bool:
    return follow_ups_visible_to(actor, on).filter(pk=follow_up.pk).exists()


def check_day_of_visit(visited_on: date, on: date) -> None:
    if visited_on > on:
        raise VisitFault(_("家访日期不能晚于今天。还没去的，请用“提时间”预约。"), "visited_on")


def check_proposal(entry: ProposalEntry, on: date) -> None:
    """One to five times, all to come, and a day of answer that leaves the family time."""
    if not entry.families:
        raise VisitFault(_("请先选择至少一个孩子。"), "children")
    if not 1 <= len(entry.times) <= MOST_TIMES or len(set(entry.times)) != len(entry.times):
        raise VisitFault(_("请提一到五个不同的时间。"), "times")
    if localtime(max(entry.times)).date() > on + FARTHEST_AHEAD:
        raise VisitFault(_("提的时间要在一年之内，请核对年份。"), "times")
    if localtime(min(entry.times)).date() < on:
        raise VisitFault(_("提的时间里有的已经过去了。"), "times")
    if entry.answer_by < on:
        raise VisitFault(_("回复日期不能早于今天。"), "answer_by")
    if entry.answer_by > localtime(max(entry.times)).date():
        raise VisitFault(_("回复日期要在最后一个时间之前。"), "answer_by")


def check_step(table: dict, status: str, step: str, words: str) -> str:
    """The status after the step. Raises VisitFault with `words` where the table has no such step."""
    following = leads_to(table, status, step)
    if following is None:
        raise VisitFault(words)
    return following


def check_can_answer(proposal: Proposal, step: str, on: date) -> str:
    if proposal.status == "proposed" and proposal.answer_by < on:
        raise VisitFault(_("回复的日期已过，请重新约时间。"))
    return check_step(PROPOSAL, proposal.status, step, _("这次预约已经有了结果。"))


def check_can_withdraw_proposal(proposal: Proposal) -> str:
    return check_step(PROPOSAL, proposal.status, "withdraw", _("这次预约已经结束，不用撤回。"))


def check_can_decide(decline: Decline, step: str) -> str:
    return check_step(DECLINE, decline.status, step, _("这一条已经处理过了。"))


def check_can_close_follow_up(follow_up: FollowUp, step: str) -> str:
    return check_step(FOLLOW_UP, follow_up.status, step, _("这件事已经办结或转交了。"))


def check_visit_stands(visit: Visit) -> None:
    if visit.status != "standing":
        raise VisitFault(_("这条记录已经更正或撤销，请在最新的一条上修改。"))
