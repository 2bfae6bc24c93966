"""A child who seems not well: noted, answered, gone on with; who reads it, and what the ledger says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Carer, Child, Enrolment
from gongyu.ground.staff.models import Post
from gongyu.records.m01_home_school_contact import actions, rules_concerns
from gongyu.records.m01_home_school_contact.concern_codes import EXCUSES
from gongyu.records.m01_home_school_contact.concern_shapes import NoteEntry, StepEntry
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly, Contact, HandOver
from gongyu.records.m01_home_school_contact.queries import concerns
from gongyu.records.m01_home_school_contact.rules_concerns import ConcernFault
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, YESTERDAY, check_view_matches_list

NEXT = CAST_DAY + timedelta(days=7)
LATER = CAST_MOMENT + timedelta(minutes=35)


@pytest.fixture
def note(cast):
    def make(child=None, person=None, key="", at=CAST_MOMENT, **changes) -> Anomaly:
        child = child or cast.pupil
        told = {"kind": "mood", "noticed_at": at, "words": "上课一直哭"} | changes
        entry = NoteEntry(child.pk, **told)
        who = person or cast.subject_teacher
        return actions.note_anomaly(entry, at=at, key=key or f"note-{child.pk}", by=who.actor)

    return make


@pytest.fixture
def step(cast):
    def take(anomaly: Anomaly, what: str = "contact", person=None, at=LATER, **changes):
        told = {
            "contact": {"words": "外婆说会早点来接", "channel": "phone", "next_on": NEXT,
                        "carer_id": cast.grandmother.pk},
            "excuse": {"excuse": "by_law", "next_on": NEXT},
            "handle": {"words": "心理老师谈过一次", "next_on": NEXT},
            "refer": {"words": "转给区心理中心", "next_on": NEXT},
            "close": {"words": "孩子好多了"},
        }[what]  # fmt: skip
        entry = StepEntry(what, at, **(told | changes))
        return actions.take_anomaly_step(
            anomaly, entry, at=at, by=(person or cast.class_teacher).actor
        )

    return take


def kinds(anomaly: Anomaly) -> list[str]:
    facts = Fact.objects.filter(subject_type="incident", subject_id=anomaly.pk).order_by("seq")
    return list(facts.values_list("kind", flat=True))


def test_a_note_proves_an_incident_without_child_kind_or_words(note, cast):
    anomaly = note()
    fact = Fact.objects.get(kind="anomaly.noticed")
    assert (fact.subject_type, fact.subject_id) == ("incident", anomaly.pk)
    assert (fact.place_id, fact.on_date) == (cast.this_class.pk, CAST_DAY)
    assert (fact.status, fact.detail, fact.attrs) == ("", "", {})
    entry = Entry.objects.get(verb="anomaly.note")
    assert (entry.subject_type, entry.place_id) == ("anomaly", cast.school.pk)


def test_the_same_form_sent_twice_is_one_note(note):
    assert note(key="k").pk == note(key="k").pk
    assert Fact.objects.filter(kind="anomaly.noticed").count() == 1


def test_a_contact_answers_it_and_counts_once_as_a_contact_by_phone(note, step, cast):
    anomaly = note()
    step(anomaly)
    anomaly.refresh_from_db()
    assert (anomaly.status, anomaly.owner_id) == ("answered", cast.class_teacher.staff.pk)
    assert anomaly.answered_at == LATER
    assert kinds(anomaly) == ["anomaly.noticed", "anomaly.contacted"]
    made = Fact.objects.get(kind="contact.made")
    assert (made.subject_id, made.status) == (cast.pupil.pk, "phone")
    step(anomaly, at=LATER + timedelta(hours=1))
    assert kinds(anomaly) == ["anomaly.noticed", "anomaly.contacted"], "only the first closes it"
    assert Contact.objects.count() == 2


def test_the_whole_way_to_the_end(note, step):
    anomaly = note()
    for what in ("contact", "handle", "refer", "contact", "close"):
        step(anomaly, what)
    anomaly.refresh_from_db()
    assert (anomaly.status, anomaly.next_on) == ("closed", None)
    with pytest.raises(ConcernFault):
        step(anomaly, "handle")


@pytest.mark.parametrize(
    ("what", "changes", "field"),
    [
        ("contact", {"channel": "fax"}, "channel"),
        ("contact", {"words": " "}, "words"),
        ("contact", {"carer_id": None}, "carer"),
        ("contact", {"next_on": None}, "next_on"),
        ("contact", {"next_on": YESTERDAY}, "next_on"),
        ("contact", {"next_on": CAST_DAY + timedelta(days=500)}, "next_on"),
        ("contact", {"at": CAST_MOMENT - timedelta(hours=2)}, "taken_at"),
        ("excuse", {"excuse": "no_time"}, "excuse"),
        ("handle", {}, ""),
        ("close", {}, ""),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(note, step, what, changes, field):
    anomaly = note()
    with pytest.raises(ConcernFault) as fault:
        step(anomaly, what, **changes)
    assert fault.value.field == field and str(fault.value)
    assert not anomaly.steps.exists()


def test_the_barred_father_is_never_one_to_contact(note, step, cast):
    anomaly = note()
    with pytest.raises(ConcernFault) as fault:
        step(anomaly, carer_id=cast.barred_father.pk)
    assert fault.value.field == "carer"
    page = concerns.anomaly_page(
        concerns.anomaly_for(cast.class_teacher.actor, anomaly.pk, CAST_DAY),
        cast.class_teacher.actor,
        CAST_DAY,
    )
    assert page.barred == 1
    assert cast.barred_father.pk not in {c.carer_id for c in page.carers}


@pytest.mark.parametrize("code", EXCUSES)
def test_every_lawful_reason_looks_like_every_other(note, step, cast, code):
    anomaly = note()
    step(anomaly, "excuse", excuse=code)
    assert kinds(anomaly) == ["anomaly.noticed", "anomaly.excused"]
    fact = Fact.objects.get(kind="anomaly.excused")
    assert (fact.status, fact.detail, fact.attrs) == ("", "", {})
    shown = {}
    for name in ("class_teacher", "moral_education_head", "head"):
        actor = getattr(cast, name).actor
        found = concerns.anomaly_for(actor, anomaly.pk, CAST_DAY)
        [line] = concerns.anomaly_page(found, actor, CAST_DAY).steps
        shown[name] = (line.what, line.words, line.excuse)
    assert shown["class_teacher"][2] == str(EXCUSES[code][0])
    assert shown["head"] == shown["moral_education_head"] == ("按规定不另行联系家长", "", "")


def test_rule_and_list_agree_and_only_those_who_need_it_read_it(note, step, cast):
    step(note())
    note(child=cast.child_elsewhere, person=cast.class_teacher_elsewhere)
    note(child=cast.pupil_of_parallel_class, person=cast.moral_education_head)
    check_view_matches_list(
        cast,
        everything=Anomaly.objects.all(),
        may_view=lambda actor, it: rules_concerns.may_read_anomaly(actor, it, CAST_DAY),
        visible_to=lambda actor: rules_concerns.anomalies_visible_to(actor, CAST_DAY),
    )
    readers = {
        name
        for name, person in cast.people().items()
        if rules_concerns.anomalies_read_in_full(person.actor, CAST_DAY)
        .filter(child=cast.pupil)
        .exists()
    }
    assert readers == {"class_teacher", "moral_education_head", "head"}


def test_the_noticer_sees_the_own_note_and_not_what_followed(note, step, cast):
    anomaly = note()
    step(anomaly)
    actor = cast.subject_teacher.actor
    page = concerns.anomaly_page(concerns.anomaly_for(actor, anomaly.pk, CAST_DAY), actor, CAST_DAY)
    assert not page.full and page.steps == [] and page.carers == []
    assert concerns.anomaly_for(cast.registrar.actor, anomaly.pk, CAST_DAY) is None


def turns(cast, moment=CAST_MOMENT) -> set[str]:
    return {
        name
        for name, person in cast.people().items()
        if concerns.concerns_to_act(person.actor, CAST_DAY, moment)
    }


def test_it_is_the_class_teachers_turn_first(note, step, cast):
    anomaly = note()
    assert turns(cast) == {"class_teacher"}
    assert turns(cast, CAST_MOMENT + timedelta(hours=12)) == {
        "class_teacher",
        "moral_education_head",
    }
    step(anomaly)
    assert turns(cast) == set(), "nothing waits until the day on which it is looked at again"
    Anomaly.objects.update(next_on=CAST_DAY)
    assert turns(cast) == {"class_teacher"}


def test_without_a_class_teacher_it_is_the_head_of_moral_educations_turn(note, cast):
    note(child=cast.pupil_of_parallel_class, person=cast.moral_education_head)
    Post.objects.filter(pk=cast.class_teacher_of_parallel_class.post.pk).delete()
    assert turns(cast) == {"moral_education_head"}
    Post.objects.filter(pk=cast.moral_education_head.post.pk).delete()
    del cast.moral_education_head.actor
    assert turns(cast) == {"head"}


def test_the_number_of_questions_does_not_grow_with_the_matters(
    note, cast, django_assert_num_queries
):
    # The seventh asks which districts the schools lie in, whose own days off move the clocks.
    for upto in (1, 6):
        for number in range(Anomaly.objects.count(), upto):
            child = Child.objects.create(name=f"同学{number}")
            enrol(child, cast.parallel_class, YEAR_FROM, by=cast.head.actor)
            note(child=child, person=cast.moral_education_head)
        assert Anomaly.objects.count() == upto
        with django_assert_num_queries(7):
            concerns.concerns_to_act(cast.head.actor, CAST_DAY, CAST_MOMENT)


def test_a_slip_is_taken_back_by_its_noticer_and_counts_nothing(note, step, cast):
    anomaly = note()
    assert rules_concerns.may_retract(cast.subject_teacher.actor, anomaly, CAST_DAY)
    assert not rules_concerns.may_retract(cast.head.actor, anomaly, CAST_DAY)
    actions.retract_anomaly(anomaly, words="选错了", at=LATER, by=cast.subject_teacher.actor)
    assert list(Fact.objects.filter(kind="anomaly.noticed").values_list("quantity", flat=True)) == [
        1,
        0,
    ]
    with pytest.raises(ConcernFault):
        step(anomaly)


def test_a_child_out_of_reach_cannot_be_noted(note, cast):
    with pytest.raises(ConcernFault) as fault:
        note(child=cast.child_elsewhere)
    assert fault.value.field == "child"


def test_the_database_keeps_owner_and_clock_of_what_is_under_way(note):
    anomaly = note()
    with pytest.raises(IntegrityError), transaction.atomic():
        Anomaly.objects.filter(pk=anomaly.pk).update(status="answered")


class TestHandingOver:
    @pytest.fixture
    def moved(self, cast, note, step):
        """Noted here yesterday; the child is in the other district's school since today."""
        child = cast.child_who_moved_away
        anomaly = Anomaly.objects.create(
            child=child,
            class_place=cast.this_class,
            school=cast.school,
            kind="family",
            noticed_at=CAST_MOMENT - timedelta(days=1),
            noticer=cast.subject_teacher.staff,
            due_at=CAST_MOMENT,
            key="m",
            recorded_at=CAST_MOMENT,
            changed_at=CAST_MOMENT,
        )
        return child, anomaly

    def reads(self, cast, anomaly) -> set[str]:
        return {
            name
            for name, person in cast.people().items()
            if rules_concerns.may_act_on(person.actor, anomaly, CAST_DAY)
        }

    def test_it_stays_with_the_old_school_until_it_is_offered_and_accepted(self, cast, moved):
        child, anomaly = moved
        old = {"moral_education_head", "head"}
        assert self.reads(cast, anomaly) == old
        assert concerns.leaver_of(cast.head.actor, child.pk, CAST_DAY).entries == 1
        made = actions.offer_hand_over(
            child, cast.school, at=CAST_MOMENT, by=cast.moral_education_head.actor
        )
        assert self.reads(cast, anomaly) == old
        [offer] = concerns.offers_to(cast.head_elsewhere.actor, CAST_DAY)
        actions.accept_hand_over(offer, at=CAST_MOMENT, by=cast.head_elsewhere.actor)
        assert self.reads(cast, anomaly) == old | {"class_teacher_elsewhere", "head_elsewhere"}
        check_view_matches_list(
            cast,
            everything=HandOver.objects.all(),
            may_view=lambda actor, it: rules_concerns.may_read_hand_over(actor, it, CAST_DAY),
            visible_to=lambda actor: rules_concerns.hand_overs_visible_to(actor, CAST_DAY),
        )
        check_view_matches_list(
            cast,
            everything=Anomaly.objects.all(),
            may_view=lambda actor, it: rules_concerns.may_read_anomaly(actor, it, CAST_DAY),
            visible_to=lambda actor: rules_concerns.anomalies_visible_to(actor, CAST_DAY),
        )
        with pytest.raises(ConcernFault):
            actions.withdraw_hand_over(made, at=CAST_MOMENT, by=cast.head.actor)

    def test_until_then_what_is_open_is_the_old_schools_turn(self, cast, moved):
        child, _anomaly = moved
        assert turns(cast) == {"moral_education_head"}
        made = actions.offer_hand_over(child, cast.school, at=CAST_MOMENT, by=cast.head.actor)
        actions.accept_hand_over(made, at=CAST_MOMENT, by=cast.head_elsewhere.actor)
        assert turns(cast) == {"class_teacher_elsewhere"}

    def test_refused_or_taken_back_it_opens_nothing(self, cast, moved):
        child, anomaly = moved
        offer = {"at": CAST_MOMENT, "by": cast.head.actor}
        made = actions.offer_hand_over(child, cast.school, **offer)
        with pytest.raises(ConcernFault):
            actions.offer_hand_over(child, cast.school, **offer)
        actions.withdraw_hand_over(made, **offer)
        made = actions.offer_hand_over(child, cast.school, **offer)
        actions.refuse_hand_over(made, at=CAST_MOMENT, by=cast.head_elsewhere.actor)
        assert self.reads(cast, anomaly) == {"moral_education_head", "head"}

    def test_there_is_nothing_to_offer_of_a_child_who_stays(self, cast, note):
        note()
        with pytest.raises(ConcernFault):
            actions.offer_hand_over(cast.pupil, cast.school, at=CAST_MOMENT, by=cast.head.actor)


def test_a_child_noted_before_its_first_day_here_belongs_to_the_class_of_today(cast, note):
    child = Child.objects.create(name="方圆")
    enrol(child, cast.this_class, CAST_DAY, how_in=Enrolment.HowIn.TRANSFERRED, by=cast.head.actor)
    carer = Carer.objects.create(name="方妈妈")
    add_care(child, carer, "mother", YEAR_FROM, is_guardian=True, is_daily_carer=True,
             by=cast.head.actor)  # fmt: skip
    anomaly = note(child=child, noticed_at=CAST_MOMENT - timedelta(days=1))
    assert anomaly.class_place_id == cast.this_class.pk
