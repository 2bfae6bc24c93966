"""Who belongs to one family, who may be told, and which token opens what."""

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import add_care, bar_carer, enrol
from gongyu.ground.people.models import Child
from gongyu.shared_work.family_links import tokens
from gongyu.shared_work.family_links.carers import cares_for_all, households
from tests.cast import CAST_DAY, LONG_AGO, YEAR_FROM


def test_brothers_and_sisters_of_any_school_are_one_household_and_strangers_are_not(cast):
    ids = [cast.pupil.pk, cast.sister.pk, cast.classmate.pk]
    assert households(ids, CAST_DAY) == [(cast.pupil.pk, cast.sister.pk), (cast.classmate.pk,)]
    assert households([], CAST_DAY) == []


def test_a_tie_through_somebody_in_the_middle_makes_one_household_of_three(cast):
    youngest = Child.objects.create(name="小妹", initials="xm")
    enrol(youngest, cast.this_class, YEAR_FROM, by=SYSTEM)
    for child, carer in ((youngest, cast.grandmother), (cast.classmate, cast.grandmother)):
        add_care(
            child, carer, "grandmother", LONG_AGO, is_guardian=True, is_daily_carer=False, by=SYSTEM
        )
    ids = [cast.pupil.pk, cast.classmate.pk, youngest.pk]
    assert households(ids, CAST_DAY) == [tuple(sorted(ids))]


def test_a_link_is_for_who_cares_for_every_child_and_is_barred_from_none(cast):
    both = [cast.pupil.pk, cast.sister.pk]
    assert cares_for_all(cast.grandmother.pk, both, CAST_DAY)
    assert not cares_for_all(cast.grandmother.pk, [*both, cast.classmate.pk], CAST_DAY)
    assert not cares_for_all(cast.barred_father.pk, both, CAST_DAY)
    assert not cares_for_all(cast.grandmother.pk, [], CAST_DAY)
    bar_carer(cast.sister, cast.grandmother, CAST_DAY, "告诫书", by=SYSTEM)
    assert not cares_for_all(cast.grandmother.pk, both, CAST_DAY)
    assert cares_for_all(cast.grandmother.pk, [cast.pupil.pk], CAST_DAY)


def test_a_token_is_the_same_again_and_belongs_to_its_purpose(db):
    token = tokens.token_for("activity", 7, "salt")
    assert token == tokens.token_for("activity", 7, "salt")
    assert token != tokens.token_for("visit", 7, "salt") != tokens.token_for("activity", 8, "salt")
    bare = token.replace("-", "").upper()
    assert tokens.digest_of("activity", bare) == tokens.digest_of("activity", token)
    assert tokens.digest_of("visit", token) != tokens.digest_of("activity", token)
