"""Visits and attempts typed without a network: what arrives, what is refused, what is asked."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.people.actions import move_class
from gongyu.ground.people.models import Care
from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact.actions import withdraw_proposal
from gongyu.records.m01_home_school_contact.models import FollowUp, Proposal, Visit
from gongyu.records.m01_home_school_contact.offline import ANOMALY, ATTEMPT, VISIT
from gongyu.records.m01_home_school_contact.queries.meanwhile import newest_version
from gongyu.shared_work.offline.declared import form_of
from gongyu.shared_work.offline.models import Receipt
from gongyu.shared_work.offline.tests.device import Device, new_key
from tests.cast import CAST_DAY, CAST_MOMENT, YESTERDAY, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.fixture
def phone(cast, at_the_cast_day, brother) -> Device:
    return Device.turned_on(sign_in(Client(), cast.class_teacher))


def later(hours: int = 1):
    return time_machine.travel(CAST_MOMENT + timedelta(hours=hours), tick=False)


def test_the_forms_are_declared():
    assert (form_of("visit"), form_of("attempt")) == (VISIT, ATTEMPT)
    assert form_of("anomaly") == ANOMALY


def test_a_visit_arrives_as_if_it_had_been_recorded_online(cast, phone):
    met = phone.options("杨小雨", "met")
    entry = phone.entry(
        "杨小雨",
        visited_on=[YESTERDAY.isoformat()],
        met=[met["祖母/外祖母"]],
        met_other=[""],
        follows=["借两本书"],
        follows_due=["2026-11-11"],
    )
    with later(1):
        answer = phone.one(entry)
    assert answer["state"] == "stored" and "已记录" in answer["said"]
    visit = Visit.objects.get()
    assert (visit.visited_on, visit.key, visit.asked) == (YESTERDAY, entry["key"], "想多读书")
    assert list(visit.met.all()) == [cast.grandmother]
    # The day is the teacher's, the moment of recording is that of the arrival.
    assert visit.recorded_at == CAST_MOMENT + timedelta(hours=1)
    assert FollowUp.objects.get().owner == cast.class_teacher.staff
    [fact] = standing_facts().filter(kind="visit.held", subject_id=cast.pupil.pk)
    assert fact.on_date == YESTERDAY
    receipt = Receipt.objects.get()
    assert (receipt.record_id, receipt.form) == (visit.pk, "visit")
    assert receipt.typed_at == CAST_MOMENT
    assert AuditEntry.objects.filter(verb="offline.receive").count() == 1


def test_an_attempt_in_vain_arrives_too(cast, phone):
    answer = phone.one(phone.entry("郑一凡", "attempt", outcome=["refused"]))
    assert answer["state"] == "stored" and "不算谁的过错" in answer["said"]
    assert Visit.objects.get().outcome == "refused"


def test_siblings_arrive_with_a_note_each(cast, phone, brother):
    offered = phone.options("杨小雨", "children")
    assert list(offered) == ["杨小雨", "杨小风（三年级2班）"]
    answer = phone.one(
        phone.entry("杨小雨", children=list(offered.values()), children_note=["爱画画", "怕黑"])
    )
    assert answer["state"] == "stored"
    rows = Visit.objects.get().children.all()
    assert {(row.child, row.note) for row in rows} == {(cast.pupil, "爱画画"), (brother, "怕黑")}


def test_the_list_puts_first_who_is_still_to_be_visited_and_says_why(cast, phone, record):
    record(notes={cast.classmate.pk: ""}, met=(cast.classmates_mother.pk,))
    phone.contact()
    first, second = phone.pupils.values()
    assert (first["name"], first["open"]) == ("杨小雨", True)
    assert (second["name"], second["open"]) == ("郑一凡", False)
    assert second["lines"] == ["本学年已家访"]
    assert "attempt" in first["forms"] and "attempt" not in second["forms"]


def test_an_agreed_time_stands_in_the_list(cast, teacher, proposal):
    answer = reverse("visits:answer-for-family", args=[proposal.pk])
    teacher.post(answer, {"choice": f"time-{proposal.times.first().pk}", "setting": "home"})
    phone = Device.turned_on(teacher)
    assert phone.pupils["杨小雨"]["lines"][0] == "约好 11月7日 15:00"


def test_the_same_entry_is_kept_once_however_often_it_comes(phone):
    entry = phone.entry("杨小雨")
    states = [phone.one(entry)["state"] for _time in range(3)]
    states += [answer["state"] for answer in phone.send(entry, entry)]
    assert states == ["stored", "already", "already", "already", "already"]
    assert Visit.objects.count() == Receipt.objects.count() == 1


def test_one_bad_entry_does_not_hold_up_the_others(phone):
    entries = [phone.entry("杨小雨", setting=["boat"]), phone.entry("郑一凡")]
    assert [answer["state"] for answer in phone.send(*entries)] == ["refused", "stored"]


@pytest.mark.parametrize(
    ("fields", "question", "words"),
    [
        ({"visited_on": ["2026-11-05"]}, "visited_on", "不能晚于今天"),
        ({"visited_on": ["昨天"]}, "visited_on", "2026-11-04 这样的形式"),
        ({"visited_on": []}, "visited_on", ""),
        ({"met_other": [""]}, "met", "见到了谁"),
        ({"met": ["nonsense"]}, "met", ""),
        ({"setting": []}, "setting", ""),
        ({"follows_due": ["2026-11-09"]}, "follows", "也请写一写要做什么"),
        ({"follows": ["借书"], "follows_due": ["2026-11-01"]}, "follows", "不能早于家访日期"),
        ({"asked": ["长" * 1001]}, "asked", "1000"),
    ],
)
def test_the_forms_own_faults_come_back_beside_their_question(phone, fields, question, words):
    answer = phone.one(phone.entry("杨小雨", **fields))
    assert answer["state"] == "refused"
    assert words in "".join(answer["faults"][question])
    assert not Visit.objects.exists() and not Receipt.objects.exists()


def test_a_refused_entry_arrives_under_its_own_key_once_it_is_mended(phone):
    entry = phone.entry("杨小雨", met_other=[""])
    assert phone.one(entry)["state"] == "refused"
    entry["fields"]["met_other"] = ["外婆"]
    assert phone.one(entry)["state"] == "stored"


def test_words_of_the_familys_private_life_are_asked_about_once(phone):
    entry = phone.entry("杨小雨", asked=["家里收入不高"])
    answer = phone.one(entry)
    assert (answer["state"], answer["code"]) == ("conflict", "words")
    assert "收入" in answer["said"]
    entry["decided"] = [answer["choices"][0]["value"]]
    assert phone.one(entry)["state"] == "stored"


def test_a_note_of_harm_is_answered_with_the_way_to_report(phone):
    answer = phone.one(phone.entry("杨小雨", asked=["孩子手臂有伤痕"]))
    assert answer["state"] == "stored" and "110" in answer["warned"]


def test_the_post_is_judged_as_of_the_day_of_the_visit(cast, phone):
    """Handed over today; the visit of yesterday was the teacher's still, one of today is not."""
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    old, new = (phone.entry("杨小雨", visited_on=[d.isoformat()]) for d in (YESTERDAY, CAST_DAY))
    assert phone.one(new)["code"] == "moved"
    assert phone.contact()["state"] == "ended"
    assert phone.one(old)["state"] == "stored"
    assert Visit.objects.get().post == cast.class_teacher.post


