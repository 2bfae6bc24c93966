"""Who gets what at which address: a table kept as a file, so that every change of it is read.

Regenerate with `GONGYU_WRITE_MATRIX=1 pytest tests/contracts/test_role_url_matrix.py` and review
the difference.
"""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.indicators.actions import refresh
from tests.cast import CAST_DAY, come_in, sign_in
from tests.contracts.matrix_objects import THINGS
from tests.contracts.matrix_walk import answer, names_hidden_from, names_hidden_from_family
from tests.contracts.matrix_world import FAR, HERE, World
from tests.contracts.test_every_view_is_guarded import PUBLIC, addresses

# The pages behind the families' own door.
FOR_FAMILIES = {
    name
    for _address, name, view in addresses(get_resolver())
    if getattr(view, "for_families", False)
}

KEPT = Path(__file__).with_name("role_url_matrix.txt")

# Heading in the table → who asks; every role, then those who must find nothing.
PEOPLE = {
    "nobody": None,
    "class": "class_teacher",
    "subject": "subject_teacher",
    "moral": "moral_education_head",
    "leader": "school_leader",
    "head": "head",
    "regist": "registrar",
    "distr": "district_officer",
    "city": "city_officer",
    "audit": "auditor",
    "admin": "administrator",
    "liaison": "report_liaison",
    "direct": "children_director",
    "handler": "complaint_handler",
    "left": "teacher_who_left_yesterday",
    "lapsed": "teacher_without_approval",
    "neighb": "neighbouring_officer",
    "far": "class_teacher_elsewhere",
    "guard": "mother",
    "carer": "grandmother",
    "barred": "barred_father",
    "nextdr": "classmates_mother",
}
# Those who come in as families: they have no account, and no page of those who work here.
FAMILIES = ("guard", "carer", "barred", "nextdr")
BEYOND = {
    FAR,
    "class elsewhere",
    "child elsewhere",
    "school elsewhere",
    "other district",
    "other town",
    "teacher's elsewhere",
    "moved away today",
    "mixed up",
}
# Addresses of one child or one family.
CHILDREN_S = re.compile(
    r"notices:(notice|answers|correct|remind|withdraw|hand|settle)|"
    r"committees:(?!index|code|district|family|at-home-children|member$|member-(?!slip)|found|committee|matter|picture|"
    r"inspect|judge|stop|report)|"
    r"activities:(class|bookings|door|slips|link|book|booking|cancel-booking|told)|"
    r"pages:child|codes:(place|handed|end|keep-number)|consents:child|corrections:answer|concerns:(?!index|note$)|contacts:|casework:sealed|keeping:(?!school|receive)|people:roster-|"
    r"visits:(child|record-child|draft|attempt|preference|visit|history|correct|retract|proposal|"
    r"link|answer-for|withdraw|follow-up$|acknowledge|return|slips|print|export|class|propose)"
)
# A name out of reach that a page of one's own rightly holds, with the reason.
MAY_STAND_THERE: dict[tuple[str, str], str] = {
    ("keeping:school", "汪洋"): "left this school today; a slip can be taken back for a month",
    ("keeping:reopen", "汪洋"): "the page that takes it back",
    ("committees:family", "郑霞"): "a member is known to the families who elected her",
    ("committees:at-home", "郑霞"): "a member is known to the families who elected her",
    ("committees:member", "郑霞"): "the member's own page",
    ("concerns:index", "汪洋"): "left this school today; what it knows is offered to the new one",
}
LEGEND = """\
Who gets what at which address (GET). 200: the page. 302: led elsewhere (nobody: to sign-in).
404: no such page, as far as this person can tell. p…: the answer to an empty POST.
left: left the class yesterday. lapsed: the approval ran out yesterday. neighb: officer of the other
district. far: class teacher in the other district. direct: children's director of the community.
handler: the district's complaint handler.
guard: guardian of the pupil and the sister. carer: their grandmother, no guardian. barred: their
father, who is barred. nextdr: guardian of the classmate. None of these four works here.
"""


def asked_for(cast) -> list[tuple[str, str, str]]:
    """(name, thing, path) for every address; one without a known thing fails with the cure."""
    rows, unknown, world = [], [], World(cast)
    for address, name, _view in addresses(get_resolver()):
        if "<" not in address:
            rows.append((name, "", reverse(name)))
        elif name in THINGS:
            things = THINGS[name](world)
            rows += [(name, label, reverse(name, kwargs=kw)) for label, kw in things.items()]
        else:
            unknown.append(f"{name} (/{address})")
    refresh(CAST_DAY, by=SYSTEM)
    assert unknown == [], f"Say in tests/contracts/matrix_objects.py what to ask for: {unknown}"
    return sorted(rows, key=lambda row: row[0])


def drawn(table: list[tuple[str, str, list[str]]]) -> str:
    names = max(len(name) for name, _, _ in table)
    things = max(len(thing) for _, thing, _ in table)
    lines = [f"{'':{names}}  {'':{things}}  {'  '.join(f'{h:>7}' for h in PEOPLE)}"]
    lines += [
        f"{name:{names}}  {thing:{things}}  {'  '.join(f'{cell:>7}' for cell in cells)}"
        for name, thing, cells in table
    ]
    return LEGEND + "\n" + "\n".join(line.rstrip() for line in lines) + "\n"


