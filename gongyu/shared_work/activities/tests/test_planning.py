"""Plan, change, slots, invite: what is written, what is refused, and what the ledger learns."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.places.actions import open_campus, open_class
from gongyu.shared_work.activities import actions, facts
from gongyu.shared_work.activities.models import Activity, FamilyLink, Slot
from gongyu.shared_work.activities.queries.audience import audience_words
from gongyu.shared_work.activities.rules import ActivityFault
from tests.cast import CAST_DAY, SCHOOL_YEAR, YEAR_FROM, YEAR_UNTIL

from .conftest import DAY, START, family_of, plan_of, slots_of


def facts_of(activity, kind):
    return standing_facts().filter(
        kind=kind, source_model=facts.SOURCE, source_id=activity.pk, quantity__gt=0
    )


def test_planning_writes_the_plan_its_audience_a_fact_and_an_audit_row(cast, planned):
    activity = planned()
    assert set(activity.audience.values_list("class_place", flat=True)) == {
        cast.this_class.pk,
        cast.parallel_class.pk,
    }
    fact = facts_of(activity, "activity.planned").get()
    assert (fact.subject_id, fact.place_id, fact.on_date) == (cast.school.pk, cast.school.pk, DAY)
    assert (fact.status, fact.detail) == ("open_day", "school")
    audit = AuditEntry.objects.get(verb="activity.plan")
    assert (audit.subject_id, audit.place_id) == (activity.pk, cast.school.pk)


def test_the_same_form_sent_twice_is_one_activity(planned):
    assert planned() == planned()
    assert Activity.objects.count() == 1


def test_a_campus_organises_and_its_school_answers(cast, planned):
    campus = open_campus(
        "2150000001-2", "石板坡小学东校区", cast.school.pk, YEAR_FROM, by=cast.head.actor
    )
    there = open_class(
        cast.school.pk, SCHOOL_YEAR, "primary", 4, 1, YEAR_FROM, YEAR_UNTIL,
        campus_id=campus.pk, by=cast.head.actor,
    )  # fmt: skip
    activity = planned(organiser_id=campus.pk, class_ids=(there.pk,))
    assert activity.school_id == cast.school.pk
    fact = facts_of(activity, "activity.planned").get()
    assert (fact.subject_id, fact.place_id) == (cast.school.pk, campus.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + timedelta(days=1)}, "ends_at"),
        ({"starts_at": START.replace(year=2062), "ends_at": START.replace(year=2062, hour=10)}, "starts_at"),
        ({"class_ids": ()}, "scope"),
        ({"book_until": None}, "book_until"),
        ({"book_until": DAY + timedelta(days=1)}, "book_until"),
        ({"book_until": CAST_DAY - timedelta(days=1)}, "book_until"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_at_its_field(planned, changes, field):
    with pytest.raises(ActivityFault) as fault:
        planned(**changes)
    assert fault.value.field == field and not Activity.objects.exists()


def test_a_class_of_another_school_is_refused(cast, planned):
    with pytest.raises(ActivityFault) as fault:
        planned(class_ids=(cast.class_elsewhere.pk,))
    assert fault.value.field == "scope"


def test_a_plan_changes_until_somebody_is_invited(cast, planned):
    activity = planned()
    slots_of(activity, cast.head.actor)
    later = plan_of(
        cast, starts_at=START + timedelta(days=7), ends_at=START + timedelta(days=7, hours=1)
    )
    changed = actions.change_plan(activity, later, on=CAST_DAY, by=cast.head.actor)
    assert changed.held_on == DAY + timedelta(days=7)
    assert not Slot.objects.exists(), "slots outside the new time fall away"
    fact = facts_of(activity, "activity.planned").get()
    assert fact.on_date == changed.held_on and fact.supersedes_id is not None
    slots_of(changed, cast.head.actor)
    actions.invite(changed, on=CAST_DAY, by=cast.head.actor)
    with pytest.raises(ActivityFault, match="改期"):
        actions.change_plan(changed, later, on=CAST_DAY, by=cast.head.actor)


def test_slots_follow_start_length_gap_and_capacity(cast, planned):
    made = slots_of(planned(), cast.head.actor, capacity=3, minutes=20, gap=5, count=4)
    assert [(s.starts_at - START).seconds // 60 for s in made] == [0, 25, 50, 75]
    assert {(s.ends_at - s.starts_at).seconds for s in made} == {1200}
    assert {s.capacity for s in made} == {3}


def test_slots_of_one_host_never_overlap_and_lie_within_the_activity(cast, planned):
    activity = planned()
    slots_of(activity, cast.head.actor)
    with pytest.raises(ActivityFault, match="重叠"):
        slots_of(activity, cast.head.actor)
    slots_of(activity, cast.head.actor, host="三年级2班教室")
    with pytest.raises(ActivityFault):
        slots_of(activity, cast.head.actor, count=30, host="操场")
    assert Slot.objects.count() == 4


def test_the_database_refuses_a_slot_that_is_oversold(open_day):
    with pytest.raises(IntegrityError), transaction.atomic():
        open_day.slots.update(taken=2)


def test_inviting_without_slots_is_refused_where_one_books(cast, planned):
    with pytest.raises(ActivityFault, match="时段"):
        actions.invite(planned(), on=CAST_DAY, by=cast.head.actor)


def test_each_family_gets_one_link_siblings_together_and_no_barred_father_any(cast, planned):
    children, carer = family_of("丁", cast.this_class, cast.parallel_class)
    activity = planned()
    slots_of(activity, cast.head.actor)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    link = activity.links.get(carer=carer)
    assert set(link.children.all()) == set(children)
    assert not FamilyLink.objects.filter(carer=cast.barred_father).exists()
    assert activity.links.get(carer=cast.grandmother).children.get() == cast.pupil
    assert "丁" not in link.token_digest and len(link.token_digest) == 64


def test_come_any_time_makes_no_links_at_all(cast, planned):
    activity = planned(entry="open", book_until=None)
    actions.invite(activity, on=CAST_DAY, by=cast.head.actor)
    assert activity.links.count() == 0


def test_families_that_came_later_get_their_links_and_the_others_keep_theirs(cast, open_day):
    before = set(open_day.links.values_list("token_digest", flat=True))
    _children, carer = family_of("新", cast.this_class)
    assert actions.make_missing_links(open_day, on=CAST_DAY, by=cast.head.actor) == 1
    assert before < set(open_day.links.values_list("token_digest", flat=True))
    assert open_day.links.filter(carer=carer).count() == 1


def test_another_carer_gets_a_link_and_a_barred_one_never(cast, open_day):
    by = cast.class_teacher.actor
    actions.make_family_link(open_day, cast.pupil.pk, cast.mother.pk, on=CAST_DAY, by=by)
    assert open_day.links.filter(carer=cast.mother).count() == 1
    with pytest.raises(ActivityFault):
        actions.make_family_link(open_day, cast.pupil.pk, cast.barred_father.pk, on=CAST_DAY, by=by)


def test_for_whom_is_said_in_words(cast, planned):
    assert audience_words(planned("a")) == "全校"
    assert audience_words(planned("b", scope="grades")) == "三年级"
    one = planned("c", scope="classes", class_ids=(cast.this_class.pk,))
    assert audience_words(one) == cast.this_class.name
