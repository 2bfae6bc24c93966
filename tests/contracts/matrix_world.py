"""What happened to the cast before the matrix is drawn: the same nearby and far away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

from gongyu.ground.audit.actors import SYSTEM, Actor
from gongyu.ground.families import actions as families
from gongyu.ground.families import codes
from gongyu.ground.families.queries import family_of
from gongyu.ground.people.actions import add_care, enrol, move_class, start_leave
from gongyu.ground.people.models import Carer, Child
from gongyu.ground.people.roster.actions import Asked, read, upload
from gongyu.ground.places.models import Place
from gongyu.ground.secrets.fields import digest
from gongyu.records.m01_home_school_contact import actions as visiting
from gongyu.records.m01_home_school_contact import tokens
from gongyu.records.m01_home_school_contact.concern_shapes import ContactEntry, NoteEntry
from gongyu.records.m01_home_school_contact.models import Anomaly, Decline, FollowUp, Proposal
from gongyu.records.m01_home_school_contact.shapes import NextStep, ProposalEntry, VisitEntry
from gongyu.shared_work.activities import actions as hosting
from gongyu.shared_work.activities.models import Activity
from gongyu.shared_work.activities.queries import feeds, links
from gongyu.shared_work.casework.actions import seal_report
from gongyu.shared_work.casework.shapes import Told
from gongyu.shared_work.offline.actions import open_kit
from gongyu.shared_work.registers.actions import enter
from gongyu.shared_work.tickets.actions import tell
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.shapes import Told as ToldTicket
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, Cast, Person
from tests.contracts.matrix_activities import activity_in, booking_of
from tests.contracts.matrix_families import correction_of, doubt_about, slip_to
from tests.contracts.matrix_notices import (
    dead_message_of,
    delivery_to,
    notice_in,
    opened_by,
    slip_of,
)

Things = dict[str, dict]
HERE, FAR = "here", "elsewhere"
ROSTER = "姓名,性别,年级,班级\n新同学,女,三年级,1班\n"


class World:
    """The cast, and what happened to it: the same in the class of most tests and far away."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    @cached_property
    def visits(self) -> Things:
        cast = self.cast
        here = _visit(cast.pupil, cast.class_teacher, (cast.grandmother.pk,))
        return {HERE: here, FAR: _visit(cast.child_elsewhere, cast.class_teacher_elsewhere)}

    @cached_property
    def follow_ups(self) -> Things:
        return {
            label: {"pk": FollowUp.objects.get(visit=visit["pk"]).pk}
            for label, visit in self.visits.items()
        }

    @cached_property
    def declines(self) -> Things:
        cast = self.cast
        far = _child_of(cast.class_elsewhere)
        return {
            HERE: _decline(cast.classmate, cast.class_teacher),
            FAR: _decline(far, cast.class_teacher_elsewhere),
        }

    @cached_property
    def proposals(self) -> Things:
        cast = self.cast
        return {
            HERE: _proposal(cast.pupil, cast.this_class, cast.class_teacher),
            FAR: _proposal(
                cast.child_elsewhere, cast.class_elsewhere, cast.class_teacher_elsewhere
            ),
        }

    @cached_property
    def token(self) -> str:
        carer: Carer = self.cast.grandmother
        link = visiting.make_link(
            Proposal.objects.get(pk=self.proposals[HERE]["pk"]),
            carer.pk,
            on=CAST_DAY,
            by=self.cast.class_teacher.actor,
        )
        return tokens.token_for(link.proposal_id, carer.pk, link.salt)

    @cached_property
    def kits(self) -> Things:
        """A class teacher's device, and one of a class teacher far away."""
        cast = self.cast
        people = {HERE: cast.class_teacher, FAR: cast.class_teacher_elsewhere}
        return {
            label: {"code": open_kit([], by=person.actor).code} for label, person in people.items()
        }

    @cached_property
    def entries(self) -> Things:
        cast = self.cast
        return {
            HERE: _entry(cast.school, cast.head),
            FAR: _entry(cast.school_elsewhere, cast.head_elsewhere),
        }

    @cached_property
    def activities(self) -> Things:
        cast = self.cast
        return {
            HERE: activity_in(cast.school, cast.this_class, cast.head),
            FAR: activity_in(cast.school_elsewhere, cast.class_elsewhere, cast.head_elsewhere),
        }

    @cached_property
    def bookings(self) -> Things:
        cast = self.cast
        return {
            HERE: booking_of(self.activities[HERE]["pk"], cast.pupil, cast.head),
            FAR: booking_of(self.activities[FAR]["pk"], cast.child_elsewhere, cast.head_elsewhere),
        }

    @cached_property
    def slots(self) -> Things:
        return {
            label: {"pk": Activity.objects.get(pk=kw["pk"]).slots.last().pk}
            for label, kw in self.activities.items()
        }

    @cached_property
    def activity_token(self) -> str:
        link = Activity.objects.get(pk=self.activities[HERE]["pk"]).links.get(
            carer=self.cast.grandmother
        )
        return links.new_token(link.carer_id, link.salt)

    @cached_property
    def notices(self) -> Things:
        cast = self.cast
        here = notice_in(cast.this_class, cast.school, cast.class_teacher)
        far = notice_in(cast.class_elsewhere, cast.school_elsewhere, cast.class_teacher_elsewhere)
        return {HERE: {"pk": here}, FAR: {"pk": far}}

    @cached_property
    def deliveries(self) -> Things:
        told = {HERE: self.cast.mother, FAR: None}
        return {label: delivery_to(kw["pk"], told[label]) for label, kw in self.notices.items()}

    @cached_property
    def slips_to_hand(self) -> Things:
        return {label: slip_of(kw["pk"]) for label, kw in self.notices.items()}

    @cached_property
    def dead_messages(self) -> Things:
        return {label: dead_message_of(kw["pk"]) for label, kw in self.notices.items()}

    @cached_property
    def opened_messages(self) -> Things:
        kw = self.dead_messages[HERE]
        return {
            "right token": opened_by(kw["pk"]),
            "wrong token": {"pk": kw["pk"], "token": "a" * 30},
        }

    @cached_property
    def calendar_token(self) -> str:
        token = hosting.start_feed(by=self.cast.class_teacher.actor)
        assert feeds.open_feed(token, CAST_DAY) is not None
        return token

    @cached_property
    def family_calendar_token(self) -> str:
        family = family_of(self.cast.mother.pk, CAST_DAY)
        return hosting.start_family_feed(self.cast.mother.phone_digest, by=family.actor)

    @cached_property
    def rosters(self) -> Things:
        cast = self.cast
        return {
            HERE: _roster(cast.school, cast.registrar.actor),
            FAR: _roster(cast.school_elsewhere, SYSTEM),
        }

    @cached_property
    def anomalies(self) -> Things:
        cast = self.cast
        return {
            HERE: _anomaly(cast.pupil, cast.subject_teacher),
            FAR: _anomaly(cast.child_elsewhere, cast.class_teacher_elsewhere),
        }

    @cached_property
    def hand_overs(self) -> Things:
        """One from here to elsewhere, one the other way round."""
        cast = self.cast
        here = _kept_by(cast.child_who_moved_away, cast.this_class, cast.school, cast.head)
        newcomer = _child_of(cast.class_elsewhere)
        far = _kept_by(newcomer, cast.class_elsewhere, cast.school_elsewhere, cast.head_elsewhere)
        move_class(newcomer.enrolments.get(), cast.this_class, CAST_DAY, by=SYSTEM)
        return {
            "from here": _offer(here, cast.school, cast.head),
            "to here": _offer(far, cast.school_elsewhere, cast.head_elsewhere),
        }

    @cached_property
    def contacts(self) -> Things:
        cast = self.cast
        return {
            HERE: _contact(cast.pupil, cast.class_teacher),
            FAR: _contact(cast.child_elsewhere, cast.class_teacher_elsewhere),
        }

    @cached_property
    def reports(self) -> dict[str, str]:
        """Sealed reports by their case tokens; one that even the liaison does not see."""
        cast = self.cast
        by, far = cast.subject_teacher.actor, cast.class_teacher_elsewhere.actor
        return {
            HERE: _report(cast.school, by),
            FAR: _report(cast.school_elsewhere, far),
            "kept from all": _report(cast.school, by, for_liaison=False),
        }

    @cached_property
    def code_token(self) -> str:
        """The link of a code that was sent to a number which nobody has: it opens for nobody."""
        made = families.ask_for_code(digest("carer.phone", "13999999999"), at=CAST_MOMENT)
        return codes.token_from(made.salt)

    @cached_property
    def slips(self) -> Things:
        """Printed codes of a class here, of the village, and of a class elsewhere."""
        cast = self.cast
        far = self.cast.child_elsewhere
        stranger = Carer.objects.create(name="袁明")
        add_care(far, stranger, "father", YEAR_FROM, is_guardian=True, by=SYSTEM)
        return {
            HERE: slip_to(cast.this_class, cast.pupil, cast.grandmother, cast.class_teacher),
            "of the village": slip_to(
                cast.community, cast.sister, cast.mother, cast.children_director
            ),
            FAR: slip_to(cast.class_elsewhere, far, stranger, cast.class_teacher_elsewhere),
        }

    @cached_property
    def corrections(self) -> Things:
        cast = self.cast
        far = Carer.objects.create(name="袁红")
        add_care(cast.child_elsewhere, far, "mother", YEAR_FROM, is_guardian=True, by=SYSTEM)
        return {
            HERE: correction_of(cast.mother, cast.pupil),
            FAR: correction_of(far, cast.child_elsewhere),
        }

    @cached_property
    def doubts(self) -> Things:
        """A slip that reached somebody else, here and elsewhere: it closes nobody's number."""
        self.slips  # noqa: B018 - the carer elsewhere is made there
        stranger = Carer.objects.get(name="袁明")
        return {HERE: doubt_about(self.cast.classmates_mother), FAR: doubt_about(stranger)}

    @cached_property
    def tickets(self) -> dict[str, str]:
        """Complaints about the class of most tests and about the school elsewhere, by token."""
        cast = self.cast
        return {HERE: _ticket(cast.this_class, "here"), FAR: _ticket(cast.school_elsewhere, "far")}

    def of_child(self, child: Child) -> dict:
        """Ids of what belongs to a child; where it has none, the pupil's, which must not open."""
        pupil = self.cast.pupil
        if not pupil.leaves.exists():
            start_leave(pupil, "long_illness", CAST_DAY, by=SYSTEM)
        return {
            "enrolment": child.enrolments.latest("from_on").pk,
            "care": (child.cares.first() or pupil.cares.first()).pk,
            "bar": (child.bars.first() or pupil.bars.get()).pk,
            "leave": (child.leaves.first() or pupil.leaves.get()).pk,
        }


