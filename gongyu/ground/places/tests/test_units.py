"""The real units: 38 districts before November 2025, 37 since, and everything below them."""

from datetime import date
from itertools import pairwise

import pytest
from django.test import TestCase

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.places import actions, closure, loading, queries
from gongyu.ground.places.models import Containment, Place, Placement
from gongyu.ground.places.unit_files import read_outlines, read_units

BEFORE, AFTER = date(2025, 6, 1), date(2026, 6, 1)
CHANGE = date(2025, 11, 6)


def names(places):
    return {place.name for place in places}


class UnitTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        loading.store(read_units())
        closure.rebuild()

    def test_a_figure_of_2024_25_keeps_jiangbei_and_yubei(self):
        before, after = queries.districts(BEFORE), queries.districts(AFTER)
        assert len(before) == 38 and len(after) == 37
        assert names(before) - names(after) == {"江北区", "渝北区"}
        assert names(after) - names(before) == {"两江新区"}
        town = queries.place_on("town", "500105001", BEFORE)
        assert queries.ancestor(town.pk, "district", BEFORE).name == "江北区"
        assert queries.ancestor(town.pk, "district", AFTER) is None

    def test_both_sides_of_the_change_have_every_town_and_community(self):
        city = queries.city()
        for day in (BEFORE, CHANGE, AFTER):
            assert queries.below(city.pk, "town", day).count() == 1031
            assert queries.below(city.pk, "community", day).count() == 11270

    def test_the_new_district_is_what_the_announcement_says(self):
        new = queries.place_on("district", "500157", AFTER)
        towns = names(queries.below(new.pk, "town", AFTER))
        assert len(towns) == 42 and sum(name.endswith("街道") for name in towns) == 31
        assert names(new.predecessors.all()) == {"江北区", "渝北区"}
        beibei = queries.place_on("district", "500109", AFTER)
        assert {"大湾镇", "统景镇", "大盛镇", "兴隆镇", "茨竹镇"} <= names(
            queries.below(beibei.pk, "town", AFTER)
        )
        assert names(queries.below(beibei.pk, "town", BEFORE)) & towns == {
            "水土街道",
            "复兴街道",
            "蔡家岗街道",
            "施家梁镇",
            "童家溪镇",
        }

    def test_a_community_of_a_renumbered_town_is_one_place_with_two_parents(self):
        community = queries.place_on("community", "500112016001", BEFORE)
        assert community == queries.place_on("community", "500112016001", AFTER)
        assert [p.name for p in queries.path(community.pk, BEFORE)][1:3] == ["渝北区", "两路街道"]
        assert [p.name for p in queries.path(community.pk, AFTER)][1:3] == ["两江新区", "两路街道"]
        # The city never changed, so there is one row for it and no seam on the day of the change.
        assert Containment.objects.filter(place=community, ancestor_kind="city").count() == 1

    def test_every_renumbered_town_knows_the_one_before_it(self):
        opened = Place.objects.filter(kind="town", from_on=CHANGE)
        closed = Place.objects.filter(kind="town", until_on=CHANGE)
        assert opened.count() == closed.count() == 47
        for town in opened:
            (earlier,) = town.predecessors.all()
            assert (earlier.name, earlier.until_on) == (town.name, CHANGE)

    def test_loading_again_changes_nothing(self):
        before = set(Place.objects.values_list("pk", "name", "until_on"))
        stays = set(Placement.objects.values_list("pk", flat=True))
        loaded = loading.store(read_units())
        assert not loaded.touched and loaded.unchanged == len(before)
        assert set(Place.objects.values_list("pk", "name", "until_on")) == before
        assert set(Placement.objects.values_list("pk", flat=True)) == stays

    def test_loading_mends_what_differs_and_leaves_local_changes_alone(self):
        Place.objects.filter(code="500229201").update(name="龙田乡")
        closed = queries.place_on("town", "500231202", AFTER)
        actions.close_place(
            closed, AFTER, by=SYSTEM, successor=queries.place_on("town", "500231001", AFTER)
        )
        loaded = loading.store(read_units())
        assert loaded.changed == 1
        assert queries.place_on("town", "500229201", AFTER).name == "龙田镇"
        assert queries.place_on("town", "500231202", AFTER) is None

    def test_departments_stand_at_the_city_and_in_every_district(self):
        loaded = actions.load_departments(by=SYSTEM)
        assert loaded.added == 13 * (1 + 39)
        district = queries.place_on("district", "500229", AFTER)
        assert queries.department_at(district, "police", AFTER).name == "城口县公安局"
        office = queries.department_at(queries.place_on("district", "500157", AFTER), "edu", AFTER)
        assert office.name == "两江新区教育委员会"
        assert names(office.predecessors.all()) == {"江北区教育委员会", "渝北区教育委员会"}
        gone = queries.place_on("district", "500105", BEFORE)
        assert queries.department_at(gone, "edu", AFTER) is None
        assert queries.ancestor(office.pk, "district", AFTER).name == "两江新区"
        assert not actions.load_departments(by=SYSTEM).touched

    def test_search_finds_by_name_code_and_initials(self):
        assert queries.search_places("渝中", AFTER)[0].name == "渝中区"
        assert queries.search_places("yzq", AFTER)[0].name == "渝中区"
        assert queries.search_places("500229", AFTER)[0].name == "城口县"
        assert queries.search_places("江北区", AFTER, kinds=("district",)) == []
        assert queries.search_places("江北区", BEFORE, kinds=("district",))[0].name == "江北区"
        inside = queries.place_on("district", "500229", AFTER)
        found = queries.search_places("龙", AFTER, kinds=("town",), within=inside.pk)
        assert names(found) == {"龙田镇"}
        assert queries.search_places("  ", AFTER) == []

    def test_the_map_of_a_day_draws_each_district_once(self):
        for day, count in ((BEFORE, 38), (AFTER, 37)):
            shapes = queries.map_of_districts(day)
            assert {s.code for s in shapes} == {d.code for d in queries.districts(day)}
            assert len(shapes) == count
        assert "示意图" in queries.map_note()


def test_the_new_districts_outline_is_as_large_as_the_two_it_took_over():
    areas = {f["properties"]["code"]: area(f) for f in read_outlines()["features"]}
    assert areas["500157"] == pytest.approx(areas["500105"] + areas["500112"], rel=1e-9)


def area(feature):
    """Shoelace area of the outer rings, in square degrees."""
    total = 0.0
    for (ring,) in feature["geometry"]["coordinates"]:
        pairs = pairwise(ring)
        total += abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
    return total
