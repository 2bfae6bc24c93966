"""A guardian sees what is kept and who looked; sealed things and other people's secrets are not there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.people.actions import bar_carer, move_class
from tests.cast import CAST_DAY, come_in, sign_in
from tests.contracts.matrix_world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def looked_at(client: Client, child) -> str:
    return client.get(reverse("family:looked-at", args=[child.pk])).content.decode()


def test_who_looked_when_and_why_in_plain_words(cast, client):
    teacher = sign_in(Client(), cast.class_teacher)
    for _ in range(2):
        teacher.get(reverse("pages:child", args=[cast.pupil.pk]))
    teacher.get(reverse("pages:class", args=[cast.this_class.pk]))
    page = looked_at(come_in(client, cast.mother), cast.pupil)
    assert "周晓兰" in page and "（班主任）" in page
    assert "看了孩子的资料页" in page and "这天 2 次" in page and "日常教育工作" in page
    assert "看了班级名单" in page
    other = looked_at(client, cast.sister)
    assert "周晓兰" not in other


def test_a_list_of_the_class_concerns_a_child_only_while_it_was_there(cast, client):
    move_class(cast.pupil.enrolments.get(), cast.parallel_class, CAST_DAY, by=SYSTEM)
    sign_in(Client(), cast.class_teacher).get(reverse("pages:class", args=[cast.this_class.pk]))
    assert "看了班级名单" not in looked_at(come_in(client, cast.mother), cast.pupil)


def test_neither_worries_nor_bars_nor_the_other_guardian_s_reading_stand_there(cast, client):
    world = World(cast)
    mother = come_in(client, cast.mother)
    before = looked_at(mother, cast.pupil)
    assert world.anomalies
    subject = sign_in(Client(), cast.class_teacher)
    subject.get(reverse("concerns:anomaly", args=[world.anomalies["here"]["pk"]]))
    bar_carer(cast.pupil, cast.grandmother, CAST_DAY, "裁定", by=cast.registrar.actor)
    assert Entry.objects.filter(verb="anomaly.read").exists()
    after = looked_at(mother, cast.pupil)
    token = 'name="csrfmiddlewaretoken"'
    assert before.split("<main")[1].split(token)[0] == after.split("<main")[1].split(token)[0]
    # The reading of the family itself left a row, and is not told.
    assert Entry.objects.filter(verb="family.read").count() == 2


def test_the_record_shows_what_is_kept_and_covers_what_is_somebody_else_s(cast, client):
    cast.pupil.id_number = "500103201705201234"
    cast.pupil.address = "和平路88号5-2"
    cast.pupil.save()
    World(cast).visits  # noqa: B018 - a visit with notes is recorded
    page = come_in(client, cast.mother).get(reverse("family:record", args=[cast.pupil.pk]))
    text = page.content.decode()
    assert "····1234" in text and "500103" not in text.split("<main")[1]
    assert "和平路" not in text and "门牌已登记" in text
    assert cast.mother.phone in text and cast.grandmother.phone not in text
    assert "····0001" in text
    assert cast.barred_father.name not in text
    assert "已家访" in text


def test_only_guardians_and_only_of_the_own_child(cast, client):
    for name in ("family:record", "family:looked-at"):
        for carer, child in (
            (cast.classmates_mother, cast.pupil),
            (cast.grandmother, cast.pupil),
            (cast.mother, cast.child_elsewhere),
        ):
            asking = come_in(Client(), carer)
            assert asking.get(reverse(name, args=[child.pk])).status_code == 404
        assert come_in(Client(), cast.mother).get(reverse(name, args=[2**63])).status_code == 404
    for name in ("family:records", "family:looked"):
        assert come_in(Client(), cast.grandmother).get(reverse(name)).status_code == 404
        assert come_in(Client(), cast.mother).get(reverse(name)).status_code == 200
        single = come_in(Client(), cast.classmates_mother).get(reverse(name))
        assert str(cast.classmate.pk) in single.url


def test_pages_take_few_questions(cast, client, django_assert_max_num_queries):
    come_in(client, cast.mother)
    for name in ("family:record", "family:looked-at"):
        address = reverse(name, args=[cast.pupil.pk])
        client.get(address)
        with django_assert_max_num_queries(17):
            client.get(address)
