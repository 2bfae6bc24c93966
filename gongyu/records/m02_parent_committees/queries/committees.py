"""A committee as its page shows it: the term, the seats, papers, matters and what was inspected."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gongyu.ground.audit.actors import Actor
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.places.naming import grade_name
from gongyu.ground.prepared import prepared

from .. import rules
from ..models import (
    Committee,
    Election,
    Expense,
    Inspection,
    Level,
    Matter,
    Member,
    Paper,
    Rectification,
    Term,
)
from ..states import OPEN_ELECTIONS

PAPERS_SHOWN = 30
SOON_DAYS = 14


def title_of(committee: Committee) -> str:
    """三年级1班 班级家委会; 三年级 年级家委会; 石板坡小学 校级家委会."""
    if committee.level == Level.GRADE:
        return f"{grade_name(committee.stage, committee.grade)} {committee.label}"
    return f"{committee.place.name} {committee.label}"


def committee_names(ids: Iterable[int]) -> dict[int, str]:
    """{committee: its title} for pages that hold figures."""
    ids = list(ids)
    if not ids:
        return {}
    rows = Committee.objects.filter(pk__in=ids).select_related("place")
    return {committee.pk: title_of(committee) for committee in rows}


@dataclass(frozen=True, slots=True)
class Account:
    """A matter with its sums; `rest` must be zero to close. Amounts in yuan, of the matter whole."""

    matter: Matter
    expenses: list[Expense]
    is_late: bool

    @property
    def spent(self) -> Decimal:
        return sum((e.amount for e in self.expenses), Decimal(0))

    @property
    def rest(self) -> Decimal:
        return (
            (self.matter.collected or Decimal(0))
            - self.spent
            - (self.matter.handed_back or Decimal(0))
        )


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """`members` serve today; `number` is how many, for those who do not read names."""

    committee: Committee
    title: str
    term: Term | None
    coming: Term | None
    members: list[Member]
    number: int
    election: Election | None
    results: list[Election]
    papers: list[Paper]
    accounts: list[Account]
    inspections: list[Inspection]

    @property
    def empty_seats(self) -> int:
        return self.term.seats - self.number if self.term else 0

    @property
    def open_account(self) -> Account | None:
        return next((a for a in self.accounts if a.matter.status in rules.OPEN_MATTERS), None)


@dataclass(frozen=True, slots=True)
class Line:
    """One committee in a list."""

    committee: Committee
    title: str
    term: Term | None
    members: int
    election: Election | None
    open_matter: Matter | None
    to_mend: list[Rectification] = field(default_factory=list)
    last_inspected: date | None = None


def committee_page(committee: Committee, on: date, *, names: bool) -> CommitteePage:
    """One committee; as many SQL queries as for several."""
    return committee_pages([committee], on, names=names)[0]


def committee_pages(committees: list[Committee], on: date, *, names: bool) -> list[CommitteePage]:
    """Several committees in their order; eleven SQL queries, however many and however much."""
    ids = [c.pk for c in committees]
    terms = _by_committee(Term.objects.filter(committee__in=ids).order_by("-from_on"))
    serving: dict[int, list[Member]] = defaultdict(list)
    for member in _serving(ids, on):
        serving[member.term_id].append(member)
    rest = _what_happens(ids)
    pages = []
    for c in committees:
        own = terms[c.pk]
        term = next((t for t in own if t.holds_on(on)), None)
        members = _in_order(serving[term.pk]) if term else []
        elections = rest["elections"][c.pk]
        pages.append(
            CommitteePage(
                committee=c,
                title=title_of(c),
                term=term,
                coming=next((t for t in reversed(own) if t.from_on > on), None),
                members=members if names else [],
                number=len(members),
                election=next((e for e in elections if e.status in OPEN_ELECTIONS), None),
                results=[e for e in elections if e.status not in OPEN_ELECTIONS],
                papers=rest["papers"][c.pk][:PAPERS_SHOWN],
                accounts=[account_of(m, on) for m in rest["matters"][c.pk]],
                inspections=rest["inspections"][c.pk],
            )
        )
    return pages


def _what_happens(ids: list[int]) -> dict[str, dict[int, list]]:
    """Elections, papers, matters and inspections by committee, the newest first."""
    elections = Election.objects.select_related("poll").prefetch_related("candidates__carer")
    papers = Paper.objects.select_related("member__carer", "staff")
    matters = Matter.objects.select_related("poll", "stopped_by").prefetch_related("expenses")
    inspections = Inspection.objects.select_related("by", "rectification")
    orders = {
        "elections": elections.order_by("-pk"),
        "papers": papers.order_by("-on", "-pk"),
        "matters": matters.order_by("-filed_on", "-pk"),
        "inspections": inspections.order_by("-on", "-pk"),
    }
    return {name: _by_committee(rows.filter(committee__in=ids)) for name, rows in orders.items()}


def _by_committee(rows) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[row.committee_id].append(row)
    return found


def _serving(committee_ids: list[int], on: date):
    terms = Term.objects.on(on).filter(committee__in=committee_ids).values("pk")
    return Member.objects.on(on).filter(term__in=terms, left="").select_related("carer")


def _in_order(members: list[Member]) -> list[Member]:
    """The chair first."""
    order = {"chair": 0, "deputy": 1, "member": 2}
    return sorted(members, key=lambda m: (order[m.office], m.carer.name, m.pk))


def account_of(matter: Matter, on: date) -> Account:
    late = (
        matter.status in {"agreed", "stopping"}
        and matter.settle_by is not None
        and on > matter.settle_by
    )
    return Account(matter, sorted(matter.expenses.all(), key=lambda e: e.pk), late)


def lines_of(committees: Iterable[Committee], on: date) -> list[Line]:
    """The committees with what is going on in each; six SQL queries for any number."""
    rows = sorted(committees, key=lambda c: (_ORDER[c.level], c.grade or 0, c.place.name, c.pk))
    if not rows:
        return []
    ids = [c.pk for c in rows]
    terms = {t.committee_id: t for t in _terms_of(ids, on)}
    members = Counter(_terms_served([t.pk for t in terms.values()], on)) if terms else Counter()
    elections = {e.committee_id: e for e in _open_elections(ids)}
    matters = {m.committee_id: m for m in _open_matters(ids)}
    to_mend: dict[int, list[Rectification]] = defaultdict(list)
    last: dict[int, date] = {}
    for row in _inspections_of(ids):
        last[row.committee_id] = row.on
        sheet = getattr(row, "rectification", None)
        if sheet is not None and sheet.status != "closed":
            to_mend[row.committee_id].append(sheet)
    return [
        Line(
            committee=c,
            title=title_of(c),
            term=terms.get(c.pk),
            members=members[terms[c.pk].pk] if c.pk in terms else 0,
            election=elections.get(c.pk),
            open_matter=matters.get(c.pk),
            to_mend=to_mend[c.pk],
            last_inspected=last.get(c.pk),
        )
        for c in rows
    ]


_ORDER = {"school": 0, "grade": 1, "class": 2}


@prepared
def _terms_of(ids: list[int], on: date):
    return Term.objects.on(on).filter(committee__among=ids)


@prepared
def _terms_served(terms: list[int], on: date):
    serving = Member.objects.on(on).filter(term__among=terms, left="")
    return serving.values_list("term_id", flat=True)


@prepared
def _open_elections(ids: list[int]):
    return Election.objects.filter(committee__among=ids, status__in=OPEN_ELECTIONS)


@prepared
def _open_matters(ids: list[int]):
    return Matter.objects.filter(committee__among=ids, status__in=rules.OPEN_MATTERS)


@prepared
def _inspections_of(ids: list[int]):
    rows = Inspection.objects.filter(committee__among=ids).select_related("rectification")
    return rows.order_by("on", "pk")


@prepared
def _committees_of(place_id: int):
    return Committee.objects.filter(place=place_id).select_related("place", "school")


def lines_visible_to(actor: Actor | None, on: date) -> list[Line]:
    """The committees that a teacher or a school's leader sees."""
    rows = rules.committees_visible_to(actor, on).select_related("place", "school")
    return lines_of(_of_today(rows, on), on)


