"""Times are proposed, a family answers once by its own link or through the teacher, or not at all."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.queries import standing_facts
from gongyu.ground.people.models import Bar, Care
from gongyu.records.m01_home_school_contact import actions, tokens
from gongyu.records.m01_home_school_contact.models import Link, Proposal, Visit
from gongyu.records.m01_home_school_contact.queries.links import family_page, slips_of
from gongyu.records.m01_home_school_contact.queries.work import proposal_for, waiting_answers
from gongyu.records.m01_home_school_contact.rules import VisitFault
from gongyu.records.m01_home_school_contact.shapes import Answer, ProposalEntry
from gongyu.shared_work.family_links.carers import masked
from gongyu.shared_work.family_links.tokens import LENGTH
from tests.cast import CAST_DAY

SATURDAY = datetime(2026, 11, 7, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SUNDAY = SATURDAY + timedelta(days=1)


@pytest.fixture
def propose(cast):
    def make(*families, person=None, on=CAST_DAY, **changes):
        told = {
            "families": families or ((cast.pupil.pk,),),
            "times": (SATURDAY, SUNDAY),
            "answer_by": CAST_DAY + timedelta(days=2),
            "message": "想到家里坐坐",
        }
        by = (person or cast.class_teacher).actor
        return actions.propose_times(
            ProposalEntry(**(told | changes)), cast.this_class, on=on, by=by
        )

    return make


def token_of(proposal, carer=None):
    link = proposal.links.get(carer=carer) if carer else proposal.links.get()
    return tokens.token_for(proposal.pk, link.carer_id, link.salt)


def choice(proposal):
    return Answer("choose", proposal.times.first().pk, "home")


def test_each_family_gets_a_proposal_with_a_link_for_its_daily_carer(cast, propose):
    first, second = propose((cast.pupil.pk,), (cast.classmate.pk,))
    assert first.links.get().carer == cast.grandmother
    assert second.links.get().carer == cast.classmates_mother
    assert [t.starts_at for t in first.times.all()] == [SATURDAY, SUNDAY]


def test_a_barred_father_never_gets_a_link(cast, propose):
    [proposal] = propose()
    slips = slips_of(proposal, CAST_DAY)
    assert {slip.carer.carer_id for slip in slips} == {cast.grandmother.pk, cast.mother.pk}
    with pytest.raises(VisitFault):
        actions.make_link(proposal, cast.barred_father.pk, on=CAST_DAY, by=cast.class_teacher.actor)
    assert not Link.objects.filter(carer=cast.barred_father).exists()


def test_a_link_dies_on_the_day_its_carer_is_barred(cast, propose):
    [proposal] = propose()
    token = token_of(proposal)
    assert family_page(token, CAST_DAY) is not None
    tomorrow = CAST_DAY + timedelta(days=1)
    Bar.objects.create(child=cast.pupil, carer=cast.grandmother, from_on=tomorrow, basis="令")
    assert family_page(token, CAST_DAY) is not None
    assert family_page(token, tomorrow) is None
    with pytest.raises(actions.LinkClosed):
        actions.answer_by_link(token, choice(proposal), on=tomorrow)


def test_a_link_dies_when_its_carer_no_longer_cares_for_one_of_the_children(cast, propose, brother):
    [proposal] = propose()
    proposal.children.add(brother)
    token = token_of(proposal)
    assert family_page(token, CAST_DAY) is not None
    Care.objects.filter(child=brother).update(until_on=CAST_DAY)
    assert family_page(token, CAST_DAY) is None


def test_the_database_keeps_no_token(cast, propose):
    [proposal] = propose()
    token = token_of(proposal)
    link = proposal.links.get()
    kept = {str(value) for value in vars(link).values()}
    assert token not in kept and token.replace("-", "") not in kept
    assert len(token.replace("-", "")) == LENGTH
    assert tokens.digest_of(token.upper()) == link.token_digest


def test_opening_a_link_uses_nothing_up_and_answering_does(cast, propose):
    [proposal] = propose()
    token = token_of(proposal)
    for _again in range(3):
        assert family_page(token, CAST_DAY) is not None
    answered = actions.answer_by_link(token, choice(proposal), on=CAST_DAY)
    assert (answered.status, answered.chosen_setting) == ("chosen", "home")
    assert answered.answered_by == "family"
    assert family_page(token, CAST_DAY) is None
    with pytest.raises(actions.LinkClosed):
        actions.answer_by_link(token, choice(proposal), on=CAST_DAY)


def test_an_answer_by_one_carer_closes_the_links_of_the_others(cast, propose):
    [proposal] = propose()
    actions.make_link(proposal, cast.mother.pk, on=CAST_DAY, by=cast.class_teacher.actor)
    actions.answer_by_link(token_of(proposal, cast.grandmother), choice(proposal), on=CAST_DAY)
    assert family_page(token_of(proposal, cast.mother), CAST_DAY) is None


def test_a_fresh_link_closes_the_lost_one(cast, propose):
    [proposal] = propose()
    lost = token_of(proposal)
    actions.make_link(proposal, cast.grandmother.pk, on=CAST_DAY, by=cast.class_teacher.actor)
    assert family_page(lost, CAST_DAY) is None
    assert family_page(token_of(proposal), CAST_DAY) is not None


def test_a_link_is_closed_after_its_day_and_the_proposal_expires(cast, propose):
    [proposal] = propose()
    token = token_of(proposal)
    late = CAST_DAY + timedelta(days=3)
    assert family_page(token, late) is None
    assert actions.expire_proposals(on=late, by=SYSTEM) == 1
    proposal.refresh_from_db()
    assert proposal.status == "expired"
    propose(on=late, times=(SATURDAY + timedelta(days=7),), answer_by=late)


def test_a_withdrawn_proposal_opens_no_link(cast, propose):
    [proposal] = propose()
    actions.withdraw_proposal(proposal, by=cast.class_teacher.actor)
    assert family_page(token_of(proposal), CAST_DAY) is None
    with pytest.raises(VisitFault):
        actions.withdraw_proposal(proposal, by=cast.class_teacher.actor)


def test_a_family_may_wish_for_another_time_in_its_own_words(cast, propose):
    [proposal] = propose()
    with pytest.raises(VisitFault) as fault:
        actions.answer_for_family(
            proposal, Answer("ask_other"), on=CAST_DAY, by=cast.class_teacher.actor
        )
    assert fault.value.field == "words"
    answered = actions.answer_by_link(
        token_of(proposal), Answer("ask_other", words="晚上八点以后"), on=CAST_DAY
    )
    assert (answered.status, answered.answer_words) == ("asked_other", "晚上八点以后")
    waiting = waiting_answers(cast.class_teacher.staff, CAST_DAY)
    assert waiting.asked_other == [proposal] and waiting.unanswered == []


def test_new_times_take_the_place_of_those_that_did_not_suit(cast, propose):
    [first] = propose()
    with pytest.raises(VisitFault):
        propose()
    actions.answer_by_link(token_of(first), Answer("ask_other", words="周六上午"), on=CAST_DAY)
    [second] = propose()
    first.refresh_from_db()
    assert (first.status, second.status) == ("withdrawn", "proposed")
    assert waiting_answers(cast.class_teacher.staff, CAST_DAY).asked_other == []


def test_new_times_for_one_child_leave_its_siblings_appointment_alone(cast, propose):
    [both] = propose((cast.pupil.pk, cast.classmate.pk))
    actions.answer_for_family(
        both, Answer("ask_other", words="周六上午"), on=CAST_DAY, by=cast.class_teacher.actor
    )
    with pytest.raises(VisitFault):
        propose((cast.pupil.pk,))
    both.refresh_from_db()
    assert both.status == "asked_other"


def test_a_family_that_declines_was_asked_once_and_nobody_enters_it_again(cast, propose):
    [proposal] = propose()
    actions.answer_by_link(token_of(proposal), Answer("decline"), on=CAST_DAY)
    visit = Visit.objects.get()
    assert (visit.outcome, visit.visitor, visit.proposal) == (
        "refused",
        cast.class_teacher.staff,
        proposal,
    )
    assert visit.recorded_by is None
    fact = standing_facts().get(kind="visit.attempted")
    assert (fact.subject_id, fact.status) == (cast.pupil.pk, "refused")


def test_a_refusal_after_the_teacher_left_the_post_is_kept_without_an_attempt(cast, propose):
    [proposal] = propose()
    cast.class_teacher.post.until_on = CAST_DAY
    cast.class_teacher.post.save()
    answered = actions.answer_by_link(token_of(proposal), Answer("decline"), on=CAST_DAY)
    assert answered.status == "declined"
    assert not Visit.objects.exists()


def test_the_teacher_writes_down_what_was_said_by_telephone(cast, propose):
    [proposal] = propose()
    answered = actions.answer_for_family(
        proposal, choice(proposal), on=CAST_DAY, by=cast.class_teacher.actor
    )
    assert (answered.status, answered.answered_by) == ("chosen", "teacher")


def test_a_time_of_another_proposal_cannot_be_chosen(cast, propose):
    first, second = propose((cast.pupil.pk,), (cast.classmate.pk,))
    with pytest.raises(VisitFault):
        actions.answer_by_link(token_of(first), choice(second), on=CAST_DAY)
    # The fault undid everything: the link still opens.
    assert family_page(token_of(first), CAST_DAY) is not None


def test_a_visit_closes_the_proposal(cast, propose, record):
    [proposal] = propose()
    visit = record()
    proposal.refresh_from_db()
    assert proposal.status == "held"
    assert visit.proposal == proposal or Visit.objects.get(pk=visit.pk).proposal == proposal


def test_a_family_has_one_proposal_at_a_time(cast, propose):
    propose()
    with pytest.raises(VisitFault, match="杨小雨"):
        propose()
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"times": ()}, "times"),
        ({"times": (SATURDAY, SATURDAY)}, "times"),
        ({"times": tuple(SATURDAY + timedelta(hours=h) for h in range(6))}, "times"),
        ({"times": (SATURDAY - timedelta(days=7),)}, "times"),
        ({"answer_by": CAST_DAY - timedelta(days=1)}, "answer_by"),
        ({"answer_by": CAST_DAY + timedelta(days=30)}, "answer_by"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused_at_its_field(cast, propose, changes, field):
    with pytest.raises(VisitFault) as fault:
        propose(**changes)
    assert fault.value.field == field
    assert not Proposal.objects.exists()


def test_children_of_another_class_cannot_be_proposed_to(cast, propose):
    with pytest.raises(VisitFault):
        propose((cast.pupil_of_parallel_class.pk,))


def test_the_familys_page_names_nobody_in_full_but_the_teacher(cast, propose):
    [proposal] = propose()
    page = family_page(token_of(proposal), CAST_DAY)
    assert page.children == ["杨*雨"]
    assert (page.teacher, page.school) == ("周晓兰", "石板坡小学")
    assert masked("李明") == "李*" and masked("李") == "李"


def test_only_planners_and_the_proposer_see_a_proposal(cast, propose):
    from gongyu.records.m01_home_school_contact import rules

    [proposal] = propose(person=cast.subject_teacher)
    seeing = set()
    for name, person in cast.people().items():
        seen = proposal_for(person.actor, proposal.pk, CAST_DAY) is not None
        assert seen == rules.may_read_proposal(person.actor, proposal, CAST_DAY), name
        if seen:
            seeing.add(name)
    assert seeing == {"class_teacher", "head", "moral_education_head", "subject_teacher"}
