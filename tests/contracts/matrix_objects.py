"""What the matrix asks for: for each address with a parameter, things within reach and beyond."""

from __future__ import annotations

from collections.abc import Callable

from gongyu.ground.access.models import Approval
from gongyu.ground.calendar.working_days import NamedDay
from gongyu.ground.holidays.actions import set_days
from gongyu.ground.people.models import Child
from gongyu.ground.staff.actions import add_staff
from tests.cast import CAST_DAY, Person
from tests.contracts.matrix_activities import ACTIVITY_THINGS
from tests.contracts.matrix_committees import COMMITTEE_THINGS
from tests.contracts.matrix_families import FAMILY_THINGS
from tests.contracts.matrix_world import Things, World


def _classes(world: World) -> Things:
    cast = world.cast
    return {
        "this class": {"pk": cast.this_class.pk},
        "parallel class": {"pk": cast.parallel_class.pk},
        "class elsewhere": {"pk": cast.class_elsewhere.pk},
    }


def _named_children(world: World) -> dict[str, Child]:
    cast = world.cast
    return {
        "pupil": cast.pupil,
        "of parallel class": cast.pupil_of_parallel_class,
        "moved away today": cast.child_who_moved_away,
        "child elsewhere": cast.child_elsewhere,
    }


def _children(world: World) -> Things:
    return {label: {"pk": child.pk} for label, child in _named_children(world).items()}


def _of_children(what: str) -> Callable[[World], Things]:
    def things(world: World) -> Things:
        return {
            label: {"pk": child.pk, what: world.of_child(child)[what]}
            for label, child in _named_children(world).items()
        }

    return things


def _school_ids(world: World) -> Things:
    return {label: {"school_id": kw["pk"]} for label, kw in _schools(world).items()}


def _leavers(world: World) -> Things:
    gone = world.cast.child_who_moved_away.enrolments.earliest("from_on").pk
    return {label: kw | {"enrolment": gone} for label, kw in _school_ids(world).items()}


def _kept_classes(world: World) -> Things:
    things = _in_schools("class_id")(world)
    return {
        label: {"school_id": kw["school_id"], "pk": kw["class_id"]} for label, kw in things.items()
    }


def _offices(world: World) -> Things:
    return {role: {"role": role} for role in ("head", "complaint_handler", "auditor", "registrar")}


def _office_posts(world: World) -> Things:
    """Posts of every office here and elsewhere, and one that is no office's."""
    cast = world.cast
    people = {
        "head": cast.head,
        "head elsewhere": cast.head_elsewhere,
        "director": cast.children_director,
        "director elsewhere": cast.children_director_elsewhere,
        "handler": cast.complaint_handler,
        "city's handler": cast.city_complaint_handler,
        "officer": cast.district_officer,
        "no office": cast.registrar,
    }
    return {
        label: {
            "role": person.post.role, "place_id": person.post.place_id, "post_id": person.post.pk,
        }
        for label, person in people.items()
    }  # fmt: skip


def _office_places(world: World) -> Things:
    return {
        label: {"role": kw["role"], "place_id": kw["place_id"]}
        for label, kw in _office_posts(world).items()
    }


def _days_off(world: World) -> Things:
    """A day of the whole city and one of the district's own."""
    source = NamedDay(CAST_DAY, False, "校准日", "市政府通知")
    cast = world.cast
    [whole] = set_days([source], by=cast.city_officer.actor)
    [own] = set_days([source], district=cast.district.code, by=cast.district_officer.actor)
    return {"the city's": {"pk": whole.pk}, "this district's": {"pk": own.pk}}


def _schools(world: World) -> Things:
    cast = world.cast
    return {
        "this school": {"pk": cast.school.pk},
        "school elsewhere": {"pk": cast.school_elsewhere.pk},
    }


def _districts(world: World) -> Things:
    cast = world.cast
    return {
        "this district": {"pk": cast.district.pk},
        "other district": {"pk": cast.other_district.pk},
    }


def _towns(world: World) -> Things:
    cast = world.cast
    return {"this town": {"pk": cast.town.pk}, "other town": {"pk": cast.other_town.pk}}


def _in_schools(what: str) -> Callable[[World], Things]:
    """A class or a post with its school, elsewhere, and with a school that is not its own."""

    def things(world: World) -> Things:
        cast = world.cast
        here = cast.this_class.pk if what == "class_id" else cast.class_teacher.post.pk
        far = (
            cast.class_elsewhere.pk if what == "class_id" else cast.class_teacher_elsewhere.post.pk
        )
        return {
            "this school": {"school_id": cast.school.pk, what: here},
            "school elsewhere": {"school_id": cast.school_elsewhere.pk, what: far},
            "mixed up": {"school_id": cast.school.pk, what: far},
        }

    return things


