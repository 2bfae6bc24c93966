"""The way to a family: message, call, another carer, a slip with a named person; and how it ends."""

from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices import actions, jobs, queries
from gongyu.ground.notices.clock import is_quiet
from gongyu.ground.notices.models import Delivery, Outgoing, WayTo
from gongyu.ground.notices.rules import NoticeFault
from gongyu.ground.people.actions import add_care, bar_carer
from gongyu.ground.people.models import Carer
from tests.cast import CAST_DAY, CAST_MOMENT

from .flaky import Flaky, Telephones
from .watch import Watch, use

pytestmark = pytest.mark.django_db


def send(new, key="n1", at=CAST_MOMENT):
    return actions.send(new, at=at, key=key, by=SYSTEM)


def run_to_the_end(watch: Watch) -> None:
    for _step in range(100):
        jobs.run(watch)
        then = queries.moment_of_next(watch())
        if then is None:
            return
        watch.to(then)
    raise AssertionError("it never ends")


@pytest.fixture
def law(cast, new):
    return send(new("to_answer", basis="law", child_ids=(cast.pupil.pk,)))


def test_a_family_that_never_answers_is_called_and_then_somebody_goes_there(cast, law):
    watch = Watch(CAST_MOMENT)
    run_to_the_end(watch)
    rang = list(Outgoing.objects.order_by("pk").values_list("carer_id", "path"))
    own = cast.grandmother.pk
    assert rang == [(own, "sms"), (own, "voice"), (cast.mother.pk, "sms")]
    first = Outgoing.objects.order_by("pk").first()
    # The box has four hours first.
    assert first.made_at >= CAST_MOMENT + timedelta(hours=4)
    assert not any(is_quiet(one.sent_at) for one in Outgoing.objects.all())
    [slip] = Delivery.objects.filter(status="to_hand")
    assert slip.carer == cast.grandmother
    actions.hand_over(slip, 0, at=watch(), by=cast.class_teacher.actor)
    slip.refresh_from_db()
    assert (slip.status, slip.answered_way) == ("answered", "slip")
    assert slip.handed_by == cast.class_teacher.staff
    with pytest.raises(NoticeFault, match="不用再送"):
        actions.hand_over(slip, at=watch(), by=cast.class_teacher.actor)


def test_the_slip_has_its_day_even_when_time_is_short(cast, new):
    until_on = CAST_DAY + timedelta(days=2)
    send(new("to_answer", basis="law", child_ids=(cast.pupil.pk,), until_on=until_on))
    watch = Watch(CAST_MOMENT)
    for _step in range(60):
        jobs.run(watch)
        if Delivery.objects.filter(status="to_hand").exists():
            break
        watch.to(queries.moment_of_next(watch()))
    assert localdate(watch()) < until_on
    assert Outgoing.objects.filter(path="voice").exists()


def test_an_answer_ends_the_way_for_the_whole_family(cast, law):
    watch = Watch(CAST_MOMENT + timedelta(hours=5))
    jobs.run(watch)
    mothers = Delivery.objects.select_related("notice").get(carer=cast.mother)
    assert actions.answer(mothers, 0, way="box", at=watch(), by=SYSTEM)
    assert not actions.answer(mothers, 0, way="box", at=watch(), by=SYSTEM)
    run_to_the_end(watch)
    assert Outgoing.objects.count() == 1
    assert not Delivery.objects.filter(status__in=["due", "to_hand"]).exists()
    assert Fact.objects.filter(kind="notice.reached").count() == 1


def test_a_key_pressed_answers_and_another_key_does_not(cast, new):
    send(new("to_answer", basis="law", choices=("同意", "不同意"), child_ids=(cast.pupil.pk,)))
    watch = Watch(CAST_MOMENT)
    while not Outgoing.objects.filter(path="voice", status="sent").exists():
        watch.to(queries.moment_of_next(watch()))
        jobs.run(watch)
    call = Outgoing.objects.get(path="voice")
    for pressed in ("9", "0", "*", "²", ""):
        assert not actions.answer_by_key(call, pressed, at=watch(), by=SYSTEM)
    assert actions.answer_by_key(call, "2", at=watch(), by=SYSTEM)
    row = Delivery.objects.get(carer=cast.grandmother)
    assert (row.answer, row.answered_way) == (1, "voice")


