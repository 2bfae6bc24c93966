"""Whatever is searched for, nobody finds a name that is not for him."""

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.people.models import Carer, Child
from gongyu.ground.places.naming import initials
from tests.cast import CAST_DAY, sign_in
from tests.contracts.matrix_walk import names_hidden_from


def words_for(name: str) -> tuple[str, ...]:
    # The whole name would come back as what was typed; its parts find it just as well.
    return name[1:], name[:1], initials(name)


@pytest.mark.usefixtures("at_the_cast_day")
def test_nobody_finds_a_name_that_is_not_for_him(cast):
    names = [one.name for model in (Child, Carer) for one in model.objects.all()]
    leaks = []
    for who, person in cast.people().items():
        client = sign_in(Client(), person)
        if client.get(reverse("pages:search")).status_code == 404:
            continue
        hidden = names_hidden_from(person.actor, CAST_DAY)
        for words in {word for name in names for word in words_for(name)}:
            page = client.post(reverse("pages:search"), {"q": words}).content.decode()
            leaks += [f"{who} finds {name} by {words}" for name in hidden if name in page]
    assert leaks == []


@pytest.mark.usefixtures("at_the_cast_day")
def test_a_class_teacher_finds_the_own_pupil(cast):
    client = sign_in(Client(), cast.class_teacher)
    page = client.post(reverse("pages:search"), {"q": "小雨"}).content.decode()
    assert cast.pupil.name in page
