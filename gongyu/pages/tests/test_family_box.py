"""A carer's box on the family's own pages: her own notices alone, opened, read and answered there."""

from __future__ import annotations

import gzip
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.files import cleaned
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices import actions
from gongyu.ground.notices.models import Delivery, Notice
from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.people.actions import bar_carer
from tests.cast import CAST_DAY, CAST_MOMENT, come_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


@pytest.fixture
def sent(cast):
    """Send a notice to the class of most tests, with anything told otherwise."""

    def send(key: str, at=CAST_MOMENT, **told) -> Notice:
        said = {
            "kind": "to_answer",
            "title": f"通知{key}",
            "words": "下周查视力，不收钱。",
            "place_id": cast.this_class.pk,
            "department_id": cast.school.pk,
            "until_on": CAST_DAY + timedelta(days=9),
            "class_ids": (cast.this_class.pk,),
            "choices": ("同意", "不同意"),
        }
        if told.get("kind", "to_answer") != "to_answer":
            said["choices"] = ()
        if "child_ids" in told:
            said["class_ids"] = ()
        return actions.send(NewNotice(**{**said, **told}), at=at, key=key, by=SYSTEM)

    return send


def own(notice: Notice, carer) -> Delivery:
    return Delivery.objects.get(notice=notice, carer=carer)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def opened_at(delivery: Delivery) -> str:
    return reverse("family:notice", args=[delivery.pk])


def test_what_waits_stands_first_and_what_is_to_know_by_week(cast, client, sent):
    last_week = CAST_MOMENT - timedelta(days=7)
    sent("older", last_week, kind="to_know")
    sent("newer", kind="to_know")
    sent("asks", last_week)
    text = page(come_in(client, cast.mother), reverse("family:box"))
    order = [text.index(f"通知{key}") for key in ("asks", "newer", "older")]
    assert order == sorted(order)
    assert text.count("这一周，知道就好") == 2 and cast.pupil.name in text


def test_it_is_opened_and_answered_once_and_the_answer_may_be_changed(cast, client, sent):
    notice = sent("asks")
    mine = own(notice, cast.mother)
    come_in(client, cast.mother)
    assert opened_at(mine) in page(client, "/family/")
    assert "下周查视力" in page(client, opened_at(mine))
    mine.refresh_from_db()
    assert (mine.answer, Fact.objects.filter(kind="notice.reached").count()) == (None, 0)
    for _tap in range(2):
        done = client.post(opened_at(mine), {"answer": f"{mine.pk}.0"}, follow=True)
        assert "您已答复：同意" in done.content.decode()
    assert Fact.objects.filter(kind="notice.reached").count() == 1
    assert opened_at(mine) not in page(client, "/family/")
    client.post(opened_at(mine), {"answer": f"{mine.pk}.1"})
    mine.refresh_from_db()
    assert (mine.status, mine.answer, mine.answered_way) == ("answered", 1, "box")
    rows = Entry.objects.filter(verb="notice.answer")
    assert {row.detail["by_carer"] for row in rows} == {cast.mother.pk}


def test_opening_leaves_a_row_that_no_school_reads(cast, client, sent):
    mine = own(sent("asks"), cast.mother)
    page(come_in(client, cast.mother), opened_at(mine))
    row = Entry.objects.get(verb="family.read")
    assert (row.subject_type, row.subject_id, row.place_id) == ("delivery", mine.pk, None)
    assert row.detail == {"page": "notice", "by_carer": cast.mother.pk}


@pytest.mark.parametrize(
    "said", ["", "7", "x.0", "{pk}.", "{pk}.9", "{pk}.²", "{pk}.-1", "1{pk}.0"]
)
def test_an_answer_that_is_none_is_refused_in_words(cast, client, sent, said):
    mine = own(sent("asks"), cast.mother)
    come_in(client, cast.mother)
    answer = client.post(opened_at(mine), {"answer": said.format(pk=mine.pk)})
    assert answer.status_code == 400 and "请选择一个答案" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.answer is None


def test_a_withdrawn_notice_says_so_and_takes_no_answer(cast, client, sent):
    notice = sent("asks")
    mine = own(notice, cast.mother)
    actions.answer(mine, 0, way="box", at=CAST_MOMENT, by=SYSTEM)
    actions.withdraw(notice, "写错了日期", at=CAST_MOMENT, by=SYSTEM)
    come_in(client, cast.mother)
    text = page(client, opened_at(mine))
    assert "写错了日期" in text and "下周查视力" not in text
    refused = client.post(opened_at(mine), {"answer": f"{mine.pk}.1"})
    assert refused.status_code == 400 and "不用回了" in refused.content.decode()


def test_nobody_opens_reads_or_answers_another_carer_s_notice(cast, client, sent):
    mine = own(sent("asks"), cast.mother)
    guessed = reverse("family:notice", args=[mine.pk + 500])
    for carer in (cast.grandmother, cast.classmates_mother):
        visitor = come_in(Client(), carer)
        for address in (opened_at(mine), guessed):
            assert visitor.get(address).status_code == 404
            assert visitor.post(address, {"answer": f"{mine.pk}.0"}).status_code == 404
        file = reverse("family:notice-attachment", args=[mine.pk, 1])
        assert visitor.get(file).status_code == 404
    assert Delivery.objects.filter(answer__isnull=False).count() == 0


def test_a_child_out_of_sight_is_in_no_notice_even_where_only_contact_is_barred(cast, client, sent):
    both = sent("both", child_ids=(cast.pupil.pk, cast.sister.pk))
    alone = sent("alone", child_ids=(cast.sister.pk,))
    bar_carer(
        cast.sister, cast.mother, CAST_DAY, "裁定", contact=True, information=False, by=SYSTEM
    )
    come_in(client, cast.mother)
    text = page(client, reverse("family:box")) + page(client, opened_at(own(both, cast.mother)))
    assert cast.pupil.name in text and cast.sister.name not in text and "通知alone" not in text
    assert client.get(opened_at(own(alone, cast.mother))).status_code == 404
    assert "通知alone" not in page(client, "/family/")


def test_an_attachment_is_read_from_the_box(cast, client, sent):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    notice = sent("asks", attachments=(cleaned(picture.getvalue()),))
    mine = own(notice, cast.mother)
    come_in(client, cast.mother)
    file = reverse("family:notice-attachment", args=[mine.pk, 1])
    assert file in page(client, opened_at(mine))
    answer = client.get(file)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert client.get(file.replace("/1/", "/2/")).status_code == 404


def test_an_empty_box_says_so_and_the_pages_are_light(
    cast, client, sent, django_assert_max_num_queries
):
    come_in(client, cast.mother)
    assert "还没有通知" in page(client, reverse("family:box"))
    mine = own(sent("asks"), cast.mother)
    with django_assert_max_num_queries(16):
        box = page(client, reverse("family:box"))
    with django_assert_max_num_queries(18):
        one = page(client, opened_at(mine))
    for text in (box, one):
        assert "htmx" not in text.split("</head>")[1]
        assert len(gzip.compress(text.encode())) < 10_000
    client.post("/family/big-print/", {"next": "/family/notices/"})
    assert "large-print" in page(client, reverse("family:box"))
