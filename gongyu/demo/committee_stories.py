"""Parent committees of the autumn: elected, being elected, busy, with a matter settled, one asked about
and one stopped, and what the district's office found. All of it made up."""

from __future__ import annotations

import io
import random
from datetime import date, timedelta
from decimal import Decimal

from PIL import Image, ImageDraw

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import SchoolClass
from gongyu.ground.staff.models import Role
from gongyu.records.m02_parent_committees import actions, tokens
from gongyu.records.m02_parent_committees.forbidden import clause
from gongyu.records.m02_parent_committees.models import (
    Committee,
    Election,
    FamilyLink,
    Matter,
    Member,
    Term,
)
from gongyu.records.m02_parent_committees.queries.families import eligible_carers
from gongyu.records.m02_parent_committees.shapes import Called, MatterEntry, PaperEntry
from gongyu.shared_work.registers import actions as registers

from .accounts import SCHOOL
from .fill import DemoCity
from .schools import DemoSchool

# Stories begin this many days ago; earlier in the school year there is nothing to tell yet.
BACK = 45
# In so many days the vote under way is over, and that of the election just called.
VOTED_IN, NAMED_IN = 4, 12
OWN, VOTING, NAMING, COUNTED, STOPPED = range(8, 13)
GUIDE = "《重庆市中小学（幼儿园）家长委员会建设指南》（演示）"


def tell_committees(city: DemoCity, draw: random.Random) -> None:
    """Most schools have a committee; in the demo's own school every stage can be seen."""
    _guide(city)
    first = max(city.year_from + timedelta(days=3), city.today - timedelta(days=BACK))
    if (city.today - first).days < 30:
        return
    for school in city.schools:
        if draw.random() < 0.8:
            _of_school(city, school, first, draw)
    own = city.school_called(SCHOOL)
    classes = own.classes
    if len(classes) <= STOPPED:
        return
    story = Story(city, own, draw)
    story.busy(classes[OWN], first)
    # In a year's last days nobody is elected any more: the term would end before it begins.
    if city.today + timedelta(days=VOTED_IN + 1) < city.year_until:
        story.voting(classes[VOTING])
    if city.today + timedelta(days=NAMED_IN + 1) < city.year_until:
        story.naming(classes[NAMING])
    story.counted(classes[COUNTED], first)
    story.stopped(classes[STOPPED], first)
    story.of_grade(classes[OWN], first)
    _inspections(city, own, first)


def _guide(city: DemoCity) -> None:
    officer = next(
        post for (role, _place), post in city.staffing.officers.items() if role == Role.CITY_OFFICER
    )
    from gongyu.ground.places.queries import city as the_city

    registers.enter(
        the_city(),
        "committee_guide",
        title=GUIDE,
        document_number="演示〔2025〕1号",
        from_on=city.year_from - timedelta(days=200),
        responsible=officer.staff,
        by=_actor(officer),
    )


def _of_school(city: DemoCity, school: DemoSchool, first: date, draw: random.Random) -> None:
    head = _actor(city.staffing.leaders[school.place.pk][Role.HEAD])
    committee = actions.found_committee("school", school.place, on=first, by=head)
    choices = list(eligible_carers(committee, first))
    if not choices:
        return
    chosen = draw.sample(choices, min(7, len(choices)))
    called = Called(7, first, first, first, city.year_until)
    term = actions.seat_by_meeting(committee, called, chosen, on=first, by=head)
    actions.set_office(term.members.first(), Member.Office.CHAIR, on=first, by=head)
    for number, (kind, focus, title) in enumerate(
        (
            ("plan", "", "本学年工作计划"),
            ("activity", "policy", "“双减”政策家长说明会"),
            ("activity", "safety", "放学路段安全护学"),
        )
    ):
        if draw.random() < 0.7:
            entry = PaperEntry(kind, first, title, focus=focus, key=f"demo-{committee.pk}-{number}")
            actions.put_up_paper(committee, entry, on=first, by=head)


