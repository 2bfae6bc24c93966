"""The staff's lists: where one may write, what was sent, how far one notice has come, which slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.utils.translation import gettext as _

from gongyu.ground.access.permissions import NOTICE_CAMPAIGN, NOTICE_SEND, may
from gongyu.ground.audit.actors import Actor
from gongyu.ground.people.models import Enrolment
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.places.queries import below
from gongyu.ground.staff.naming import by_name

from .models import Delivery, DeliveryChild, Notice, Outgoing
from .queries import Stander, standers
from .queries_answers import SHOWN, Answer, answers_to
from .rules import may_steer, notices_visible_to, slips_visible_to
from .states import DELIVERY, REACHED

PER_PAGE = 20
PEOPLE_PER_PAGE = 50
# A department reads counts only, and none so small that it would speak of a family.
FLOOR = 10


@dataclass(frozen=True, slots=True)
class Desk:
    """In whose name somebody may write: a class, a school, or (campaign) what a department serves."""

    place: Place
    department_id: int
    is_campaign: bool = False


def desks_of(actor: Actor | None, on: date) -> list[Desk]:
    """Every desk of the day, in the order of the posts."""
    found: dict[int, Desk] = {}
    scopes = Place.objects.in_bulk({post.scope_id for post in actor.posts} if actor else ())
    for post in actor.posts if actor else ():
        place = scopes[post.scope_id]
        if may(actor, NOTICE_CAMPAIGN, place.pk, on) and post.place_id != post.scope_id:
            found[place.pk] = Desk(place, post.place_id, is_campaign=True)
        elif may(actor, NOTICE_SEND, place.pk, on) and place.kind == Place.Kind.SCHOOL:
            found[place.pk] = Desk(place, place.pk)
        elif may(actor, NOTICE_SEND, place.pk, on) and place.kind == Place.Kind.CLASS:
            school = SchoolClass.objects.filter(place=place.pk).values_list("school", flat=True)
            found[place.pk] = Desk(place, school[0])
    return list(found.values())


def desk_for(actor: Actor | None, place_id: int, on: date) -> Desk | None:
    return next((desk for desk in desks_of(actor, on) if desk.place.pk == place_id), None)


def audience_of(desk: Desk, on: date) -> list[tuple[int, str]]:
    """What may be chosen at a desk: the children of the class, the classes of the school, or the
    schools of the district or city."""
    if desk.is_campaign:
        return list(below(desk.place.pk, Place.Kind.SCHOOL, on).values_list("pk", "name"))
    if desk.place.kind == Place.Kind.SCHOOL:
        return list(below(desk.place.pk, Place.Kind.CLASS, on).values_list("pk", "name"))
    rows = Enrolment.objects.on(on).filter(school_class=desk.place.pk)
    found = rows.order_by("child_id").values_list("child_id", "child__name")
    return by_name(found, lambda pair: pair[1])


def classes_of_schools(school_ids: Iterable[int], on: date) -> list[int]:
    rows = SchoolClass.objects.filter(school__in=list(school_ids))
    running = Place.objects.on(on).filter(pk__in=rows.values("place"))
    return list(running.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class SentLine:
    """One sent notice in the list: families in all, reached (where it asks), and slips that wait."""

    notice: Notice
    reached: int
    to_hand: int
    dead: int


def sent_page(actor: Actor | None, words: str, number: str, on: date) -> Page[SentLine]:
    """What was sent, the newest first, twenty to a page; `words` is part of the title."""
    rows = notices_visible_to(actor, on).select_related("place", "department", "sent_by")
    if words.strip():
        rows = rows.filter(title__icontains=words.strip())
    page = Paginator(rows.order_by("-sent_at", "-pk"), PER_PAGE).get_page(number)
    shown = list(page.object_list)
    counts = _counts([one.pk for one in shown])
    page.object_list = [
        SentLine(
            one,
            sum(counts[one.pk, status] for status in REACHED),
            counts[one.pk, "to_hand"],
            counts[one.pk, "dead"],
        )
        for one in shown
    ]
    return page


def _counts(ids: list[int]) -> dict[tuple[int, str], int]:
    """{(notice, status): families}, and under `dead` the messages that could not be sent."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    leads = Delivery.objects.filter(notice__in=ids, leads=True).exclude(family_id=0)
    # Whoever of a family answers, the family is reached.
    reached = Delivery.objects.filter(notice__in=ids, status__in=REACHED)
    for notice_id, count in reached.values_list("notice_id").annotate(
        n=Count("family_id", distinct=True)
    ):
        found[notice_id, "answered"] = count
    others = leads.exclude(status__in=REACHED).values_list("notice_id", "status")
    for notice_id, status, count in others.annotate(n=Count("pk")):
        found[notice_id, status] += count
    alone = Delivery.objects.filter(notice__in=ids, carer__isnull=True, status="to_hand")
    for notice_id, count in alone.values_list("notice_id").annotate(n=Count("pk")):
        found[notice_id, "to_hand"] += count
    dead = Outgoing.objects.filter(status="dead", carried__delivery__notice__in=ids)
    for notice_id, count in dead.values_list("carried__delivery__notice").annotate(
        n=Count("pk", distinct=True)
    ):
        found[notice_id, "dead"] = count
    return found


