"""What pages and other floors ask: a carer's box, a message opened by its link, who stands by."""

from __future__ import annotations

from base64 import b64decode
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from gongyu.ground.people.masking import masked
from gongyu.ground.people.models import Bar, Care, Child
from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.prepared import prepared
from gongyu.ground.staff.models import Post, Role
from gongyu.ground.staff.queries import class_teachers_of

from .models import Attachment, Delivery, DeliveryChild, Notice, Outgoing
from .queries_recipients import carers_by_child, guardians_among
from .states import DELIVERY

_STANDING = ("spreading", "open", "over")
_LEADERS = (Role.MORAL_EDUCATION_HEAD, Role.SCHOOL_LEADER, Role.HEAD)


@dataclass(frozen=True, slots=True)
class InBox:
    """One notice as its carer reads it: for which children, and what may be answered."""

    delivery: Delivery
    notice: Notice
    sender: str
    names: tuple[str, ...] = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
    # Whoever is no guardian reads what asks for consent, and does not answer it.
    may_answer: bool = True

    @property
    def children(self) -> str:
        return "、".join(self.names)

    @property
    def masked_children(self) -> str:
        """For the page behind a link, which whoever has the link may read."""
        return "、".join(masked(name) for name in self.names)

    @property
    def choices(self) -> list[str]:
        return list(self.notice.choices) or [_("知道了")]

    @property
    def answer_words(self) -> str:
        """What was answered; empty before."""
        chosen = self.delivery.answer
        return "" if chosen is None else self.choices[min(chosen, len(self.choices) - 1)]

    def waits_on(self, day: date) -> bool:
        """Does it still wait for this family's answer?"""
        return (
            self.notice.asks
            and self.may_answer
            and self.notice.status in {"open", "spreading"}
            and self.notice.until_on > day
            and self.delivery.answer is None
            and self.delivery.status not in {"stopped", "handed"}
        )


def box(
    carer_id: int,
    on: date,
    limit: int = 50,
    *,
    waiting: bool = False,
    among: Collection[int] | None = None,
) -> list[InBox]:
    """What a carer was sent, the newest first; `waiting`: only what still waits for an answer;
    `among`: only about these children. A child about whom the carer may be told no more since today
    is not in it. Seven SQL queries."""
    rows = _waiting(carer_id, on, limit=limit) if waiting else _sent_to(carer_id, limit=limit)
    found = in_boxes(rows, on, among)
    return [one for one in found if one.waits_on(on)] if waiting else found


def box_entry(
    carer_id: int, delivery_id: int, on: date, *, among: Collection[int] | None = None
) -> InBox | None:
    """One notice of a carer's own box, `among`: about these children; None for anybody else's."""
    found = in_boxes(_sent_once(carer_id, delivery_id), on, among)
    return found[0] if found else None


def _boxed(carer_id: int):
    rows = Delivery.objects.filter(carer=carer_id).exclude(status="stopped", notice__status="open")
    return rows.select_related("notice__department").order_by("-notice__sent_at", "-pk")


@prepared
def _sent_to(carer_id: int, *, limit: int):
    return _boxed(carer_id)[:limit]


@prepared
def _waiting(carer_id: int, on: date, *, limit: int):
    rows = _boxed(carer_id).filter(
        notice__status="open", notice__until_on__gt=on, answer__isnull=True
    )
    rows = rows.exclude(status__in=["handed", "stopped"]).exclude(notice__kind="to_know")
    return rows[:limit]


@prepared
def _sent_once(carer_id: int, delivery_id: int):
    rows = Delivery.objects.filter(pk=delivery_id, carer=carer_id)
    return rows.select_related("notice__department")


