"""The village's children's director, and three carers who come in as families: a guardian of several
children, a grandparent who is no guardian, a father who is barred. All of them made up."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta

from django.utils.timezone import make_aware

from gongyu.ground.access.models import Approval
from gongyu.ground.access.permissions import PURPOSE_OF
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit import actions as audit
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.families import actions as families
from gongyu.ground.families import demo_sign_ins as demo
from gongyu.ground.families.models import NumberDoubt
from gongyu.ground.families.queries import family_of
from gongyu.ground.families.shapes import FamilyChild
from gongyu.ground.people.actions_carers import change_phone
from gongyu.ground.people.models import Bar, Care, Carer
from gongyu.ground.staff.actions import add_staff, open_post
from gongyu.ground.staff.models import Post, Role, Staff
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m01_home_school_contact.actions import propose_times
from gongyu.records.m01_home_school_contact.shapes import ProposalEntry
from gongyu.records.m07_family_participation.actions import answer_correction, propose_correction
from gongyu.shared_work.activities import actions as hosting
from gongyu.shared_work.activities.shapes import Plan, SlotPlan
from gongyu.shared_work.consents.actions import say

from .families import Seat
from .fill import DemoCity

SCHOOL, CLASS = "星桥小学", 8


def appoint_director(city: DemoCity) -> Post:
    """Of the village in which most children of the demo teacher's class live."""
    seats = city.seats[city.school_called(SCHOOL).classes[CLASS].pk]
    homes = [seat.family.home for seat in seats]
    village = max(homes, key=lambda home: (homes.count(home), -home.pk))
    person = add_staff("蒲秀兰", phone="19800990001", by=SYSTEM)
    first = city.year_from - timedelta(days=200)
    post = open_post(person.pk, village.pk, Role.CHILDREN_DIRECTOR, first, by=SYSTEM)
    officer = next(
        held
        for (role, department), held in city.staffing.officers.items()
        if role == Role.DISTRICT_OFFICER
        and city.scopes[department] == city.school_called(SCHOOL).district.pk
    )
    approval = Approval.objects.create(
        staff=person, place=village, purpose=PURPOSE_OF[post.role], approved_by=officer.staff,
        approved_at=make_aware(datetime.combine(first, time(9))), from_on=first,
        until_on=city.year_until,
    )  # fmt: skip
    audit.record("approval.give", by=SYSTEM, subject=("approval", approval.pk), place_id=village.pk)
    city.staffing.officers[Role.CHILDREN_DIRECTOR, village.pk] = post
    return post


def tell_families(city: DemoCity) -> None:
    """Gives three carers the numbers that the sign-in page offers, and lets them do a few things."""
    own = city.school_called(SCHOOL).classes[CLASS].pk
    mother, grandmother, father = (
        guardian_of_several(city, own),
        _grandparent(city, own),
        _barred(city),
    )
    _number(mother, demo.GUARDIAN)
    _number(grandmother, demo.GRANDMOTHER)
    _number(father, demo.BARRED_FATHER)
    moment = make_aware(datetime.combine(city.today - timedelta(days=1), time(19, 40)))
    _coming_days(city, mother)
    _guardian_s_evening(city, mother, moment)
    _slip_for(city, grandmother, moment)
    # A number that belongs to somebody else by now.
    doubted = _another_carer(city.seats[own], {mother.pk, grandmother.pk, father.pk})
    NumberDoubt.objects.create(
        carer=doubted, phone_digest=doubted.phone_digest, said="number", said_at=moment
    )
    audit.record("number.set_aside", by=SYSTEM, subject=("carer", doubted.pk))


def guardian_of_several(city: DemoCity, own: int) -> Carer:
    """The guardian of the most children in the most schools; one of the own class where that is even."""
    children: dict[int, list[Seat]] = defaultdict(list)
    carers: dict[int, Carer] = {}
    for seats in city.seats.values():
        for seat in seats:
            for carer, _relation, guardian, _daily in seat.family.cares:
                if guardian:
                    children[carer.pk].append(seat)
                    carers[carer.pk] = carer
    barred = set(Bar.objects.values_list("carer", flat=True))

    def weight(pk: int) -> tuple:
        seats = children[pk]
        schools = {seat.enrolment.school_id for seat in seats}
        in_class = any(seat.enrolment.school_class_id == own for seat in seats)
        return (len(schools) > 1, len(seats), in_class, -pk)

    return carers[max((pk for pk in carers if pk not in barred), key=weight)]


def _grandparent(city: DemoCity, own: int) -> Carer:
    """Somebody old who looks after a child of the demo teacher's class, and is no guardian."""
    near = [*city.seats[own], *(seat for seats in city.seats.values() for seat in seats)]
    return next(
        carer
        for seat in near
        for carer, _relation, guardian, daily in seat.family.cares
        if daily and not guardian
    )


def _barred(city: DemoCity) -> Carer:
    """A barred carer who sees no other child either."""
    bars = list(Bar.objects.select_related("carer").order_by("pk"))
    free = [bar.carer for bar in bars if family_of(bar.carer_id, city.today) is None]
    return (free or [bars[0].carer])[0]