def test_custody_changed_today_holds_at_the_next_ring(cast, law):
    watch = Watch(CAST_MOMENT + timedelta(hours=5))
    bar_carer(cast.pupil, cast.grandmother, CAST_DAY, "变更抚养", by=SYSTEM)
    jobs.run(watch)
    assert not Outgoing.objects.filter(carer=cast.grandmother).exists()
    assert Delivery.objects.get(carer=cast.grandmother).status == "stopped"
    assert Delivery.objects.get(carer=cast.mother).leads
    jobs.run(watch)
    assert Outgoing.objects.filter(carer=cast.mother).exists()
    assert queries.box(cast.grandmother.pk, CAST_DAY) == []


def test_a_message_that_waits_says_nothing_to_whoever_was_barred_meanwhile(cast, new, monkeypatch):
    import random

    phones = Telephones()
    down = Flaky("sms", "sms-a", phones, random.Random(1), badness=0)
    down.send = lambda message: down._says("later", reason="http_503")
    use(monkeypatch, down)
    send(new("to_answer", child_ids=(cast.pupil.pk,)))
    watch = Watch(CAST_MOMENT)
    jobs.run(watch)
    bar_carer(cast.pupil, cast.grandmother, CAST_DAY, "变更抚养", by=SYSTEM)
    del down.send
    watch.on(minutes=5)
    jobs.run(watch)
    assert phones.everything() == []
    assert Outgoing.objects.get().status == "stopped"


def test_when_everybody_is_barred_a_named_person_stands_by(cast, law):
    for carer in (cast.grandmother, cast.mother):
        bar_carer(cast.pupil, carer, CAST_DAY, "变更抚养", by=SYSTEM)
    run_to_the_end(Watch(CAST_MOMENT))
    row = Delivery.objects.get(carer=None)
    assert row.status == "to_hand" and Outgoing.objects.count() == 0


def test_a_new_carer_is_told_in_the_place_of_the_barred_one(cast, law):
    aunt = Carer.objects.create(name="小姨", phone="13911110000")
    add_care(cast.pupil, aunt, "relative", CAST_DAY, is_daily_carer=True, by=SYSTEM)
    for carer in (cast.grandmother, cast.mother):
        bar_carer(cast.pupil, carer, CAST_DAY, "变更抚养", by=SYSTEM)
    run_to_the_end(Watch(CAST_MOMENT))
    assert Outgoing.objects.filter(carer=aunt).exists()


def test_a_dead_number_is_left_and_known_and_the_next_way_taken(cast, new, monkeypatch):
    import random

    phones = Telephones()
    told = {"phones": phones, "draw": random.Random(1), "badness": 0}
    dead = frozenset({cast.grandmother.phone})
    use(monkeypatch, Flaky("sms", "sms-a", dead=dead, **told), Flaky("voice", "voice-a", **told))
    send(new("to_answer", child_ids=(cast.pupil.pk,)))
    watch = Watch(CAST_MOMENT)
    jobs.run(watch)
    jobs.run(watch)
    [(_at, _key, _kind, path, *_rest)] = phones.everything()
    assert path == "voice"
    assert WayTo.objects.get(carer=cast.grandmother).reason == "bad_address"
    # Another number in the roster is another way.
    cast.grandmother.phone = "13900009999"
    cast.grandmother.save(update_fields=["phone"])
    send(new("to_answer", title="再问", child_ids=(cast.pupil.pk,)), "n2")
    jobs.run(watch)
    assert phones.rang["13900009999"][0][3] == "sms"


def test_whoever_chose_the_telephone_is_called_first(cast, new):
    actions.choose_way(cast.grandmother.pk, "voice", at=CAST_MOMENT, by=SYSTEM)
    send(new("to_answer", child_ids=(cast.pupil.pk,)))
    jobs.run(Watch(CAST_MOMENT))
    assert Outgoing.objects.get().path == "voice"


