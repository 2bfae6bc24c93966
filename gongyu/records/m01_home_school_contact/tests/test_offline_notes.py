"""A child who seems not well, noted without a network: what arrives, what is asked, where harm leads."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localtime

from gongyu.ground.access.models import Approval
from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.people.actions import move_class
from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact.actions import note_anomaly, take_anomaly_step
from gongyu.records.m01_home_school_contact.concern_shapes import NoteEntry, StepEntry
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.records.m01_home_school_contact.offline import ANOMALY, ATTEMPT, VISIT
from gongyu.records.m01_home_school_contact.offline.noting import ALARM
from gongyu.shared_work.casework.models import Report
from gongyu.shared_work.offline import shell
from gongyu.shared_work.offline.declared import declared
from gongyu.shared_work.offline.models import Receipt
from gongyu.shared_work.offline.tests.device import Device, new_key
from tests.cast import CAST_DAY, CAST_MOMENT, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.fixture
def phone(cast, at_the_cast_day) -> Device:
    return Device.turned_on(sign_in(Client(), cast.class_teacher))


@pytest.fixture
def tablet(cast, phone) -> Device:
    return Device.turned_on(sign_in(Client(), cast.class_teacher))


def later(hours: float):
    return time_machine.travel(CAST_MOMENT + timedelta(hours=hours), tick=False)


def note(device: Device, name: str = "杨小雨", **fields) -> dict:
    return device.entry(name, "anomaly", **fields)


def act_on(anomaly: Anomaly, cast) -> None:
    step = StepEntry("excuse", CAST_MOMENT, excuse="by_law", next_on=CAST_DAY + timedelta(days=7))
    take_anomaly_step(anomaly, step, at=CAST_MOMENT, by=cast.moral_education_head.actor)


def test_it_is_offered_for_every_pupil_and_says_nothing_more_of_them(phone):
    for pupil in phone.pupils.values():
        assert pupil["forms"]["anomaly"] == {"seen": "", "options": {}}
    told = {form["code"]: form for form in phone.told["package"]["forms"]}
    assert list(told) == ["visit", "attempt", "anomaly"]
    assert told["anomaly"]["alarm"]["asks"] and not told["visit"]["alarm"]["asks"]
    assert told["attempt"]["alarm"] is None
    assert "伤痕" in told["anomaly"]["alarm"]["words"]


def test_it_arrives_as_if_it_had_been_noted_online(cast, phone):
    entry = note(phone, noticed_at=["2026-11-04T09:20"])
    with later(30):
        phone.client = sign_in(Client(), cast.class_teacher)
        answer = phone.one(entry)
    assert (answer["state"], answer["urgent"]) == ("stored", False) and "已记下" in answer["said"]
    [anomaly] = Anomaly.objects.all()
    assert (anomaly.kind, anomaly.words, anomaly.key) == ("mood", "课间不说话", entry["key"])
    assert (anomaly.child, anomaly.class_place) == (cast.pupil, cast.this_class)
    assert (anomaly.noticer, anomaly.recorded_at.day) == (cast.class_teacher.staff, 5)
    [fact] = standing_facts().filter(kind="anomaly.noticed")
    assert (fact.on_date, fact.subject_id, fact.attrs) == (CAST_DAY, anomaly.pk, {})
    assert AuditEntry.objects.filter(verb="anomaly.note").count() == 1
    assert Receipt.objects.get().record_id == anomaly.pk


def test_the_clock_runs_from_the_phones_moment_and_not_from_the_arrival(cast, phone):
    """Noted on a Friday evening on the hill; the network is back on Sunday."""
    with time_machine.travel(datetime.fromisoformat("2026-11-06T16:00+08:00"), tick=False):
        phone.client = sign_in(Client(), cast.class_teacher)
        phone.contact()
    with time_machine.travel(datetime.fromisoformat("2026-11-08T18:00+08:00"), tick=False):
        phone.client = sign_in(Client(), cast.class_teacher)
        assert phone.one(note(phone, noticed_at=["2026-11-06T17:30"]))["state"] == "stored"
    due = localtime(Anomaly.objects.get().due_at)
    assert f"{due:%Y-%m-%d %H:%M}" == "2026-11-06 21:00"


@pytest.mark.parametrize(
    ("fields", "question", "words"),
    [
        ({"kind": []}, "kind", "请选择是哪种情形"),
        ({"kind": ["sad"]}, "kind", ""),
        ({"words": ["长" * 201]}, "words", "200"),
        ({"noticed_at": []}, "noticed_at", ""),
        ({"noticed_at": ["gestern"]}, "noticed_at", "2026-11-04 15:00 这样的形式"),
        ({"noticed_at": ["2026-11-04T10:30"]}, "noticed_at", "不能晚于现在"),
        ({"noticed_at": ["2026-11-01T09:59"]}, "noticed_at", "72 小时以前"),
    ],
)
def test_the_forms_own_faults_come_back_beside_their_question(phone, fields, question, words):
    answer = phone.one(note(phone, **fields))
    assert answer["state"] == "refused"
    assert words in "".join(answer["faults"][question])
    assert not Anomaly.objects.exists() and not Receipt.objects.exists()


def test_a_note_of_three_days_ago_still_arrives(phone):
    assert phone.one(note(phone, noticed_at=["2026-11-01T10:00"]))["state"] == "stored"


def test_the_same_note_is_kept_once_however_often_and_on_whichever_device_it_comes(phone):
    entry = note(phone)
    states = [phone.one(entry)["state"] for _time in range(3)]
    assert states == ["stored", "already", "already"]
    assert Anomaly.objects.count() == Receipt.objects.count() == 1


class TestTheSameFromTwoDevices:
    @pytest.fixture
    def twice(self, phone, tablet) -> dict:
        phone.one(note(phone, words=["手机上写的"]))
        entry = note(tablet, words=["平板上写的"])
        return {"entry": entry, "answer": tablet.one(entry)}

    def test_is_asked_and_not_overwritten(self, twice):
        answer = twice["answer"]
        assert (answer["state"], answer["code"]) == ("conflict", "twice")
        assert "情绪低落" in answer["said"] and "已经在别处记过" in answer["said"]
        assert [choice["value"] for choice in answer["choices"]] == ["correct", "another"]
        assert [each.words for each in Anomaly.objects.all()] == ["手机上写的"]

    def test_becomes_a_correction_that_keeps_the_old_words(self, tablet, twice):
        entry = twice["entry"] | {"decided": ["correct"]}
        assert [tablet.one(entry)["state"] for _time in range(2)] == ["stored", "already"]
        old, new = Anomaly.objects.order_by("pk")
        assert (old.words, old.status) == ("手机上写的", "retracted")
        assert (new.words, new.status) == ("平板上写的", "noticed")
        assert "没有网络" in old.steps.get().words
        counting = standing_facts().filter(kind="anomaly.noticed", quantity=1)
        assert [fact.subject_id for fact in counting] == [new.pk]

    def test_may_be_another_matter(self, tablet, twice):
        assert tablet.one(twice["entry"] | {"decided": ["another"]})["state"] == "stored"
        assert Anomaly.objects.filter(status="noticed").count() == 2

    def test_on_which_somebody_acted_stays_and_the_words_stand_beside_it(self, cast, tablet, twice):
        act_on(Anomaly.objects.get(), cast)
        answer = tablet.one(twice["entry"] | {"decided": ["correct"]})
        assert (answer["state"], answer["code"]) == ("conflict", "acted")
        decided = ["correct", answer["choices"][0]["value"]]
        assert tablet.one(twice["entry"] | {"decided": decided})["state"] == "stored"
        assert [each.status for each in Anomaly.objects.order_by("pk")] == ["answered", "noticed"]

    def test_beside_a_third_one_is_asked_about_that_too(self, cast, tablet, twice):
        entry = NoteEntry(cast.pupil.pk, "mood", CAST_MOMENT, "在桌前写的")
        note_anomaly(entry, at=CAST_MOMENT, key="desk", by=cast.class_teacher.actor)
        answer = tablet.one(twice["entry"] | {"decided": ["correct"]})
        assert [choice["value"] for choice in answer["choices"]] == ["another"]
        assert not Anomaly.objects.filter(status="retracted").exists()
        assert tablet.one(twice["entry"] | {"decided": ["another", "correct"]})["state"] == "stored"
        told = {each.words: each.status for each in Anomaly.objects.all()}
        assert told == {
            "手机上写的": "noticed", "在桌前写的": "retracted", "平板上写的": "noticed",
        }  # fmt: skip

    def test_of_another_kind_or_another_day_is_no_question(self, phone, tablet):
        phone.one(note(phone))
        entries = [note(tablet, kind=["absent"]), note(tablet, noticed_at=["2026-11-03T15:00"])]
        assert [answer["state"] for answer in tablet.send(*entries)] == ["stored", "stored"]

    def test_noted_by_a_colleague_is_no_question(self, cast, phone):
        entry = NoteEntry(cast.pupil.pk, "mood", CAST_MOMENT, "哭了")
        note_anomaly(entry, at=CAST_MOMENT, key="k", by=cast.subject_teacher.actor)
        assert phone.one(note(phone))["state"] == "stored"


class TestWordsThatChangedAfterTheAnswerWasLost:
    @pytest.fixture
    def changed(self, phone) -> dict:
        entry = note(phone)
        phone.one(entry)
        entry["fields"] = entry["fields"] | {"words": ["后来补的话"]}
        answer = phone.one(entry)
        assert (answer["state"], answer["code"]) == ("conflict", "changed")
        return entry | {"key": new_key(), "corrects": entry["key"], "decided": ["correct"]}

    def test_take_the_old_notes_place_even_as_another_kind(self, phone, changed):
        changed["fields"]["kind"] = ["absent"]
        assert phone.one(changed)["state"] == "stored"
        old, new = Anomaly.objects.order_by("pk")
        assert (old.status, new.kind, new.words) == ("retracted", "absent", "后来补的话")

    def test_do_not_take_it_from_whoever_acts_on_it(self, cast, phone, changed):
        act_on(Anomaly.objects.get(), cast)
        assert phone.one(changed)["code"] == "acted"
        changed["decided"] = ["correct", "apart"]
        assert phone.one(changed)["state"] == "stored"
        assert Anomaly.objects.get(status="answered").words == "课间不说话"

    def test_of_a_note_that_was_taken_back_meanwhile_are_simply_noted(self, phone, changed):
        Anomaly.objects.update(status="retracted")
        assert phone.one(changed)["state"] == "stored"

    def test_never_take_back_the_note_of_another_form_or_person(self, cast, phone, changed):
        entry = NoteEntry(cast.pupil.pk, "mood", CAST_MOMENT, "哭了")
        others = note_anomaly(entry, at=CAST_MOMENT, key="k", by=cast.subject_teacher.actor)
        Receipt.objects.update(record_id=others.pk)
        phone.one(changed)
        others.refresh_from_db()
        assert others.status == "noticed"


class TestWordsOfHarm:
    @pytest.mark.parametrize(
        "fields", [{"words": ["手臂有伤痕"]}, {"kind": ["self_harm"]}], ids=["words", "kind"]
    )
    def test_are_no_note_before_the_teacher_said_that_it_is_not_so(self, phone, fields):
        entry = note(phone, **fields)
        answer = phone.one(entry)
        assert (answer["state"], answer["code"], answer["urgent"]) == ("conflict", "harm", True)
        assert "110" in answer["said"]
        assert not Anomaly.objects.exists() and not Receipt.objects.exists()
        entry["decided"] = [answer["choices"][0]["value"]]
        assert phone.one(entry)["state"] == "stored"

    def test_that_the_phone_asked_about_arrive_and_lead_to_the_way_to_report(self, phone):
        entry = note(phone, words=["手臂有伤痕"], sure=["on"])
        first, again = phone.one(entry), phone.one(entry)
        # An answer that was lost leads there too when it is given again.
        assert (first["state"], first["urgent"]) == ("stored", True)
        assert (again["state"], again["urgent"]) == ("already", True)
        assert Anomaly.objects.get().words == "手臂有伤痕"

    def test_in_a_visit_lead_there_too(self, phone):
        answer = phone.one(phone.entry("杨小雨", asked=["孩子手臂有伤痕"]))
        assert (answer["state"], answer["urgent"]) == ("stored", True)

    def test_make_no_report_by_themselves(self, phone):
        phone.one(note(phone, words=["被毒打"], sure=["on"]))
        phone.one(note(phone, "郑一凡", words=["被毒打"]))
        assert not Report.objects.exists()

    def test_are_the_same_words_as_online(self):
        for words, harm in [("头上有淤青", True), ("没有写作业", False)]:
            assert ALARM.is_raised_by({"words": (words,)}) is harm
        assert not ALARM.is_raised_by({"kind": ("mood",), "other": ("self_harm",)})


def test_nothing_of_a_report_or_a_case_is_kept_on_a_phone_or_sent_from_it(phone):
    """Only these forms; no page of casework among the files; only telephone numbers in the shell."""
    assert [form.code for form in declared()] == ["visit", "attempt", "anomaly"]
    assert {form.receive.__module__.rsplit(".", 1)[-1] for form in (VISIT, ATTEMPT, ANOMALY)} == {
        "receiving", "noting",
    }  # fmt: skip
    kept = [reverse("offline:shell"), *shell.addresses()]
    assert not [address for address in kept if "care" in address.split("/")]
    page = Client().get(reverse("offline:shell")).content.decode()
    assert page.count('href="tel:110"') >= 4
    for number in ("12309", "12345", "12355", "12338"):
        assert f'href="tel:{number}"' in page
    for script in (shell.TEMPLATES.parent.parent / "static" / "offline").glob("*.js"):
        assert "/care" not in script.read_text()


def test_the_post_is_judged_as_of_the_moment_of_noticing(cast, phone):
    """The class was handed over today; what was seen yesterday may be told still."""
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    old, new = note(phone, noticed_at=["2026-11-03T15:00"]), note(phone)
    assert phone.one(new)["code"] == "moved"
    assert phone.one(old)["state"] == "stored"


def test_an_approval_that_was_withdrawn_opens_no_day(cast, phone):
    Approval.objects.filter(staff=cast.class_teacher.staff).update(withdrawn_at=CAST_MOMENT)
    answer = phone.one(note(phone, noticed_at=["2026-11-03T15:00"]))
    assert (answer["code"], answer["choices"]) == ("moved", [])
    assert not Anomaly.objects.exists()


def test_a_child_that_moved_is_noted_in_the_class_of_that_moment(cast, phone):
    move_class(cast.pupil.enrolments.get(), cast.parallel_class, CAST_DAY, by=cast.registrar.actor)
    assert phone.one(note(phone))["code"] == "moved"
    assert phone.one(note(phone, noticed_at=["2026-11-03T15:00"]))["state"] == "stored"
    assert Anomaly.objects.get().class_place == cast.this_class


def test_a_day_in_the_question_is_told_in_words(phone, tablet):
    phone.one(note(phone))
    assert date(2026, 11, 4) == CAST_DAY and "2026年11月4日" in tablet.one(note(tablet))["said"]