def test_an_approval_that_was_withdrawn_opens_no_day(cast, phone):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(withdrawn_at=CAST_MOMENT)
    answer = phone.one(phone.entry("杨小雨", visited_on=[YESTERDAY.isoformat()]))
    assert (answer["state"], answer["code"], answer["choices"]) == ("conflict", "moved", [])
    assert not Visit.objects.exists()


def test_a_child_that_moved_is_told_and_another_day_may_be_right(cast, phone):
    move_class(cast.pupil.enrolments.get(), cast.parallel_class, CAST_DAY, by=cast.registrar.actor)
    entry = phone.entry("杨小雨")
    assert phone.one(entry)["code"] == "moved"
    entry["fields"]["visited_on"] = [YESTERDAY.isoformat()]
    assert phone.one(entry)["state"] == "stored"


def test_a_carer_of_another_day_is_a_fault_and_not_a_lost_tick(cast, phone):
    Care.objects.filter(child=cast.pupil, carer=cast.grandmother).update(until_on=CAST_DAY)
    token = phone.options("杨小雨", "met")["祖母/外祖母"]
    answer = phone.one(phone.entry("杨小雨", met=[token]))
    assert answer["state"] == "refused" and "met" in answer["faults"]


class TestTheSameVisitFromTwoDevices:
    @pytest.fixture
    def tablet(self, cast, phone) -> Device:
        return Device.turned_on(sign_in(Client(), cast.class_teacher))

    @pytest.fixture
    def twice(self, phone, tablet) -> dict:
        """The tablet's entry after the phone's arrived, and the question that it got."""
        phone.one(phone.entry("杨小雨", asked=["手机上写的"]))
        entry = tablet.entry("杨小雨", asked=["平板上写的"])
        return {"entry": entry, "answer": tablet.one(entry)}

    def test_is_asked_and_not_overwritten(self, twice):
        assert (twice["answer"]["state"], twice["answer"]["code"]) == ("conflict", "twice")
        assert [visit.asked for visit in Visit.objects.all()] == ["手机上写的"]

    def test_becomes_a_correction_that_keeps_the_old_words(self, tablet, twice):
        entry = twice["entry"] | {"decided": ["correct"]}
        assert [tablet.one(entry)["state"] for _time in range(2)] == ["stored", "already"]
        old, new = Visit.objects.order_by("pk")
        assert (old.asked, old.status, new.asked) == ("手机上写的", "replaced", "平板上写的")
        assert new.replaces == old and "没有网络" in new.reason

    def test_on_another_day_is_asked_whether_it_was_another(self, phone, tablet):
        with later():
            phone.one(phone.entry("杨小雨"))
            entry = tablet.entry("杨小雨", visited_on=[YESTERDAY.isoformat()])
            answer = tablet.one(entry)
            assert answer["code"] == "recorded"
            entry["decided"] = ["again"]
            assert tablet.one(entry)["state"] == "stored"
        assert Visit.objects.filter(status="standing").count() == 2

    def test_two_visits_typed_on_one_device_are_no_conflict(self, phone):
        with later():
            entries = [
                phone.entry("杨小雨", visited_on=[d.isoformat()]) for d in (YESTERDAY, CAST_DAY)
            ]
            assert [a["state"] for a in phone.send(*entries)] == ["stored", "stored"]


