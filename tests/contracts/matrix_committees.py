"""The committees of the matrix: one of the class of most tests, one far away, each with everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from django.db.models import Model

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care
from gongyu.ground.people.models import Carer, Child, Relation
from gongyu.ground.places.models import Place
from gongyu.records.m02_parent_committees import actions, tokens
from gongyu.records.m02_parent_committees.models import (
    Candidate,
    Committee,
    Election,
    FamilyLink,
    Inspection,
    Matter,
    Member,
    Picture,
    Term,
)
from gongyu.records.m02_parent_committees.shapes import Called, MatterEntry, PaperEntry
from tests.cast import CAST_DAY, LONG_AGO, YEAR_UNTIL, Person
from tests.contracts.matrix_world import FAR, HERE, Things, World

_WRONG = "-".join(["aaaa"] * 6)
_BY = "committees of the matrix"


def _committees(world: World) -> dict[str, Committee]:
    """Made once a world: a committee in term with a matter, a paper with a picture, a by-election
    and an inspection, here and far away."""
    made = world.__dict__.get(_BY)
    if made is None:
        cast = world.cast
        made = world.__dict__[_BY] = {
            HERE: _committee(
                cast.this_class,
                cast.class_teacher,
                cast.district_officer,
                cast.classmates_mother,
                cast.classmate,
            ),
            FAR: _committee(
                cast.class_elsewhere,
                cast.class_teacher_elsewhere,
                cast.neighbouring_officer,
                Carer.objects.create(name="石蕊"),
                cast.child_elsewhere,
            ),
        }
    return made


def _committee(
    place: Place, teacher: Person, officer: Person, carer: Carer, child: Child
) -> Committee:
    by = teacher.actor
    if not child.cares.filter(carer=carer).exists():
        add_care(
            child, carer, Relation.MOTHER, LONG_AGO, is_guardian=True, is_daily_carer=True,
            by=SYSTEM,
        )  # fmt: skip
    committee = actions.found_committee("class", place, on=CAST_DAY, by=by)
    term = actions.seat_by_meeting(
        committee,
        Called(2, CAST_DAY, CAST_DAY, CAST_DAY, YEAR_UNTIL),
        [carer.pk],
        on=CAST_DAY,
        by=by,
    )
    actions.file_matter(
        term.members.get(),
        MatterEntry("other", "教室窗帘", "全班", True, Decimal(300), CAST_DAY + timedelta(days=7)),
        on=CAST_DAY,
    )
    paper = actions.put_up_paper(
        committee, PaperEntry("plan", CAST_DAY, "本学期计划", key=f"m{place.pk}"),
        on=CAST_DAY, by=by,
    )  # fmt: skip
    paper.picture = Picture.objects.create(jpeg=b"a picture")
    paper.save(update_fields=["picture"])
    _election(term, carer, by)
    actions.inspect(
        committee,
        inspected_on=CAST_DAY,
        note="看了换届材料",
        problem="accounts",
        what="把账目补齐",
        due_on=CAST_DAY + timedelta(days=14),
        key=f"i{place.pk}",
        on=CAST_DAY,
        by=officer.actor,
    )
    actions.make_family_links(place.pk, on=CAST_DAY, by=by)
    return committee


def _election(term: Term, carer: Carer, by) -> None:
    election = actions.call_by_election(
        term,
        seats=1,
        nominate_until=CAST_DAY + timedelta(days=3),
        vote_until=CAST_DAY + timedelta(days=6),
        on=CAST_DAY,
        by=by,
    )
    actions.enter_nomination(election, carer.pk, accepted=False, on=CAST_DAY, by=by)


def _of(model: type[Model], path: str) -> Callable[[World], Things]:
    """The newest of these that belongs to each committee."""

    def things(world: World) -> Things:
        return {
            label: {"pk": model.objects.filter(**{path: committee}).latest("pk").pk}
            for label, committee in _committees(world).items()
        }

    return things


def _whole(world: World) -> Things:
    return {label: {"pk": committee.pk} for label, committee in _committees(world).items()}


def _sheets(world: World) -> Things:
    return {
        label: {"pk": Inspection.objects.get(committee=committee).rectification.pk}
        for label, committee in _committees(world).items()
    }


def _pictures(world: World) -> Things:
    return {
        label: {"pk": committee.papers.get().picture_id}
        for label, committee in _committees(world).items()
    }


def _places(world: World) -> Things:
    cast = world.cast
    return {
        "this class": {"pk": cast.this_class.pk},
        "parallel class": {"pk": cast.parallel_class.pk},
        "class elsewhere": {"pk": cast.class_elsewhere.pk},
        "this school": {"pk": cast.school.pk},
    }


def _classes(world: World) -> Things:
    _committees(world)
    return {label: kw for label, kw in _places(world).items() if "class" in label}


def _districts(world: World) -> Things:
    _committees(world)
    return {
        "this district": {"pk": world.cast.district.pk},
        "other district": {"pk": world.cast.other_district.pk},
    }


def _family(world: World) -> Things:
    _committees(world)
    link = FamilyLink.objects.get(child=world.cast.pupil, carer=world.cast.grandmother)
    token = tokens.family_token(link.class_place_id, link.child_id, link.carer_id, link.salt)
    return {"right token": {"token": token}, "wrong token": {"token": _WRONG}}


def _member(world: World) -> Things:
    """The same seat's link at every address; made once, for a new one ends the old."""
    token = world.__dict__.get("token of a member")
    if token is None:
        member = Member.objects.get(term__committee=_committees(world)[HERE])
        by = world.cast.class_teacher.actor
        token = actions.make_member_link(member, on=CAST_DAY, by=by)
        world.__dict__["token of a member"] = token
    return {"right token": {"token": token}, "wrong token": {"token": _WRONG}}