def test_withdrawn_it_goes_no_further_and_says_why(cast, new):
    notice = send(new("to_answer"))
    with pytest.raises(NoticeFault, match="原因"):
        actions.withdraw(notice, " ", at=CAST_MOMENT, by=SYSTEM)
    actions.withdraw(notice, "日期写错了", at=CAST_MOMENT, by=SYSTEM)
    assert jobs.run(Watch(CAST_MOMENT)) == 0
    row = Delivery.objects.select_related("notice").filter(carer=cast.mother).get()
    with pytest.raises(NoticeFault, match="撤回"):
        actions.answer(row, 0, way="box", at=CAST_MOMENT, by=SYSTEM)
    [entry] = queries.box(cast.mother.pk, CAST_DAY)
    assert entry.notice.reason == "日期写错了"
    with pytest.raises(NoticeFault, match="不能这样做"):
        actions.withdraw(notice, "再撤", at=CAST_MOMENT, by=SYSTEM)


def test_a_correction_rings_those_who_were_rung_and_reaches_all_others_quietly(cast, new):
    wrong = send(new("to_answer", title="周四放假"))
    jobs.run(Watch(CAST_MOMENT))
    row = Delivery.objects.select_related("notice").get(notice=wrong, carer=cast.classmates_mother)
    actions.answer(row, 0, way="box", at=CAST_MOMENT, by=SYSTEM)
    right = new("to_know", title="周五放假")
    fresh = actions.correct(wrong, right, at=CAST_MOMENT, key="c1", by=SYSTEM)
    same = actions.correct(wrong, right, at=CAST_MOMENT, key="c1", by=SYSTEM)
    assert fresh == same and fresh.replaces == wrong
    wrong.refresh_from_db()
    assert wrong.status == "corrected"
    leads = fresh.deliveries.filter(leads=True)
    assert set(leads.values_list("status", flat=True)) == {"due"}
    assert fresh.deliveries.get(carer=cast.mother).status == "in_box"


def test_only_the_unreached_are_reminded_and_once_a_day(cast, new):
    notice = send(new("to_answer"))
    jobs.run(Watch(CAST_MOMENT))
    row = Delivery.objects.select_related("notice").get(notice=notice, carer=cast.grandmother)
    actions.answer(row, 0, way="box", at=CAST_MOMENT, by=SYSTEM)
    later = CAST_MOMENT + timedelta(hours=1)
    done = actions.remind(notice, at=later, by=SYSTEM)
    assert (done.sound, done.wait) == (1, 0)
    jobs.run(Watch(later))
    again = Outgoing.objects.filter(made_at=later).get()
    assert again.carer == cast.classmates_mother
    with pytest.raises(NoticeFault, match="一天之内"):
        actions.remind(notice, at=later, by=SYSTEM)
    with pytest.raises(NoticeFault, match="不用提醒"):
        actions.remind(send(new(), "know"), at=later, by=SYSTEM)


def test_over_is_over_and_its_words_are_forgotten_in_time(cast, new):
    notice = send(new("to_answer", until_on=CAST_DAY + timedelta(days=1)))
    actions.close_what_is_over(CAST_DAY + timedelta(days=1), by=SYSTEM)
    notice.refresh_from_db()
    assert notice.status == "over" and notice.words
    row = Delivery.objects.select_related("notice").get(notice=notice, carer=cast.mother)
    late = CAST_MOMENT + timedelta(days=3)
    with pytest.raises(NoticeFault, match="过期"):
        actions.answer(row, 0, way="box", at=late, by=SYSTEM)
    assert actions.forget_words(CAST_DAY + timedelta(days=60), by=SYSTEM) == 0
    assert actions.forget_words(CAST_DAY + timedelta(days=91), by=SYSTEM) == 1
    notice.refresh_from_db()
    assert notice.words == "" and notice.people > 0
