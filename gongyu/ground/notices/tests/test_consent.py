"""Where the law asks for a guardian's consent a guardian is asked, and nobody else's word counts; the
sender, and nobody else, sees who said what."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.models import Delivery, Outgoing
from gongyu.ground.notices.queries_answers import answers_to
from gongyu.ground.notices.queries_budget import effect_of
from gongyu.ground.notices.rules import NoticeFault, check_notice
from gongyu.ground.notices.words import digest_of_token, token_of
from gongyu.ground.people.actions import bar_carer, end_care
from gongyu.ground.people.models import Care
from tests.cast import CAST_DAY, CAST_MOMENT, come_in, sign_in

from .watch import Watch

pytestmark = pytest.mark.django_db

YES, NO = 0, 1


@pytest.fixture
def consent(new):
    def make(**told):
        said = {
            "basis": "consent",
            "basis_words": "个人信息保护法第三十一条",
            "choices": ("同意", "不同意"),
        }
        return new("to_answer", **{**said, **told})

    return make


@pytest.fixture
def asked(cast, consent, at_the_cast_day):
    return actions.send(consent(), at=CAST_MOMENT, key="c1", by=SYSTEM)


def row_of(carer) -> Delivery:
    return Delivery.objects.select_related("notice").get(carer=carer)


def answer(carer, choice: int) -> None:
    actions.answer(row_of(carer), choice, way="box", at=CAST_MOMENT, by=SYSTEM)


def guardian(cast, carer) -> None:
    Care.objects.filter(carer=carer, child=cast.pupil).update(is_guardian=True)


def test_the_guardian_leads_and_the_grandmother_only_reads(cast, asked):
    assert row_of(cast.mother).leads and row_of(cast.mother).status == "due"
    assert (row_of(cast.grandmother).leads, row_of(cast.grandmother).status) == (False, "in_box")
    jobs.run(Watch(CAST_MOMENT + timedelta(days=3)))
    called = set(Outgoing.objects.values_list("carer", flat=True))
    assert cast.mother.pk in called and cast.grandmother.pk not in called


def test_nobody_but_a_guardian_consents_by_any_path(cast, asked):
    with pytest.raises(NoticeFault, match="监护人"):
        answer(cast.grandmother, YES)
    call = Outgoing.objects.create(
        key="k1", carer=cast.grandmother, family_id=cast.grandmother.pk, path="voice",
        kind="to_answer", status="sent", channel="voice-a", next_at=CAST_MOMENT,
        week_on=CAST_DAY, made_at=CAST_MOMENT, sent_at=CAST_MOMENT,
    )  # fmt: skip
    call.carried.create(delivery=row_of(cast.grandmother))
    assert not actions.answer_by_key(call, "1", at=CAST_MOMENT, by=SYSTEM)
    token = token_of(call.pk, call.key)
    Outgoing.objects.filter(pk=call.pk).update(link_digest=digest_of_token(token))
    with pytest.raises(NoticeFault, match="监护人"):
        actions.answer_by_link(
            call.pk, token, row_of(cast.grandmother).pk, YES, at=CAST_MOMENT, by=SYSTEM
        )
    Delivery.objects.filter(carer=cast.grandmother).update(status="to_hand")
    with pytest.raises(NoticeFault, match="监护人"):
        actions.hand_over(
            row_of(cast.grandmother), YES, at=CAST_MOMENT, by=cast.class_teacher.actor
        )
    assert not Delivery.objects.filter(answer__isnull=False).exists()
    # Handed to her for the parents, without an answer, it may be.
    actions.hand_over(row_of(cast.grandmother), at=CAST_MOMENT, by=cast.class_teacher.actor)
    answer(cast.mother, YES)
    assert row_of(cast.mother).answer == YES


def test_a_guardian_answers_behind_the_link(cast, asked):
    jobs.run(Watch(CAST_MOMENT + timedelta(days=3)))
    message = Outgoing.objects.filter(carer=cast.mother).first()
    token = token_of(message.pk, message.key)
    Outgoing.objects.filter(pk=message.pk).update(link_digest=digest_of_token(token))
    at = CAST_MOMENT + timedelta(days=3)
    actions.answer_by_link(message.pk, token, row_of(cast.mother).pk, NO, at=at, by=SYSTEM)
    assert row_of(cast.mother).answer == NO


def test_custody_that_changed_today_holds_for_the_next_answer(cast, asked):
    care = Care.objects.get(carer=cast.mother, child=cast.pupil)
    Care.objects.filter(pk=care.pk).update(is_guardian=False)
    with pytest.raises(NoticeFault, match="监护人"):
        answer(cast.mother, YES)
    guardian(cast, cast.grandmother)
    answer(cast.grandmother, YES)
    assert row_of(cast.grandmother).answer == YES


def test_a_guardian_who_is_barred_today_has_no_word(cast, asked):
    answer(cast.mother, YES)
    Delivery.objects.filter(carer=cast.mother).update(status="told", answer=None)
    bar_carer(cast.pupil, cast.mother, CAST_DAY, "裁定（演示）", by=SYSTEM)
    with pytest.raises(NoticeFault, match="监护人"):
        answer(cast.mother, YES)
    Delivery.objects.filter(carer=cast.mother).update(status="answered", answer=YES)
    assert [group.families for group in answers_to(asked, CAST_DAY)] == [[], []]


def test_the_pages_offer_no_button_to_who_is_no_guardian(cast, asked):
    row = row_of(cast.grandmother)
    page = come_in(Client(), cast.grandmother).get(reverse("family:notice", args=[row.pk]))
    text = page.content.decode()
    assert "监护人（父母等）同意" in text and 'name="answer"' not in text
    assert queries.box(cast.grandmother.pk, CAST_DAY, waiting=True) == []
    mine = row_of(cast.mother)
    page = come_in(Client(), cast.mother).get(reverse("family:notice", args=[mine.pk]))
    assert page.content.decode().count('name="answer"') == 2


def test_where_no_guardian_can_be_asked_a_named_person_finds_out(cast, consent, at_the_cast_day):
    for care in Care.objects.filter(child=cast.pupil, is_guardian=True):
        end_care(care, CAST_DAY, by=SYSTEM)
    new = consent(class_ids=(), child_ids=(cast.pupil.pk,))
    assert effect_of(new, CAST_MOMENT).without_carer == 1
    actions.send(new, at=CAST_MOMENT, key="c2", by=SYSTEM)
    alone = Delivery.objects.get(carer=None)
    assert alone.status == "to_hand"
    slips = sign_in(Client(), cast.class_teacher).get(reverse("notices:slips")).content.decode()
    assert "请先问清该由谁同意" in slips and "监护人签字" in slips
    actions.hand_over(alone, YES, at=CAST_MOMENT, by=cast.class_teacher.actor)
    [yes, _no] = answers_to(alone.notice, CAST_DAY)
    assert len(yes.families) == 1


def test_consent_has_two_answers(cast, consent):
    check_notice(consent(), CAST_DAY)
    for choices in ((), ("同意",), ("不同意", "同意"), ("去", "不去")):
        with pytest.raises(NoticeFault) as fault:
            check_notice(consent(choices=choices), CAST_DAY)
        assert fault.value.field == "choices"
    with pytest.raises(NoticeFault):
        check_notice(consent(basis_words=" "), CAST_DAY)


def test_the_form_gives_the_two_answers_and_says_so_to_others(cast, at_the_cast_day):
    client = sign_in(Client(), cast.class_teacher)
    url = reverse("notices:write", args=[cast.this_class.pk])
    typed = {
        "sort": "consent", "title": "视力检查", "words": "下周查视力，不收钱。查不查，请您选。",
        "last_day": str(CAST_DAY + timedelta(days=7)), "key": "f1", "send": "1",
    }  # fmt: skip
    page = client.post(url, typed | {"answers": "去、不去"})
    assert page.status_code == 400 and "请把这一栏清空" in page.content.decode()
    client.post(url, typed)
    assert row_of(cast.mother).notice.choices == ["同意", "不同意"]
    assert row_of(cast.mother).notice.basis == "consent"


@pytest.fixture
def second_guardian(cast):
    """The mother and the grandmother are both guardians."""
    guardian(cast, cast.grandmother)


def test_guardians_who_differ_stand_apart(cast, asked, second_guardian):
    answer(cast.mother, YES)
    [yes, no] = answers_to(asked, CAST_DAY)
    assert ([one.names for one in yes.families], no.families) == ([cast.pupil.name], [])
    answer(cast.grandmother, NO)
    yes, no, apart = answers_to(asked, CAST_DAY)
    assert yes.families == no.families == []
    assert apart.differs and "先按不同意办" in apart.words
    assert {one.carer for one in apart.families} == {
        f"{cast.mother.name}：同意", f"{cast.grandmother.name}：不同意",
    }  # fmt: skip
    # Whoever is no guardian any more has no say in it.
    Care.objects.filter(carer=cast.grandmother).update(is_guardian=False)
    [yes, no] = answers_to(asked, CAST_DAY)
    assert len(yes.families) == 1 and no.families == []


def test_the_sender_alone_sees_and_takes_out_who_said_what(cast, new, at_the_cast_day):
    notice = actions.send(
        new("to_answer", choices=("去", "不去")), at=CAST_MOMENT, key="t1",
        by=cast.class_teacher.actor,
    )  # fmt: skip
    answer(cast.grandmother, NO)
    page, sheet = (reverse(f"notices:{name}", args=[notice.pk]) for name in ("notice", "answers"))
    shown = sign_in(Client(), cast.class_teacher).get(page).content.decode()
    assert "谁怎么答的" in shown and cast.pupil.name in shown
    taken = sign_in(Client(), cast.class_teacher).get(sheet)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(taken))).active
    assert [cell.value for cell in book[4]][:5] == [
        cast.this_class.name, cast.pupil.name, "不去", cast.grandmother.name, "在信箱里",
    ]  # fmt: skip
    assert cast.pupil.name not in taken["Content-Disposition"]
    verbs = list(Entry.objects.filter(verb__contains="answers").values_list("verb", flat=True))
    assert sorted(verbs) == ["notice.export_answers", "notice.read_answers"]
    for role in ("head", "moral_education_head", "subject_teacher", "district_officer"):
        client = sign_in(Client(), getattr(cast, role))
        assert client.get(sheet).status_code == 404, role
        answer_page = client.get(page)
        assert answer_page.status_code == 404 or "谁怎么答的" not in answer_page.content.decode()


def test_what_asks_nothing_has_no_sheet(cast, new, at_the_cast_day):
    notice = actions.send(new(), at=CAST_MOMENT, key="t2", by=cast.class_teacher.actor)
    client = sign_in(Client(), cast.class_teacher)
    assert client.get(reverse("notices:answers", args=[notice.pk])).status_code == 404


def test_a_village_of_answers_is_as_counted_by_hand(cast, asked, second_guardian):
    """Slowly, from nothing but the rows: each child's guardians, each guardian's word."""
    answer(cast.mother, YES)
    wanted: dict[str, set[int]] = {}
    for care in Care.objects.on(CAST_DAY).filter(is_guardian=True).select_related("child"):
        for row in Delivery.objects.filter(carer=care.carer_id, answer__isnull=False):
            if row.children.filter(child=care.child_id).exists():
                wanted.setdefault(care.child.name, set()).add(row.answer)
    found: dict[str, set[int]] = {}
    for number, group in enumerate(answers_to(asked, CAST_DAY)):
        for one in group.families:
            found.setdefault(one.names, set()).add(number)
    assert found == wanted and wanted
