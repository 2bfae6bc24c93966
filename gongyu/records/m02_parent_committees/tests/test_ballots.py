"""One vote a family; nobody barred; nothing known before the count; ties, quorum, few ballots."""

from datetime import timedelta

import pytest

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.actions import add_care, bar_carer, move_class
from gongyu.ground.people.models import Relation
from gongyu.records.m02_parent_committees import actions, counting, urn
from gongyu.records.m02_parent_committees.faults import CommitteeFault, LinkClosed
from gongyu.records.m02_parent_committees.models import Candidate, Election, Urn, Voter
from gongyu.records.m02_parent_committees.queries.families import families_of, grouped
from tests.cast import CAST_DAY, LONG_AGO, YEAR_UNTIL

from .conftest import COUNTED_ON, VOTED_BY, a_family, another_link, count, vote

pytestmark = pytest.mark.django_db


def test_a_family_is_the_children_of_one_guardian(cast, families, committee):
    groups = families_of(committee, CAST_DAY)
    # The pupil's and the classmate's families and six more; twins are one family.
    assert len(groups) == 8 and sorted(len(g.children) for g in groups) == [1] * 7 + [2]


def test_a_grandmother_who_minds_two_families_joins_no_votes(cast, families):
    (one,), _, _ = families[0]
    (other,), _, _ = families[1]
    for child in (one, other):
        add_care(
            child, cast.grandmother, Relation.GRANDMOTHER, LONG_AGO, is_daily_carer=True, by=SYSTEM
        )
    assert grouped([one.pk, other.pk], CAST_DAY) == [(one.pk,), (other.pk,)]


def test_a_guardian_who_is_barred_ties_no_children_together(cast, families):
    twins, mother, father = families[5]
    bar_carer(twins[0], father, LONG_AGO, "人身安全保护令", by=SYSTEM)
    assert grouped([t.pk for t in twins], CAST_DAY) == [tuple(t.pk for t in twins)]
    bar_carer(twins[0], mother, LONG_AGO, "判决", by=SYSTEM)
    assert grouped([t.pk for t in twins], CAST_DAY) == [(t.pk,) for t in twins]


def test_a_family_votes_once_whoever_of_it_votes(cast, families, voting, links):
    twins, _mother, father = families[5]
    token = links[twins[0].pk]
    vote(voting, token, 0)
    for again in (token, another_link(cast, twins[0], father)):
        with pytest.raises(CommitteeFault, match="每家一票"):
            vote(voting, again, 1)
    assert Voter.objects.filter(poll=voting.poll, voted=True).count() == 1
    box = Urn.objects.get(poll=voting.poll)
    assert urn.count(box.sealed, 3) == (1, 0, [1, 0, 0])


def test_a_family_in_two_classes_votes_once_for_the_school(cast, families):
    leader = cast.head.actor
    (here,), mother, _father = families[0]
    brother = a_family(cast, 9, place=cast.parallel_class)[0][0]
    add_care(brother, mother, Relation.MOTHER, LONG_AGO, is_guardian=True, by=SYSTEM)
    school = actions.found_committee("school", cast.school, on=CAST_DAY, by=leader)
    group = next(f for f in families_of(school, CAST_DAY) if here.pk in f.children)
    assert group.children == (here.pk, brother.pk)


def test_a_grade_votes_with_all_its_classes_and_no_others(cast, families):
    one = cast.this_class.school_class
    grade = actions.found_committee(
        "grade", cast.school, grade_of=one, on=CAST_DAY, by=cast.head.actor
    )
    children = {pk for family in families_of(grade, CAST_DAY) for pk in family.children}
    assert cast.pupil_of_parallel_class.pk in children and cast.child_elsewhere.pk not in children


def test_whoever_is_barred_has_no_link_and_an_old_one_opens_nothing(cast, families, voting, links):
    with pytest.raises(CommitteeFault, match="不能给这个人"):
        another_link(cast, cast.pupil, cast.barred_father)
    twins, _mother, father = families[5]
    token = another_link(cast, twins[0], father)
    # Barred from the one twin today, he speaks for the family no more.
    bar_carer(twins[1], father, CAST_DAY, "人身安全保护令", by=SYSTEM)
    with pytest.raises(LinkClosed):
        vote(voting, token, 0)
    vote(voting, links[twins[0].pk], 0)


def test_whoever_left_the_class_or_came_later_does_not_vote(cast, families, voting, links):
    (gone,), _, _ = families[0]
    move_class(gone.enrolments.get(), cast.parallel_class, CAST_DAY, by=SYSTEM)
    with pytest.raises(LinkClosed):
        vote(voting, links[gone.pk], 0)
    newcomer = a_family(cast, 11)
    token = another_link(cast, newcomer[0][0], newcomer[1])
    with pytest.raises(LinkClosed):
        vote(voting, token, 0)


