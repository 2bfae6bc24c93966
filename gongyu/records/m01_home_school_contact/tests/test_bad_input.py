"""What nobody means to send: the same form with other words, days of another age, huge numbers."""

import pytest

from gongyu.ground.people.models import Child
from gongyu.records.m01_home_school_contact.models import Visit
from gongyu.records.m01_home_school_contact.tests.test_pages import told, url

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def test_words_changed_after_sending_are_not_lost_to_a_double_tap(cast, teacher):
    teacher.post(url("record-child", cast.pupil.pk), told(cast))
    again = teacher.post(url("record-child", cast.pupil.pk), told(cast, asked="还想参加合唱团"))
    page = again.content.decode()
    assert "更正" in page and "还想参加合唱团" in page
    assert Visit.objects.get().asked == "希望孩子多读书"


def test_a_wish_of_a_day_to_come_is_refused(cast, teacher):
    sent = {"prefers": "", "times": "", "language": "", "asked_on": "9999-12-31", "note": ""}
    page = teacher.post(url("preference", cast.pupil.pk), sent)
    assert "不能晚于今天" in page.content.decode()
    assert not hasattr(Child.objects.get(pk=cast.pupil.pk), "visit_preference")


def test_a_promise_for_another_age_is_a_slip_of_the_pen(cast, teacher):
    sent = told(cast, follows_due="9999-12-31")
    page = teacher.post(url("record-child", cast.pupil.pk), sent).content.decode()
    assert "一年之内" in page and not Visit.objects.exists()


def test_numbers_of_five_thousand_digits_are_nobody(cast, teacher, proposal):
    long = "9" * 5000
    assert teacher.get(url("propose", cast.this_class.pk), {"child": long}).status_code == 302
    assert teacher.post(url("link", proposal.pk), {"carer": long}).status_code == 302
