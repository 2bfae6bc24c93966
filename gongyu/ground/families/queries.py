"""Who a carer is today and whom the carer sees; which codes are out; which numbers wait for a check."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from gongyu.ground.audit.actors import Actor
from gongyu.ground.notices.ways import ways_of
from gongyu.ground.people.models import Care, Carer, Child, Enrolment
from gongyu.ground.places.models import Place
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.naming import by_name

from . import codes, rules
from .models import Identity, NumberDoubt, SignInCode
from .shapes import Family, FamilyChild

ASKED_AT_ONCE = 3  # codes of one number that may be open side by side


def family_of(
    carer_id: int, on: date, *, number: str | None = None, own_phone: bool = False
) -> Family | None:
    """The carer with the children visible on the day; None where there is none, which is also how a
    barred one is answered. With `number` (a digest) only as long as it is the carer's and nobody
    said "not me". At most three SQL queries."""
    carer = next(iter(_carer(carer_id)), None)
    if carer is None or (number is not None and not _holds_number(carer, number)):
        return None
    cares = _cares_of(carer_id, on)
    if not cares:
        return None
    here = _enrolled([care.child_id for care in cares], on)
    children = [_child(care, here.get(care.child_id)) for care in cares]
    children.sort(key=lambda child: (child.class_id is None, child.grade, child.child_id))
    return Family(carer.pk, carer.name, tuple(children), own_phone, by_number=number is not None)


def _holds_number(carer: Carer, number: str) -> bool:
    if not number or carer.phone_digest != number:
        return False
    return not _doubts_of(carer.pk, number)


def _enrolled(child_ids: list[int], on: date) -> dict[int, Enrolment]:
    return {row.child_id: row for row in _enrolments_of(child_ids, on)}


@prepared
def _carer(carer_id: int):
    return Carer.objects.filter(pk=carer_id)


@prepared
def _doubts_of(carer_id: int, number: str):
    rows = NumberDoubt.objects.filter(carer=carer_id, phone_digest=number, settled_at__isnull=True)
    return rows.values_list("pk", flat=True)


@prepared
def _cares_of(carer_id: int, on: date):
    return rules.cares_visible(on).filter(carer=carer_id).select_related("child")


@prepared
def _enrolments_of(child_ids: list[int], on: date):
    rows = Enrolment.objects.on(on).filter(child__among=child_ids)
    return rows.select_related("school", "school_class__school_class")


def _child(care: Care, enrolment: Enrolment | None) -> FamilyChild:
    child = care.child
    about = {
        "child_id": child.pk,
        "name": child.name,
        "is_guardian": care.is_guardian,
        "is_daily_carer": care.is_daily_carer,
        "relation": str(care.get_relation_display()),
        "born_on": child.born_on,
        "home_id": child.home_id,
    }
    if enrolment is None:
        return FamilyChild(**about)
    one = enrolment.school_class.school_class
    return FamilyChild(
        **about,
        class_id=enrolment.school_class_id,
        class_name=enrolment.school_class.name,
        stage=one.stage,
        grade=one.grade,
        school_id=enrolment.school_id,
        school_name=enrolment.school.name,
    )


def carers_at(number: str, on: date) -> list[Carer]:
    """The carers whom a number (a digest) lets in on the day, by name: those who hold it, see a
    child and of whom nobody said "not me". One SQL query."""
    doubted = NumberDoubt.objects.filter(phone_digest=number, settled_at__isnull=True)
    found = rules.carers_to_let_in(on).filter(phone_digest=number)
    return list(found.exclude(pk__in=doubted.values("carer")).order_by("initials", "name", "pk"))


def numbers_set_aside(carer_ids: Iterable[int]) -> set[int]:
    """The carers whose present number must not be used, because whoever has it said "not me"."""
    doubts = rules.open_doubts().exclude(phone_digest="").filter(carer__in=list(carer_ids))
    return set(doubts.values_list("carer_id", flat=True))


def code_sent_to(number: str, code: str, moment: datetime) -> SignInCode | None:
    """The open code of this number with these digits; None where it is wrong, used or too old."""
    kept = codes.digest_of_code(code, number)
    return next(
        (each for each in _open_codes(number, moment) if codes.same(each.code_digest, kept)), None
    )


def _open_codes(number: str, moment: datetime) -> list[SignInCode]:
    rows = SignInCode.objects.filter(
        way="phone",
        phone_digest=number,
        used_at__isnull=True,
        ended_at__isnull=True,
        expires_at__gt=moment,
    )
    return list(rows.order_by("-made_at")[:ASKED_AT_ONCE])


def code_printed(code: str, moment: datetime) -> SignInCode | None:
    """The open printed code with these digits."""
    kept = codes.digest_of_code(code)
    rows = SignInCode.objects.filter(way="print", code_digest=kept).select_related("carer", "child")
    return next((each for each in rows if each.is_open(moment)), None)


def code_of_link(token: str, moment: datetime) -> SignInCode | None:
    """The open code behind a link."""
    rows = SignInCode.objects.filter(token_digest=codes.digest_of_token(token))
    found = rows.select_related("carer", "child").first()
    return found if found is not None and found.is_open(moment) else None


@dataclass(frozen=True, slots=True)
class CarerLine:
    """A carer of a child who may have a code: the one that is out, if there is one."""

    child_id: int
    carer_id: int
    name: str
    relation: str
    is_guardian: bool
    has_phone: bool
    code: SignInCode | None
    first_way: str  # how notices try first: sms, voice, email, wecom; empty without any
    may_ring_first: bool  # both a message and a call can be carried, and nothing else was chosen

    @property
    def key(self) -> str:
        return f"{self.child_id}-{self.carer_id}"


@dataclass(frozen=True, slots=True)
class ChildLine:
    """`letter` stands where a new letter begins, in a list that is long."""

    child: Child
    carers: list[CarerLine]
    letter: str = ""


@dataclass(frozen=True, slots=True)
class CodesPage:
    """The children of a class or village with the carers who may be handed a code."""

    place: Place
    school: str
    lines: list[ChildLine]

    @property
    def may_ring_first(self) -> bool:
        """Is there anybody whose first way may be changed here?"""
        return any(carer.may_ring_first for line in self.lines for carer in line.carers)

    @property
    def letters(self) -> list[str]:
        """The letters at which the list may be entered; none where it is short."""
        return [line.letter for line in self.lines if line.letter]

    def carer(self, key: str) -> CarerLine | None:
        every = (carer for line in self.lines for carer in line.carers)
        return next((carer for carer in every if carer.key == key), None)


def codes_page(place: Place, on: date, moment: datetime) -> CodesPage:
    """Five SQL queries. Barred carers are not in it."""
    children = by_name(rules.children_of_place(place, on), lambda child: child.name)
    cares = rules.cares_visible(on).filter(child__in=children).select_related("carer")
    ids = [care.carer_id for care in cares]
    out = _codes_out(ids, place, moment)
    paths = {pk: [way.path for way in ways] for pk, ways in ways_of(ids, moment).items()}
    by_child: dict[int, list[CarerLine]] = defaultdict(list)
    for care in cares.order_by("child", "-is_daily_carer", "position", "pk"):
        by_child[care.child_id].append(
            CarerLine(
                child_id=care.child_id,
                carer_id=care.carer_id,
                name=care.carer.name,
                relation=str(care.get_relation_display()),
                is_guardian=care.is_guardian,
                has_phone=bool(care.carer.phone_digest),
                code=out.get(care.carer_id),
                first_way=next(iter(paths[care.carer_id]), ""),
                may_ring_first={*paths[care.carer_id][:2]} == {"sms", "voice"},
            )
        )
    school = getattr(getattr(place, "school_class", None), "school", None)
    return CodesPage(
        place=place,
        school=school.name if school else "",
        lines=_lines([(child, by_child[child.pk]) for child in children if by_child[child.pk]]),
    )


# Beyond this many children a thumb looks for a letter.
_LONG = 20


def _lines(found: list[tuple[Child, list[CarerLine]]]) -> list[ChildLine]:
    lines, last = [], ""
    for child, carers in found:
        letter = child.initials[:1] if len(found) > _LONG else ""
        lines.append(ChildLine(child, carers, "" if letter == last else letter))
        last = letter
    return lines


def _codes_out(carer_ids: list[int], place: Place, moment: datetime) -> dict[int, SignInCode]:
    rows = SignInCode.objects.filter(
        way="print",
        place=place,
        carer__in=carer_ids,
        used_at__isnull=True,
        ended_at__isnull=True,
        expires_at__gt=moment,
    )
    return {row.carer_id: row for row in rows.order_by("made_at")}


def place_to_print(actor: Actor | None, pk: int, on: date) -> Place | None:
    """A class or village in which the actor prints codes."""
    place = Place.objects.on(on).filter(pk=pk).select_related("school_class__school").first()
    return place if place is not None and rules.may_print_in(actor, place, on) else None


def code_printed_by(actor: Actor | None, pk: int, on: date) -> SignInCode | None:
    """A printed code of a place in which the actor prints."""
    code = SignInCode.objects.filter(pk=pk, way="print").select_related("place").first()
    return code if code is not None and rules.may_print_in(actor, code.place, on) else None


def places_to_print(actor: Actor | None, on: date) -> list[Place]:
    return list(rules.places_to_print(actor, on))


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """A number that waits for somebody: whose it was said to be, and the children of that carer in
    the reader's classes."""

    doubt: NumberDoubt
    carer: str
    children: list[tuple[int, str, str]]  # id, name, class
    care_of_first: int | None