@pytest.mark.parametrize(("numbers", "words"), [((0, 1, 2), "最多选 2"), ((7,), "列出的")])
def test_a_ballot_that_is_not_valid_is_not_lost(voting, links, numbers, words):
    token = next(iter(links.values()))
    with pytest.raises(CommitteeFault, match=words):
        vote(voting, token, *numbers)
    vote(voting, token, 0)


def test_nobody_votes_after_the_last_day_and_nobody_counts_before_it(cast, voting, links):
    token = next(iter(links.values()))
    with pytest.raises(CommitteeFault, match="时间已经过"):
        vote(voting, token, 0, on=COUNTED_ON)
    with pytest.raises(CommitteeFault, match="第二天起"):
        count(cast, voting, on=VOTED_BY)


def test_the_count_seats_the_winners_and_empties_the_urn(cast, voting, links):
    for token, numbers in zip(links.values(), [(0, 1), (0,), (1,), (0, 1), (2,), ()], strict=False):
        vote(voting, token, *numbers)
    done = count(cast, voting)
    assert done.status == "decided" and not Urn.objects.exists()
    found = {c.number: (c.votes, c.outcome) for c in done.candidates.all()}
    assert found == {0: (3, "elected"), 1: (3, "elected"), 2: (1, "not_elected")}
    term = done.term
    assert (term.from_on, term.until_on) == (COUNTED_ON, YEAR_UNTIL)
    assert (term.members.count() == 2 and done.poll.blank is None) or done.poll.blank == 1
    [fact] = Fact.objects.filter(kind="committee.in_term")
    assert (fact.subject_id, fact.place_id, fact.detail) == (
        done.committee_id,
        cast.this_class.pk,
        "class",
    )
    with pytest.raises(CommitteeFault):
        count(cast, voting)


