"""Who keeps a child's enrolment and care: the child's own school, today, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gongyu.ground.people.models import Bar, Care, Child, Enrolment, Leave
from gongyu.ground.people.rules import may_change_child
from gongyu.ground.people.rules_keeping import children_kept_by
from tests.cast import CAST_DAY, check_view_matches_list, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]

KEEPERS = {"head", "registrar", "moral_education_head"}
OF_THE_CHILD = ("child", "move", "leave-school", "start-leave", "add-carer")
OF_A_CARE = ("change-care", "end-care", "take-back-care", "change-phone", "bar")


def addresses(child: Child) -> list[str]:
    """Every page about this child."""
    care = Care.objects.filter(child=child).first()
    bar = Bar.objects.filter(child=child).first() or Bar.objects.create(
        child=child, carer=care.carer, from_on=CAST_DAY, basis="试"
    )
    leave = Leave.objects.create(child=child, kind="abroad", from_on=CAST_DAY)
    enrolment = Enrolment.objects.get(child=child)
    return [
        *[reverse(f"keeping:{name}", args=[child.pk]) for name in OF_THE_CHILD],
        *[reverse(f"keeping:{name}", args=[child.pk, care.pk]) for name in OF_A_CARE],
        reverse("keeping:lift-bar", args=[child.pk, bar.pk]),
        reverse("keeping:take-back-bar", args=[child.pk, bar.pk]),
        reverse("keeping:end-leave", args=[child.pk, leave.pk]),
        reverse("keeping:take-back-leave", args=[child.pk, leave.pk]),
        reverse("keeping:correct-start", args=[child.pk, enrolment.pk]),
        reverse("keeping:take-back-enrolment", args=[child.pk, enrolment.pk]),
    ]


def test_the_rule_and_the_list_agree_for_the_whole_cast(cast):
    check_view_matches_list(
        cast,
        everything=Child.objects.all(),
        may_view=lambda actor, child: may_change_child(actor, child, CAST_DAY),
        visible_to=lambda actor: children_kept_by(actor, CAST_DAY),
    )


def test_every_page_of_a_child_opens_to_its_keepers_and_is_not_there_for_others(cast, client):
    pages = addresses(cast.pupil)
    for name, person in cast.people().items():
        sign_in(client, person)
        expected = 200 if name in KEEPERS else 404
        answers = {page: client.get(page).status_code for page in pages}
        assert set(answers.values()) == {expected}, (name, answers)


def test_a_signed_out_visitor_is_led_to_sign_in(cast, client):
    answer = client.get(reverse("keeping:child", args=[cast.pupil.pk]))
    assert answer.status_code == 302
    assert answer.url.startswith("/sign-in/")


def test_the_school_page_opens_to_its_own_keepers_alone(cast, client):
    for school in (cast.school, cast.school_elsewhere):
        for name, person in cast.people().items():
            sign_in(client, person)
            keeps = {cast.school: KEEPERS, cast.school_elsewhere: {"head_elsewhere"}}[school]
            for route in ("keeping:school", "keeping:receive"):
                answer = client.get(reverse(route, args=[school.pk]))
                assert answer.status_code == (200 if name in keeps else 404), (name, route)


def test_a_child_who_left_today_is_gone_for_the_old_school_and_there_for_the_new(cast, client):
    page = reverse("keeping:child", args=[cast.child_who_moved_away.pk])
    assert sign_in(client, cast.registrar).get(page).status_code == 404
    assert sign_in(client, cast.head_elsewhere).get(page).status_code == 200


def test_another_childs_care_cannot_be_reached_through_a_child_of_the_own_school(cast, client):
    theirs = Care.objects.get(child=cast.sister, carer=cast.mother)
    sign_in(client, cast.registrar)
    for child in (cast.pupil, cast.sister):
        address = reverse("keeping:end-care", args=[child.pk, theirs.pk])
        assert client.post(address, {"on": CAST_DAY, "sure": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.until_on is None


def test_a_keeper_whose_approval_ran_out_finds_no_child(cast, client):
    cast.registrar.staff.approvals.update(until_on=CAST_DAY)
    sign_in(client, cast.registrar)
    assert client.get(reverse("keeping:child", args=[cast.pupil.pk])).status_code == 404
    assert client.get(reverse("keeping:receive", args=[cast.school.pk])).status_code == 404


@pytest.mark.parametrize("route", ["keeping:child", "keeping:add-carer"])
def test_opening_a_page_of_a_child_leaves_a_row_in_the_audit(cast, client, route):
    from gongyu.ground.audit.models import Entry

    sign_in(client, cast.registrar).get(reverse(route, args=[cast.pupil.pk]))
    read = Entry.objects.filter(verb="child.read", user_id=cast.registrar.user.pk)
    assert [row.subject_id for row in read] == [cast.pupil.pk]
