"""Classes, heads, posts, approvals and days off are taken out as sheets; who took what is kept."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.calendar.working_days import NamedDay
from gongyu.ground.design.sheets import sheet_of
from gongyu.ground.holidays.actions import set_days
from gongyu.ground.staff.models import Post, Staff
from tests.cast import CAST_DAY, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def rows_of(answer) -> list[tuple]:
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    return [tuple(cell or None for cell in row) for row in sheet.iter_rows(values_only=True)]


def test_the_classes_of_a_school(cast, client):
    address = reverse("keeping:classes-export", args=[cast.school.pk])
    page = (
        sign_in(client, cast.registrar)
        .get(reverse("keeping:classes", args=[cast.school.pk]))
        .content.decode()
    )
    assert address in page
    title, _empty, heads, *rows = rows_of(client.get(address))
    assert title[0] == "石板坡小学 班级，截至 2026-11-04"
    assert heads[:4] == ("班级", "校区", "班主任", "学生")
    assert [(row[0], row[2], row[3]) for row in rows] == [
        ("三年级1班", "周晓兰", 2),
        ("三年级2班", "谭丽", 1),
    ]
    assert rows[0][4:] == ("2026-09-01", "2027-08-31", "开设")


def test_the_heads_of_a_district_as_they_were_filtered(cast, client):
    Post.objects.filter(pk=cast.head.post.pk).update(until_on=CAST_DAY)
    sign_in(client, cast.district_officer)
    page = client.get(reverse("access:offices", args=["head"]), {"vacant": "on"}).content.decode()
    assert reverse("access:office-export", args=["head"]) + "?q=&amp;vacant=on" in page
    _title, _empty, _heads, *rows = rows_of(
        client.get(reverse("access:office-export", args=["head"]))
    )
    assert ("石板坡小学", "2150000001") in {row[:2] for row in rows}
    told = {(row[0], row[3], row[7]) for row in rows}
    assert ("石板坡小学", None, "空缺") in told and ("石板坡小学", "何敏", "已离任") in told
    assert ("七星岗中学", "蒋毅", "在任") in told and "白岩小学" not in {row[0] for row in rows}
    _title, _empty, _heads, *rows = rows_of(
        client.get(reverse("access:office-export", args=["head"]), {"vacant": "on"})
    )
    assert {row[0] for row in rows} == {"石板坡小学"}


def test_the_posts_of_a_school(cast, client):
    Post.objects.filter(pk=cast.class_teacher.post.pk).update(until_on=CAST_DAY)
    sign_in(client, cast.head)
    address = reverse("access:posts-export", args=[cast.school.pk])
    assert address in client.get(reverse("access:posts", args=[cast.school.pk])).content.decode()
    _title, _empty, _heads, *rows = rows_of(client.get(address))
    assert ("三年级1班", None, "空缺", None, None, None, "2026-11-04–至今") in rows
    assert ("三年级2班", "班主任", "谭丽", None, "2026-11-04", None, None) in rows
    assert (None, "德育主任", "陈静") in {row[:3] for row in rows}


def test_the_approvals_that_wait_those_looked_for_and_all(cast, client):
    sign_in(client, cast.head)
    address = reverse("access:approvals-export")
    assert address in client.get(reverse("access:approvals")).content.decode()

    def names(**asked) -> dict:
        return {row[0]: row[3] for row in rows_of(client.get(address, asked))[3:]}

    everybody = names(show="all")
    assert everybody["周晓兰"] == "有效" and everybody["邓涛"] == "已到期"
    assert "范宇" not in everybody
    assert names() == {name: state for name, state in everybody.items() if state != "有效"}
    assert set(names(q="周晓")) == {"周晓兰"}


def test_the_days_off_of_a_year_with_their_source(cast, client):
    day = NamedDay(date(2026, 11, 12), False, "区运动会", "区教〔2026〕9号")
    set_days([day], district=cast.district.code, by=cast.district_officer.actor)
    sign_in(client, cast.district_officer)
    page = client.get(reverse("pages:days-off")).content.decode()
    assert reverse("pages:days-off-export") + "?year=2026" in page
    rows = rows_of(client.get(reverse("pages:days-off-export"), {"year": "2026"}))
    assert rows[3] == ("2026-11-12", "放假", "区运动会", "渝中区", "区教〔2026〕9号")
    assert ("2026-10-01", "放假", "国庆节", "全市", "已公布的历表") in rows


def test_who_took_a_sheet_stands_in_the_audit_and_no_name_in_the_files(cast, client):
    taken = [
        ("registrar", "keeping:classes-export", [cast.school.pk]),
        ("head", "access:posts-export", [cast.school.pk]),
        ("head", "access:approvals-export", []),
        ("district_officer", "access:office-export", ["head"]),
        ("city_officer", "pages:days-off-export", []),
    ]
    for person, name, args in taken:
        answer = sign_in(client, getattr(cast, person)).get(reverse(name, args=args))
        assert answer["Content-Disposition"].isascii()
    told = AuditEntry.objects.filter(verb="export.make").values_list("detail", flat=True)
    assert [one["what"] for one in told.order_by("pk")] == [
        "classes", "posts", "approvals", "office.head", "days-off",
    ]  # fmt: skip
    assert all(isinstance(one["rows"], int) for one in told)


def test_a_name_that_looks_like_a_formula_stays_a_name(cast, client):
    Staff.objects.filter(pk=cast.class_teacher.staff.pk).update(name="=1+1")
    sign_in(client, cast.head)
    rows = rows_of(client.get(reverse("access:posts-export", args=[cast.school.pk])))
    assert "=1+1" in {row[2] for row in rows}
    sheet = openpyxl.load_workbook(BytesIO(sheet_of("t", ["a"], [["=1+1"], [7]]))).active
    assert (sheet["A4"].data_type, sheet["A5"].data_type) == ("s", "n")