def lines_of_place(place_id: int, on: date) -> list[Line]:
    """The committees of a class, or of a school and its grades, for the home of who works there."""
    return lines_of(_committees_of(place_id), on)


def _of_today(rows, on: date) -> list[Committee]:
    """A class of last year has no committee any more, though its papers are kept."""
    return [c for c in rows if c.place.holds_on(on)]


@dataclass(frozen=True, slots=True)
class ToFound:
    """A place within the actor's keeping that may call an election, with its levels."""

    place: Place
    level: str
    grade_of: int | None
    label: str


def to_found(actor: Actor | None, on: date) -> list[ToFound]:
    """Where the actor may call the first election: classes, grades and schools without a
    committee."""
    kept = rules.places_kept(actor, on)
    there = set(
        Committee.objects.filter(place__in=[p.pk for p in kept]).values_list(
            "level", "place_id", "stage", "grade", "school_year"
        )
    )
    found = []
    for place in kept:
        if place.kind == Place.Kind.CLASS:
            if (Level.CLASS, place.pk, "", None, None) not in there:
                found.append(ToFound(place, Level.CLASS, None, place.name))
        elif (Level.SCHOOL, place.pk, "", None, None) not in there:
            found.append(ToFound(place, Level.SCHOOL, None, place.name))
    schools = [p.pk for p in kept if p.kind == Place.Kind.SCHOOL]
    classes = SchoolClass.objects.filter(
        school__in=schools, place__in=[p.pk for p in kept]
    ).order_by("grade", "number")
    by_id = {p.pk: p for p in kept}
    seen = set()
    for one in classes:
        key = (Level.GRADE, one.school_id, one.stage, one.grade, one.school_year)
        if key not in there and key not in seen:
            seen.add(key)
            name = grade_name(one.stage, one.grade)
            found.append(ToFound(by_id[one.school_id], Level.GRADE, one.pk, name))
    return found