def _anomaly(child: Child, person: Person) -> dict:
    entry = NoteEntry(child.pk, "mood", CAST_MOMENT, "上课一直趴着")
    return {"pk": visiting.note_anomaly(entry, at=CAST_MOMENT, key="m", by=person.actor).pk}


def _kept_by(child: Child, school_class: Place, school: Place, person: Person) -> Child:
    """A note of yesterday, when the child was still there, and the end of it."""
    yesterday = CAST_MOMENT - timedelta(days=1)
    Anomaly.objects.create(
        child=child,
        class_place=school_class,
        school=school,
        kind="other",
        noticed_at=yesterday,
        noticer=person.staff,
        due_at=CAST_MOMENT,
        key=f"kept-{child.pk}",
        status="closed",
        answered_at=yesterday,
        owner=person.staff,
        recorded_at=yesterday,
        changed_at=yesterday,
    )
    return child


def _offer(child: Child, school: Place, person: Person) -> dict:
    made = visiting.offer_hand_over(child, school, at=CAST_MOMENT, by=person.actor)
    return {"pk": made.pk}


def _contact(child: Child, teacher: Person) -> dict:
    entry = ContactEntry((child.pk,), "phone", CAST_MOMENT, "说了期中的安排")
    made = visiting.record_contact(entry, at=CAST_MOMENT, key="m", by=teacher.actor)
    return {"pk": made.pk}