@dataclass(frozen=True, slots=True)
class Unreached:
    """One family that is not yet reached, and whose turn it is."""

    names: str = field(repr=False)
    carer: str = field(repr=False)
    state: str
    next_at: datetime | None
    stander: Stander | None
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a notice has come. `unreached` and `names`, who answered what, only for its sender;
    counts for whoever may read it. `names` is None where there are too many for a page."""

    notice: Notice
    counts: list[tuple[str, str, int]]
    steers: bool
    unreached: Page[Unreached] | None
    dead: list[Outgoing]
    answers: list[tuple[str, int]]
    names: list[Answer] | None
    few: bool

    @property
    def has_sheet(self) -> bool:
        """Is there anything to take out for the sender?"""
        return self.unreached is not None and any(count for _choice, count in self.answers)

    @property
    def names_shown(self) -> int:
        return sum(len(one.families) for one in self.names or ())


_ORDER = ("answered", "handed", "told", "waiting", "due", "to_hand", "in_box", "stopped")


def progress(actor: Actor | None, pk: int, number: str, on: date) -> Progress | None:
    """One notice as its reader may see it; None out of reach."""
    rows = notices_visible_to(actor, on).select_related("place", "department", "sent_by")
    notice = rows.select_related("replaces").filter(pk=pk).first()
    if notice is None:
        return None
    found = _counts([notice.pk])
    few = notice.is_campaign and notice.families < FLOOR
    counts = [
        (status, str(DELIVERY[status]["label"]), found[notice.pk, status])
        for status in _ORDER
        if found[notice.pk, status]
    ]
    steers = may_steer(actor, notice, on)
    names = _names_families(steers, notice)
    counted = [] if few else _answers(notice)
    answered = sum(count for _choice, count in counted)
    return Progress(
        notice,
        [] if few else counts,
        steers,
        _unreached(notice, number, on) if names else None,
        _dead(notice) if steers and not notice.is_campaign else [],
        counted,
        answers_to(notice, on) if names and answered <= SHOWN else None,
        few,
    )


def _names_families(steers: bool, notice: Notice) -> bool:
    return steers and not notice.is_campaign and notice.asks


def notice_with_answers(actor: Actor | None, pk: int, on: date) -> Notice | None:
    """A notice of the actor's own desk that asks families something."""
    notice = notice_to_steer(actor, pk, on)
    return notice if notice is not None and _names_families(True, notice) else None


def notice_to_steer(actor: Actor | None, pk: int, on: date) -> Notice | None:
    """A notice of the actor's own desk."""
    notice = notices_visible_to(actor, on).select_related("place").filter(pk=pk).first()
    return notice if notice is not None and may_steer(actor, notice, on) else None


