"""The named people of the tests: two districts, a few schools, and everybody who matters there.

The cast's day is CAST_DAY; views read it when a test travels there (`at_the_cast_day`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client

from gongyu.ground.access.models import Approval, User
from gongyu.ground.access.permissions import PURPOSE_OF
from gongyu.ground.access.queries import actor_for
from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.calendar.clock import now
from gongyu.ground.people.actions import add_care, bar_carer, enrol, move_class
from gongyu.ground.people.models import Carer, Child, Enrolment, Relation
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.places import closure
from gongyu.ground.places.actions import NewClass, NewSchool, open_classes, open_schools
from gongyu.ground.places.models import Place, Placement
from gongyu.ground.places.naming import initials
from gongyu.ground.secrets.fields import digest
from gongyu.ground.staff.actions import NewPost, NewStaff, add_staff_many, open_posts
from gongyu.ground.staff.models import Post, Role, Staff

CAST_DAY = date(2026, 11, 4)  # a Wednesday in the first semester of 2026-2027
CAST_MOMENT = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)  # ten in the morning in Chongqing
YESTERDAY = CAST_DAY - timedelta(days=1)
SCHOOL_YEAR = 2026
YEAR_FROM = date(2026, 9, 1)
YEAR_UNTIL = date(2027, 9, 1)
LONG_AGO = date(2015, 9, 1)
PASSWORD = "Correct-horse-7-battery"

Kind = Place.Kind


@dataclass
class Person:
    """A member of staff with an account."""

    staff: Staff
    user: User
    post: Post | None = None

    @cached_property
    def actor(self) -> Actor:
        """The person on the cast's day."""
        return actor_for(self.user, CAST_DAY)


@dataclass
class Cast:
    """Everybody and everywhere, by what they are in the stories of the tests."""

    city: Place
    district: Place
    town: Place
    community: Place
    other_district: Place
    other_town: Place
    other_community: Place
    city_department: Place
    district_department: Place
    other_district_department: Place

    # The school of most tests, a secondary school of the same town, one in the other district.
    school: Place
    this_class: Place
    parallel_class: Place
    secondary_school: Place
    secondary_class: Place
    school_elsewhere: Place
    class_elsewhere: Place

    class_teacher: Person
    subject_teacher: Person
    moral_education_head: Person
    school_leader: Person
    head: Person
    registrar: Person
    district_officer: Person
    city_officer: Person
    auditor: Person
    administrator: Person
    # Held the parallel class until this very day; the successor began on it.
    teacher_who_left_yesterday: Person
    class_teacher_of_parallel_class: Person
    # Teaches this class, but the approval ran out yesterday.
    teacher_without_approval: Person
    class_teacher_of_secondary_class: Person
    head_of_secondary_school: Person
    class_teacher_elsewhere: Person
    head_elsewhere: Person
    neighbouring_officer: Person
    # Reads the school's sealed reports; and one who does so in the other district.
    report_liaison: Person
    report_liaison_elsewhere: Person
    # Reaches the families of the pupil's community; and one of the other district.
    children_director: Person
    children_director_elsewhere: Person
    # Work on complaints: the district's, the other district's, the city's.
    complaint_handler: Person
    complaint_handler_elsewhere: Person
    city_complaint_handler: Person

    # Lives with the grandmother; the father is barred; the sister is at the secondary school.
    pupil: Child
    sister: Child
    classmate: Child
    pupil_of_parallel_class: Child
    child_elsewhere: Child
    # Was in this class until yesterday, and is in the other district's school since today.
    child_who_moved_away: Child
    grandmother: Carer
    mother: Carer
    barred_father: Carer
    classmates_mother: Carer

    def people(self) -> dict[str, Person]:
        """Every member of staff by the name of the attribute."""
        named = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: it for name, it in named.items() if isinstance(it, Person)}