def committee_for(actor: Actor | None, pk: int, on: date) -> Committee | None:
    """The committee, or None where the actor may not know of it."""
    rows = rules.committees_visible_to(actor, on).filter(pk=pk)
    return rows.select_related("place", "school").first()


def member_for(actor: Actor | None, pk: int, on: date) -> Member | None:
    """A seat of a committee that the actor keeps."""
    row = (
        Member.objects.filter(pk=pk)
        .select_related("term__committee__place", "term__committee__school", "carer")
        .first()
    )
    if row is None or not rules.may_keep_committee(actor, row.term.committee, on):
        return None
    return row


def term_for(actor: Actor | None, pk: int, on: date) -> Term | None:
    row = Term.objects.filter(pk=pk).select_related("committee__place", "committee__school").first()
    if row is None or not rules.may_keep_committee(actor, row.committee, on):
        return None
    return row


def matter_for(actor: Actor | None, pk: int, on: date) -> Matter | None:
    rows = rules.matters_visible_to(actor, on).filter(pk=pk)
    return rows.select_related("committee__place", "committee__school", "poll").first()


def rectification_for(actor: Actor | None, pk: int, on: date) -> Rectification | None:
    """A sheet that the actor reports on or judges."""
    row = (
        Rectification.objects.filter(pk=pk)
        .select_related("inspection__committee__place", "inspection__committee__school")
        .first()
    )
    if row is None:
        return None
    committee = row.inspection.committee
    works = rules.may_answer_for_school(actor, committee, on) or rules.may_inspect(
        actor, committee, on
    )
    return row if works else None


def picture_for(actor: Actor | None, pk, on: date) -> bytes | None:
    """A picture of a paper or a receipt of a committee within the actor's reach."""
    within = rules.committees_visible_to(actor, on).values("pk")
    return picture_of(pk, within)


def picture_of(pk, committees) -> bytes | None:
    paper = Paper.objects.filter(picture=pk, committee__in=committees).select_related("picture")
    expense = Expense.objects.filter(receipt=pk, matter__committee__in=committees).select_related(
        "receipt"
    )
    if row := paper.first():
        return bytes(row.picture.jpeg)
    return bytes(found.receipt.jpeg) if (found := expense.first()) else None


def place_to_found(pk: int, on: date) -> Place | None:
    """A class or a school that stands today."""
    kinds = [Place.Kind.CLASS, Place.Kind.SCHOOL]
    return Place.objects.on(on).filter(pk=pk, kind__in=kinds).first()


def class_for_grade(school_id: int, class_id: int) -> SchoolClass | None:
    """The class by which a grade of this school is named."""
    return SchoolClass.objects.filter(school=school_id, place=class_id).first()
