"""Who consents, what holds, and from which request on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.audit.models import Entry
from gongyu.ground.people.actions import add_care, bar_carer, end_care
from gongyu.ground.people.models import Care, Carer, Relation
from gongyu.shared_work.consents import actions, queries, rules
from gongyu.shared_work.consents.models import Word
from gongyu.shared_work.consents.purposes import duties, fingerprint, to_ask
from tests.cast import CAST_DAY, CAST_MOMENT, LONG_AGO, come_in, sign_in

PHOTOS = "photos"


def as_family(carer: Carer) -> Actor:
    return Actor(user_id=None, name="家长", carer_id=carer.pk)


@pytest.fixture
def two_guardians(cast):
    """The classmate's mother and a father; both guardians."""
    father = Carer.objects.create(name="郑强")
    add_care(
        cast.classmate, father, Relation.FATHER, LONG_AGO,
        is_guardian=True, is_daily_carer=False, by=SYSTEM,
    )  # fmt: skip
    return cast.classmates_mother, father


def said(child, carer, says, minutes=0, purpose=PHOTOS) -> Word:
    at = CAST_MOMENT + timedelta(minutes=minutes)
    return actions.say(child, purpose, says, at=at, by=as_family(carer))


@pytest.mark.django_db
def test_nothing_holds_before_somebody_said_yes_and_silence_is_no_yes(cast, two_guardians):
    mother, _father = two_guardians
    assert not queries.holds(PHOTOS, cast.classmate, CAST_DAY)
    said(cast.classmate, mother, "yes")
    found = queries.standing(PHOTOS, cast.classmate, CAST_DAY)
    assert (found.holds, found.yes, found.no, found.silent) == (True, 1, 0, 1)
    assert not queries.holds(PHOTOS, cast.classmate, CAST_DAY - timedelta(days=1))


@pytest.mark.django_db
def test_one_gives_and_the_other_refuses_then_it_does_not_hold_and_both_read_why(
    cast, two_guardians, at_the_cast_day
):
    mother, father = two_guardians
    said(cast.classmate, mother, "yes")
    said(cast.classmate, father, "no", 1)
    assert not queries.holds(PHOTOS, cast.classmate, CAST_DAY)
    for carer in two_guardians:
        client = come_in(Client(), carer, by_number=False)
        page = client.get(reverse("consents:family")).content.decode()
        assert "监护人说法不一" in page
        # What the other one said is weighed, never quoted.
        assert {father.name, mother.name} & {
            n for n in (father.name, mother.name) if n in page
        } == set()


@pytest.mark.django_db
def test_taking_back_holds_at_the_next_request(cast, at_the_cast_day):
    client = come_in(Client(), cast.classmates_mother)
    address = reverse("consents:say", args=[cast.classmate.pk])
    client.post(address, {"purpose": PHOTOS, "says": "yes"})
    assert queries.holds(PHOTOS, cast.classmate, CAST_DAY)
    page = client.get(reverse("consents:family")).content.decode()
    assert "收回同意" in page
    client.post(address, {"purpose": PHOTOS, "says": "withdrawn"})
    assert not queries.holds(PHOTOS, cast.classmate, CAST_DAY)
    assert [w.says for w in Word.objects.order_by("pk")] == ["yes", "withdrawn"]
    entry = Entry.objects.filter(verb="consent.say").latest("seq")
    assert entry.detail["by_carer"] == cast.classmates_mother.pk


@pytest.mark.django_db
def test_a_duty_is_never_asked_for_and_the_database_refuses_it_too(cast):
    assert {d.code for d in duties()} >= {"enrolment", "home_visit", "child_not_well"}
    for duty in duties():
        with pytest.raises(rules.ConsentFault, match="不用征求同意"):
            said(cast.classmate, cast.classmates_mother, "yes", purpose=duty.code)
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.create(
            purpose="enrolment", child=cast.classmate, carer=cast.classmates_mother,
            says="yes", how="page", said_at=CAST_MOMENT, read="x",
        )  # fmt: skip


@pytest.mark.django_db
def test_only_guardians_who_are_not_barred_speak(cast):
    for carer in (cast.grandmother, cast.barred_father, cast.classmates_mother):
        with pytest.raises(rules.ConsentFault):
            said(cast.pupil, carer, "yes")
    said(cast.pupil, cast.mother, "yes")
    assert queries.holds(PHOTOS, cast.pupil, CAST_DAY)


@pytest.mark.django_db
def test_a_no_of_somebody_who_is_no_guardian_any_more_counts_for_nothing(cast, two_guardians):
    mother, father = two_guardians
    said(cast.classmate, mother, "yes")
    said(cast.classmate, father, "no", 1)
    end_care(Care.objects.get(carer=father), CAST_DAY, by=SYSTEM)
    assert queries.holds(PHOTOS, cast.classmate, CAST_DAY)
    bar_carer(cast.classmate, mother, CAST_DAY, "裁定", by=SYSTEM)
    assert not queries.holds(PHOTOS, cast.classmate, CAST_DAY)