def _unreached(notice: Notice, number: str, on: date) -> Page[Unreached]:
    reached = notice.deliveries.filter(status__in=REACHED).exclude(family_id=0)
    rows = (
        notice.deliveries.filter(leads=True)
        .exclude(status__in=[*REACHED, "stopped"])
        .exclude(family_id__in=reached.values("family_id"))
        .select_related("carer")
    )
    page = Paginator(rows.order_by("hand_place", "pk"), PEOPLE_PER_PAGE).get_page(number)
    shown = list(page.object_list)
    names = names_of(shown)
    people = standers({row.hand_place_id for row in shown}, on)
    page.object_list = [
        Unreached(
            "、".join(names[row.pk]),
            row.carer.name if row.carer else "",
            str(DELIVERY[row.status]["label"]),
            row.next_at,
            people.get(row.hand_place_id) if row.status == "to_hand" else None,
            row,
        )
        for row in shown
    ]
    return page


def names_of(deliveries: Iterable[Delivery]) -> dict[int, list[str]]:
    """{delivery: the names of its children}."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = DeliveryChild.objects.filter(delivery__in=[row.pk for row in deliveries])
    for delivery_id, name in rows.order_by("pk").values_list("delivery_id", "child__name"):
        found[delivery_id].append(name)
    return found


def _dead(notice: Notice) -> list[Outgoing]:
    rows = Outgoing.objects.filter(status="dead", carried__delivery__notice=notice)
    return list(rows.select_related("carer").distinct().order_by("pk")[:PEOPLE_PER_PAGE])


def dead_for(actor: Actor | None, pk: int, on: date) -> Outgoing | None:
    """A message that could not be sent, for the sender of a notice that it carried."""
    row = Outgoing.objects.filter(pk=pk, status="dead").first()
    if row is None:
        return None
    notices = Notice.objects.filter(deliveries__messages__message=row, is_campaign=False)
    return row if any(may_steer(actor, one, on) for one in notices.distinct()) else None


def _answers(notice: Notice) -> list[tuple[str, int]]:
    if not notice.asks:
        return []
    rows = notice.deliveries.filter(answer__isnull=False).values_list("answer")
    counted = dict(rows.annotate(n=Count("family_id", distinct=True)))
    return [
        (choice, counted.get(place, 0))
        for place, choice in enumerate(notice.choices or [_("知道了")])
    ]


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip to hand over, with what stands on it; `carer` is empty where nobody may be told, so that
    the school must first find out to whom it goes."""

    delivery: Delivery
    notice: Notice
    names: str = field(repr=False)
    carer: str = field(repr=False)
    class_name: str
    stander: Stander

    @property
    def choices(self) -> list[str]:
        return list(self.notice.choices) or [_("知道了")]


def slips(actor: Actor | None, on: date, limit: int = 200) -> list[Slip]:
    """The slips that wait for the actor, by class; five queries."""
    rows = list(
        slips_visible_to(actor, on)
        .select_related("notice__department", "carer", "hand_place")
        .order_by("hand_place__code", "notice__until_on", "pk")[:limit]
    )
    names = names_of(rows)
    people = standers({row.hand_place_id for row in rows}, on)
    return [
        Slip(
            row,
            row.notice,
            "、".join(names[row.pk]),
            row.carer.name if row.carer else "",
            row.hand_place.name,
            people.get(row.hand_place_id, Stander(None)),
        )
        for row in rows
    ]


def count_slips(actor: Actor | None, on: date) -> int:
    """How many slips wait for the actor; one query."""
    return slips_visible_to(actor, on).count()


def slip_for(actor: Actor | None, pk: int, on: date) -> Delivery | None:
    return slips_visible_to(actor, on).select_related("notice").filter(pk=pk).first()


def as_typed(notice: Notice) -> dict:
    """What a correction begins with: the words as they went out."""
    sort = notice.kind
    if notice.basis in ("law", "consent"):
        sort = "consent" if notice.asks_guardians else "duty"
    chosen = list(notice.children.values_list("child_id", flat=True))
    if not chosen and notice.place.kind == Place.Kind.SCHOOL:
        chosen = list(notice.classes.values_list("class_place_id", flat=True))
    if notice.is_campaign:
        classes = SchoolClass.objects.filter(place__in=notice.classes.values("class_place"))
        chosen = sorted(set(classes.values_list("school_id", flat=True)))
    return {
        "sort": sort,
        "title": notice.title,
        "words": notice.words,
        "audience": chosen,
        "last_day": notice.last_day,
        "answers": "、".join(notice.choices),
        "white_list": notice.white_list,
        "template": notice.template,
    }
