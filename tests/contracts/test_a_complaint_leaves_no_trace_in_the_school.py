"""Two worlds, one with a complaint about a school and one without: to everybody who works in that
school they are the same world, from the telling to the answer and the reopening."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry, ProtectedEntry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.places.models import Containment
from gongyu.ground.staff.models import Post
from gongyu.indicators.actions import refresh
from gongyu.indicators.models import Figure
from gongyu.records.m02_parent_committees import tokens as committee_tokens
from gongyu.shared_work.offline import actions as offline
from gongyu.shared_work.tickets import receipts
from gongyu.shared_work.tickets.models import Ticket
from tests.cast import CAST_DAY, Cast, sign_in
from tests.contracts.matrix_walk import nothing_kept
from tests.contracts.test_what_is_sealed_leaves_no_trace import (
    _what_is_drawn_anew_at_every_visit_is_drawn_alike,  # noqa: F401
)
from tests.contracts.two_worlds import every_address, lines_logged, pages_seen

# Everybody with a post in the school, in groups that can be asked side by side; whoever left it
# yesterday, whose approval lapsed, who works next door, and nobody.
LOOKING = (
    ("head", "class_teacher"),
    ("moral_education_head", "subject_teacher"),
    ("registrar", "school_leader"),
    ("report_liaison", "class_teacher_of_parallel_class"),
    ("teacher_who_left_yesterday", "teacher_without_approval"),
    ("head_of_secondary_school", "class_teacher_elsewhere", "administrator"),
)
WORDS = "每家收了三百元活动费"


def _a_complaint_runs_its_whole_course(cast: Cast) -> None:
    """Told by somebody without an account, handled by the district, answered, reopened; with another
    one that stays open and one that is handed over."""
    asker, handler = Client(), sign_in(Client(), cast.complaint_handler)
    address = reverse("tickets:tell", args=[cast.school.pk])
    told = {"kind": "class_fees", "about": cast.this_class.pk, "words": WORDS, "amount": "300"}
    kept = asker.post(address, told | {"key": "two-worlds"}).content.decode()
    asker.post(address, told | {"key": "two-worlds-again"})
    asker.post(address, told | {"key": "two-worlds-away"})
    number = re.search(r'id="number">([^<]+)<', kept)[1]
    code = re.search(r'id="code">([^<]+)<', kept)[1]
    found = Ticket.objects.get(number=receipts.plain_number(number))
    page = reverse("tickets:ticket", args=[found.token])
    assert WORDS in handler.get(page).content.decode()
    handler.post(page, {"step": "accept"})
    handler.post(
        page,
        {"step": "answer", "answer-finding": "substantiated", "answer-words": "已退还"},
    )
    again = {"number": number, "code": code, "step": "reopen", "again-words": "没有退完"}
    assert "要求继续办理" in asker.post(reverse("tickets:follow"), again).content.decode()
    away = Ticket.objects.order_by("pk").last()
    handler.post(
        reverse("tickets:ticket", args=[away.token]),
        {"step": "hand_over", "hand-over-to": cast.city.pk, "hand-over-words": "请市里看"},
    )
    found.refresh_from_db()
    away.refresh_from_db()
    assert (found.status, found.round, away.status) == ("reopened", 2, "offered")
    assert ProtectedEntry.objects.filter(token=found.token).count() >= 5
    assert Fact.objects.filter(kind="clue.answered").count() == 2


def _world(cast: Cast, clients: dict[str, Client], rows) -> dict[tuple, object]:
    """Everything that these people see, what the numbers of their school are, and what is logged."""
    cache.clear()
    with lines_logged() as lines:
        refresh(CAST_DAY, by=SYSTEM)
        seen: dict[tuple, object] = dict(pages_seen(clients, rows))
    inside = Containment.objects.filter(ancestor=cast.school).values_list("place_id", flat=True)
    names = [
        f.attname for f in Figure._meta.concrete_fields if f.attname not in ("id", "refresh_id")
    ]
    figures = Figure.objects.filter(place_id__in=set(inside)).values_list(*names)
    seen["figures of the school",] = sorted(figures, key=repr)
    staff = Post.objects.filter(place__in=set(inside)).values_list("staff_id", flat=True)
    theirs = Q(place_id__in=set(inside)) | Q(staff_id__in=list(staff))
    seen["audit of the school",] = list(Entry.objects.filter(theirs).order_by("seq").values())
    seen["facts of the school",] = list(
        Fact.objects.filter(place_id__in=set(inside)).order_by("seq").values("kind", "subject_id")
    )
    seen["log",] = [line for line in lines if cast.school.name in line or WORDS in line]
    return seen


@pytest.mark.usefixtures("at_the_cast_day")
# PostgreSQL gives numbers again after no rollback, so the two walks would differ by themselves.
@pytest.mark.without_database
@pytest.mark.parametrize("names", LOOKING, ids=lambda names: names[0])
def test_with_a_complaint_everything_that_the_school_s_people_see_is_the_same(
    names, cast, tmp_path, settings, monkeypatch
):
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    settings.MEDIA_ROOT.mkdir()
    rows = every_address(cast)
    monkeypatch.setattr(offline, "new_code", lambda: "drawn-alike-in-both-world")
    monkeypatch.setattr(committee_tokens, "new_salt", lambda: "drawn-alike-in-both")
    clients = {name: sign_in(Client(), getattr(cast, name)) for name in names}
    for client in clients.values():
        # What is read once a process, such as the plan, is read before anything is counted.
        client.get(reverse("pages:home"))
    clients["nobody"] = Client()
    with nothing_kept():
        without = _world(cast, clients, rows)
    with nothing_kept():
        _a_complaint_runs_its_whole_course(cast)
        seen_with = _world(cast, clients, rows)
        tokens = list(Ticket.objects.order_by("pk").values_list("token", flat=True))
        for name, client in clients.items():
            for token in tokens:
                status = client.get(reverse("tickets:ticket", args=[token])).status_code
                assert status == (302 if name == "nobody" else 404), name
    assert len(without) > 200 * len(clients)
    assert without.keys() == seen_with.keys()
    assert [what for what in without if without[what] != seen_with[what]] == []
    everything = repr(seen_with)
    assert WORDS not in everything
    assert not any(token in everything for token in tokens[2:])


@pytest.mark.usefixtures("at_the_cast_day")
@pytest.mark.without_database
def test_the_walk_would_notice_a_trace(cast, tmp_path, settings):
    """The district's handler does see it: the same comparison finds the difference there."""
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    settings.MEDIA_ROOT.mkdir()
    rows = [row for row in every_address(cast) if row[0] in ("pages:home", "tickets:index")]
    clients = {"complaint_handler": sign_in(Client(), cast.complaint_handler)}
    with nothing_kept():
        without = pages_seen(clients, rows)
    with nothing_kept():
        _a_complaint_runs_its_whole_course(cast)
        assert pages_seen(clients, rows) != without
