"""Corrections and their clock, tips that nobody counts, and whom to ask."""

from __future__ import annotations

import gzip
from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.ground.calendar.working_days import NamedDay
from gongyu.ground.families.queries import family_of
from gongyu.ground.holidays.actions import set_days
from gongyu.ground.people.actions import move_class
from gongyu.plan import load_plan
from gongyu.records.m07_family_participation import guidance, queries, rules
from gongyu.records.m07_family_participation.models import Correction
from tests.cast import CAST_DAY, CAST_MOMENT, check_view_matches_list, come_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

TOLD = {"about": "name", "should_be": "杨小羽", "key": "k1"}


@pytest.fixture
def proposed(cast) -> Correction:
    client = come_in(Client(), cast.mother)
    client.post(reverse("participation:correct", args=[cast.pupil.pk]), TOLD)
    return Correction.objects.get()


def answered(person, correction, **told):
    client = sign_in(Client(), person)
    return client.post(reverse("corrections:answer", args=[correction.pk]), told)


def test_a_guardian_proposes_the_registrar_refuses_with_a_reason_and_the_guardian_reads_it(
    cast, proposed
):
    assert (proposed.status, proposed.should_be) == ("proposed", "杨小羽")
    work = sign_in(Client(), cast.registrar)
    assert "家长提的更正" in work.get("/").content.decode()
    assert cast.pupil.name in work.get(reverse("corrections:index")).content.decode()
    empty = answered(cast.registrar, proposed, step="refuse", words="")
    assert empty.status_code == 422 and "家长会看到" in empty.content.decode()
    answered(cast.registrar, proposed, step="refuse", words="与户口簿不一致，请带原件来。")
    page = come_in(Client(), cast.mother).get(
        reverse("participation:correct", args=[cast.pupil.pk])
    )
    assert "与户口簿不一致" in page.content.decode()
    verbs = set(Entry.objects.values_list("verb", flat=True))
    assert {"correction.propose", "correction.read", "correction.answer"} <= verbs


def test_what_was_typed_stays_when_something_is_missing_and_twice_is_once(cast):
    client = come_in(Client(), cast.mother)
    address = reverse("participation:correct", args=[cast.pupil.pk])
    page = client.post(address, {"should_be": "杨小羽", "key": "k1"})
    assert page.status_code == 422
    assert "杨小羽" in page.content.decode() and "请选一项" in page.content.decode()
    client.post(address, TOLD)
    client.post(address, TOLD)
    assert Correction.objects.count() == 1


def test_an_answered_one_is_not_answered_or_taken_back_again(cast, proposed):
    answered(cast.head, proposed, step="accept", words="已改。")
    again = answered(cast.registrar, proposed, step="refuse", words="不改。")
    assert again.status_code == 422 and "已经办结" in again.content.decode()
    come_in(Client(), cast.mother).post(reverse("participation:withdraw", args=[proposed.pk]))
    proposed.refresh_from_db()
    assert (proposed.status, proposed.answer) == ("accepted", "已改。")


def test_a_guardian_takes_it_back(cast, proposed):
    come_in(Client(), cast.mother).post(reverse("participation:withdraw", args=[proposed.pk]))
    assert Correction.objects.get().status == "withdrawn"


def test_the_clock_counts_fifteen_working_days_from_the_day_after_and_adds_up(cast, proposed):
    line = queries.line_of(proposed, CAST_DAY)
    # By hand: Thu 5 Nov is the first; three weeks of five days end on Wed 25 Nov 2026.
    assert line.clock.day == date(2026, 11, 25)
    assert [d.number for d in line.clock.counted if d.number] == list(range(1, 16))
    assert sum(d.number is None for d in line.clock.counted) == 6
    assert not line.is_over and queries.line_of(proposed, date(2026, 11, 26)).is_over


def test_a_day_off_of_the_district_moves_the_clock(cast, proposed):
    set_days(
        [NamedDay(date(2026, 11, 10), False, "区庆", "区政府通知")],
        district=cast.district.code, by=cast.district_officer.actor,
    )  # fmt: skip
    assert queries.line_of(proposed, CAST_DAY).clock.day == date(2026, 11, 26)


