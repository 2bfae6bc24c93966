"""Opening, moving and closing places keeps the tree true on every day, and says who did it."""

from datetime import date

import pytest

from gongyu.ground.audit.actors import SYSTEM, Actor, HeldPost
from gongyu.ground.audit.models import Entry
from gongyu.ground.places import actions, naming, queries, rules
from gongyu.ground.places.models import STAGES_OF, Place, Placement, School, Stage, Succession

pytestmark = pytest.mark.django_db

FIRST, CHANGE = date(2023, 6, 30), date(2025, 11, 6)
BEFORE, AFTER = date(2025, 6, 1), date(2026, 6, 1)


@pytest.fixture
def tree():
    """A city whose district was replaced by another on the day of the change, with one town."""
    rows = {"city": ("city", FIRST, None), "old": ("district", FIRST, CHANGE)}
    rows |= {"new": ("district", CHANGE, None), "other": ("district", FIRST, None)}
    rows |= {"town1": ("town", FIRST, CHANGE), "town2": ("town", CHANGE, None)}
    made = {
        code: Place.objects.create(kind=kind, code=code, name=code, from_on=first, until_on=until)
        for code, (kind, first, until) in rows.items()
    }
    pairs = [("old", "city"), ("new", "city"), ("other", "city")]
    for child, parent in [*pairs, ("town1", "old"), ("town2", "new")]:
        place = made[child]
        days = {"from_on": place.from_on, "until_on": place.until_on}
        Placement.objects.create(place=place, parent=made[parent], **days)
    Succession.objects.create(place=made["new"], predecessor=made["old"])
    Succession.objects.create(place=made["town2"], predecessor=made["town1"])
    actions.rebuild_containments()
    return made


def open_school(tree, town="town2", kind="nine_year", code="S1", from_on=date(2000, 9, 1)):
    return actions.open_school(code, f"{code}学校", kind, tree[town].pk, from_on, by=SYSTEM)


def codes(place, day):
    return [above.code for above in queries.path(place.pk, day)]


@pytest.mark.parametrize("town", ["town1", "town2"])
def test_a_school_follows_its_town_through_a_renumbering(tree, town):
    school = open_school(tree, town).place
    assert codes(school, BEFORE) == ["city", "old", "town1", "S1"]
    assert codes(school, AFTER) == ["city", "new", "town2", "S1"]
    assert codes(school, date(2001, 1, 1)) == ["S1"]


def test_a_class_stands_under_its_school_or_campus_for_its_year(tree):
    school = open_school(tree)
    campus = actions.open_campus("S1-2", "东校区", school.pk, date(2020, 9, 1), by=SYSTEM)
    year = (date(2025, 9, 1), date(2026, 9, 1))
    main = actions.open_class(school.pk, 2025, "primary", 3, 2, *year, by=SYSTEM)
    east = actions.open_class(
        school.pk, 2025, "junior", 7, 1, *year, by=SYSTEM, campus_id=campus.pk
    )
    assert main.place.name == "三年级2班" and main.place.code == "S1-2025-P3-2"
    assert codes(main.place, date(2025, 10, 1)) == ["city", "old", "town1", "S1", "S1-2025-P3-2"]
    assert codes(east.place, AFTER)[-2:] == ["S1-2", "S1-2025-J7-1"]
    assert queries.path(main.place_id, date(2026, 9, 1)) == []
    assert queries.ancestor(east.place_id, "school", AFTER) == school.place
    below = queries.below(tree["city"].pk, "class", AFTER)
    assert set(below) == {main.place, east.place}


def test_a_class_that_its_school_cannot_have_is_refused(tree):
    school = open_school(tree)
    year = (date(2025, 9, 1), date(2026, 9, 1))
    for stage, grade in (("senior", 10), ("primary", 7), ("junior", 6)):
        with pytest.raises(rules.PlaceRefused):
            actions.open_class(school.pk, 2025, stage, grade, 1, *year, by=SYSTEM)
    with pytest.raises(rules.PlaceRefused, match="结束日"):
        actions.open_class(school.pk, 2025, "primary", 1, 1, year[1], year[0], by=SYSTEM)
    actions.open_class(school.pk, 2025, "primary", 1, 1, *year, by=SYSTEM)
    with pytest.raises(rules.PlaceRefused, match="已由"):
        actions.open_class(school.pk, 2025, "primary", 1, 1, *year, by=SYSTEM)


def test_nothing_is_half_saved_when_one_of_many_schools_is_refused(tree):
    rows = [
        actions.NewSchool("A", "甲校", "primary", tree["town2"].pk, CHANGE),
        actions.NewSchool("A", "乙校", "primary", tree["town2"].pk, CHANGE),
    ]
    with pytest.raises(rules.PlaceRefused, match="重复"):
        actions.open_schools(rows, by=SYSTEM)
    assert not School.objects.exists() and not Entry.objects.filter(verb="place.open").exists()