class Story:
    """The classes of one school, each at another stage."""

    def __init__(self, city: DemoCity, school: DemoSchool, draw: random.Random):
        self.city, self.school, self.draw, self.today = city, school, draw, city.today
        self.head = _actor(city.staffing.leaders[school.place.pk][Role.HEAD])

    def busy(self, one: SchoolClass, first: date) -> None:
        """In term since an election; one matter settled, one being asked about."""
        committee, by = self._committee(one, first)
        term = self._elected(committee, first, by)
        member = term.members.order_by("pk").first()
        on = term.from_on
        actions.set_office(member, Member.Office.CHAIR, on=on, by=by)
        self._papers(committee, member, on)
        settled = self._matter(member, "秋季社会实践的大巴和饮用水", Decimal(1500), on, on)
        later = on + timedelta(days=1)
        self._answer(settled, [0] * 20 + [1] * 2, on)
        if actions.count_matter(settled, on=later, by=by).status == "agreed":
            self._settle(settled, later)
        asked = self._matter(
            member, "元旦联欢会的道具", Decimal(400), self.today, self.today + timedelta(days=5)
        )
        self._answer(asked, [0] * 9 + [1] * 2, self.today)

    @staticmethod
    def _settle(matter: Matter, on: date) -> None:
        actions.note_collection(matter, collected=Decimal(1280), on=on)
        for what, amount in (("大巴（往返）", "980.00"), ("饮用水", "216.50")):
            actions.add_expense(
                matter,
                what=what,
                amount=Decimal(amount),
                receipt=_receipt(amount),
                key=f"demo-{matter.pk}-{amount}",
                on=on,
            )
        actions.settle_matter(matter, handed_back=Decimal("83.50"), on=on)

    def voting(self, one: SchoolClass) -> None:
        """Families are voting these days."""
        first = self.today - timedelta(days=10)
        committee, by = self._committee(one, first)
        election = self._called(committee, first, by, last=self.today + timedelta(days=VOTED_IN))
        election = actions.open_vote(election, on=first + timedelta(days=3), by=by)
        self._vote(election, 0.55, self.today)

    def naming(self, one: SchoolClass) -> None:
        """Names are being put forward; one waits to be matched, one for an answer."""
        committee, by = self._committee(one, self.today)
        election = actions.call_election(
            committee,
            self._days(self.today, self.today + timedelta(days=NAMED_IN)),
            on=self.today,
            by=by,
        )
        eligible = list(eligible_carers(committee, self.today).values())
        actions.enter_nomination(
            election, eligible[0].carer_id, accepted=True, on=self.today, by=by
        )
        actions.enter_nomination(
            election, eligible[3].carer_id, accepted=False, on=self.today, by=by
        )
        token = self._tokens(one)[0]
        actions.nominate_another(token, election.pk, name=eligible[5].name, on=self.today)

    def counted(self, one: SchoolClass, first: date) -> None:
        committee, by = self._committee(one, first)
        self._elected(committee, first, by)

    def stopped(self, one: SchoolClass, first: date) -> None:
        """Families were asked about something cunningly worded; the school stopped it."""
        committee, by = self._committee(one, first)
        term = actions.seat_by_meeting(
            committee,
            Called(3, first, first, first, self.city.year_until),
            list(eligible_carers(committee, first))[:3],
            on=first,
            by=by,
        )
        day = first + timedelta(days=7)
        matter = self._matter(
            term.members.first(), "给孩子们添一套“阅读好伙伴”", Decimal(3000), day, day
        )
        actions.stop_matter(
            matter, reason=f"实为征订。方案要求：{clause()}"[:200], on=day, by=self.head
        )

    def of_grade(self, one: SchoolClass, first: date) -> None:
        committee = actions.found_committee(
            "grade", self.school.place, grade_of=one, on=first, by=self.head
        )
        called = Called(5, first, first, first, self.city.year_until)
        chosen = list(eligible_carers(committee, first))[:5]
        actions.seat_by_meeting(committee, called, chosen, on=first, by=self.head)

    def _committee(self, one: SchoolClass, on: date) -> tuple[Committee, Actor]:
        by = _actor(self.city.staffing.class_teacher[one.pk][-1])
        committee = actions.found_committee("class", one.place, on=on, by=by)
        actions.make_family_links(one.pk, on=on, by=by)
        return committee, by

    def _days(self, first: date, last: date) -> Called:
        return Called(
            5, first + timedelta(days=2), last, last + timedelta(days=1), self.city.year_until
        )

    def _called(self, committee: Committee, first: date, by: Actor, *, last: date) -> Election:
        election = actions.call_election(committee, self._days(first, last), on=first, by=by)
        eligible = list(eligible_carers(committee, first).values())
        for carer in self.draw.sample(eligible, min(8, len(eligible))):
            actions.enter_nomination(
                election, carer.carer_id, accepted=True, on=first, by=by, statement="愿意出一份力。"
            )
        return election

    def _elected(self, committee: Committee, first: date, by: Actor) -> Term:
        last = first + timedelta(days=8)
        election = self._called(committee, first, by, last=last)
        opened = actions.open_vote(election, on=first + timedelta(days=3), by=by)
        self._vote(opened, 0.9, last)
        on = last + timedelta(days=1)
        counted = actions.count_election(opened, on=on, by=by)
        if counted.term is not None:
            return counted.term
        # In a very small class too few may have voted, or nobody won; a meeting chooses then.
        chosen = list(eligible_carers(committee, on))[:5]
        called = Called(5, on, on, on, self.city.year_until)
        return actions.seat_by_meeting(committee, called, chosen, on=on, by=by)

    def _tokens(self, one) -> list[str]:
        place = getattr(one, "pk", one)
        return [
            tokens.family_token(link.class_place_id, link.child_id, link.carer_id, link.salt)
            for link in FamilyLink.objects.filter(class_place=place).order_by("pk")
        ]

    def _vote(self, election: Election, share: float, on: date) -> None:
        numbers = list(range(election.poll.options))
        for token in self._tokens(election.committee.place_id):
            if self.draw.random() < share:
                most = self.draw.randint(1, election.poll.most)
                # The first names are better known than the last.
                chosen = {n for n in numbers if self.draw.random() < 0.8 - 0.07 * n}
                self._cast(token, election.poll_id, set(sorted(chosen)[:most]), on)

    def _answer(self, matter: Matter, answers: list[int], on: date) -> None:
        for token, answer in zip(self._tokens(matter.committee.place_id), answers, strict=False):
            self._cast(token, matter.poll_id, {answer}, on)

    @staticmethod
    def _cast(token: str, poll_id: int, chosen: set[int], on: date) -> None:
        # Somebody moved away, or was barred, since the slips were printed.
        try:
            actions.cast(token, poll_id, chosen, on=on)
        except (actions.CommitteeFault, actions.LinkClosed):
            return

    @staticmethod
    def _matter(member: Member, title: str, most: Decimal, on: date, until: date) -> Matter:
        entry = MatterEntry("activity", title, "自愿参加的同学", True, most, until)
        return actions.file_matter(member, entry, on=on)

    def _papers(self, committee: Committee, member: Member, on: date) -> None:
        for number, (kind, focus, title, text) in enumerate(
            (
                ("plan", "", "本学期工作计划", "协助开放日、护学和读书活动；不收班费。"),
                ("minutes", "", "第一次会议纪要", "推选主任委员；商量护学排班，自愿报名。"),
                ("activity", "safety", "交通安全体验课", "请社区民警和家长一起来。"),
                ("activity", "moral", "敬老月走进社区", "自愿参加，家长带队。"),
            )
        ):
            key = f"demo-{committee.pk}-{number}"
            actions.put_up_paper(
                committee,
                PaperEntry(kind, on, title, text, focus, key=key),
                on=on,
                by=actions.MEMBER,
                member=member,
            )


