"""Importing: what is added, changed, moved, transferred, left; again changes nothing."""

from __future__ import annotations

from datetime import date

import pytest

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.models import Bar, Care, Carer, Child, Enrolment
from gongyu.ground.people.roster import actions, keeping
from gongyu.ground.people.roster.rules import RosterRefused
from gongyu.ground.places.models import SchoolClass
from tests.cast import CAST_DAY, YEAR_FROM

from .rosters import bring_in, hand_in, number, pupil, sheet

pytestmark = pytest.mark.django_db


def _class_of(child: Child, on: date = CAST_DAY) -> SchoolClass:
    return Enrolment.objects.on(on).get(child=child).school_class.school_class


def test_a_new_pupil_comes_with_class_father_fact_and_audit_row(cast):
    data = sheet(pupil("钱小多", 班级="三年级7班"))
    roster = bring_in(cast.school, data, on=CAST_DAY)
    assert roster.status == "done"
    child = Child.objects.get(name="钱小多")
    held = _class_of(child)
    assert (held.stage, held.grade, held.number) == ("primary", 3, 7)
    care = Care.objects.get(child=child)
    assert (care.carer.name, care.relation, care.is_guardian) == ("张大", "father", True)
    fact = Fact.objects.get(kind="enrolment", subject_id=child.pk)
    assert (fact.on_date, fact.place_id, fact.status) == (CAST_DAY, held.pk, "admitted")
    assert Entry.objects.filter(verb="child.add", subject_id=child.pk).count() == 1
    assert Entry.objects.get(verb="roster.import").detail["added"] == 1


def test_the_same_file_again_changes_nothing(cast):
    data = sheet(pupil("钱小多"), pupil("孙子", 父亲姓名="", 父亲电话="奶奶13900002222"))
    bring_in(cast.school, data, on=CAST_DAY)
    before = (Child.objects.count(), Carer.objects.count(), Care.objects.count(),
              Enrolment.objects.count(), Fact.objects.count())  # fmt: skip
    roster = bring_in(cast.school, data, on=CAST_DAY)
    after = (Child.objects.count(), Carer.objects.count(), Care.objects.count(),
             Enrolment.objects.count(), Fact.objects.count())  # fmt: skip
    assert after == before
    assert roster.summary["unchanged"] == 2
    assert not roster.summary["added"] and not roster.summary["changed"]


def test_a_file_without_any_number_changes_nothing_the_second_time(cast):
    rows = [{"姓名": "甲乙", "班级": "一年级1班"}, {"姓名": "丙丁", "班级": "一年级2班"}]
    data = sheet(*rows, headings=("姓名", "班级"))
    bring_in(cast.school, data, on=CAST_DAY)
    children = Child.objects.count()
    roster = bring_in(cast.school, data, on=CAST_DAY)
    assert Child.objects.count() == children
    assert roster.summary["unchanged"] == 2


def test_a_pupil_of_another_school_is_a_transfer_and_not_a_double(cast):
    row = pupil("袁园园", 班级="三年级2班")
    bring_in(cast.school_elsewhere, sheet(row), on=YEAR_FROM)
    count = Child.objects.filter(name="袁园园").count()
    roster = bring_in(cast.school, sheet(row), on=CAST_DAY)
    assert roster.summary["transferred"] == 1
    assert Child.objects.filter(name="袁园园").count() == count
    child = Child.objects.get(name="袁园园", id_digest__isnull=False)
    old, new = child.enrolments.order_by("from_on")
    assert (old.school, old.until_on, old.how_out) == (
        cast.school_elsewhere,
        CAST_DAY,
        "transferred",
    )
    assert (new.school, new.from_on, new.how_in) == (cast.school, CAST_DAY, "transferred")
    closing = Fact.objects.get(kind="enrolment", source_id=old.pk, supersedes_id__isnull=False)
    assert closing.until_date == CAST_DAY
    closed = Entry.objects.get(verb="enrolment.close", subject_id=child.pk)
    assert closed.place_id == old.school_class_id


def test_a_pupil_is_moved_to_another_class(cast):
    row = pupil("钱小多", 班级="三年级7班")
    bring_in(cast.school, sheet(row), on=YEAR_FROM)
    roster = bring_in(cast.school, sheet({**row, "班级": "三年级8班"}), on=CAST_DAY)
    assert roster.summary["moved"] == 1
    child = Child.objects.get(name="钱小多")
    assert _class_of(child).number == 8
    assert _class_of(child, YEAR_FROM).number == 7


def test_moved_on_the_day_of_enrolment_is_a_correction_with_one_standing_fact(cast):
    row = pupil("钱小多", 班级="三年级7班")
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    bring_in(cast.school, sheet({**row, "班级": "三年级8班"}), on=CAST_DAY)
    enrolment = Enrolment.objects.get(child__name="钱小多")
    first, second = Fact.objects.filter(source_id=enrolment.pk, kind="enrolment").order_by("seq")
    assert second.supersedes_id == first.seq
    assert second.place_id == enrolment.school_class_id != first.place_id