def _report(school: Place, by: Actor, for_liaison: bool = True) -> str:
    told = Told(("police",), ("other",), CAST_MOMENT, child="某个孩子")
    key = f"matrix-{for_liaison}"
    return seal_report(
        told, place=school, for_liaison=for_liaison, key=key, at=CAST_MOMENT, by=by
    ).token


def _ticket(about: Place, key: str) -> str:
    told = ToldTicket("class_fees", about.pk, "每家收三百元")
    receipt = tell(told, at=CAST_MOMENT, key=f"matrix-{key}")
    return Ticket.objects.get(number=receipt.number).token


def _roster(school: Place, by: Actor) -> dict:
    roster = upload(school, "名册.csv", ROSTER.encode(), Asked(on=CAST_DAY), by=by)
    return {"pk": read(roster, by=by).pk}


def _visit(child: Child, teacher: Person, met: tuple[int, ...] = ()) -> dict:
    entry = VisitEntry(
        visited_on=CAST_DAY,
        notes={child.pk: ""},
        setting="home",
        met=met,
        met_other="" if met else "外婆",
        next_step=NextStep("借两本书", CAST_DAY + timedelta(days=7), teacher.staff.pk),
    )
    return {"pk": _recorded(entry, teacher)}


def _decline(child: Child, teacher: Person) -> dict:
    for days in (14, 7):
        _recorded(
            VisitEntry(CAST_DAY - timedelta(days=days), {child.pk: ""}, outcome="refused"), teacher
        )
    return {"pk": Decline.objects.get(child=child).pk}


def _recorded(entry: VisitEntry, teacher: Person) -> int:
    key = f"{teacher.staff.pk}-{entry.visited_on}-{min(entry.notes)}"
    return visiting.record_visit(entry, on=CAST_DAY, key=key, by=teacher.actor).pk


def _child_of(school_class: Place) -> Child:
    child = Child.objects.create(name="向阳")
    enrol(child, school_class, YEAR_FROM, by=SYSTEM)
    return child


def _proposal(child: Child, school_class: Place, teacher: Person) -> dict:
    saturday = datetime(2026, 11, 7, 7, 0, tzinfo=UTC)
    entry = ProposalEntry(((child.pk,),), (saturday,), CAST_DAY + timedelta(days=2))
    [made] = visiting.propose_times(entry, school_class, on=CAST_DAY, by=teacher.actor)
    return {"pk": made.pk}


def _entry(school: Place, head: Person) -> dict:
    made = enter(
        school,
        "visiting_rules",
        title="家访制度",
        from_on=YEAR_FROM,
        responsible=head.staff,
        by=head.actor,
    )
    return {"pk": made.pk}