def _inspections(city: DemoCity, own: DemoSchool, first: date) -> None:
    """One in order, one mended, one reported, one whose day has passed."""
    officer = next(
        _actor(post)
        for (role, place), post in city.staffing.officers.items()
        if role == Role.DISTRICT_OFFICER and city.scopes[place] == own.district.pk
    )
    rows = Committee.objects.filter(level="school", school__in=_schools_of(city, own))
    stages = ("in order", "closed", "reported", "late")
    for number, committee in enumerate(rows.order_by("pk")[: len(stages)]):
        _inspection(city, committee, stages[number], first, officer)


def _inspection(city: DemoCity, committee: Committee, stage: str, first: date, by: Actor) -> None:
    found = (
        {} if stage == "in order" else {"problem": "accounts", "what": "把去年的事项补公开、结清"}
    )
    due = first + timedelta(days=14) if stage == "late" else city.today + timedelta(days=10)
    row = actions.inspect(
        committee,
        inspected_on=first,
        note="看了选举材料、计划和公开的账目",
        key=f"demo-{committee.pk}",
        on=first,
        by=by,
        due_on=due if found else None,
        **found,
    )
    if stage in {"closed", "reported"}:
        head = _actor(city.staffing.leaders[committee.school_id][Role.HEAD])
        actions.report_mended(row.rectification, report="已补公开，余额为零", on=first, by=head)
    if stage == "closed":
        actions.judge_mended(row.rectification, accepts=True, on=first, by=by)


def _schools_of(city: DemoCity, own: DemoSchool) -> list[int]:
    return [s.place.pk for s in city.schools if s.district.pk == own.district.pk]


def _actor(post) -> Actor:
    return Actor(user_id=None, name=post.staff.name, staff_id=post.staff_id)


def _receipt(amount: str) -> bytes:
    """A picture that looks like a receipt, with no name on it."""
    paper = Image.new("RGB", (480, 640), "#fbfaf5")
    ink = ImageDraw.Draw(paper)
    ink.rectangle((24, 24, 456, 616), outline="#b03030", width=3)
    for line in range(6):
        ink.line((48, 150 + 60 * line, 432, 150 + 60 * line), fill="#999999")
    ink.text((60, 60), "RECEIPT (DEMO)", fill="#333333", font_size=30)
    ink.text((60, 520), f"CNY {amount}", fill="#333333", font_size=36)
    out = io.BytesIO()
    paper.save(out, "JPEG")
    return out.getvalue()