def test_last_years_class_is_followed_by_this_years_as_a_promotion(cast):
    row = pupil("钱小多", 班级="二年级7班")
    last_year = date(2025, 9, 1)
    bring_in(cast.school, sheet(row), on=last_year)
    roster = bring_in(cast.school, sheet({**row, "班级": "三年级7班"}), on=YEAR_FROM)
    assert roster.summary["moved"] == 1
    old, new = Enrolment.objects.filter(child__name="钱小多").order_by("from_on")
    assert (old.how_out, new.how_in) == ("promoted", "promoted")


def test_leavers_are_named_only_for_a_complete_roster_and_leave_only_when_ticked(cast):
    bring_in(
        cast.school,
        sheet(pupil("甲", 班级="五年级1班"), pupil("乙", 班级="五年级1班")),
        on=YEAR_FROM,
    )
    rest = sheet(pupil("甲", 身份证号="", 班级="五年级1班"))
    assert hand_in(cast.school, rest, on=CAST_DAY).summary["left"] == 0
    for ticked in (False, True):
        roster = bring_in(cast.school, rest, on=CAST_DAY, covers="classes", with_leavers=ticked)
        assert roster.status == "done"
        open_ones = Enrolment.objects.filter(child__name="乙", until_on__isnull=True).count()
        assert open_ones == (0 if ticked else 1)
    assert Enrolment.objects.get(child__name="乙").how_out == "left"
    # Whoever is in another class was not spoken of.
    assert Enrolment.objects.on(CAST_DAY).filter(child=cast.pupil).exists()


def test_siblings_of_two_schools_share_their_father_by_phone_and_name(cast):
    bring_in(cast.school, sheet(pupil("周一")), on=CAST_DAY)
    bring_in(cast.secondary_school, sheet(pupil("周二", 班级="七年级3班", 身份证号=number("2013-01-05"))),
             on=CAST_DAY)  # fmt: skip
    one, two = (Care.objects.get(child__name=name).carer_id for name in ("周一", "周二"))
    assert one == two


def test_one_phone_for_five_children_is_not_one_family_without_a_name(cast):
    rows = [
        pupil(f"子{sign}", 父亲姓名="", 父亲电话="", 家长电话="13911112222")
        for sign in "甲乙丙丁戊"
    ]
    bring_in(cast.school, sheet(*rows), on=CAST_DAY)
    cares = Care.objects.filter(child__name__startswith="子")
    assert cares.count() == 5
    assert cares.values("carer").distinct().count() == 5


def test_a_barred_father_in_the_sheet_stays_barred_and_gets_nothing_new(cast):
    before = Care.objects.filter(child=cast.pupil).count()
    row = {
        "姓名": cast.pupil.name,
        "班级": cast.this_class.name,
        "父亲姓名": "杨勇",
        "父亲电话": "13999998888",
    }
    roster = hand_in(cast.school, sheet(row), on=CAST_DAY)
    preview = keeping.kept_preview(roster.kept_as)
    assert "有限制记录" in str(preview["tabs"])
    assert roster.summary["added"] == 0
    assert Care.objects.filter(child=cast.pupil).count() == before
    assert Carer.objects.get(pk=cast.barred_father.pk).phone == "13800000003"
    assert Bar.objects.on(CAST_DAY).filter(child=cast.pupil).count() == 1


def test_a_namesake_with_another_class_is_asked_about(cast):
    bring_in(
        cast.school,
        sheet({"姓名": "钱小多", "班级": "三年级7班", "出生日期": "2017-05-20"}),
        on=YEAR_FROM,
    )
    data = sheet({"姓名": "钱小多", "班级": "三年级8班", "出生日期": "2017-05-20"})
    roster = hand_in(cast.school, data, on=CAST_DAY)
    assert roster.summary["doubts"] == 1
    with pytest.raises(RosterRefused):
        actions.confirm(roster, roster.seen, by=cast.registrar.actor)
    [doubt] = keeping.kept_preview(roster.kept_as)["doubts"]
    child_id = doubt["candidates"][0][0]
    actions.answer(roster, {doubt["key"]: child_id}, by=cast.registrar.actor)
    assert (roster.summary["doubts"], roster.summary["moved"]) == (0, 1)
    actions.confirm(roster, roster.seen, by=cast.registrar.actor)
    actions.run(roster, by=cast.registrar.actor)
    assert Child.objects.filter(name="钱小多").count() == 1


def test_a_namesake_said_to_be_another_becomes_a_second_child(cast):
    bring_in(
        cast.school,
        sheet({"姓名": "钱小多", "班级": "三年级7班", "出生日期": "2017-05-20"}),
        on=YEAR_FROM,
    )
    data = sheet({"姓名": "钱小多", "班级": "三年级8班", "出生日期": "2017-05-20"})
    roster = hand_in(cast.school, data, on=CAST_DAY)
    [doubt] = keeping.kept_preview(roster.kept_as)["doubts"]
    actions.answer(roster, {doubt["key"]: 0}, by=cast.registrar.actor)
    actions.confirm(roster, roster.seen, by=cast.registrar.actor)
    actions.run(roster, by=cast.registrar.actor)
    assert Child.objects.filter(name="钱小多").count() == 2


