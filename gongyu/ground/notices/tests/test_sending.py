"""Who is told of what: carers of the day, brothers and sisters together, nobody who is barred."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.channels import shown
from gongyu.ground.notices.clock import next_digest, week_of
from gongyu.ground.notices.models import Delivery, Notice, Outgoing, ShownMessage
from gongyu.ground.notices.parameters import weekly_budget
from gongyu.ground.notices.queries_budget import effect_of
from gongyu.ground.notices.queries_recipients import recipients
from gongyu.ground.notices.rules import NoticeFault
from gongyu.ground.people.actions import bar_carer
from tests.cast import CAST_DAY, CAST_MOMENT

from .watch import Watch

pytestmark = pytest.mark.django_db


def send(new, key="n1", at=CAST_MOMENT):
    return actions.send(new, at=at, key=key, by=SYSTEM)


def test_the_daily_carer_leads_the_mother_reads_and_the_barred_father_gets_nothing(cast, new):
    notice = send(new("to_answer", child_ids=(cast.pupil.pk,)))
    rows = {row.carer_id: row for row in notice.deliveries.all()}
    assert set(rows) == {cast.grandmother.pk, cast.mother.pk}
    assert rows[cast.grandmother.pk].leads and rows[cast.grandmother.pk].status == "due"
    assert not rows[cast.mother.pk].leads and rows[cast.mother.pk].status == "in_box"
    assert queries.box(cast.barred_father.pk, CAST_DAY) == []


def test_a_carer_barred_from_contact_alone_may_read_and_is_never_called(cast):
    bar_carer(
        cast.classmate, cast.classmates_mother, CAST_DAY, "保护令", information=False, by=SYSTEM
    )
    reads, nobody = recipients([cast.classmate.pk], CAST_DAY)
    assert (reads.carer_id, reads.leads) == (cast.classmates_mother.pk, False)
    assert (nobody.carer_id, nobody.leads) == (None, True)


def test_brothers_and_sisters_in_two_schools_are_one_delivery(cast, new):
    told = (cast.this_class.pk, cast.secondary_class.pk)
    notice = send(new(class_ids=told))
    own = notice.deliveries.get(carer=cast.grandmother)
    names = set(own.children.values_list("child__name", flat=True))
    shared = {cast.pupil.name, cast.sister.name}
    assert names == shared
    [entry] = queries.box(cast.grandmother.pk, CAST_DAY)
    assert set(entry.names) == shared


def test_the_same_key_is_the_same_notice(cast, new):
    first, again = send(new()), send(new(title="别的标题"))
    assert first == again and again.title == "周五提前放学"
    assert Notice.objects.count() == 1
    count = Delivery.objects.count()
    actions.spread(first, at=CAST_MOMENT, by=SYSTEM)
    assert Delivery.objects.count() == count


def test_sending_leaves_an_audit_row_and_a_fact_without_a_child(cast, new):
    notice = send(new())
    verbs = set(Entry.objects.filter(subject_type="notice").values_list("verb", flat=True))
    assert verbs == {"notice.send", "notice.spread"}
    fact = Fact.objects.get(kind="notice.sent")
    assert (fact.subject_type, fact.subject_id) == ("place", cast.school.pk)
    assert fact.attrs["people"] == notice.people == 3


def test_what_is_to_know_waits_for_thursday_and_comes_as_one_letter(cast, new):
    watch = Watch(CAST_MOMENT)
    for key in ("a", "b"):
        send(new(title=f"通知{key}"), key)
    jobs.run(watch)
    assert ShownMessage.objects.count() == 0
    watch.to(Delivery.objects.filter(status="waiting").first().next_at)
    assert (watch().astimezone().weekday(), watch().hour) == (3, 11)  # 19:00 in Chongqing
    jobs.run(watch)
    letter = shown.last_to(cast.grandmother.phone)
    assert "每周一信" in letter.words and "通知a" in letter.words and "通知b" in letter.words
    assert cast.pupil.name in letter.words
    assert ShownMessage.objects.filter(address_digest=letter.address_digest).count() == 1
    jobs.run(watch)
    assert Outgoing.objects.count() == 2


def test_a_week_that_danger_filled_has_no_letter_and_the_next_one_has(cast, new):
    send(new(until_on=CAST_DAY + timedelta(days=12)), "n1")
    send(new(title="春季运动会", until_on=CAST_DAY + timedelta(days=3)), "n2")
    family = Delivery.objects.get(carer=cast.grandmother, notice__title="春季运动会").family_id
    thursday = next_digest(CAST_MOMENT)
    for number in range(weekly_budget().value):
        Outgoing.objects.create(
            key=f"k{number}", carer=cast.grandmother, family_id=family, path="sms", kind="safety",
            status="sent", sent_at=CAST_MOMENT, next_at=CAST_MOMENT, made_at=CAST_MOMENT,
            week_on=week_of(CAST_MOMENT),
        )  # fmt: skip
    jobs.run(Watch(thursday))
    assert not Outgoing.objects.filter(carer=cast.grandmother, is_digest=True).exists()
    assert Outgoing.objects.filter(carer=cast.classmates_mother, is_digest=True).exists()
    found = Delivery.objects.filter(carer=cast.grandmother).order_by("notice")
    assert [(one.status, one.next_at) for one in found] == [
        ("waiting", thursday + timedelta(days=7)),
        ("in_box", None),
    ]
    jobs.run(Watch(thursday + timedelta(days=7)))
    assert Outgoing.objects.filter(carer=cast.grandmother, is_digest=True).count() == 1


def test_at_night_nothing_rings_but_safety(cast, new):
    night = CAST_MOMENT.replace(hour=15)  # 23:00
    send(new("to_answer"), "q", at=night)
    send(new("safety"), "s", at=night)
    watch = Watch(night)
    jobs.run(watch)
    assert set(ShownMessage.objects.values_list("kind", flat=True)) == {"safety"}
    watch.to(Delivery.objects.filter(notice__kind="to_answer", status="due").first().next_at)
    assert (watch().hour, watch().minute) == (23, 0)  # seven in the morning
    jobs.run(watch)
    assert ShownMessage.objects.filter(kind="to_answer").exists()


def test_the_effect_shown_before_is_what_happens(cast, new):
    question = new("to_answer")
    effect = effect_of(question, CAST_MOMENT)
    assert (effect.families, effect.sound, effect.wait) == (2, 2, 0)
    for number in range(2):
        send(new("to_answer", title=f"问题{number}"), f"q{number}")
        jobs.run(Watch(CAST_MOMENT + timedelta(minutes=number)))
    effect = effect_of(question, CAST_MOMENT)
    assert (effect.full, effect.sound, effect.wait) == (2, 0, 2)
    send(question, "third")
    third = Delivery.objects.filter(notice__key="third", leads=True)
    assert set(third.values_list("status", flat=True)) == {"waiting"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": " "}, "title"),
        ({"words": "长" * 501}, "words"),
        ({"class_ids": ()}, "audience"),
        ({"until_on": CAST_DAY}, "until_on"),
        ({"until_on": CAST_DAY + timedelta(days=900)}, "until_on"),
        ({"basis": "law", "basis_words": "条"}, "basis"),
        ({"kind": "safety", "basis": ""}, "basis"),
        ({"kind": "to_answer", "basis": "danger"}, "basis"),
        ({"kind": "to_answer", "basis": "law", "basis_words": " "}, "basis_words"),
        ({"choices": ("去",)}, "choices"),
        ({"kind": "to_answer", "choices": ("去", "去")}, "choices"),
        ({"kind": "to_answer", "choices": ("一", "二", "三", "四", "五")}, "choices"),
        ({"is_campaign": True, "white_list": " "}, "white_list"),
        ({"words": "没有完成的同学：李小明"}, "words"),
        ({"kind": "advert"}, "kind"),
    ],
)
def test_what_must_not_be_sent_is_refused_with_the_field_named(cast, new, told, field):
    with pytest.raises(NoticeFault) as refused:
        send(new(**{"kind": "to_know", **told}))
    assert refused.value.field == field and len(str(refused.value)) > 5
    assert Notice.objects.count() == 0


def test_two_pupils_named_are_a_list_and_refused(cast, new):
    words = f"请{cast.pupil.name}和{cast.classmate.name}来拿书。"
    with pytest.raises(NoticeFault, match="不列学生姓名"):
        send(new(words=words))


@pytest.mark.parametrize(
    "told",
    [
        {"basis": "law"},
        {"is_campaign": True, "white_list": ""},
        {"kind": "advert"},
        {"status": "lost"},
    ],
)
def test_the_database_keeps_the_promise_too(cast, new, told):
    notice = send(new())
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**told)


def test_a_child_of_whom_nobody_may_be_told_becomes_a_persons_matter(cast, new):
    bar_carer(cast.classmate, cast.classmates_mother, CAST_DAY, "保护令", by=SYSTEM)
    notice = send(new("safety", child_ids=(cast.classmate.pk,)))
    [row] = notice.deliveries.all()
    assert row.carer is None and row.status == "to_hand"
    [person] = queries.standers([row.hand_place_id], CAST_DAY).values()
    assert person.name == cast.class_teacher.staff.name
    assert jobs.run(Watch(CAST_MOMENT)) == 0
