"""Audit rows are written with the deed, say who, and keep the order."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongyu.ground.audit.actions import Deed, NotAnEntry, record, record_many
from gongyu.ground.audit.actors import SYSTEM, Actor, HeldPost
from gongyu.ground.audit.models import Entry
from gongyu.ground.seal.appending import NotInTransaction

POST = HeldPost(post_id=11, role="class_teacher", place_id=2, scope_id=2, scope_kind="class")
OTHER = HeldPost(post_id=12, role="school_leader", place_id=1, scope_id=1, scope_kind="school")
TEACHER = Actor(user_id=4, name="李老师", staff_id=6, posts=(POST,))


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_whom_and_why():
    seq = record(
        "child.read",
        by=TEACHER,
        subject=("child", 9),
        place_id=2,
        why="家访准备",
        detail={"page": "child"},
    )
    entry = Entry.objects.get(seq=seq)
    assert (entry.user_id, entry.staff_id, entry.post_id, entry.actor_name) == (4, 6, 11, "李老师")
    assert (entry.verb, entry.subject_type, entry.subject_id) == ("child.read", "child", 9)
    assert (entry.place_id, entry.why, entry.detail) == (2, "家访准备", {"page": "child"})


@pytest.mark.django_db
def test_whoever_holds_two_posts_says_in_which_one():
    both = Actor(user_id=4, name="李老师", staff_id=6, posts=(POST, OTHER))
    silent = record("child.read", by=both, subject=("child", 9))
    said = record("child.read", by=both, subject=("child", 9), post_id=12)
    assert Entry.objects.get(seq=silent).post_id is None
    assert Entry.objects.get(seq=said).post_id == 12


@pytest.mark.django_db
def test_many_entries_keep_their_order_in_few_queries():
    deeds = [Deed("child.add", ("child", child)) for child in range(1, 1501)]
    with CaptureQueriesContext(connection) as queries:
        seqs = record_many(deeds, by=SYSTEM)
    assert len(queries) <= 2
    written = Entry.objects.order_by("seq").values_list("seq", "subject_id")
    assert list(written) == list(zip(seqs, range(1, 1501), strict=True))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_entry_is_written():
    with pytest.raises(NotInTransaction):
        record("child.read", by=TEACHER, subject=("child", 9))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("verb", "why"),
    [("read", ""), ("Child.Read", ""), ("child.read it", ""), ("child.read", "x" * 201)],
)
def test_an_entry_that_could_not_be_read_later_is_refused(verb, why):
    with pytest.raises(NotAnEntry):
        record(verb, by=TEACHER, subject=("child", 9), why=why)