def in_boxes(
    deliveries: Iterable[Delivery], on: date, among: Collection[int] | None = None
) -> list[InBox]:
    """The deliveries as their carers may read them on the day; five SQL queries, six where one asks
    for consent."""
    rows = [row for row in deliveries if row.carer_id is not None]
    children = _children_of(rows)
    everybody = {child_id for several in children.values() for child_id in several}
    carers = carers_by_child(everybody, on)
    names = dict(_names_of(sorted(everybody)))
    asked = {pk for row in rows if row.notice.asks_guardians for pk in children[row.pk]}
    wards = guardians_among(asked, on) if asked else set()
    attached: dict[int, list[Attachment]] = defaultdict(list)
    for one in attachments_of({row.notice_id for row in rows}):
        attached[one.notice_id].append(one)
    found = []
    for row in rows:
        told = tuple(
            names[child_id]
            for child_id in children[row.pk]
            if (among is None or child_id in among)
            and any(carer_id == row.carer_id for carer_id, _called in carers[child_id])
        )
        if told:
            sender, with_it = row.notice.department.name, tuple(attached[row.notice_id])
            may_answer = not row.notice.asks_guardians or all(
                (child_id, row.carer_id) in wards for child_id in children[row.pk]
            )
            found.append(InBox(row, row.notice, sender, told, with_it, may_answer))
    return found


def _children_of(rows: Sequence[Delivery]) -> dict[int, list[int]]:
    children: dict[int, list[int]] = defaultdict(list)
    for delivery_id, child_id in _told_of([row.pk for row in rows]):
        children[delivery_id].append(child_id)
    return children


@prepared
def _told_of(deliveries: list[int]):
    rows = DeliveryChild.objects.filter(delivery__among=deliveries).order_by("pk")
    return rows.values_list("delivery_id", "child_id")


@prepared
def _names_of(child_ids: list[int]):
    return Child.objects.filter(pk__among=child_ids).values_list("pk", "name")


def attachments_of(notice_ids: Iterable[int]) -> list[Attachment]:
    """The attachments of notices that still stand, without their contents."""
    return _attachments_of(list(notice_ids))


@prepared
def _attachments_of(notice_ids: list[int]):
    rows = Attachment.objects.filter(notice__among=notice_ids, notice__status__in=_STANDING)
    return rows.defer("body").order_by("notice", "number")


def attachment(notice_id: int, number: int) -> tuple[str, bytes] | None:
    """(media type, contents) of one attachment; whoever asks has found the notice in a box."""
    row = Attachment.objects.filter(
        notice=notice_id, number=number, notice__status__in=_STANDING
    ).first()
    return (row.kind, b64decode(row.body)) if row is not None else None


def message_behind(pk: int) -> Outgoing | None:
    found = _message(pk)
    return found[0] if found else None


@prepared
def _message(pk: int):
    return Outgoing.objects.filter(pk=pk)


def to_answer(message_id: int, delivery_id: int, on: date) -> Delivery | None:
    """The delivery that somebody answers by a message's link, with its notice and `message_key`, if
    its carer may still be told about one of its children; one SQL query, for all answer at once."""
    found = _to_answer(message_id, delivery_id, on)
    return found[0] if found else None


@prepared
def answerable(message_id: int, delivery_id: int, link_digest: str, on: date):
    """(delivery, place, kind, basis, choices) of what can be answered by a link that was handed over:
    the conditions of `rules.check_can_answer` but for the choice. What asks for consent is not found
    here: whose word counts is asked first."""
    rows = _behind(message_id, delivery_id, on, link_digest=link_digest)
    asks = Q(notice__kind=Notice.Kind.TO_ANSWER) | ~Q(notice__basis="")
    rows = rows.filter(asks, notice__until_on__gt=on)
    rows = rows.exclude(notice__status__in=["withdrawn", "corrected"])
    rows = rows.exclude(notice__basis=Notice.Basis.CONSENT)
    of_notice = ("place_id", "kind", "basis", "choices")
    return rows.values_list("pk", *(f"notice__{name}" for name in of_notice))


@prepared
def _to_answer(message_id: int, delivery_id: int, on: date):
    rows = _behind(message_id, delivery_id, on)
    rows = rows.annotate(message_key=F("notice__deliveries__messages__message__key"))
    return rows.select_related("notice").defer("notice__words")


