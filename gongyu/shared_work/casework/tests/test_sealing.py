"""A report is sealed: who opens it, what the database shows, and that nothing ordinary grows."""

import json
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from gongyu.ground.audit.models import Entry, ProtectedEntry
from gongyu.ground.audit.protected import deeds_of
from gongyu.ground.ledger.models import Fact
from gongyu.ground.seal.exporting import export
from gongyu.ground.seal.heads import read_heads
from gongyu.ground.seal.sealing import own_copy, seal_with_protected, verification_key
from gongyu.ground.seal.verify import verify
from gongyu.shared_work.casework import actions, guide, queries, receipts, rules
from gongyu.shared_work.casework.models import Report
from gongyu.shared_work.casework.shapes import Told
from gongyu.shared_work.casework.states import REPORT
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, sign_in

WORDS = "孩子说不敢回家"


def told(**changes) -> Told:
    known = {
        "receivers": ("police",),
        "situations": ("injuries",),
        "reported_at": CAST_MOMENT - timedelta(minutes=20),
        "child": "杨小雨 三年级1班",
        "receipt_number": "渝公受2026-1",
        "words": WORDS,
    }
    return Told(**(known | changes))


@pytest.fixture
def seal(cast):
    def make(person=None, *, place=None, for_liaison=True, key="a-form", **changes) -> Report:
        return actions.seal_report(
            told(**changes),
            place=place or cast.school,
            for_liaison=for_liaison,
            key=key,
            at=CAST_MOMENT,
            by=(person or cast.subject_teacher).actor,
        )

    return make


def test_the_plan_names_nine_situations_and_110_first():
    assert len(guide.situations()) == 9
    assert guide.receivers()[0].phone == "110"
    assert {"12309", "12345", "12355", "12338"} <= {each.phone for each in guide.receivers()}
    assert all(each.source.title for each in (*guide.receivers(), *guide.situations()))


def test_neither_ledger_nor_ordinary_audit_grow(seal):
    before = (Fact.objects.count(), Entry.objects.count())
    report = seal()
    actions.read_report(report, by=rules_reader(report))
    assert (Fact.objects.count(), Entry.objects.count()) == before
    made = ProtectedEntry.objects.get(verb="report.made")
    assert made.place_id == report.place_id and made.token == report.token


def rules_reader(report: Report):
    from gongyu.ground.audit.actors import Actor

    return Actor(user_id=1, name="文岚", staff_id=None)


def test_no_column_in_clear_says_who_which_child_or_what(seal, cast):
    report = seal(child_id=cast.pupil.pk)
    with connection.cursor() as cursor:
        for table in ("casework_report", "audit_protectedentry"):
            cursor.execute(f"SELECT * FROM {table}")
            row = b"|".join(
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                for v in cursor.fetchone()
            )
            for secret in ("杨小雨", "刘建国", WORDS, "渝公受", "injuries"):
                assert secret.encode() not in row, f"{table} shows {secret}"
    assert {f.name for f in report._meta.get_fields() if f.is_relation} == {"place", "steps"}