def _with_picture(things: Callable[[World], Things]) -> Callable[[World], Things]:
    def found(world: World) -> Things:
        picture = _pictures(world)[HERE]
        return {label: kw | picture for label, kw in things(world).items()}

    return found


def _children_at_home(world: World) -> Things:
    _committees(world)
    cast = world.cast
    return {"pupil": {"pk": cast.pupil.pk}, "child elsewhere": {"pk": cast.child_elsewhere.pk}}


def _pictures_at_home(world: World) -> Things:
    picture = {"picture": _pictures(world)[HERE]["pk"]}
    return {label: kw | picture for label, kw in _children_at_home(world).items()}


COMMITTEE_THINGS: dict[str, Callable[[World], Things]] = {
    "committees:found": _places,
    **dict.fromkeys(
        [f"committees:{page}" for page in ("committee", "call", "meeting", "put-up", "inspect")],
        _whole,
    ),
    **dict.fromkeys(
        [f"committees:{page}" for page in ("by-election", "end-term")], _of(Term, "committee")
    ),
    **dict.fromkeys(
        [
            f"committees:{page}"
            for page in ("election", "nominate", "open-vote", "count", "cancel", "run-off")
        ],
        _of(Election, "committee"),
    ),
    "committees:candidate": _of(Candidate, "election__committee"),
    **dict.fromkeys(
        [f"committees:{page}" for page in ("office", "leave", "member-slip")],
        _of(Member, "term__committee"),
    ),
    **dict.fromkeys(["committees:slips", "committees:link"], _classes),
    **dict.fromkeys(
        [f"committees:{page}" for page in ("matter", "count-matter", "stop-matter")],
        _of(Matter, "committee"),
    ),
    "committees:picture": _pictures,
    "committees:district": _districts,
    **dict.fromkeys(["committees:report-mended", "committees:judge-mended"], _sheets),
    "committees:family": _family,
    "committees:family-picture": _with_picture(_family),
    "committees:at-home": _children_at_home,
    "committees:at-home-picture": _pictures_at_home,
    **dict.fromkeys(
        [
            f"committees:member{page}"
            for page in ("", "-paper", "-matter", "-collect", "-expense", "-settle", "-step")
        ],
        _member,
    ),
    "committees:member-picture": _with_picture(_member),
}
