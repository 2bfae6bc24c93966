"""The families of the load: sessions on their own phones, feeds, and the links of notices that ask.

Runs inside Gongyu's own environment, for load_world.py.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from sessions import session_of_family

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.calendar.clock import now
from gongyu.ground.families.queries import family_of
from gongyu.ground.notices import actions as notices
from gongyu.ground.notices.models import Carried, Delivery, Notice, Outgoing
from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.notices.words import digest_of_token, token_of
from gongyu.ground.people.models import Carer
from gongyu.ground.staff.models import Post
from gongyu.shared_work.activities.actions import start_family_feed

SIGNED_IN, WITH_A_FEED, AT_ONCE = 300, 60, 2000


def notice_links(posts: list[Post], schools: dict[int, int], wanted: int, day: date) -> list[dict]:
    """Links of messages, each with the delivery that its family may answer once. The class teachers
    send until there are enough."""
    while Delivery.objects.filter(leads=True, carer__isnull=False).count() < wanted:
        for post in posts:
            _send(post, schools[post.place_id], day)
    rows = Delivery.objects.filter(leads=True, carer__isnull=False, status="due")
    found: list[dict] = []
    pending = iter(rows.filter(notice__title=TITLE).order_by("pk")[:wanted])
    while some := list(islice(pending, AT_ONCE)):
        found += _handed_over(some)
    return found


TITLE = "冬季作息调整"


def _send(post: Post, school: int, day: date) -> None:
    new = NewNotice(
        kind="to_answer",
        title=TITLE,
        words="从下周起上午八点半上课，下午四点半放学。乘公交车的同学请看好时间。",
        place_id=post.place_id,
        department_id=school,
        until_on=day + timedelta(days=9),
        class_ids=(post.place_id,),
        basis="law",
        basis_words="未成年人学校保护规定第二十条",
        choices=("知道了", "请给我打电话"),
    )
    sent = notices.send(new, at=now(), key=secrets.token_hex(8), by=SYSTEM)
    if Notice.objects.get(pk=sent.pk).status == "spreading":
        notices.spread(sent, at=now(), by=SYSTEM)


def _handed_over(rows: list[Delivery]) -> list[dict]:
    """A message for each, as if a provider had taken it."""
    moment = now()
    made = Outgoing.objects.bulk_create(_message(row, moment) for row in rows)
    links = []
    for message, row in zip(made, rows, strict=True):
        token = token_of(message.pk, message.key)
        message.link_digest = digest_of_token(token)
        links.append({"message": message.pk, "token": token, "delivery": row.pk})
    Outgoing.objects.bulk_update(made, ["link_digest"], batch_size=AT_ONCE)
    Carried.objects.bulk_create(
        Carried(message=message, delivery=row) for message, row in zip(made, rows, strict=True)
    )
    return links


def _message(row: Delivery, moment: datetime) -> Outgoing:
    return Outgoing(
        key=secrets.token_hex(16), carer_id=row.carer_id, family_id=row.family_id, path="sms",
        kind="to_answer", status="sent", next_at=moment, sent_at=moment, made_at=moment,
        week_on=moment.date(),
    )  # fmt: skip


def families(day: date) -> list[dict]:
    """Carers on their own phones: session, children whose guardian they are, a delivery in the
    box, and for some the token of their calendar."""
    return list(islice(_families(day), SIGNED_IN))


def _families(day: date) -> Iterator[dict]:
    boxes: dict[int, int] = {}
    told = Delivery.objects.filter(leads=True, carer__isnull=False).order_by("pk")
    for carer, delivery in told.values_list("carer", "pk"):
        boxes.setdefault(carer, delivery)
    made = 0
    for carer in Carer.objects.filter(pk__in=list(boxes)).order_by("pk"):
        number = carer.phone_digest
        family = family_of(carer.pk, day, number=number or None, own_phone=True)
        if family is None or not family.guarded:
            continue
        made += 1
        yield {
            "session": session_of_family(carer.pk, number),
            "children": [child.child_id for child in family.guarded],
            "delivery": boxes[carer.pk],
            "feed": start_family_feed(number, by=family.actor) if made <= WITH_A_FEED else "",
        }
