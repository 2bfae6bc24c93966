"""Who cares for a child on a day, who may not be reached, who its brothers and sisters are."""

from __future__ import annotations

import pytest

from gongyu.ground.people.models import Bar, Care, Carer, Relation
from gongyu.ground.people.queries import carers_on, carers_to_reach, siblings
from tests.cast import CAST_DAY, YEAR_FROM

pytestmark = pytest.mark.django_db


def test_two_bars_of_one_father_hold_together(cast):
    Bar.objects.filter(child=cast.pupil).update(information=False)
    Bar.objects.create(
        child=cast.pupil, carer=cast.barred_father, from_on=YEAR_FROM, contact=False,
        information=True, basis="家事裁定",
    )  # fmt: skip
    [father] = [c for c in carers_on(cast.pupil, CAST_DAY) if c.carer == cast.barred_father]
    assert father.contact_barred and father.information_barred
    assert cast.barred_father not in [c.carer for c in carers_to_reach(cast.pupil, CAST_DAY)]


def test_children_of_one_home_are_not_brothers_and_sisters(cast):
    home = Carer.objects.create(name="渝中区儿童福利院")
    for child in (cast.classmate, cast.pupil_of_parallel_class):
        Care.objects.create(
            child=child, carer=home, relation=Relation.INSTITUTION, is_guardian=True,
            is_daily_carer=True, from_on=YEAR_FROM,
        )  # fmt: skip
    assert cast.pupil_of_parallel_class not in siblings(cast.classmate, CAST_DAY)
    assert siblings(cast.pupil, CAST_DAY) == [cast.sister]