def _behind(message_id: int, delivery_id: int, on: date, **message):
    """The delivery, if the message carries its notice and its carer may still be told about one of
    its children; `message` are more conditions of the message."""
    carried = "notice__deliveries__messages__message"
    pair = {"child": OuterRef("child"), "carer": OuterRef("delivery__carer")}
    told = DeliveryChild.objects.filter(
        Exists(Care.objects.on(on).filter(**pair)),
        ~Exists(Bar.objects.on(on).filter(**pair, information=True)),
        delivery=OuterRef("pk"),
    )
    more = {f"{carried}__{name}": value for name, value in message.items()}
    return Delivery.objects.filter(
        Exists(told), pk=delivery_id, carer=F(f"{carried}__carer"), **{carried: message_id}, **more
    )


def is_guardian_of_all(delivery: Delivery, on: date) -> bool:
    """Is the delivery's carer a guardian, on the day, of every child that it is about? Two queries."""
    children = [child_id for _delivery, child_id in _told_of([delivery.pk])]
    wards = guardians_among(children, on)
    return all((child_id, delivery.carer_id) in wards for child_id in children)


def message_with(key: str, channel: str) -> Outgoing | None:
    """The message with this key, if this very provider was given it."""
    return Outgoing.objects.filter(key=key, channel=channel).exclude(channel="").first()


def opened_by(message: Outgoing, on: date) -> list[InBox]:
    """What a message carries, as its own carer may read it on the day. A message that went to
    another carer of the family speaks of the same notice in that carer's own box."""
    carried = _carried_by(message.pk)
    own = [row for row in carried if row.carer_id == message.carer_id]
    others = [row.notice_id for row in carried if row.carer_id != message.carer_id]
    if others:
        mine = Delivery.objects.filter(notice__in=others, carer=message.carer_id)
        own += list(mine.select_related("notice__department"))
    return in_boxes(own, on)


@prepared
def _carried_by(message_id: int):
    rows = Delivery.objects.filter(messages__message=message_id)
    return rows.select_related("notice__department").order_by("pk")


# Who stands by, where no telephone helps


@dataclass(frozen=True, slots=True)
class Stander:
    """The person who hands over a slip on the day; `post` is None where nobody holds one."""

    post: Post | None

    @property
    def name(self) -> str:
        return self.post.staff.name if self.post else ""


def standers(class_ids: Iterable[int], on: date) -> dict[int, Stander]:
    """{class: who hands over its slips on the day}: its class teacher, otherwise the school's head of
    moral education, a school leader, or the head. Three SQL queries."""
    ids = {pk for pk in class_ids if pk is not None}
    teachers = class_teachers_of(ids, on)
    found = {pk: Stander(posts[0]) for pk, posts in teachers.items()}
    lacking = ids - set(found)
    if not lacking:
        return found
    schools = dict(SchoolClass.objects.filter(place__in=lacking).values_list("place", "school"))
    leaders: dict[int, Post] = {}
    posts = Post.objects.on(on).filter(place__in=set(schools.values()), role__in=_LEADERS)
    ranked = sorted(posts.select_related("staff"), key=lambda post: _LEADERS.index(post.role))
    for post in ranked:
        leaders.setdefault(post.place_id, post)
    return found | {pk: Stander(leaders.get(schools.get(pk))) for pk in lacking}


def status_words(status: str) -> str:
    return str(DELIVERY[status]["label"])


def place_names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Place.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def moment_of_next(at: datetime) -> datetime | None:
    """When the job next has something to do, for whoever waits for it; None when never."""
    due = Delivery.objects.filter(status__in=["due", "waiting"]).order_by("next_at")
    going = Outgoing.objects.filter(status__in=["ready", "sending", "unknown"]).order_by("next_at")
    moments = [*due.values_list("next_at", flat=True)[:1]]
    moments += going.values_list("next_at", flat=True)[:1]
    return max(min(moments), at) if moments else None