def _figures(world: World) -> Things:
    """The home visit's figure at every level of places."""
    what = {"duty_id": "homeroom-visit-each-student", "period_key": "2026-2027"}
    places = {"city": {"pk": world.cast.city.pk}}
    for things in (_classes, _schools, _towns, _districts):
        places |= things(world)
    return {label: what | {"place_id": kw["pk"]} for label, kw in places.items()}


def _approvals(world: World) -> Things:
    def of(person: Person) -> dict:
        return {"pk": Approval.objects.filter(staff=person.staff).latest("pk").pk}

    cast = world.cast
    return {
        "class teacher's": of(cast.class_teacher),
        "head's": of(cast.head),
        "teacher's elsewhere": of(cast.class_teacher_elsewhere),
    }


def _places_to_print(world: World) -> Things:
    cast = world.cast
    return _classes(world) | {
        "this village": {"pk": cast.community.pk},
        "other village": {"pk": cast.other_community.pk},
    }


def _newcomer(world: World) -> Things:
    return {"newcomer": {"pk": add_staff("石岚", by=world.cast.registrar.actor).pk}}


def _reports(world: World) -> Things:
    return {label: {"token": token} for label, token in world.reports.items()}


def _tickets(world: World) -> Things:
    return {label: {"token": token} for label, token in world.tickets.items()}


def _head(world: World) -> Things:
    return {"head's": {"pk": world.cast.head.user.pk}}