class TestWordsThatChangedAfterTheAnswerWasLost:
    def test_are_neither_dropped_nor_put_over_what_arrived(self, phone):
        entry = phone.entry("杨小雨")
        phone.one(entry)
        entry["fields"]["asked"] = ["后来补的话"]
        answer = phone.one(entry)
        assert (answer["state"], answer["code"]) == ("conflict", "changed")
        assert Visit.objects.get().asked == "想多读书"

    def test_correct_the_record_even_on_another_day(self, phone):
        entry = phone.entry("杨小雨")
        phone.one(entry)
        fresh = entry | {"key": new_key(), "corrects": entry["key"], "decided": ["correct"]}
        fresh["fields"] = entry["fields"] | {"visited_on": [YESTERDAY.isoformat()]}
        assert phone.one(fresh)["state"] == "stored"
        standing = Visit.objects.get(status="standing")
        assert standing.visited_on == YESTERDAY
        assert newest_version(Visit.objects.get(status="replaced").pk) == standing

    def test_nobody_corrects_what_is_no_longer_his(self, cast, phone):
        entry = phone.entry("杨小雨")
        phone.one(entry)
        Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY)
        fresh = entry | {"key": new_key(), "corrects": entry["key"], "decided": ["correct"]}
        fresh["fields"] = entry["fields"] | {"visited_on": [YESTERDAY.isoformat()]}
        assert "校长" in phone.one(fresh)["faults"][""][0]
        assert Visit.objects.get().status == "standing"


