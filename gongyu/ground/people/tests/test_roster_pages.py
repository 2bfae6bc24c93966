"""The pages of the rosters, as the registrar goes through them and as others do not."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongyu.ground.people.models import Child, Enrolment, HeaderMapping, RosterImport
from tests.cast import CAST_DAY, sign_in

from .rosters import bring_in, number, pupil, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


@pytest.fixture
def registrar(client, cast):
    return sign_in(client, cast.registrar)


def _hand_in(client, school, data: bytes, name: str = "名册.xlsx", **more):
    fields = {"school": school.pk, "on": CAST_DAY.isoformat(), "covers": "part", "kind": ""}
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("people:imports"), {**fields, "file": file, **more}, follow=True)


def _text(response) -> str:
    return response.content.decode()


def test_the_registrar_hands_in_looks_through_and_confirms(registrar, cast):
    response = _hand_in(registrar, cast.school, sheet(pupil("钱小多", 民族="汉族")))
    text = _text(response)
    assert "钱小多" in text and "民族" in text and "认得但不采集" in text
    roster = RosterImport.objects.get()
    assert not Child.objects.filter(name="钱小多").exists()
    done = registrar.post(
        reverse("people:roster-confirm", args=[roster.pk]), {"seen": roster.seen}, follow=True
    )
    assert "已导入" in _text(done)
    assert Child.objects.filter(name="钱小多").exists()


def test_a_refused_sheet_lists_its_faults_and_comes_back_marked(registrar, cast):
    wrong = pupil("钱小多", 身份证号="500103201705200011", 父亲电话="1380000111")
    response = _hand_in(registrar, cast.school, sheet(pupil("孙好"), wrong))
    text = _text(response)
    assert "整份名册没有导入" in text and "第 3 行" in text and "校验不符" in text
    assert "500103201705200011" not in text
    roster = RosterImport.objects.get()
    assert roster.status == "refused"
    marked = registrar.get(reverse("people:roster-marked", args=[roster.pk]))
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    page = book["名册"]
    assert "校验" in page["C3"].comment.text
    assert "手机号" in page.cell(3, page.max_column).value
    assert page["C3"].fill.fgColor.rgb.endswith("FFD8A8")
    assert book.worksheets[0].max_row == 1 + roster.faults
    assert not Child.objects.filter(name="孙好").exists()


def test_unknown_headings_are_mapped_once_and_remembered_for_the_school(registrar, cast):
    headings = ("娃儿", "哪个班")
    data = sheet({"娃儿": "钱小多", "哪个班": "三年级7班"}, headings=headings)
    response = _hand_in(registrar, cast.school, data)
    assert "表头对应" in _text(response) and "娃儿" in _text(response)
    roster = RosterImport.objects.get()
    address = reverse("people:roster-mapping", args=[roster.pk])
    missing = registrar.post(address, {"kind": "pupils", "heading_0": "", "heading_1": "class"})
    assert "哪一列是姓名" in _text(missing)
    mapped = registrar.post(
        address, {"kind": "pupils", "heading_0": "name", "heading_1": "class"}, follow=True
    )
    assert "钱小多" in _text(mapped)
    assert HeaderMapping.objects.filter(school=cast.school).count() == 2
    again = _hand_in(registrar, cast.school, data)
    assert "表头对应" not in again.redirect_chain[-1][0] and "钱小多" in _text(again)


def test_a_heading_left_unread_is_mapped_from_the_preview(registrar, cast):
    headings = ("姓名", "班级", "住哪里")
    data = sheet({"姓名": "钱小多", "班级": "三年级7班", "住哪里": "和平路8号"}, headings=headings)
    assert "有不认识的列" in _text(_hand_in(registrar, cast.school, data))
    roster = RosterImport.objects.get()
    chosen = {"heading_0": "name", "heading_1": "class", "heading_2": "address"}
    address = reverse("people:roster-mapping", args=[roster.pk])
    anew = registrar.post(address, {"kind": "pupils", **chosen}, follow=True)
    assert "不能这样操作" not in _text(anew) and "有不认识的列" not in _text(anew)
    roster.refresh_from_db()
    registrar.post(reverse("people:roster-confirm", args=[roster.pk]), {"seen": roster.seen})
    assert Child.objects.get(name="钱小多").address == "和平路8号"


def test_a_doubt_is_decided_on_the_page(registrar, cast):
    row = {"姓名": "钱小多", "班级": "三年级7班", "出生日期": "2017-05-20"}
    bring_in(cast.school, sheet(row), on=CAST_DAY)
    response = _hand_in(registrar, cast.school, sheet({**row, "班级": "三年级8班"}))
    assert "不能确定是否同一人" in _text(response)
    assert "/confirm/" not in _text(response)
    roster = RosterImport.objects.latest("pk")
    child = Child.objects.get(name="钱小多")
    decided = registrar.post(
        reverse("people:roster-answers", args=[roster.pk]), {"doubt_0": child.pk}, follow=True
    )
    assert "/confirm/" in _text(decided)


def test_a_transfer_needs_its_tick(registrar, cast):
    row = pupil("袁园园")
    bring_in(cast.school_elsewhere, sheet(row), on=CAST_DAY.replace(day=1))
    _hand_in(registrar, cast.school, sheet(row))
    roster = RosterImport.objects.latest("pk")
    address = reverse("people:roster-confirm", args=[roster.pk])
    refused = registrar.post(address, {"seen": roster.seen})
    assert "请先核对" in _text(refused)
    registrar.post(address, {"seen": roster.seen, "transfers": "on"})
    assert Enrolment.objects.on(CAST_DAY).get(child__name="袁园园").school == cast.school


def test_leaving_needs_its_tick(registrar, cast):
    kept = pupil(cast.classmate.name, 班级=cast.this_class.name)
    _hand_in(registrar, cast.school, sheet(kept), covers="classes")
    roster = RosterImport.objects.latest("pk")
    address = reverse("people:roster-confirm", args=[roster.pk])
    registrar.post(address, {"seen": roster.seen, "with_leavers": "on"})
    assert not Enrolment.objects.on(CAST_DAY).filter(child=cast.pupil).exists()
    assert Enrolment.objects.on(CAST_DAY).filter(child=cast.classmate).exists()


def test_an_old_preview_cannot_be_confirmed(registrar, cast):
    _hand_in(registrar, cast.school, sheet(pupil("钱小多")))
    roster = RosterImport.objects.get()
    response = registrar.post(
        reverse("people:roster-confirm", args=[roster.pk]), {"seen": "0" * 64}, follow=True
    )
    assert "预览已更新" in _text(response)
    assert not Child.objects.filter(name="钱小多").exists()


def test_a_cancelled_import_leaves_no_file(registrar, cast, settings):
    _hand_in(registrar, cast.school, sheet(pupil("钱小多")))
    roster = RosterImport.objects.get()
    registrar.post(reverse("people:roster-cancel", args=[roster.pk]))
    roster.refresh_from_db()
    assert roster.status == "cancelled"
    assert not list((settings.MEDIA_ROOT / "rosters").glob(f"{roster.kept_as}*"))
    assert registrar.get(reverse("people:roster-marked", args=[roster.pk])).status_code == 404


@pytest.mark.parametrize("kind", ["pupils", "staff"])
def test_the_blank_sheet_can_be_read_back(registrar, cast, kind):
    response = registrar.get(reverse("people:roster-blank"), {"kind": kind})
    again = _text(_hand_in(registrar, cast.school, response.content))
    # The example row is no pupil, so the blank sheet as it is holds nobody.
    assert "没有一行可以导入" in again
    assert RosterImport.objects.get().kind == kind


@pytest.mark.parametrize(
    "name",
    [
        "class_teacher",
        "school_leader",
        "district_officer",
        "city_officer",
        "auditor",
        "head_elsewhere",
        "administrator",
        "teacher_without_approval",
    ],
)
def test_nobody_else_sees_the_rosters_of_the_school(client, cast, name):
    roster = RosterImport.objects.create(
        school=cast.school, on=CAST_DAY, kept_as="x", uploaded_at="2026-11-04T02:00Z",
        changed_at="2026-11-04T02:00Z", expires_on=CAST_DAY,
    )  # fmt: skip
    sign_in(client, getattr(cast, name))
    for route in ("roster", "roster-progress", "roster-mapping", "roster-marked"):
        assert client.get(reverse(f"people:{route}", args=[roster.pk])).status_code == 404
    for route in ("roster-confirm", "roster-cancel", "roster-answers", "roster-again"):
        assert client.post(reverse(f"people:{route}", args=[roster.pk])).status_code == 404
    # The head of another school hands in that school's rosters, and sees them alone.
    index = client.get(reverse("people:imports"))
    assert index.status_code == (200 if name == "head_elsewhere" else 404)
    assert f"/roster/{roster.pk}/" not in _text(index)


def test_the_preview_asks_few_questions_and_pages_its_rows(
    registrar, cast, django_assert_max_num_queries
):
    rows = [
        pupil(f"学生{a}{b}", 身份证号=number())
        for a in "甲乙丙丁戊己庚辛"
        for b in "子丑寅卯辰巳午未"
    ]
    _hand_in(registrar, cast.school, sheet(*rows))
    roster = RosterImport.objects.get()
    with django_assert_max_num_queries(15):
        text = _text(registrar.get(reverse("people:roster", args=[roster.pk])))
    assert re.search("第 1 页.共 4 页", text)
    found = _text(registrar.post(reverse("people:roster", args=[roster.pk]), {"q": "辛未"}))
    assert "学生辛未" in found and "学生甲子" not in found


def test_a_name_that_is_looked_for_stands_in_no_address(registrar, cast):
    _hand_in(registrar, cast.school, sheet(pupil("学生甲"), pupil("学生乙")))
    address = reverse("people:roster", args=[RosterImport.objects.get().pk])
    assert "学生乙" in _text(registrar.get(address, {"q": "学生甲"})), "a query is not looked at"
    page = registrar.get(address).content.decode()
    assert re.search(r'<form[^>]*method="post"[^>]*role="search"', page)


def test_progress_is_shown_until_the_worker_is_done(registrar, cast):
    _hand_in(registrar, cast.school, sheet(pupil("钱小多")))
    roster = RosterImport.objects.get()
    address = reverse("people:roster-progress", args=[roster.pk])
    assert registrar.get(address)["HX-Refresh"] == "true"
    RosterImport.objects.update(status="running")
    waiting = registrar.get(address)
    assert "HX-Refresh" not in waiting and "hx-get" in _text(waiting)
    assert "正在导入" in _text(registrar.get(reverse("people:roster", args=[roster.pk])))


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_and_imports_what_is_large(cast, client, monkeypatch):
    from gongyu.ground.people.roster import jobs

    monkeypatch.setattr(jobs, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(jobs, "AT_ONCE_ROWS", 0)
    registrar = sign_in(client, cast.registrar)
    _hand_in(registrar, cast.school, sheet(pupil("钱小多")))
    roster = RosterImport.objects.get()
    assert roster.status == "ready"
    registrar.post(reverse("people:roster-confirm", args=[roster.pk]), {"seen": roster.seen})
    roster.refresh_from_db()
    assert roster.status == "done"
    assert Child.objects.filter(name="钱小多").exists()