def test_the_clock_goes_over_the_end_of_the_year(cast, proposed):
    proposed.proposed_at = CAST_MOMENT.replace(month=12, day=22)
    clock = queries.line_of(proposed, CAST_DAY).clock
    # 23, 24, 25, 28–31 December are seven; of January the eight that are published or estimated.
    assert clock.day.year == 2027
    assert clock.estimated
    assert [d.number for d in clock.counted if d.number][-1] == 15


def test_what_still_waits_goes_with_a_child_who_moves(cast, proposed):
    move_class(cast.pupil.enrolments.get(), cast.class_elsewhere, CAST_DAY, by=cast.head.actor)
    assert [
        line.correction for line in queries.waiting_for(cast.head_elsewhere.actor, CAST_DAY)
    ] == [proposed]
    assert queries.waiting_for(cast.registrar.actor, CAST_DAY) == []


def test_the_rule_and_the_list_agree_for_the_whole_cast(cast, proposed):
    check_view_matches_list(
        cast,
        everything=Correction.objects.all(),
        may_view=lambda actor, it: rules.may_see_correction(actor, it, CAST_DAY),
        visible_to=lambda actor: rules.corrections_visible_to(actor, CAST_DAY),
    )


def test_no_stranger_and_no_carer_who_is_no_guardian_corrects(cast, proposed):
    for carer in (cast.classmates_mother, cast.grandmother):
        client = come_in(Client(), carer)
        page = client.get(reverse("participation:correct", args=[cast.pupil.pk]))
        assert page.status_code == 404
        taken = client.post(reverse("participation:withdraw", args=[proposed.pk]))
        assert taken.status_code == 404


def test_the_eight_things_are_those_of_the_plan_and_every_age_is_told_something():
    duties = {d.id for d in load_plan().duties if d.sentence.measure == 7}
    things = guidance.told()["things"]
    assert {thing["duty"] for thing in things} == duties
    assert all(thing[group] for thing in things for group in guidance.GROUPS)
    months = [m for season in guidance.told()["seasons"] for m in season["months"]]
    assert sorted(months) == list(range(1, 13))


def test_tips_follow_the_ages_of_the_children_and_leave_no_trace(cast):
    client = come_in(Client(), cast.mother)
    before = Entry.objects.count()
    page = client.get(reverse("participation:tips")).content.decode()
    assert f"<strong>{cast.pupil.name}</strong>" in page
    assert "骑车戴头盔" in page and "过马路走斑马线" in page and "安全座椅" not in page
    assert Entry.objects.count() == before
    assert "checkbox" not in page
    with time_machine.travel(CAST_MOMENT.replace(year=2027, month=7), tick=False):
        family = family_of(cast.mother.pk, CAST_DAY)
        assert "防溺水" in "".join(
            guidance.guidance_for(family.children, date(2027, 7, 4)).season_tips
        )


def test_help_is_there_for_everybody_and_names_the_own_people_to_a_family(cast):
    stranger = Client().get(reverse("participation:help")).content.decode()
    for phone in ("110", "12355", "12338", "12309", "12345"):
        assert f'href="tel:{phone}"' in stranger
    assert cast.class_teacher.staff.name not in stranger
    own = come_in(Client(), cast.mother).get(reverse("participation:help")).content.decode()
    for person in (
        cast.class_teacher,
        cast.class_teacher_of_secondary_class,
        cast.head,
        cast.children_director,
    ):
        assert person.staff.name in own
    assert cast.class_teacher_elsewhere.staff.name not in own


@pytest.mark.parametrize("name", ["participation:tips", "participation:help"])
def test_the_pages_are_light(cast, name, django_assert_max_num_queries):
    client = come_in(Client(), cast.mother)
    with django_assert_max_num_queries(12):
        page = client.get(reverse(name))
    assert len(gzip.compress(page.content)) < 10_000