def sign_in(client: Client, person: Person) -> Client:
    """Sign the person in as if password and second factor had both been given."""
    client.force_login(person.user)
    session = client.session
    session["account_authentication_methods_user"] = str(person.user.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": CAST_MOMENT.timestamp()},
        {"method": "mfa", "at": CAST_MOMENT.timestamp(), "type": "totp"},
    ]
    session.save()
    return client


def come_in(
    client: Client, carer: Carer, *, by_number: bool = True, own_phone: bool = False
) -> Client:
    """Let a carer in as if the code had been typed; needs the cast's day, as sessions end."""
    session = client.session
    session["family"] = {
        "carer": carer.pk,
        "number": carer.phone_digest if by_number else "",
        "own": own_phone,
        "seen": int(now().timestamp() // 60),
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def check_view_matches_list(cast: Cast, *, everything, may_view, visible_to) -> None:
    """Hold `may_view(actor, x) == (x in visible_to(actor))` for all things and the whole cast.

    `everything` is a queryset of all things, of which there must be some; `visible_to` answers
    with a queryset. Nobody signed in (None) is asked too.
    """
    things = list(everything)
    assert things, "With nothing to look at this holds for every rule."
    for name, actor in [("nobody", None), *((n, p.actor) for n, p in cast.people().items())]:
        seen = {thing.pk for thing in things if may_view(actor, thing)}
        listed = set(visible_to(actor).values_list("pk", flat=True))
        assert seen == listed, f"{name}: seen but not listed, or listed but not seen"


def build_cast() -> Cast:
    """Build everybody in an empty database."""
    found: dict[str, object] = {}
    _units(found)
    closure.rebuild()
    _schools(found)
    _staff(found)
    _approvals(found)
    _children(found)
    return Cast(**found)


def _place(kind: str, code: str, name: str, parent: Place | None = None, **more) -> Place:
    days = {"from_on": more.pop("from_on", LONG_AGO), "until_on": more.pop("until_on", None)}
    place = Place.objects.create(kind=kind, code=code, name=name, **days, **more)
    if parent is not None:
        Placement.objects.create(place=place, parent=parent, **days)
    return place


def _units(found: dict) -> None:
    city = found["city"] = _place(Kind.CITY, "500000", "重庆市")
    district = found["district"] = _place(Kind.DISTRICT, "500103", "渝中区", city)
    other = found["other_district"] = _place(Kind.DISTRICT, "500101", "万州区", city)
    found["town"] = _place(Kind.TOWN, "500103001", "七星岗街道", district)
    found["other_town"] = _place(Kind.TOWN, "500101001", "高笋塘街道", other)
    found["community"] = _place(
        Kind.COMMUNITY, "500103001001", "兴隆街社区", found["town"], urban_kind="居"
    )
    found["other_community"] = _place(
        Kind.COMMUNITY, "500101001001", "白岩路社区", found["other_town"], urban_kind="居"
    )
    department = Kind.DEPARTMENT
    found["city_department"] = _place(department, "500000-edu", "重庆市教育委员会", city)
    found["district_department"] = _place(department, "500103-edu", "渝中区教育委员会", district)
    found["other_district_department"] = _place(department, "500101-edu", "万州区教育委员会", other)


def _schools(found: dict) -> None:
    rows = (
        ("school", "2150000001", "石板坡小学", "primary", "town"),
        ("secondary_school", "3150000002", "七星岗中学", "junior", "town"),
        ("school_elsewhere", "2150000003", "白岩小学", "primary", "other_town"),
    )
    schools = open_schools(
        [NewSchool(code, name, kind, found[t].pk, LONG_AGO) for _, code, name, kind, t in rows],
        by=SYSTEM,
    )
    found.update((row[0], school.place) for row, school in zip(rows, schools, strict=True))
    rows = (
        ("this_class", "school", "primary", 3, 1),
        ("parallel_class", "school", "primary", 3, 2),
        ("secondary_class", "secondary_school", "junior", 8, 1),
        ("class_elsewhere", "school_elsewhere", "primary", 3, 1),
    )
    classes = open_classes(
        [
            NewClass(found[where].pk, SCHOOL_YEAR, *what, YEAR_FROM, YEAR_UNTIL)
            for _, where, *what in rows
        ],
        by=SYSTEM,
    )
    found.update((row[0], one.place) for row, one in zip(rows, classes, strict=True))


def _staff(found: dict) -> None:
    staff = add_staff_many([NewStaff(row[0]) for row in _POSTS.values()], by=SYSTEM)
    posts = open_posts(
        [
            NewPost(one.pk, found[where].pk, role, *(days or [YEAR_FROM]))
            for one, (_, role, where, *days) in zip(staff, _POSTS.values(), strict=True)
        ],
        by=SYSTEM,
    )
    # One hash for all: hashing a password for each would be most of a test's time.
    hashed = make_password(PASSWORD)
    changed = CAST_DAY - timedelta(days=30)
    users = User.objects.bulk_create(
        User(
            username=name.replace("_", "-"),
            password=hashed,
            staff=one,
            password_changed_on=changed,
        )
        for name, one in zip(_POSTS, staff, strict=True)
    )
    for name, *parts in zip(_POSTS, staff, users, posts, strict=True):
        found[name] = Person(*parts)


def _approvals(found: dict) -> None:
    rows = []
    for name, approver, where in _APPROVALS:
        person, by = found[name], found[approver]
        until = CAST_DAY if name == "teacher_without_approval" else YEAR_UNTIL
        rows.append(
            Approval(
                staff=person.staff,
                place=found[where],
                purpose=PURPOSE_OF[person.post.role],
                approved_by=by.staff,
                approved_at=CAST_MOMENT - timedelta(days=60),
                from_on=YEAR_FROM,
                until_on=until,
            )
        )
    Approval.objects.bulk_create(rows)


_POSTS = {
    "class_teacher": ("周晓兰", Role.CLASS_TEACHER, "this_class"),
    "subject_teacher": ("刘建国", Role.SUBJECT_TEACHER, "this_class"),
    "moral_education_head": ("陈静", Role.MORAL_EDUCATION_HEAD, "school"),
    "school_leader": ("黄志强", Role.SCHOOL_LEADER, "school"),
    "head": ("何敏", Role.HEAD, "school"),
    "registrar": ("罗燕", Role.REGISTRAR, "school"),
    "district_officer": ("唐文", Role.DISTRICT_OFFICER, "district_department"),
    "city_officer": ("冉莉", Role.CITY_OFFICER, "city_department"),
    "auditor": ("秦正", Role.AUDITOR, "city_department"),
    "administrator": ("向荣", Role.ADMINISTRATOR, "city_department"),
    "teacher_who_left_yesterday": (
        "田雨",
        Role.CLASS_TEACHER,
        "parallel_class",
        YEAR_FROM,
        CAST_DAY,
    ),
    "class_teacher_of_parallel_class": ("谭丽", Role.CLASS_TEACHER, "parallel_class", CAST_DAY),
    "teacher_without_approval": ("邓涛", Role.SUBJECT_TEACHER, "this_class"),
    "class_teacher_of_secondary_class": ("范宇", Role.CLASS_TEACHER, "secondary_class"),
    "head_of_secondary_school": ("蒋毅", Role.HEAD, "secondary_school"),
    "class_teacher_elsewhere": ("牟芳", Role.CLASS_TEACHER, "class_elsewhere"),
    "head_elsewhere": ("张万里", Role.HEAD, "school_elsewhere"),
    "neighbouring_officer": ("程远", Role.DISTRICT_OFFICER, "other_district_department"),
    "report_liaison": ("文岚", Role.REPORT_LIAISON, "school"),
    "report_liaison_elsewhere": ("沈念", Role.REPORT_LIAISON, "school_elsewhere"),
    "children_director": ("龚素", Role.CHILDREN_DIRECTOR, "community"),
    "children_director_elsewhere": ("骆英", Role.CHILDREN_DIRECTOR, "other_community"),
    "complaint_handler": ("岳明", Role.COMPLAINT_HANDLER, "district_department"),
    "complaint_handler_elsewhere": ("游洋", Role.COMPLAINT_HANDLER, "other_district_department"),
    "city_complaint_handler": ("卢珊", Role.COMPLAINT_HANDLER, "city_department"),
}

# Who was approved, by whom, for which place.
_APPROVALS = (
    ("class_teacher", "head", "school"),
    ("subject_teacher", "head", "school"),
    ("moral_education_head", "head", "school"),
    ("school_leader", "head", "school"),
    ("registrar", "head", "school"),
    ("teacher_who_left_yesterday", "head", "school"),
    ("class_teacher_of_parallel_class", "head", "school"),
    ("teacher_without_approval", "head", "school"),
    ("class_teacher_of_secondary_class", "head_of_secondary_school", "secondary_school"),
    ("class_teacher_elsewhere", "head_elsewhere", "school_elsewhere"),
    ("head", "district_officer", "school"),
    ("head_of_secondary_school", "district_officer", "secondary_school"),
    ("head_elsewhere", "neighbouring_officer", "school_elsewhere"),
    ("district_officer", "city_officer", "district"),
    ("neighbouring_officer", "city_officer", "other_district"),
    ("auditor", "city_officer", "city"),
    ("report_liaison", "head", "school"),
    ("report_liaison_elsewhere", "head_elsewhere", "school_elsewhere"),
    ("children_director", "district_officer", "community"),
    ("children_director_elsewhere", "neighbouring_officer", "other_community"),
    ("complaint_handler", "district_officer", "district"),
    ("complaint_handler_elsewhere", "neighbouring_officer", "other_district"),
    ("city_complaint_handler", "city_officer", "city"),
)


def _children(found: dict) -> None:
    for name, row in _CARERS.items():
        found[name] = Carer.objects.create(
            name=row[0],
            phone=row[1],
            phone_digest=digest(CARER_PHONE, row[1]),
            initials=initials(row[0]),
        )
    for name, (child_name, sex, class_name, home) in _CHILDREN.items():
        child = found[name] = Child.objects.create(
            name=child_name,
            initials=initials(child_name),
            sex=sex,
            home=found[home],
            born_on=date(2017, 5, 20),
        )
        enrol(child, found[class_name], YEAR_FROM, how_in=Enrolment.HowIn.PROMOTED, by=SYSTEM)
    gone = found["child_who_moved_away"]
    move_class(gone.enrolments.get(), found["class_elsewhere"], CAST_DAY, by=SYSTEM)
    for child in (found["pupil"], found["sister"]):
        _care(child, found["grandmother"], Relation.GRANDMOTHER, daily=True, guardian=False)
        _care(child, found["mother"], Relation.MOTHER, daily=False, guardian=True)
        _care(child, found["barred_father"], Relation.FATHER, daily=False, guardian=True)
        bar_carer(child, found["barred_father"], YEAR_FROM, "人身安全保护令", by=SYSTEM)
    _care(found["classmate"], found["classmates_mother"], Relation.MOTHER, daily=True)


def _care(child: Child, carer: Carer, relation: str, *, daily: bool, guardian: bool = True) -> None:
    add_care(
        child, carer, relation, LONG_AGO, is_guardian=guardian, is_daily_carer=daily, by=SYSTEM
    )


_CARERS = {
    "grandmother": ("吴秀英", "13800000001"),
    "mother": ("李梅", "13800000002"),
    "barred_father": ("杨勇", "13800000003"),
    "classmates_mother": ("郑霞", "13800000004"),
}
_CHILDREN = {
    "pupil": ("杨小雨", "F", "this_class", "community"),
    "sister": ("杨小雪", "F", "secondary_class", "community"),
    "classmate": ("郑一凡", "M", "this_class", "community"),
    "pupil_of_parallel_class": ("谢安", "M", "parallel_class", "community"),
    "child_elsewhere": ("袁满", "F", "class_elsewhere", "other_community"),
    "child_who_moved_away": ("汪洋", "M", "this_class", "other_community"),
}