def test_closing_a_school_ends_its_campuses_and_classes_that_day(tree):
    school = open_school(tree)
    days = (date(2026, 2, 1), date(2026, 9, 1))
    room = actions.open_class(school.pk, 2025, "primary", 1, 1, *days, by=SYSTEM).place
    actions.close_place(school.place, date(2026, 5, 1), by=SYSTEM)
    assert codes(room, date(2026, 4, 30))[-2] == "S1"
    assert queries.path(room.pk, date(2026, 5, 1)) == []
    with pytest.raises(rules.PlaceRefused, match="无需再次"):
        actions.close_place(Place.objects.get(code="S1"), AFTER, by=SYSTEM)


def test_a_town_that_still_holds_a_school_needs_a_successor(tree):
    school = open_school(tree).place
    with pytest.raises(rules.PlaceRefused, match="承接"):
        actions.close_place(tree["town2"], AFTER, by=SYSTEM)
    assert Place.objects.get(code="town2").until_on is None
    fresh = actions.open_place(
        "town", "town3", "新街道", tree["new"].pk, AFTER, by=SYSTEM, predecessors=[tree["town2"]]
    )
    actions.close_place(tree["town2"], AFTER, by=SYSTEM, successor=fresh)
    assert codes(school, date(2026, 5, 31))[2] == "town2"
    assert codes(school, AFTER) == ["city", "new", "town3", "S1"]


def test_a_moved_school_takes_its_classes_along_from_that_day(tree):
    school = open_school(tree)
    days = (date(2026, 2, 1), date(2026, 9, 1))
    room = actions.open_class(school.pk, 2025, "primary", 1, 1, *days, by=SYSTEM).place
    actions.move_place(school.place, tree["other"], AFTER, by=SYSTEM)
    assert codes(room, date(2026, 5, 31))[1] == "new"
    assert codes(room, AFTER)[:3] == ["city", "other", "S1"]
    with pytest.raises(rules.PlaceRefused):
        actions.move_place(room, tree["city"], AFTER, by=SYSTEM)


def test_a_school_cannot_be_opened_under_a_class_or_a_closed_town(tree):
    school = open_school(tree)
    with pytest.raises(rules.PlaceRefused, match="不能设在"):
        actions.open_school("S2", "二校", "primary", school.pk, AFTER, by=SYSTEM)
    with pytest.raises(rules.PlaceRefused, match="撤销"):
        open_school(tree, "town1", code="S3", from_on=AFTER)


def test_every_change_leaves_an_audit_row(tree):
    before = Entry.objects.count()
    school = open_school(tree).place
    actions.move_place(school, tree["other"], AFTER, by=SYSTEM)
    actions.close_place(school, date(2026, 7, 1), by=SYSTEM)
    rows = Entry.objects.order_by("seq")[before:]
    assert [(row.verb, row.subject_id) for row in rows] == [
        ("place.open", school.pk),
        ("place.move", school.pk),
        ("place.close", school.pk),
    ]


def test_a_district_officer_keeps_the_own_district_alone(tree):
    def officer(role, scope):
        post = HeldPost(1, role, 9, tree[scope].pk, "district")
        return Actor(user_id=1, name="王某", staff_id=1, posts=(post,))

    school = open_school(tree).place
    assert rules.may_keep_places(officer("district_officer", "new"), school.pk, AFTER)
    assert not rules.may_keep_places(officer("district_officer", "other"), school.pk, AFTER)
    assert not rules.may_keep_places(officer("district_officer", "old"), school.pk, AFTER)
    assert rules.may_keep_places(officer("city_officer", "city"), school.pk, AFTER)
    assert not rules.may_keep_places(officer("head", "new"), school.pk, AFTER)


@pytest.mark.parametrize(
    ("stage", "grade", "number", "name"),
    [
        ("kindergarten", -2, 1, "小一班"),
        ("kindergarten", 0, 12, "大十二班"),
        ("primary", 6, 11, "六年级11班"),
        ("junior", 9, 3, "九年级3班"),
        ("senior", 10, 20, "高一20班"),
        ("vocational", 11, 1, "中职二年级1班"),
        ("special", 12, 1, "十二年级1班"),
    ],
)
def test_classes_are_named_as_people_name_them(stage, grade, number, name):
    assert naming.class_name(stage, grade, number) == name


def test_every_stage_has_grades_and_every_kind_of_school_has_stages():
    assert set(rules.GRADES_OF) == set(Stage.values)
    assert set(STAGES_OF) == set(School.Kind.values)
