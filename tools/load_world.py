"""Who asks for what in the load: sessions and addresses of the demo city, as one JSON file.

Runs inside Gongyu's own environment; what it writes is read by load_mix.py, which runs in locust's.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

from django.utils.timezone import make_aware
from load_families import families, notice_links
from sessions import account_of, session_of

from gongyu.ground.access.queries import actor_for
from gongyu.ground.calendar.clock import today
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.places.queries import path
from gongyu.ground.staff.models import Post, Role
from gongyu.indicators.models import Figure
from gongyu.indicators.publishing import current_refresh
from gongyu.records.m01_home_school_contact import tokens
from gongyu.records.m01_home_school_contact.actions import propose_times
from gongyu.records.m01_home_school_contact.models import Link, Proposal
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import ProposalEntry
from gongyu.records.m01_home_school_contact.states import LIVE_PROPOSALS

LEADERS = (Role.HEAD, Role.MORAL_EDUCATION_HEAD)
OFFICERS = {Role.DISTRICT_OFFICER: Place.Kind.DISTRICT, Role.CITY_OFFICER: Place.Kind.CITY}
FAMILIES_OF_A_CLASS = 6


def write(target: Path, links: int, notices: int) -> dict[str, int]:
    """Prepare sessions, links of visits and of notices, write the file, and say how many there are
    of each."""
    day = today()
    teachers = [post for post in _held((Role.CLASS_TEACHER,), day) if not post.acting]
    schools = dict(SchoolClass.objects.values_list("place", "school"))
    found = {
        "notices": notice_links(teachers, schools, notices, day),
        "families": families(day),
        "today": day.isoformat(),
        "teachers": _teachers(day),
        "leaders": _posts(LEADERS, day),
        "officers": _posts(tuple(OFFICERS), day),
        "figures": _figures(),
        "links": _links(links, day),
    }
    # A visit ends the proposal that waits for the family's answer, so these are not visited.
    asked = set(
        Proposal.objects.filter(status__in=LIVE_PROPOSALS).values_list("children", flat=True)
    )
    for teacher in found["teachers"]:
        teacher["visited"] = [child for child in teacher["children"] if child not in asked]
    target.write_text(json.dumps(found), "utf-8")
    return {name: len(each) for name, each in found.items() if isinstance(each, list)}


def _teachers(day: date) -> list[dict]:
    """Class teachers with the children who are in their classes today."""
    children: dict[int, list[int]] = {}
    for child, place in Enrolment.objects.on(day).values_list("child", "school_class"):
        children.setdefault(place, []).append(child)
    return [
        {"session": _session(post), "class": post.place_id, "children": children[post.place_id]}
        for post in _held((Role.CLASS_TEACHER,), day)
        if post.place_id in children and not post.acting
    ]


def _posts(roles: tuple[str, ...], day: date) -> list[dict]:
    """Leaders and officers with the place that they reach and the town that it stands in."""
    found = []
    for post in _held(roles, day):
        actor = actor_for(account_of(post.staff, f"load-{post.staff_id}"), day)
        held = actor.post_with(post.role)
        if held.scope_kind in {Place.Kind.SCHOOL, *OFFICERS.values()}:
            town = [each.pk for each in path(held.scope_id, day) if each.kind == Place.Kind.TOWN]
            row = {"session": _session(post), "role": str(post.role), "place": held.scope_id}
            found.append({**row, "town": town[-1] if town else None})
    return found


def _held(roles: tuple[str, ...], day: date) -> list[Post]:
    posts = Post.objects.on(day).filter(role__in=roles).select_related("staff")
    return list(posts.order_by("pk"))


def _session(post: Post) -> str:
    return session_of(account_of(post.staff, f"load-{post.staff_id}"))


def _figures() -> list[dict]:
    """Every figure that a school, a district or the city shows."""
    kinds = (Place.Kind.SCHOOL, *OFFICERS.values())
    rows = Figure.objects.filter(refresh=current_refresh(), place_kind__in=kinds)
    return [
        {"duty": duty, "period": period, "place": place}
        for duty, period, place in rows.values_list("duty", "period_key", "place_id")
    ]


def _links(wanted: int, day: date) -> list[str]:
    """Tokens of one-time links that wait for an answer; proposals are made until there are enough."""
    posts = iter(_held((Role.CLASS_TEACHER,), day))
    while Link.objects.filter(proposal__status="proposed").count() < wanted:
        some = list(islice(posts, 20))
        if not some:
            break
        for post in some:
            _propose(post, day)
    open_ones = Link.objects.filter(proposal__status="proposed", used_at=None)
    return [
        tokens.token_for(proposal, carer, salt)
        for proposal, carer, salt in open_ones.values_list("proposal", "carer", "salt")
    ]


def _propose(post: Post, day: date) -> None:
    actor = actor_for(account_of(post.staff, f"load-{post.staff_id}"), day)
    hour = make_aware(datetime.combine(day + timedelta(days=6), time(10)))
    here = Enrolment.objects.on(day).filter(school_class=post.place_id).order_by("pk")
    for child in here.values_list("child", flat=True)[:FAMILIES_OF_A_CLASS]:
        entry = ProposalEntry(
            families=((child,),),
            times=(hour, hour + timedelta(hours=5)),
            answer_by=day + timedelta(days=5),
            message="想到家里坐坐",
            elsewhere="",
        )
        try:
            propose_times(entry, post.place, on=day, by=actor)
        except VisitFault:  # one is under way already
            continue