# What the parameter of an address names.
THINGS: dict[str, Callable[[World], Things]] = {
    **COMMITTEE_THINGS,
    **ACTIVITY_THINGS,
    **FAMILY_THINGS,
    "access:withdraw": _approvals,
    **dict.fromkeys(
        [f"access:{page}" for page in ("posts", "posts-history", "open-post")], _school_ids
    ),
    **dict.fromkeys(
        [f"access:{page}" for page in ("posts-class", "hand-over", "acting")],
        _in_schools("class_id"),
    ),
    **dict.fromkeys(
        [f"access:{page}" for page in ("close-post", "take-back-post")], _in_schools("post_id")
    ),
    **dict.fromkeys(["access:offices", "access:office-export"], _offices),
    "access:appoint": _office_places,
    **dict.fromkeys(["access:close-office", "access:take-back-office"], _office_posts),
    **dict.fromkeys(
        [f"keeping:{page}" for page in ("classes", "open-class", "open-campus")], _school_ids
    ),
    **dict.fromkeys(
        [f"keeping:{page}" for page in ("rename-place", "close-place", "merge-class")],
        _kept_classes,
    ),
    "pages:clear-day-off": _days_off,
    "access:open-account": _newcomer,
    "access:restore-account": _head,
    "access:close-account": _head,
    "pages:class": _classes,
    "pages:child": _children,
    "pages:school": _schools,
    "pages:town": _towns,
    "pages:district": _districts,
    **dict.fromkeys(
        [f"pages:{page}" for page in ("figure", "figure-rows", "figure-export")], _figures
    ),
    "pages:measure": lambda world: {"1": {"number": 1}, "no such": {"number": 99}},
    "pages:duty": lambda world: {
        "home visit": {"duty_id": "homeroom-visit-each-student"},
        "no such": {"duty_id": "no-such-duty"},
    },
    **dict.fromkeys(
        [
            f"people:roster{step}"
            for step in (
                "",
                "-progress",
                "-mapping",
                "-answers",
                "-confirm",
                "-again",
                "-cancel",
                "-marked",
            )
        ],
        lambda world: world.rosters,
    ),
    **dict.fromkeys(
        [f"keeping:{page}" for page in ("school", "receive", "receive-enrol")], _school_ids
    ),
    "keeping:reopen": _leavers,
    **dict.fromkeys(
        [
            f"keeping:{page}"
            for page in ("child", "move", "leave-school", "start-leave", "add-carer")
        ],
        _children,
    ),
    **{
        f"keeping:{page}": _of_children(what)
        for what, pages in {
            "enrolment": ("correct-start", "take-back-enrolment"),
            "leave": ("end-leave", "take-back-leave"),
            "care": ("change-care", "end-care", "take-back-care", "change-phone", "bar"),
            "bar": ("lift-bar", "take-back-bar"),
        }.items()
        for page in pages
    },
    "casework:sealed": _reports,
    "tickets:district": _districts,
    "tickets:tell": _schools,
    "tickets:ticket": _tickets,
    "concerns:note-child": _children,
    "concerns:offer": lambda world: {
        "moved to elsewhere": {"pk": world.hand_overs and world.cast.child_who_moved_away.pk},
        "never noted": {"pk": world.cast.child_elsewhere.pk},
    },
    **dict.fromkeys(["concerns:anomaly", "concerns:retract"], lambda world: world.anomalies),
    **dict.fromkeys(
        [f"concerns:{step}" for step in ("accept", "refuse", "withdraw")],
        lambda world: world.hand_overs,
    ),
    "contacts:class": _classes,
    **dict.fromkeys(
        [f"contacts:{page}" for page in ("contact", "correct", "retract")],
        lambda world: world.contacts,
    ),
    **dict.fromkeys([f"activities:{page}" for page in ("school", "plan", "export")], _schools),
    **dict.fromkeys(["activities:class", "activities:plan-meeting"], _classes),
    "pages:term": _schools,
    "access:posts-export": _school_ids,
    "keeping:classes-export": _school_ids,
    "pages:calendar-feed": lambda world: {
        "right token": {"token": world.calendar_token},
        "wrong token": {"token": "-".join(["aaaa"] * 6)},
    },
    **dict.fromkeys(
        ["registers:place", "registers:enter"],
        lambda world: _schools(world) | {"the city": {"pk": world.cast.city.pk}},
    ),
    **dict.fromkeys(
        [f"registers:{verb}" for verb in ("history", "replace", "review", "end")],
        lambda world: world.entries,
    ),
    **dict.fromkeys(
        [f"visits:{page}" for page in ("class", "propose", "slips", "print", "export")], _classes
    ),
    **dict.fromkeys(
        [f"visits:{page}" for page in ("child", "record-child", "draft", "attempt", "preference")],
        _children,
    ),
    **dict.fromkeys(
        [f"visits:{page}" for page in ("visit", "history", "correct", "retract")],
        lambda world: world.visits,
    ),
    **dict.fromkeys(
        [
            f"visits:{page}"
            for page in ("proposal", "link", "answer-for-family", "withdraw-proposal")
        ],
        lambda world: world.proposals,
    ),
    **dict.fromkeys(
        [f"offline:{step}" for step in ("contact", "send", "close")], lambda world: world.kits
    ),
    "notices:answers": lambda world: world.notices,
    "notices:write": lambda world: _classes(world) | _schools(world) | _districts(world),
    **dict.fromkeys(
        [f"notices:{step}" for step in ("notice", "correct", "remind", "withdraw")],
        lambda world: world.notices,
    ),
    "notices:hand": lambda world: world.slips_to_hand,
    "notices:settle": lambda world: world.dead_messages,
    "notices:opened": lambda world: world.opened_messages,
    "notices:opened-attachment": lambda world: {
        label: kw | {"notice_id": world.notices["here"]["pk"], "number": 1}
        for label, kw in world.opened_messages.items()
    },
    "notices:attachment": lambda world: {
        label: kw | {"number": 1} for label, kw in world.notices.items()
    },
    "notices:reports": lambda world: {"a stranger's": {"name": "sms-a"}},
    **dict.fromkeys(
        ["pages:burden", "pages:burden-export"],
        lambda world: _schools(world) | _districts(world) | {"city": {"pk": world.cast.city.pk}},
    ),
    **dict.fromkeys(
        [
            "family:record",
            "family:looked-at",
            "participation:correct",
            "consents:say",
            "consents:child",
        ],
        _children,
    ),
    "family:notice": lambda world: world.deliveries,
    "family:notice-attachment": lambda world: {
        label: kw | {"number": 1} for label, kw in world.deliveries.items()
    },
    "visits:at-home": lambda world: world.proposals,
    **dict.fromkeys(["codes:place", "codes:ring-first"], _places_to_print),
    "visits:answer": lambda world: {
        "right token": {"token": world.token},
        "wrong token": {"token": "-".join(["aaaa"] * 6)},
    },
    "visits:follow-up": lambda world: world.follow_ups,
    **dict.fromkeys(
        [f"visits:{page}" for page in ("acknowledge", "return-decline", "withdraw-decline")],
        lambda world: world.declines,
    ),
}
