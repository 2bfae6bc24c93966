"""The burden page: counted by hand beside it, for the reader's own place alone."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.notices import actions
from gongyu.ground.notices.models import Delivery, Notice
from gongyu.ground.notices.queries_burden import burden_within
from gongyu.ground.notices.shapes import NewNotice
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, YEAR_UNTIL, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(cast, at_the_cast_day):
    """In October a question of the class, in November a campaign to two schools and a letter."""
    said = {
        "title": "放假安排", "words": "周五下午三点放学。", "until_on": CAST_DAY + timedelta(days=9),
        "place_id": cast.this_class.pk, "department_id": cast.school.pk,
        "class_ids": (cast.this_class.pk,),
    }  # fmt: skip
    october = CAST_MOMENT - timedelta(days=10)
    campaign = said | {
        "place_id": cast.district.pk, "department_id": cast.district_department.pk,
        "is_campaign": True, "white_list": "1",
        "class_ids": (cast.this_class.pk, cast.secondary_class.pk),
    }  # fmt: skip
    for key, kind, told, at in (
        ("a", "to_answer", said, october),
        ("b", "to_know", said, CAST_MOMENT),
        ("c", "to_know", campaign, CAST_MOMENT),
    ):
        actions.send(NewNotice(kind=kind, **told), at=at, key=key, by=SYSTEM)
    return Notice.objects.in_bulk(field_name="pk")


def lines_of(place):
    rows = burden_within(place, YEAR_FROM, YEAR_UNTIL, CAST_DAY, schools_name="学校合计")
    return {(one.month.month, one.name): one for one in rows}


def test_departments_stand_by_themselves_and_schools_together(cast, sent):
    lines = lines_of(cast.district)
    office = cast.district_department.name
    assert set(lines) == {(10, "学校合计"), (11, "学校合计"), (11, office)}
    question = Notice.objects.get(key="a")
    october = lines[10, "学校合计"]
    assert (october.notices, october.tasks, october.campaigns) == (1, 1, 0)
    assert october.people == question.people
    assert october.minutes == round(question.people * question.seconds / 60)
    assert lines[11, office].campaigns == 1
    assert set(lines_of(cast.city)) == set(lines)
    assert lines_of(cast.other_district) == {}


def test_a_school_reads_its_own_and_what_departments_sent_to_its_families(cast, sent):
    lines = lines_of(cast.school)
    campaign = Notice.objects.get(key="c")
    own = Delivery.objects.filter(
        notice=campaign, carer__isnull=False, children__class_place=cast.this_class
    )
    line = lines[11, cast.district_department.name]
    assert line.people == own.distinct().count() and line.notices == 1
    assert lines[11, cast.school.name].notices == 1


def test_slips_count_as_the_time_of_those_who_hand_them_over(cast, sent):
    row = Delivery.objects.filter(notice__key="a", carer__isnull=False).first()
    Delivery.objects.filter(pk=row.pk).update(status="to_hand", next_at=None)
    assert (lines_of(cast.school)[10, cast.school.name].slips) == 1
    actions.hand_over(Delivery.objects.get(pk=row.pk), 0, at=CAST_MOMENT, by=SYSTEM)
    line = lines_of(cast.school)[10, cast.school.name]
    assert (line.slips, line.staff_minutes) == (1, 5)


def test_everybody_reads_the_own_place_and_no_other(cast, sent):
    for name, own, other in (
        ("head", cast.school, cast.school_elsewhere),
        ("district_officer", cast.district, cast.other_district),
        ("city_officer", cast.city, None),
    ):
        client = sign_in(Client(), getattr(cast, name))
        page = client.get(reverse("pages:own-burden"), follow=True)
        assert page.status_code == 200 and own.name in page.content.decode()
        if other is not None:
            assert client.get(reverse("pages:burden", args=[other.pk])).status_code == 404
    for name in ("class_teacher", "school_leader", "auditor"):
        client = sign_in(Client(), getattr(cast, name))
        assert client.get(reverse("pages:own-burden")).status_code == 404


def test_it_is_taken_along_as_a_sheet_and_the_audit_says_so(cast, sent):
    client = sign_in(Client(), cast.district_officer)
    answer = client.get(reverse("pages:burden-export", args=[cast.district.pk]))
    book = load_workbook(io.BytesIO(answer.content))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert len(rows) == 3 and {row[0] for row in rows} == {"2026-10", "2026-11"}
    assert Entry.objects.filter(verb="burden.export", subject_id=cast.district.pk).count() == 1


def test_a_year_that_is_none_shows_the_present_one(cast, sent):
    client = sign_in(Client(), cast.head)
    for year in ("", "1999", "²", "99999999999"):
        page = client.get(reverse("pages:burden", args=[cast.school.pk]), {"year": year})
        assert "2026–2027" in page.content.decode()
