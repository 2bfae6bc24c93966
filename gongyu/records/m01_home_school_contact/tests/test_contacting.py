"""Contacts in seconds, several families at once: facts by channel, corrections, who reads them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.queries import standing_facts
from gongyu.records.m01_home_school_contact import actions, rules_concerns
from gongyu.records.m01_home_school_contact.concern_shapes import ContactEntry
from gongyu.records.m01_home_school_contact.models_concerns import Contact, ContactChild
from gongyu.records.m01_home_school_contact.queries import contacts
from gongyu.records.m01_home_school_contact.rules_concerns import ConcernFault
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, sign_in


@pytest.fixture
def contact(cast):
    def make(person=None, key="c", **changes) -> Contact:
        told = {
            "child_ids": (cast.pupil.pk, cast.classmate.pk),
            "channel": "phone",
            "made_at": CAST_MOMENT,
            "line": "说了春游要带的东西",
        }
        entry = ContactEntry(**(told | changes))
        by = (person or cast.class_teacher).actor
        return actions.record_contact(entry, at=CAST_MOMENT, key=key, by=by)

    return make


def standing() -> list[tuple]:
    facts = standing_facts().filter(kind="contact.made", quantity__gt=0)
    return sorted(facts.values_list("subject_id", "status"))


def test_several_families_at_once_are_one_contact_and_a_fact_for_each(contact, cast):
    made = contact()
    both = sorted([(cast.pupil.pk, "phone"), (cast.classmate.pk, "phone")])
    assert standing() == both
    assert made.children.count() == 2
    assert Entry.objects.filter(verb="contact.record").count() == 2
    fact = Fact.objects.filter(kind="contact.made").first()
    assert (fact.place_id, fact.on_date) == (cast.this_class.pk, CAST_DAY)
    assert fact.actor_post_id == cast.class_teacher.post.pk


def test_the_same_form_sent_twice_is_one_contact(contact):
    assert contact().pk == contact().pk
    assert contact(key="d").pk != contact().pk


def test_a_correction_supersedes_and_a_retraction_counts_nothing(contact, cast):
    old = contact()
    entry = ContactEntry((cast.pupil.pk,), "message", CAST_MOMENT, "发了一条留言")
    by = cast.class_teacher.actor
    fresh = actions.correct_contact(old, entry, reason="勾错了", at=CAST_MOMENT, key="e", by=by)
    assert standing() == [(cast.pupil.pk, "message")]
    old.refresh_from_db()
    assert (old.status, fresh.replaces) == ("replaced", old)
    with pytest.raises(ConcernFault):
        actions.correct_contact(old, entry, reason="再改", at=CAST_MOMENT, key="f", by=by)
    actions.retract_contact(fresh, reason="没有联系", at=CAST_MOMENT, by=by)
    assert standing() == []
    with pytest.raises(ConcernFault):
        actions.retract_contact(contact(key="g"), reason=" ", at=CAST_MOMENT, by=by)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"child_ids": ()}, "children"),
        ({"channel": "fax"}, "channel"),
        ({"line": " "}, "line"),
        ({"made_at": CAST_MOMENT + timedelta(hours=1)}, "made_at"),
        ({"made_at": CAST_MOMENT - timedelta(days=400)}, "made_at"),
        ({"made_at": CAST_MOMENT - timedelta(days=100)}, "made_at"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(contact, changes, field):
    with pytest.raises(ConcernFault) as fault:
        contact(**changes)
    assert fault.value.field == field and str(fault.value)
    assert not Contact.objects.exists()


def test_a_child_of_another_class_is_not_the_teachers_to_contact(contact, cast):
    with pytest.raises(ConcernFault):
        contact(child_ids=(cast.pupil.pk, cast.child_elsewhere.pk))


def test_what_was_said_is_for_those_who_answer_for_the_child(contact, cast):
    contact(person=cast.subject_teacher)
    contact(person=cast.class_teacher_elsewhere, child_ids=(cast.child_elsewhere.pk,), key="far")
    rows = ContactChild.objects.filter(child=cast.pupil)
    readers = {
        name
        for name, person in cast.people().items()
        if rules_concerns.contacts_readable(person.actor, CAST_DAY).filter(pk__in=rows).exists()
    }
    assert readers == {"class_teacher", "subject_teacher", "moral_education_head", "head"}
    check_view_matches_list(
        cast,
        everything=Contact.objects.filter(maker=cast.subject_teacher.staff),
        may_view=lambda actor, it: contacts.contact_page(actor, it.pk, CAST_DAY) is not None,
        visible_to=lambda actor: Contact.objects.filter(
            children__in=rules_concerns.contacts_readable(actor, CAST_DAY),
            maker=cast.subject_teacher.staff,
        ).distinct(),
    )


def test_channels_are_counted_side_by_side_and_never_weighed(contact, cast):
    contact()
    contact(channel="in_person", child_ids=(cast.pupil.pk,), key="b")
    actions.retract_contact(
        contact(key="z"), reason="误记", at=CAST_MOMENT, by=cast.class_teacher.actor
    )
    found = {c.label: c.number for c in contacts.channel_counts(cast.this_class, CAST_DAY)}
    assert found == {"家访": 0, "电话": 2, "短信、留言": 0, "视频、线上": 0, "当面": 1}
    assert contacts.channel_counts(cast.school, CAST_DAY)[1].number == 2


@pytest.mark.usefixtures("at_the_cast_day")
class TestPages:
    def sent(self, cast, **changes) -> dict:
        known = {
            "key": "p",
            "children": [cast.pupil.pk, cast.classmate.pk],
            "channel": "phone",
            "line": "说了春游",
            "made_at": "2026-11-04T09:30",
        }
        return known | changes

    def test_tick_choose_and_write_one_line(self, cast, client):
        teacher = sign_in(client, cast.class_teacher)
        address = reverse("contacts:class", args=[cast.this_class.pk])
        first = teacher.get(address + f"?child={cast.pupil.pk}&child=x").content.decode()
        assert "杨小雨" in first and first.count("checked") == 2
        page = teacher.post(address, self.sent(cast), follow=True).content.decode()
        assert "涉及 2 个孩子" in page and "说了春游" in page
        child = teacher.get(reverse("pages:child", args=[cast.pupil.pk])).content.decode()
        assert "说了春游" in child

    def test_bad_input_loses_nothing(self, cast, client):
        teacher = sign_in(client, cast.class_teacher)
        address = reverse("contacts:class", args=[cast.this_class.pk])
        sent = self.sent(cast, children=[], asked="想知道午休", made_at="昨天")
        page = teacher.post(address, sent).content.decode()
        assert "请勾选联系了哪些孩子的家庭" in page and "2026-11-04 15:00" in page
        assert "说了春游" in page and "想知道午休" in page and not Contact.objects.exists()

    def test_it_is_corrected_and_taken_back(self, cast, client, contact):
        made = contact()
        teacher = sign_in(client, cast.class_teacher)
        address = reverse("contacts:correct", args=[made.pk])
        assert "说了春游要带的东西" in teacher.get(address).content.decode()
        sent = self.sent(cast, line="说了秋游", reason="写错了", children=[cast.pupil.pk])
        page = teacher.post(address, sent, follow=True).content.decode()
        assert "说了秋游" in page
        fresh = Contact.objects.get(status="standing")
        bad = teacher.post(reverse("contacts:retract", args=[fresh.pk]), follow=True)
        assert "请写明原因" in bad.content.decode()
        teacher.post(reverse("contacts:retract", args=[fresh.pk]), {"reason": "没打通"})
        assert not Contact.objects.filter(status="standing").exists()
        assert (
            "已撤销" in teacher.get(reverse("contacts:contact", args=[fresh.pk])).content.decode()
        )

    def test_the_head_reads_and_does_not_correct(self, cast, client, contact):
        made = contact()
        head = sign_in(client, cast.head)
        assert head.get(reverse("contacts:contact", args=[made.pk])).status_code == 200
        assert head.get(reverse("contacts:correct", args=[made.pk])).status_code == 404
