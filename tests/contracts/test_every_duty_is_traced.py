"""Each duty is traced: its quote stands in the text; what is built has facts, evaluator and page."""

import pytest
from django.urls import resolve, reverse

from gongyu.ground.ledger.kinds import KINDS
from gongyu.plan import default_plan_folder, load_plan


@pytest.fixture(scope="module")
def plan():
    return load_plan(default_plan_folder())


def test_every_quote_stands_in_the_text_to_the_letter(plan):
    text = (default_plan_folder() / "policy.txt").read_text("utf-8")
    assert [d.id for d in plan.duties if d.quote not in text] == []


def test_what_is_built_counts_facts_that_the_ledger_knows(plan):
    built = [duty for duty in plan.duties if duty.built]
    assert built
    unknown = {(d.id, kind) for d in built for kind in d.facts if kind not in KINDS}
    assert unknown == set()


def test_what_is_built_has_an_evaluator(plan):
    from gongyu.indicators.shapes import EVALUATORS

    assert [d.id for d in plan.duties if d.built and d.evaluator not in EVALUATORS] == []


def test_every_duty_has_a_page(plan):
    for duty in plan.duties:
        address = reverse("pages:duty", args=[duty.id])
        assert resolve(address).kwargs == {"duty_id": duty.id}