def test_below_the_quorum_nobody_looks_at_the_ballots(cast, families, voting, links):
    for n in range(20, 26):
        a_family(cast, n)
    actions.cancel_election(voting, reason="名册有变", on=CAST_DAY, by=cast.class_teacher.actor)
    fresh = actions.call_election(
        voting.committee,
        _called(voting),
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    for _children, mother, _father in families[:3]:
        actions.enter_nomination(
            fresh, mother.pk, accepted=True, on=CAST_DAY, by=cast.class_teacher.actor
        )
    fresh = actions.open_vote(fresh, on=CAST_DAY, by=cast.class_teacher.actor)
    for token in list(links.values())[:6]:
        vote(fresh, token, 0)
    done = count(cast, fresh)
    assert done.status == "failed" and "50%" in done.reason
    assert not Urn.objects.exists() and done.poll.ballots == 6 and done.poll.blank is None
    assert set(done.candidates.values_list("votes", flat=True)) == {None}


def test_so_few_ballots_that_one_could_see_through_them_are_never_opened(cast, voting, links):
    for token in list(links.values())[:4]:
        vote(voting, token, 0)
    done = count(cast, voting)
    assert done.status == "failed" and "不足 5 张" in done.reason
    assert set(done.candidates.values_list("votes", flat=True)) == {None}


def test_as_many_votes_lead_to_a_second_vote_on_those_alone(cast, voting, links):
    ballots = [(0, 1), (0, 2), (0,), (1,), (2,), (0,)]
    for token, numbers in zip(links.values(), ballots, strict=False):
        vote(voting, token, *numbers)
    done = count(cast, voting)
    found = {c.number: c.outcome for c in done.candidates.all()}
    assert found == {0: "elected", 1: "tied", 2: "tied"}
    assert done.term.members.count() == 1
    on = COUNTED_ON
    again = actions.open_run_off(
        done, vote_until=on + timedelta(days=3), on=on, by=cast.class_teacher.actor
    )
    assert (again.kind, again.seats, again.status) == (Election.Kind.RUN_OFF, 1, "voting")
    assert again.candidates.count() == 2
    first = again.candidates.order_by("number").first()
    for token in list(links.values())[:6]:
        vote(again, token, 0, on=on)
    over = count(cast, again, on=on + timedelta(days=4))
    assert over.term == done.term and over.term.members.count() == 2
    assert over.term.members.filter(carer=first.carer).exists()
    with pytest.raises(CommitteeFault, match="没有得票相同"):
        actions.open_run_off(done, vote_until=on, on=on, by=cast.class_teacher.actor)


def test_a_count_that_does_not_fit_the_roll_gives_no_result(cast, voting, links):
    for token in list(links.values())[:6]:
        vote(voting, token, 0)
    Voter.objects.filter(poll=voting.poll, voted=True).order_by("pk").first().delete()
    with pytest.raises(CommitteeFault, match="对不上"):
        count(cast, voting)
    voting.refresh_from_db()
    assert voting.status == "voting" and Urn.objects.exists()


def test_nobody_stands_without_saying_yes(cast, election, families, links):
    (child,), mother, _father = families[0]
    by = cast.class_teacher.actor
    named = actions.nominate_another(
        links[cast.classmate.pk], election.pk, name=mother.name, on=CAST_DAY
    )
    assert named.status == "suggested"
    with pytest.raises(CommitteeFault, match="没有答应"):
        actions.open_vote(election, on=CAST_DAY, by=by)
    matched = actions.enter_nomination(
        election, mother.pk, accepted=False, candidate=named, on=CAST_DAY, by=by
    )
    assert (matched.pk, matched.status) == (named.pk, "nominated")
    with pytest.raises(LinkClosed):
        actions.answer_nomination(links[cast.classmate.pk], named.pk, accepts=True, on=CAST_DAY)
    said = actions.answer_nomination(links[child.pk], named.pk, accepts=True, on=CAST_DAY)
    assert said.status == "standing"


def test_oneself_is_named_once_and_may_take_it_back(cast, election, links, families):
    (child,), mother, _father = families[0]
    for _ in range(2):
        actions.nominate_oneself(links[child.pk], election.pk, statement="愿意跑腿", on=CAST_DAY)
    candidate = Candidate.objects.get()
    assert (candidate.carer, candidate.status) == (mother, "standing")
    actions.answer_nomination(links[child.pk], candidate.pk, accepts=False, on=CAST_DAY)
    candidate.refresh_from_db()
    assert candidate.status == "declined"


def test_a_barred_carer_or_one_of_another_class_does_not_stand(cast, election):
    for carer in (cast.barred_father,):
        with pytest.raises(CommitteeFault, match="不能参选"):
            actions.enter_nomination(
                election, carer.pk, accepted=True, on=CAST_DAY, by=cast.class_teacher.actor
            )


def test_a_new_term_ends_the_one_before_and_the_ledger_says_so(cast, committee, families):
    by = cast.class_teacher.actor
    old = actions.seat_by_meeting(
        committee,
        _called_from(CAST_DAY),
        [families[0][1].pk],
        on=CAST_DAY,
        by=by,
    )
    later = CAST_DAY + timedelta(days=30)
    fresh = actions.seat_by_meeting(
        committee, _called_from(later), [families[1][1].pk], on=CAST_DAY, by=by
    )
    old.refresh_from_db()
    assert old.until_on == later == fresh.from_on and old.ended_by == "next"
    facts = Fact.objects.filter(kind="committee.in_term").order_by("seq")
    assert [f.until_date for f in facts] == [YEAR_UNTIL, later, YEAR_UNTIL]
    assert facts[1].supersedes_id == facts[0].seq


def test_a_seat_given_up_is_filled_by_election(cast, committee, families, links):
    by = cast.class_teacher.actor
    term = actions.seat_by_meeting(
        committee, _called_from(CAST_DAY), [families[0][1].pk, families[1][1].pk],
        on=CAST_DAY, by=by,
    )  # fmt: skip
    member = term.members.first()
    with pytest.raises(CommitteeFault, match="空缺 0"):
        _by_election(term, by)
    actions.leave_seat(member, left="stepped_down", on=CAST_DAY, by=by)
    election = _by_election(term, by)
    actions.enter_nomination(election, families[2][1].pk, accepted=True, on=CAST_DAY, by=by)
    voting = actions.open_vote(election, on=CAST_DAY, by=by)
    for token in list(links.values())[:6]:
        vote(voting, token, 0)
    done = count(cast, voting)
    assert done.term == term and term.members.filter(left="").count() == 2
    assert Fact.objects.filter(kind="committee.in_term").count() == 1


def test_two_elections_of_one_committee_do_not_run_side_by_side(cast, election):
    with pytest.raises(CommitteeFault, match="正在进行"):
        actions.call_election(
            election.committee, _called(election), on=CAST_DAY, by=cast.class_teacher.actor
        )


@pytest.mark.parametrize(
    ("votes", "seats", "expected"),
    [
        ([5, 4, 3], 2, "een"),
        ([5, 3, 3], 2, "ett"),
        ([3, 3, 3], 2, "ttt"),
        ([5, 0, 0], 2, "enn"),
        ([2, 2], 2, "ee"),
        ([0, 0], 1, "nn"),
    ],
)
def test_who_is_elected_is_worked_out_by_hand(votes, seats, expected):
    words = {"e": "elected", "t": "tied", "n": "not_elected"}
    found = counting.outcomes(dict(enumerate(votes)), seats, "run_off")
    assert [found[n] for n in range(len(votes))] == [words[letter] for letter in expected]


def test_where_ties_are_all_let_in_they_are():
    assert set(counting.outcomes({0: 3, 1: 3, 2: 3}, 2, "all_in").values()) == {"elected"}


def _called(election):
    from gongyu.records.m02_parent_committees.shapes import Called

    return Called(
        election.seats,
        election.nominate_until,
        election.vote_until,
        election.term_from,
        election.term_until,
    )


def _called_from(day):
    from gongyu.records.m02_parent_committees.shapes import Called

    return Called(2, CAST_DAY, CAST_DAY, day, YEAR_UNTIL)


def _by_election(term, by):
    return actions.call_by_election(
        term,
        seats=1,
        nominate_until=CAST_DAY + timedelta(days=4),
        vote_until=VOTED_BY,
        on=CAST_DAY,
        by=by,
    )