@pytest.mark.django_db
def test_on_the_fourteenth_birthday_the_word_changes_hands(cast, at_the_cast_day):
    child = cast.classmate
    said(child, cast.classmates_mother, "yes")
    child.born_on = date(CAST_DAY.year - 14, CAST_DAY.month, CAST_DAY.day + 1)
    child.save()
    assert queries.holds(PHOTOS, child, CAST_DAY)
    tomorrow = CAST_DAY + timedelta(days=1)
    found = queries.standing(PHOTOS, child, tomorrow)
    assert (found.holds, found.by_child) == (False, True)
    child.born_on = date(CAST_DAY.year - 14, CAST_DAY.month, CAST_DAY.day)
    child.save()
    with pytest.raises(rules.ConsentFault, match="由孩子自己说"):
        said(child, cast.classmates_mother, "withdrawn", 1)
    # The class teacher writes down what the child says, and the guardian reads it.
    teacher = sign_in(Client(), cast.class_teacher)
    told = {"purpose": PHOTOS, "speaker": 0, "says": "yes", "how": "spoken"}
    teacher.post(reverse("consents:child", args=[child.pk]), told)
    assert queries.holds(PHOTOS, child, CAST_DAY)
    family = come_in(Client(), cast.classmates_mother)
    page = family.get(reverse("consents:family")).content.decode()
    assert "孩子满14岁，本人同意。" in page
    assert (
        family.post(
            reverse("consents:say", args=[child.pk]), {"purpose": PHOTOS, "says": "no"}
        ).status_code
        == 302
    )
    assert queries.holds(PHOTOS, child, CAST_DAY)


@pytest.mark.django_db
def test_a_child_under_fourteen_does_not_speak_and_29_february_counts(cast):
    with pytest.raises(rules.ConsentFault, match="由监护人来说"):
        actions.take_word(
            cast.classmate,
            PHOTOS,
            None,
            "yes",
            "spoken",
            at=CAST_MOMENT,
            by=cast.class_teacher.actor,
        )
    cast.classmate.born_on = date(2012, 2, 29)
    assert not rules.speaks_itself(cast.classmate, date(2026, 2, 28))
    assert rules.speaks_itself(cast.classmate, date(2026, 3, 1))


@pytest.mark.django_db
def test_the_evidence_says_who_when_how_and_what_was_read(cast):
    word = said(cast.classmate, cast.classmates_mother, "yes")
    again = said(cast.classmate, cast.classmates_mother, "yes", 5)
    assert again == word
    assert (word.carer, word.said_at, word.how) == (cast.classmates_mother, CAST_MOMENT, "page")
    assert word.read == fingerprint(PHOTOS)
    with pytest.raises(rules.ConsentFault, match="不用收回"):
        said(cast.pupil, cast.mother, "withdrawn")


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_cast_day")
def test_nobody_speaks_for_another_family_s_child(cast):
    client = come_in(Client(), cast.classmates_mother)
    for child in (cast.pupil, cast.child_elsewhere):
        answer = client.post(
            reverse("consents:say", args=[child.pk]), {"purpose": PHOTOS, "says": "yes"}
        )
        assert answer.status_code == 404
    # A carer who is no guardian has no such page.
    carer = come_in(Client(), cast.grandmother)
    assert carer.get(reverse("consents:family")).status_code == 404
    assert Word.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("at_the_cast_day")
def test_staff_see_what_holds_and_not_who_said_what(cast, two_guardians):
    mother, father = two_guardians
    said(cast.classmate, mother, "yes")
    said(cast.classmate, father, "no", 1)
    page = sign_in(Client(), cast.class_teacher).get(
        reverse("consents:child", args=[cast.classmate.pk])
    )
    assert "不可以" in page.content.decode() and "不一" not in page.content.decode()
    far = sign_in(Client(), cast.class_teacher_elsewhere)
    assert far.get(reverse("consents:child", args=[cast.classmate.pk])).status_code == 404


class _Said:
    def __init__(self, carer_id, says):
        self.carer_id, self.says = carer_id, says


WORDS = st.lists(
    st.tuples(st.sampled_from([None, 1, 2, 3]), st.sampled_from(["yes", "no", "withdrawn"])),
    max_size=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS, st.sets(st.sampled_from([1, 2, 3])), st.booleans())
def test_whatever_is_said_a_slow_reading_says_the_same(words, guardians, itself):
    found = rules.weigh(itself, guardians, [_Said(*word) for word in words])
    last = {who: [s for w, s in words if w == who][-1:] for who in (None, 1, 2, 3)}
    if itself:
        expected = last[None] == ["yes"]
    else:
        counted = [last[who] for who in guardians]
        refused = any(word in (["no"], ["withdrawn"]) for word in counted)
        expected = ["yes"] in counted and not refused
    assert found.holds is expected


def test_every_purpose_says_what_why_law_and_how_long():
    for purpose in [*to_ask(), *duties()]:
        assert all([purpose.title, purpose.what, purpose.why, purpose.law, purpose.kept])
    assert {p.basis for p in to_ask()} == {"consent"}
