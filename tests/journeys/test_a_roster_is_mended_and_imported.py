"""A registrar hands in a roster with faults, mends what the sheet says, and imports it."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.models import Child, Enrolment
from gongyu.ground.people.tests.rosters import pupil, sheet
from tests.cast import Cast
from tests.journeys.conftest import DESKTOP
from tests.journeys.signing_in import sign_in_by_hand

pytestmark = pytest.mark.journey
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/roster/")
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": XLSX, "buffer": data}
    )
    page.locator("form:has(input[type=file]) button[type=submit]").click()
    page.wait_for_url(re.compile(r"/roster/\d+/"))


def _rows(cast: Cast) -> list[dict]:
    names = ("高子涵", "邓欣怡", "田一诺")
    return [pupil(name, 班级=cast.this_class.name) for name in names]


def test_a_roster_with_faults_is_refused_whole_mended_and_imported(open_page, the_cast):
    registrar = open_page(DESKTOP)
    sign_in_by_hand(registrar, the_cast.registrar)
    children, facts = Child.objects.count(), Fact.objects.count()

    rows = _rows(the_cast)
    broken = [rows[0], {**rows[1], "身份证号": rows[1]["身份证号"][:-1] + "A"}, rows[2]]
    _upload(registrar, "新生名册.xlsx", sheet(*broken))
    expect(registrar.locator("main")).to_contain_text("整份名册没有导入")
    expect(registrar.locator("main")).to_contain_text("第 3 行")
    assert Child.objects.count() == children
    with registrar.expect_download() as download:
        registrar.get_by_role("link", name=re.compile("下载标注了错误的表格")).click()
    marked = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    words = [str(c.value) for row in marked.active.iter_rows() for c in row if c.value]
    assert any("身份证" in w for w in words)

    _upload(registrar, "新生名册.xlsx", sheet(*rows))
    registrar.get_by_role("button", name="确认导入").click()
    expect(registrar.locator("main")).to_contain_text("3")
    assert Child.objects.count() == children + 3
    assert Enrolment.objects.filter(school_class=the_cast.this_class).count() >= 3
    assert Fact.objects.count() == facts + 3

    _upload(registrar, "新生名册.xlsx", sheet(*rows))
    expect(registrar.locator("main")).to_contain_text("没有需要导入的变化")
    assert Child.objects.count() == children + 3