def test_a_form_that_is_sent_twice_is_one_report(seal):
    assert seal().pk == seal().pk
    assert seal(key="another").pk != seal().pk
    assert ProtectedEntry.objects.filter(verb="report.made").count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"receivers": ()}, "receivers"),
        ({"receivers": ("nobody",)}, "receivers"),
        ({"situations": ()}, "situations"),
        ({"situations": ("ten",)}, "situations"),
        ({"child": " "}, "child"),
        ({"reported_at": CAST_MOMENT + timedelta(hours=1)}, "reported_at"),
        ({"reported_at": CAST_MOMENT - timedelta(days=400)}, "reported_at"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(seal, changes, field):
    with pytest.raises(rules.ReportFault) as fault:
        seal(**changes)
    assert fault.value.field == field and str(fault.value)
    assert not Report.objects.exists()


def test_only_the_named_liaison_reads_it_and_rule_and_list_agree(seal, cast):
    seal()
    seal(key="far", place=cast.school_elsewhere, person=cast.class_teacher_elsewhere)
    seal(key="closed to all", for_liaison=False)
    seal(key="of an officer", place=cast.district, person=cast.district_officer)
    check_view_matches_list(
        cast,
        everything=Report.objects.select_related("place"),
        may_view=lambda actor, it: rules.may_read_report(actor, it, CAST_DAY),
        visible_to=lambda actor: rules.reports_visible_to(actor, CAST_DAY),
    )
    readers = {
        name
        for name, person in cast.people().items()
        if rules.reports_visible_to(person.actor, CAST_DAY).exists()
    }
    assert readers == {"report_liaison", "report_liaison_elsewhere"}
    assert rules.reports_visible_to(cast.report_liaison.actor, CAST_DAY).count() == 1


def test_the_receipt_opens_it_for_its_reporter_and_for_nobody_else(seal, cast):
    report = seal()
    receipt = receipts.receipt_for(report.token, report.receipt_salt)
    assert queries.report_by_receipt(cast.subject_teacher.actor, receipt) == report
    assert queries.report_by_receipt(cast.subject_teacher.actor, receipt.upper()) == report
    assert queries.report_by_receipt(cast.head.actor, receipt) is None
    assert queries.report_by_receipt(cast.report_liaison.actor, receipt) is None
    assert queries.report_by_receipt(cast.subject_teacher.actor, "aaaa-bbbb") is None
    opened = actions.read_own_report(report, by=cast.subject_teacher.actor)
    assert opened.told.words == WORDS and opened.deeds == []


def test_every_reading_stands_in_the_protected_log_with_its_reader(seal, cast):
    report = seal()
    actions.list_reports(on=CAST_DAY, by=cast.report_liaison.actor)
    opened = actions.read_report(report, by=cast.report_liaison.actor)
    assert opened.reporter == "刘建国"
    found = [(deed.verb, deed.name) for deed in deeds_of(report.token)]
    assert found == [
        ("report.made", "刘建国"),
        ("report.list", "文岚"),
        ("report.read", "文岚"),
    ]


def test_what_came_of_it_is_noted_until_it_is_closed(seal, cast):
    liaison, report = cast.report_liaison.actor, seal()
    for step in ("answer", "answer", "close"):
        report = actions.take_step(report, step, words=f"派出所{step}", at=CAST_MOMENT, by=liaison)
    assert report.status == "closed" and report.steps.count() == 3
    with pytest.raises(rules.ReportFault):
        actions.take_step(report, "answer", words="又有回音", at=CAST_MOMENT, by=liaison)
    with pytest.raises(rules.ReportFault):
        actions.take_step(seal(key="b"), "answer", words=" ", at=CAST_MOMENT, by=liaison)


def test_every_open_state_has_an_owner_and_a_clock():
    for row in REPORT.values():
        assert row["label"]
        assert not row["to"] or (row["owner"] and row["clock"])
        assert set(row["to"].values()) <= set(REPORT)


def test_the_database_refuses_to_change_the_protected_log(seal):
    seal()
    for statement in (
        "UPDATE audit_protectedentry SET token = 'x'",
        "DELETE FROM audit_protectedentry",
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert ProtectedEntry.objects.count() == 1


def test_an_ordinary_export_holds_nothing_of_it_and_verifies_alone(seal, cast, tmp_path):
    seal()
    heads = seal_with_protected([Entry, Fact], [ProtectedEntry], tmp_path / "heads")
    assert {head.table for head in heads} == {"audit_entry", "ledger_fact"}
    export(own_copy(), tmp_path / "ordinary")
    assert not (tmp_path / "ordinary" / "audit_protectedentry.jsonl").exists()
    assert "protected" not in (tmp_path / "ordinary" / "seal_seal.jsonl").read_text()
    export(own_copy(), tmp_path / "whole", protected=True)
    assert (tmp_path / "whole" / "audit_protectedentry.jsonl").exists()
    ordinary = [h for h in read_heads(tmp_path / "heads") if "protected" not in h.table]
    assert verify(own_copy(), ordinary, verification_key()).whole
    report = verify(own_copy(), read_heads(tmp_path / "heads"), verification_key())
    assert report.whole and "audit_protectedentry" in {t.table for t in report.tables}


@pytest.mark.usefixtures("at_the_cast_day")
class TestPages:
    def sent(self, cast, **changes) -> dict:
        known = {
            "seal": "1",
            "key": "k",
            "receivers": ["police"],
            "reported_at": "2026-11-04T09:30",
            "situations": ["other"],
            "who": "杨小雨",
            "words": WORDS,
            "place": cast.school.pk,
            "for_liaison": "yes",
        }
        return known | changes

    def test_110_comes_first_and_suspicion_is_enough(self, cast, client):
        page = sign_in(client, cast.class_teacher).get(reverse("casework:report"))
        text = page.content.decode()
        assert text.index("tel:110") < text.index("tel:12309")
        assert "怀疑就可以报告" in text and "文岚" in text
        assert "高检发〔2020〕9号" in text

    def test_the_receipt_is_shown_once_and_no_message_waits_for_anybody(self, cast, client):
        teacher = sign_in(client, cast.class_teacher)
        page = teacher.post(reverse("casework:report"), self.sent(cast))
        assert page.status_code == 200 and "no-store" in page["Cache-Control"]
        receipt = re.search(r'id="receipt">([a-z0-9-]+)<', page.content.decode())[1]
        home = teacher.get("/").content.decode()
        assert receipt not in home and "封存" not in home
        found = teacher.post(reverse("casework:receipt"), {"receipt": receipt})
        assert WORDS in found.content.decode()
        more = {"receipt": receipt, "step": "answer", "words": "民警来电已受理"}
        assert "民警来电已受理" in teacher.post(reverse("casework:receipt"), more).content.decode()

    def test_bad_input_is_answered_and_loses_nothing(self, cast, client):
        teacher = sign_in(client, cast.class_teacher)
        sent = self.sent(cast, receivers=[], reported_at="2026-11-05T09:30")
        page = teacher.post(reverse("casework:report"), sent).content.decode()
        assert "还没有报告的，请先打110" in page and WORDS in page and "杨小雨" in page
        assert not Report.objects.exists()

    def test_what_was_typed_on_the_note_comes_along(self, cast, client):
        teacher = sign_in(client, cast.class_teacher)
        sent = {"child": cast.pupil.pk, "words": WORDS}
        page = teacher.post(reverse("casework:report"), sent).content.decode()
        assert "杨小雨 三年级1班" in page and WORDS in page
        sent["child"] = cast.child_elsewhere.pk
        assert "袁满" not in teacher.post(reverse("casework:report"), sent).content.decode()

    def test_the_liaison_sees_the_reporter_and_the_head_sees_nothing(self, cast, client, seal):
        report = seal()
        address = reverse("casework:sealed", args=[report.token])
        liaison = sign_in(client, cast.report_liaison)
        assert "刘建国" in liaison.get(address).content.decode()
        assert liaison.get(reverse("casework:index")).status_code == 200
        assert "1 份报告等您跟进" in liaison.get("/").content.decode()
        liaison.post(address, {"step": "close", "words": "孩子已由民政临时照护"})
        assert json.loads(report.steps.get().by)["name"] == "文岚"
        for name in ("head", "moral_education_head", "auditor", "administrator", "city_officer"):
            assert sign_in(client, getattr(cast, name)).get(address).status_code == 404
