"""What a page costs: SQL queries, and bytes on a phone with little signal."""

import gzip

import pytest
from django.urls import reverse

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.mark.parametrize(
    ("name", "whose", "most"),
    [
        ("class", "this_class", 27),
        ("print", "this_class", 26),
        ("slips", "this_class", 20),
        ("export", "this_class", 20),
        ("child", "pupil", 22),
        ("record-child", "pupil", 27),
    ],
)
def test_each_page_takes_few_queries_and_is_light(
    cast, teacher, record, brother, django_assert_max_num_queries, name, whose, most
):
    record(outcome="not_found")
    address = reverse(f"visits:{name}", args=[getattr(cast, whose).pk])
    teacher.get(address)
    with django_assert_max_num_queries(most):
        page = teacher.get(address)
    assert len(gzip.compress(page.content)) < 20_000