def _another_carer(seats: list[Seat], taken: set[int]) -> Carer:
    every = [carer for seat in seats for carer, *_rest in seat.family.cares]
    return next(carer for carer in reversed(every) if carer.pk not in taken)


def _number(carer: Carer, number: str) -> None:
    child = Care.objects.filter(carer=carer).select_related("child").first().child
    change_phone(carer, child, number, "", by=SYSTEM)


def _coming_days(city: DemoCity, carer: Carer) -> None:
    """The class teacher of the first child proposes times; the school of the last one invites."""
    children = family_of(carer.pk, city.today).guarded
    first, last = children[0], children[-1]
    teacher = post_in(city, first.class_id, Role.CLASS_TEACHER)
    # A family to which somebody wrote already is not written to twice.
    if teacher is not None and not visits.proposals_of_family([first.child_id], city.today):
        evenings = tuple(_at(city, days, 18) for days in (3, 5))
        until = city.today + timedelta(days=2)
        propose_times(
            ProposalEntry(((first.child_id,),), evenings, until, "想来家里坐坐，聊聊孩子。"),
            teacher.place, on=city.today, by=as_colleague(teacher.staff),
        )  # fmt: skip
    # In the last days of a school year the classes of the next one do not stand yet.
    if city.today + timedelta(days=6) < city.year_until:
        _slots_at_school(city, last)


def _slots_at_school(city: DemoCity, ward: FamilyChild) -> None:
    head = post_in(city, ward.school_id, Role.HEAD)
    by, noon = as_colleague(head.staff), _at(city, 0, 12)
    plan = Plan(
        kind="parents_meeting", organiser_id=ward.school_id, title="期末前的家长会", where="教室",
        starts_at=_at(city, 6, 15), ends_at=_at(city, 6, 17), scope="classes",
        class_ids=(ward.class_id,), entry="slots", responsible_id=head.staff_id,
        book_until=city.today + timedelta(days=4),
    )  # fmt: skip
    made = hosting.plan_activity(plan, key="demo-family", on=city.today, by=by)
    slots = SlotPlan(plan.starts_at, plan.ends_at, 20, 5, 3)
    # The story's noon, not the clock's: the city may be one of a day that is past.
    hosting.make_slots(made, slots, by=by, at=noon)
    hosting.invite(made, on=city.today, by=by, at=noon)


def post_in(city: DemoCity, place_id: int, role: str) -> Post | None:
    rows = Post.objects.on(city.today).filter(place=place_id, role=role)
    return rows.select_related("staff", "place").first()


def _at(city: DemoCity, days: int, hour: int) -> datetime:
    return make_aware(datetime.combine(city.today + timedelta(days=days), time(hour)))


def _guardian_s_evening(city: DemoCity, carer: Carer, moment: datetime) -> None:
    """Two corrections, one of them answered; two words of consent."""
    family = family_of(carer.pk, city.today)
    first = family.guarded[0]
    by = family.actor
    open_one = ("home", "搬到了同一个小区的另一栋，门牌要改。")
    propose_correction(first, *open_one, key="demo-1", at=moment, by=by)
    earlier = moment - timedelta(days=9)
    answered = propose_correction(
        first, "enrolment", "入学日期晚登了一天。", key="demo-2", at=earlier, by=by
    )
    registrar = (
        Post.objects.on(city.today).filter(place=first.school_id, role=Role.REGISTRAR).first()
    )
    answer_correction(
        answered, "refuse", "与入学通知书上的日期一致，不用改。有疑问请带通知书来看。",
        at=earlier + timedelta(days=2), by=as_colleague(registrar.staff),
    )  # fmt: skip
    kept = (
        Care.objects.select_related("child")
        .get(carer=carer, child=first.child_id, until_on=None)
        .child
    )
    if (age := first.age_on(city.today)) is not None and age < 14:
        say(kept, "photos", "yes", at=moment, by=by)
        say(kept, "publicity", "no", at=moment, by=by)


def _slip_for(city: DemoCity, carer: Carer, moment: datetime) -> None:
    """A printed code that was handed to the grandparent and used."""
    care = Care.objects.on(city.today).filter(carer=carer).select_related("child").first()
    stay = care.child.enrolments.filter(until_on=None).select_related("school_class").first()
    teacher = (
        Post.objects.on(city.today)
        .filter(place=stay.school_class_id, role=Role.CLASS_TEACHER)
        .first()
    )
    [code] = families.print_codes(
        stay.school_class,
        [(care.child_id, carer.pk)],
        on=city.today,
        at=moment,
        by=as_colleague(teacher.staff),
    )
    families.note_handed(code, at=moment, by=as_colleague(teacher.staff))


def as_colleague(person: Staff) -> Actor:
    """Whoever has an account with its posts; others by name alone."""
    user = getattr(person, "user", None)
    return actor_for(user) if user else Actor(user_id=None, name=person.name, staff_id=person.pk)
