"""A school with families who were each sent one notice that asks, with the link of its message."""

from __future__ import annotations

import random
from datetime import timedelta

from confirming.asking import Link

SPARE = 64  # families who answer before anything is measured


def build(families: int) -> list[Link]:
    """So many links and the spare ones, in an empty database; each opens another family's notice."""
    from django.core.management import call_command
    from django.db import connection

    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import now, today
    from gongyu.ground.notices import actions
    from gongyu.ground.notices.models import Delivery
    from gongyu.ground.notices.tests.town import build_town
    from gongyu.ground.people.models import Enrolment
    from gongyu.ground.places.models import Place

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    town = build_town(families + SPARE, random.Random(1))
    # Whatever the year is in which somebody measures.
    Place.objects.update(from_on=today() - timedelta(days=90), until_on=None)
    Enrolment.objects.update(from_on=today() - timedelta(days=90), until_on=None)
    notice = town.notice("to_answer", today(), 9, basis="law", basis_words="第20条")
    sent = actions.send(notice, at=now(), key="bench", by=SYSTEM)
    actions.spread(sent, at=now(), by=SYSTEM)
    leading = Delivery.objects.filter(notice=sent, carer__isnull=False, leads=True).order_by("pk")
    links = [_link(row) for row in _messages(list(leading[: families + SPARE]))]
    if len(links) < families + SPARE:
        raise RuntimeError(f"only {len(links)} families were told")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
    return links


def _messages(rows: list) -> list:
    """A message for each, as if it had been sent; what carries it is measured elsewhere."""
    from gongyu.ground.calendar.clock import now, today
    from gongyu.ground.notices.models import Carried, Outgoing
    from gongyu.ground.notices.words import digest_of_token, token_of

    made = Outgoing.objects.bulk_create(
        Outgoing(
            key=f"bench-{row.pk}", carer_id=row.carer_id, family_id=row.family_id, path="sms",
            kind="to_answer", status="sent", next_at=now(), sent_at=now(), made_at=now(),
            week_on=today(),
        )
        for row in rows
    )  # fmt: skip
    for message in made:
        message.link_digest = digest_of_token(token_of(message.pk, message.key))
    Outgoing.objects.bulk_update(made, ["link_digest"], batch_size=1000)
    return Carried.objects.bulk_create(
        Carried(message=message, delivery=row) for message, row in zip(made, rows, strict=True)
    )


def _link(carried) -> Link:
    from gongyu.ground.notices.words import token_of

    message = carried.message
    path = f"/n/{message.pk}/{token_of(message.pk, message.key)}/"
    return Link(path, f"{carried.delivery_id}.0")


def kept() -> dict[str, int]:
    """What the database holds of the answers: one of each for every family that confirmed."""
    from gongyu.ground.audit.models import Entry
    from gongyu.ground.ledger.models import Fact
    from gongyu.ground.notices.models import Delivery

    return {
        "answers": Delivery.objects.filter(status="answered", answer=0).count(),
        "audit rows": Entry.objects.filter(verb="notice.answer").count(),
        "facts": Fact.objects.filter(kind="notice.reached").count(),
    }
