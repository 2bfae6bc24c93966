"""What a person was shown stays with that person: browsers, cookies and logs keep nothing of it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.mark.parametrize("address", ["pages:home", "pages:child", "visits:class", "visits:export"])
def test_no_browser_keeps_a_page_that_somebody_was_shown(address, cast, client):
    args = {"pages:child": [cast.pupil.pk], "pages:home": []}.get(address, [cast.this_class.pk])
    answer = sign_in(client, cast.class_teacher).get(reverse(address, args=args))
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer.headers["Cache-Control"].split(", "))


def test_the_words_of_success_are_in_no_cookie_and_name_no_child(cast, client):
    registrar = sign_in(client, cast.registrar)
    address = reverse("keeping:leave-school", args=[cast.pupil.pk])
    typed = {"how_out": "transferred", "until_on": "2026-11-04", "sure": "1"}
    answer = registrar.post(address, typed)
    assert answer.status_code == 302
    assert "messages" not in answer.cookies
    assert cast.pupil.name not in str(dict(registrar.session))


def test_a_form_that_waited_too_long_says_so_and_what_to_do(cast):
    strict = sign_in(Client(enforce_csrf_checks=True), cast.class_teacher)
    answer = strict.post(reverse("pages:search"), {"q": "杨"})
    assert answer.status_code == 403
    assert "没有保存" in answer.content.decode()


@pytest.mark.parametrize("number", [2**63, 10**30])
def test_a_number_beyond_all_numbers_is_no_page(number, cast, client):
    asked = sign_in(client, cast.class_teacher)
    assert asked.get(f"/children/{number}/").status_code == 404
    assert asked.get(f"/visits/children/{number}/record/").status_code == 404