def doubts_for(actor: Actor | None, on: date) -> list[DoubtLine]:
    """The numbers that the actor checks, the oldest first. Three SQL queries."""
    if not rules.checks_numbers(actor):
        return []
    doubts = _doubts_visible_to(actor, on)
    if not doubts:
        return []
    cares = Care.objects.on(on).filter(carer__in=[d.carer_id for d in doubts])
    cares = list(cares.select_related("child").order_by("pk"))
    here = _enrolled([care.child_id for care in cares], on)
    return [_doubt_line(doubt, cares, here) for doubt in doubts]


@prepared
def _doubts_visible_to(actor: Actor | None, on: date):
    return rules.doubts_visible_to(actor, on).select_related("carer").order_by("said_at", "pk")


def _doubt_line(doubt: NumberDoubt, cares: list[Care], here: dict[int, Enrolment]) -> DoubtLine:
    own = [care for care in cares if care.carer_id == doubt.carer_id and care.child_id in here]
    return DoubtLine(
        doubt=doubt,
        carer=doubt.carer.name,
        children=[
            (care.child_id, care.child.name, here[care.child_id].school_class.name) for care in own
        ],
        care_of_first=own[0].pk if own else None,
    )


def doubt_for(actor: Actor | None, pk: int, on: date) -> NumberDoubt | None:
    return rules.doubts_visible_to(actor, on).filter(pk=pk).select_related("carer").first()


def identity_of(provider: str, subject: str, on: date) -> Identity | None:
    """The carer who bound this identity, if the carer would come in today by the number of then."""
    kept = codes.digest_of_subject(provider, subject)
    found = Identity.objects.filter(provider=provider, subject_digest=kept).first()
    if found is None:
        return None
    family = family_of(found.carer_id, on, number=found.phone_digest or None)
    return found if family is not None else None
