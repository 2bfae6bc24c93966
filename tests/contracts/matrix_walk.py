"""How the matrix asks, reads what comes back, and knows whose names are not for whom."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction
from django.test import Client

from gongyu.ground.audit.actors import Actor
from gongyu.ground.families.queries import family_of
from gongyu.ground.families.rules import cares_visible, places_to_print
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.people.queries import siblings
from gongyu.ground.people.rules import children_visible_to
from gongyu.ground.places.models import Place


def names_hidden_from(actor: Actor | None, on: date) -> set[str]:
    """The names of all children and carers that the actor has no reason to read.

    Siblings of a child in reach are no secret: one visit serves them all.
    """
    seen = set(children_visible_to(actor, on))
    for child in list(seen):
        seen.update(siblings(child, on))
    carers = Carer.objects.filter(cares__child__in=seen)
    every = set(Child.objects.values_list("name", flat=True))
    every |= set(Carer.objects.values_list("name", flat=True))
    known = {child.name for child in seen} | set(carers.values_list("name", flat=True))
    return every - known - _names_of_villages(actor, on)


def _names_of_villages(actor: Actor | None, on: date) -> set[str]:
    """The children of a director's village, and whom of their carers a code may be printed for."""
    villages = places_to_print(actor, on).filter(kind=Place.Kind.COMMUNITY)
    children = Child.objects.filter(home__in=villages)
    cares = cares_visible(on).filter(child__in=children)
    return {*children.values_list("name", flat=True), *cares.values_list("carer__name", flat=True)}


def names_hidden_from_family(carer: Carer, on: date) -> set[str]:
    """The names of all children and carers that are no business of this carer: everybody's but the
    own, those of the children visible today, and of the others who care for them and are not
    barred."""
    family = family_of(carer.pk, on)
    children = Child.objects.filter(pk__in=family.child_ids if family else ())
    beside = Carer.objects.filter(
        pk__in=cares_visible(on).filter(child__in=children).values("carer")
    )
    every = set(Child.objects.values_list("name", flat=True))
    every |= set(Carer.objects.values_list("name", flat=True))
    known = {carer.name, *children.values_list("name", flat=True)}
    return every - known - set(beside.values_list("name", flat=True))


def answer(client: Client, path: str) -> tuple[str, str]:
    """The status and the text; of an empty POST, marked p, where the address wants one. Nothing
    that it did is kept."""
    status, text = _read(client.get(path))
    if status != 405:
        return str(status), text
    with nothing_kept(), cookies_kept(client):
        status, text = _read(client.post(path))
    return f"p{status}", text


@contextmanager
def cookies_kept(client: Client) -> Iterator[None]:
    """What happens inside leaves the browser as it was: signed in, with the letters of its size."""
    before = deepcopy(client.cookies)
    yield
    client.cookies = before


def _read(response) -> tuple[int, str]:
    # The test client closes a response by itself, with its signals held back; closing it here again
    # would end the request in earnest and with it the connection, in the middle of the test's
    # transaction. SQLite in memory ignores that; on PostgreSQL the next page found it closed.
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as sheet:
            body = b"".join(sheet.read(name) for name in sheet.namelist())
    return response.status_code, body.decode(errors="replace")


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What happens inside is rolled back, deleted uploads too."""
    uploads = Path(settings.MEDIA_ROOT)
    before = transaction.savepoint()
    with TemporaryDirectory() as aside:
        shutil.copytree(uploads, aside, dirs_exist_ok=True)
        yield
        shutil.copytree(aside, uploads, dirs_exist_ok=True)
    transaction.savepoint_rollback(before)