class TestAProposalThatEndedMeanwhile:
    @pytest.fixture
    def phone(self, teacher, proposal) -> Device:
        return Device.turned_on(teacher)

    def test_is_asked_about_and_the_visit_may_have_been_all_the_same(self, cast, phone, proposal):
        entry = phone.entry("杨小雨")
        with later():
            withdraw_proposal(proposal, by=cast.class_teacher.actor)
            answer = phone.one(entry)
            assert (answer["code"], answer["choices"][0]["value"]) == ("proposal", "proposed")
            assert "已撤回" in answer["said"]
            assert phone.one(entry | {"decided": ["proposed"]})["state"] == "stored"

    def test_by_the_visit_of_the_same_device_is_no_conflict(self, phone):
        with later():
            entries = [
                phone.entry("杨小雨", visited_on=[d.isoformat()]) for d in (YESTERDAY, CAST_DAY)
            ]
            assert [a["state"] for a in phone.send(*entries)] == ["stored", "stored"]
        assert Proposal.objects.get().status == "held"


def test_a_token_of_another_kit_stands_for_nobody(cast, phone):
    other = Device.turned_on(sign_in(Client(), cast.class_teacher))
    entry = phone.entry("杨小雨") | {"pupil": other.pupils["杨小雨"]["token"]}
    answer = phone.one(entry)
    assert answer["state"] == "refused" and not Receipt.objects.exists()


def test_an_entry_may_be_three_days_late_and_no_more(cast, phone):
    entry = phone.entry("杨小雨")
    with later(72 + 71):
        phone.client = sign_in(Client(), cast.class_teacher)
        assert phone.one(entry)["state"] == "stored"
    with later(72 + 73):
        phone.client = sign_in(Client(), cast.class_teacher)
        assert phone.post("send", {"entries": [entry]}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", '{"entries": {}}', '{"entries": []}', '{"entries": [1]}',
        '{"entries": [{"key": "1"}]}',
    ],
)  # fmt: skip
def test_nonsense_is_refused_whole_and_in_words(phone, body):
    answer = phone.client.post(
        reverse("offline:send", args=[phone.code]), body, content_type="application/json"
    )
    assert answer.status_code == 400 and answer.json()["error"]


@pytest.mark.parametrize(
    "change",
    [
        {"fields": {"asked": "text"}},
        {"fields": {"asked": [7]}},
        {"fields": {"Asked": ["x"]}},
        {"fields": {"asked": ["长" * 4001]}},
        {"fields": {f"q{'a' * i}": ["x"] for i in range(41)}},
        {"fields": {"asked": ["\x00"]}},
        {"decided": "correct"},
        {"decided": ["no such thing!"]},
        {"corrects": "1"},
        {"form": "../visit"},
        {"pupil": None},
        {"key": "A" * 36},
    ],
)
def test_an_entry_of_another_shape_is_refused(phone, change):
    entry = phone.entry("杨小雨") | change
    assert phone.post("send", {"entries": [entry]}).status_code == 400


@pytest.mark.parametrize("told", ["", "gestern", "2026-13-40T00:00:00Z", "2026-11-04T10:00", 7])
def test_a_clock_that_tells_nonsense_costs_nothing(phone, told):
    assert phone.one(phone.entry("杨小雨") | {"typed": told, "packed": told})["state"] == "stored"
    assert Receipt.objects.get().typed_at is None


def test_an_unknown_form_is_refused_and_keeps_its_words(phone):
    assert "重新填写" in phone.one(phone.entry("杨小雨") | {"form": "poem"})["faults"][""][0]
