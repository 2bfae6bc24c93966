"""No page, list, feed or guessed number shows a family another family's child; today's custody holds at
the next request; of two siblings one can be in sight and the other not."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import bar_carer, end_care
from gongyu.ground.people.models import Bar, Care, Carer, Child
from tests.cast import CAST_DAY, Cast, come_in
from tests.contracts.matrix_objects import THINGS
from tests.contracts.matrix_walk import answer, names_hidden_from_family
from tests.contracts.matrix_world import World
from tests.contracts.test_every_view_is_guarded import addresses
from tests.contracts.test_role_url_matrix import MAY_STAND_THERE

pytestmark = [
    pytest.mark.usefixtures("at_the_cast_day"),
    # Who sees whom is asked once: the kind of database does not matter to it.
    pytest.mark.without_database,
]


def of_families() -> list[tuple[str, str]]:
    """(name, address) of every page behind the families' door."""
    return [
        (name, address)
        for address, name, view in addresses(get_resolver())
        if getattr(view, "for_families", False)
    ]


def guessed(world: World) -> list[int]:
    """What somebody may try: low numbers, and that of every child, carer and thing, near and far."""
    things = [THINGS[name](world) for name, address in of_families() if "<int:pk>" in address]
    numbers = {kw["pk"] for rows in things for kw in rows.values()}
    numbers |= {kw["pk"] for kw in world.deliveries.values()}
    for model in (Child, Carer):
        numbers |= set(model.objects.values_list("pk", flat=True))
    return sorted({*numbers, *range(1, 25), max(numbers) + 1})


def every_path(world: World) -> list[str]:
    """Every page of families for every thing of the matrix, and for every guessed number."""
    paths, numbers = [], guessed(world)
    for name, address in of_families():
        if "<int:pk>" in address and address.count("<") > 1:
            more = next(iter(THINGS[name](world).values()))
            paths += [reverse(name, kwargs={**more, "pk": pk}) for pk in numbers]
        elif "<int:" in address:
            paths += [reverse(name, args=[pk]) for pk in numbers]
        elif "<" in address:
            paths += [reverse(name, kwargs=kw) for kw in THINGS[name](world).values()]
        else:
            paths.append(reverse(name))
    return paths


def read(carer: Carer, paths: list[str]) -> dict[str, tuple[str, str]]:
    """What a carer gets at each address; a session that ended is not begun again."""
    cache.clear()
    client = come_in(Client(), carer)
    return {path: answer(client, path) for path in paths}


@pytest.fixture
def world(cast: Cast, settings, tmp_path) -> World:
    """Something of every kind, near and far, and a feed of the mother's."""
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.MEDIA_ROOT.mkdir()
    world = World(cast)
    assert world.proposals and world.activities and world.corrections and world.visits
    return world


def test_a_neighbour_a_carer_and_a_stranger_find_nobody_else_s_child(cast, world):
    paths = every_path(world)
    assert len(paths) > 150
    for carer in (cast.mother, cast.grandmother, cast.classmates_mother):
        hidden = names_hidden_from_family(carer, CAST_DAY)
        assert cast.child_elsewhere.name in hidden
        leaks = [
            (path, name)
            for path, (_status, text) in read(carer, paths).items()
            for name in hidden
            if name in text and (resolve(path).view_name, name) not in MAY_STAND_THERE
        ]
        assert leaks == []


def test_a_barred_guardian_gets_the_answers_of_somebody_who_never_was_one(cast, world):
    paths = every_path(world)
    nobody = Carer.objects.create(name="路人", phone_digest="x" * 64)
    assert read(cast.barred_father, paths) == read(nobody, paths)


def test_one_sibling_goes_out_of_sight_today_and_the_other_stays(cast, world):
    paths = every_path(world)
    before = read(cast.mother, paths)
    assert any(cast.sister.name in text for _status, text in before.values())
    bar_carer(cast.sister, cast.mother, CAST_DAY, "裁定", by=SYSTEM)
    after = read(cast.mother, paths)
    assert not any(cast.sister.name in text for _status, text in after.values())
    assert any(cast.pupil.name in text for _status, text in after.values())
    assert after[reverse("family:record", args=[cast.sister.pk])][0] == "404"
    feed = reverse("family:feed", args=[world.family_calendar_token])
    assert cast.sister.name not in answer(Client(), feed)[1]


def test_custody_that_ended_today_closes_every_page_and_the_feed_at_the_next_request(cast, world):
    paths = every_path(world)
    client = come_in(Client(), cast.mother)
    feed = reverse("family:feed", args=[world.family_calendar_token])
    assert client.get("/family/").status_code == 200
    assert client.get(feed).status_code == 200
    for care in Care.objects.filter(carer=cast.mother):
        end_care(care, CAST_DAY, by=SYSTEM)
    assert Bar.objects.filter(carer=cast.mother).count() == 0
    assert client.get("/family/").status_code == 302
    assert client.get(feed).status_code == 404
    answers = {status.lstrip("p") for status, _text in read(cast.mother, paths).values()}
    assert answers <= {"302"}
