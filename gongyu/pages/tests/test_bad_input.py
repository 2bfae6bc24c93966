"""Filters of another age, huge numbers, names that look like something else."""

import pytest
from django.urls import reverse

from gongyu.ground.access.models import Approval
from gongyu.ground.staff.models import Post, Role
from tests.cast import YEAR_FROM, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.mark.parametrize(
    "asked",
    [
        {"last": "9999-12-31"},
        {"first": "0001-01-01"},
        {"page": "9" * 5000},
        {"page": "-1"},
        {"person": "\x00"},
    ],
    ids=str,
)
def test_a_filter_that_makes_no_sense_asks_for_everything(cast, client, asked):
    page = sign_in(client, cast.auditor).get(reverse("pages:audit"), asked)
    assert page.status_code == 200


def test_an_approval_in_one_school_shows_nothing_of_another_at_home(cast, client):
    """The head of one school has just become head of a second one, where nobody approved yet."""
    person = cast.head_elsewhere
    Post.objects.filter(pk=person.post.pk).update(place=cast.school)
    Post.objects.create(
        staff=person.staff, place=cast.school_elsewhere, role=Role.HEAD, from_on=YEAR_FROM
    )
    assert Approval.objects.filter(staff=person.staff).get().place == cast.school_elsewhere
    home = sign_in(client, person).get("/").content.decode()
    assert "白岩小学" in home
    assert "三年级2班" not in home, "a class of the school where no approval runs"