def test_a_change_since_the_preview_leads_to_a_new_preview_and_writes_nothing(cast):
    row = pupil("钱小多")
    roster = hand_in(cast.school, sheet(row), on=CAST_DAY)
    seen = roster.seen
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    actions.confirm(roster, seen, by=cast.registrar.actor)
    actions.run(roster, by=cast.registrar.actor)
    roster.refresh_from_db()
    assert roster.status == "ready"
    assert roster.summary["changed_since"] == 1
    assert roster.seen != seen
    assert Child.objects.filter(name="钱小多").count() == 1


def test_of_two_confirmations_one_holds_and_the_other_is_told(cast):
    roster = hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY)
    twin = type(roster).objects.get(pk=roster.pk)
    actions.confirm(roster, roster.seen, by=cast.registrar.actor)
    with pytest.raises(RosterRefused, match="刚刚已被处理"):
        actions.confirm(twin, twin.seen, by=cast.registrar.actor)


def test_the_file_is_encrypted_while_kept_and_deleted_when_done(cast, settings):
    roster = hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY)
    stored = [
        path.read_bytes() for path in (settings.MEDIA_ROOT / "rosters").glob(f"{roster.kept_as}*")
    ]
    assert len(stored) >= 2
    assert not any(b"xl/" in data or "钱小多".encode() in data for data in stored)
    actions.confirm(roster, roster.seen, by=cast.registrar.actor)
    actions.run(roster, by=cast.registrar.actor)
    assert not list((settings.MEDIA_ROOT / "rosters").glob(f"{roster.kept_as}*"))


def test_a_failure_in_the_middle_leaves_nothing_behind(cast, monkeypatch, caplog):
    from gongyu.ground.people.roster import importing

    roster = hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY)
    actions.confirm(roster, roster.seen, by=cast.registrar.actor)

    def broken(deeds, *, by):
        raise RuntimeError("钱小多")

    monkeypatch.setattr(importing, "record_many", broken)
    actions.run(roster, by=cast.registrar.actor)
    assert roster.status == "failed"
    assert not Child.objects.filter(name="钱小多").exists()
    assert "RuntimeError" in caplog.text and "钱小多" not in caplog.text


def test_a_later_enrolment_refuses_an_earlier_roster(cast):
    row = pupil("钱小多", 班级="三年级7班")
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    roster = hand_in(cast.school, sheet(row), on=YEAR_FROM)
    assert roster.status == "refused"
    [fault] = keeping.kept_preview(roster.kept_as)["faults"]
    assert (fault["code"], fault["row"]) == ("later_change", 2)


def test_numbers_of_two_children_in_one_row_are_refused(cast):
    one, two = pupil("甲", 学籍号="G500103201705200011"), pupil("乙", 学籍号="G500103201705200022")
    bring_in(cast.school, sheet(one, two), on=CAST_DAY)
    crossed = {**one, "学籍号": two["学籍号"]}
    roster = hand_in(cast.school, sheet(crossed), on=CAST_DAY)
    faults = keeping.kept_preview(roster.kept_as)["faults"]
    assert "registry_of_another" in [fault["code"] for fault in faults]


def test_a_cell_left_empty_takes_nothing_away(cast):
    row = pupil("钱小多", 现住址="某路1号", 就读方式="住校")
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    bring_in(cast.school, sheet({**row, "现住址": "", "就读方式": "", "父亲电话": ""}), on=CAST_DAY)
    child = Child.objects.get(name="钱小多")
    assert child.address == "某路1号"
    assert Enrolment.objects.get(child=child).boarding
    assert Care.objects.get(child=child).carer.phone == "13800001111"


def test_a_new_number_of_the_father_is_kept_and_found_again(cast):
    row = pupil("钱小多")
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    roster = bring_in(cast.school, sheet({**row, "父亲电话": "13700003333"}), on=CAST_DAY)
    assert roster.summary["carers_changed"] == 1
    assert Care.objects.get(child__name="钱小多").carer.phone == "13700003333"
    assert hand_in(cast.school, sheet({**row, "父亲电话": "13700003333"}), on=CAST_DAY).summary[
        "unchanged"
    ]


def test_a_file_whose_days_are_over_is_deleted(cast):
    from datetime import timedelta

    roster = hand_in(cast.school, sheet(pupil("钱小多")), on=CAST_DAY)
    actions.tidy(roster.uploaded_at + timedelta(days=7, hours=9), by=cast.registrar.actor)
    roster.refresh_from_db()
    assert roster.status == "expired"
    with pytest.raises(keeping.NotKept):
        keeping.kept(roster.kept_as, keeping.FILE)
