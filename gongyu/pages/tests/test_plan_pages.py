"""The plan's pages show every sentence and duty, and never a number that is not built."""

import pytest
from django.urls import reverse

from gongyu.pages.queries.plan import current_plan, plan_page

pytestmark = pytest.mark.django_db


def test_anybody_reads_the_plan_with_its_seven_numbers(client):
    html = client.get(reverse("pages:plan")).content.decode()
    for duty in current_plan().numbers:
        assert duty.title in html
    assert len(current_plan().numbers) == 7


@pytest.mark.parametrize("measure", range(14))
def test_a_measure_shows_its_sentences_and_duties(client, measure):
    html = client.get(reverse("pages:measure", args=[measure])).content.decode()
    for duty in current_plan().duties_of(measure):
        assert reverse("pages:duty", args=[duty.id]) in html


def test_every_duty_has_a_page_that_quotes_the_plan(client):
    for duty in current_plan().duties:
        html = client.get(reverse("pages:duty", args=[duty.id])).content.decode()
        assert duty.quote in html
        assert ("本措施尚未建成，不显示数字" in html) == (not duty.built)


def test_a_duty_or_measure_that_is_not_there_is_not_found(client):
    assert client.get(reverse("pages:duty", args=["no-such-duty"])).status_code == 404
    assert client.get(reverse("pages:measure", args=[14])).status_code == 404


def test_the_quotes_marked_in_a_sentence_leave_its_text_whole():
    for view in plan_page().measures:
        for sentence in view.sentences:
            assert "".join(text for text, _ in sentence.parts) == sentence.sentence.text


def test_a_probe_learns_that_the_house_is_well(client):
    answer = client.get(reverse("pages:health"))
    assert answer.status_code == 200 and answer.json()["status"] == "ok"