def filled(cast) -> tuple[list[tuple[str, str, list[str]]], list[str]]:
    """The table, and where somebody read a name that is not for him."""
    rows = asked_for(cast)
    columns, leaks = [], []
    for heading, person in PEOPLE.items():
        # Wrong links of one person are not counted against the next.
        cache.clear()
        client, hidden = _asking(cast, heading, person)
        column = []
        for name, thing, path in rows:
            status, text = answer(client, path)
            column.append(status)
            leaks += [
                f"{heading} reads {whose} at {name} ({thing})"
                for whose in hidden
                if whose in text and (name, whose) not in MAY_STAND_THERE
            ]
        columns.append(column)
    table = [
        (name, thing, [column[n] for column in columns])
        for n, (name, thing, _path) in enumerate(rows)
    ]
    return table, leaks


def _asking(cast, heading: str, person: str | None) -> tuple[Client, set[str]]:
    """A browser in which the person is signed in, and the names that are not for that person."""
    if heading in FAMILIES:
        carer = getattr(cast, person)
        return come_in(Client(), carer), names_hidden_from_family(carer, CAST_DAY)
    who = getattr(cast, person) if person else None
    client = sign_in(Client(), who) if who else Client()
    return client, names_hidden_from(who.actor if who else None, CAST_DAY)


@pytest.mark.usefixtures("at_the_cast_day")
# Who may what is asked once: the kind of database does not matter to it.
@pytest.mark.without_database
def test_the_matrix_of_roles_and_addresses_is_as_reviewed(cast, tmp_path, settings):
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    table, leaks = filled(cast)
    assert leaks == []
    found = drawn(table)
    if os.environ.get("GONGYU_WRITE_MATRIX"):
        KEPT.write_text(found, encoding="utf-8")
    kept = KEPT.read_text(encoding="utf-8")
    difference = unified_diff(kept.splitlines(), found.splitlines(), "reviewed", "found", n=0)
    assert found == kept, "\n".join(difference)


@pytest.mark.django_db
def test_reading_an_answer_leaves_the_connection_of_the_test_open():
    """What made /health/ answer 503 on PostgreSQL: the walk ended the request a second time."""
    client = Client()
    assert [answer(client, reverse("pages:health"))[0] for _ in range(2)] == ["200", "200"]


def wrongly_in(name: str, thing: str, cells: dict[str, str]) -> set[str]:
    """Who reached what is not for them, of the families and on the pages of the families."""
    reached = {who for who, cell in cells.items() if cell.lstrip("p") not in {"302", "404"}}
    if name in PUBLIC:
        return set()
    if name not in FOR_FAMILIES:
        # Led to the sign-in of those who work here, every one of them, whatever the number.
        return {who for who in FAMILIES if cells[who].lstrip("p") != "302"}
    strangers = reached - set(FAMILIES) | reached & {"barred"}
    if thing in {HERE, "pupil"}:
        # An open day of the class is for the classmate's family too.
        strangers |= reached & {"nextdr"} if name != "activities:at-home" else set()
    elif thing:
        strangers |= reached
    return strangers


def test_the_reviewed_matrix_hides_what_must_be_hidden():
    """Whatever is regenerated: these cells are laws, not observations."""
    header, *rows = KEPT.read_text(encoding="utf-8").split("\n\n", 1)[1].splitlines()
    headings = header.split()
    assert headings == list(PEOPLE)
    wrong = []
    for row in rows:
        cells = dict(zip(headings, row.split()[-len(headings) :], strict=True))
        name, thing = row.split()[0], " ".join(row.split()[1 : -len(headings)])
        hidden_from = set()
        # Schools and districts to choose from are nobody's secret.
        if thing in BEYOND and name not in ("tickets:district", "tickets:tell"):
            hidden_from |= {"class", "subject", "moral", "leader", "head", "regist", "distr"}
        if CHILDREN_S.match(name):
            hidden_from |= {"distr", "city", "audit", "admin", "left", "lapsed", "neighb"}
        if name == "tickets:ticket":
            here = {"distr", "city", "handler"} if thing == HERE else {"city", "neighb"}
            hidden_from |= set(PEOPLE) - {"nobody", *here}
        elif name.startswith("tickets:") and name not in PUBLIC:
            hidden_from |= set(PEOPLE) - {"nobody", "distr", "city", "neighb", "handler"}
        if name == "casework:sealed":
            hidden_from |= set(PEOPLE) - {"nobody", *(("liaison",) if thing == HERE else ())}
        hidden_from -= set(FAMILIES)
        wrong += [
            (name, thing, who)
            for who in hidden_from
            if cells[who].lstrip("p") != ("302" if name in FOR_FAMILIES else "404")
        ]
        wrong += [(name, thing, who) for who in wrongly_in(name, thing, cells)]
        if cells["nobody"].lstrip("p") != "302" and name not in PUBLIC:
            wrong.append((name, thing, "nobody"))
        wrong += [
            (name, thing, code) for code in cells.values() if code.lstrip("p") in {"403", "500"}
        ]
    assert wrong == []
