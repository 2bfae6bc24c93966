"""Notices of the matrix: one that must reach its families, with a slip and a message that is dead."""

from __future__ import annotations

from datetime import timedelta

from gongyu.ground.notices import actions
from gongyu.ground.notices.models import Delivery, Outgoing
from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.notices.words import token_of
from gongyu.ground.people.models import Care, Carer, Enrolment
from gongyu.ground.places.models import Place
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, Person


def notice_in(class_place: Place, school: Place, teacher: Person) -> int:
    """A notice to a class whose first child has, if nobody else, an aunt."""
    child = Enrolment.objects.on(CAST_DAY).filter(school_class=class_place).first().child
    if not Care.objects.on(CAST_DAY).filter(child=child).exists():
        aunt = Carer.objects.create(name="谢姨", phone="13900007777")
        Care.objects.create(
            child=child, carer=aunt, relation="relative", is_daily_carer=True, from_on=YEAR_FROM
        )
    new = NewNotice(
        kind="to_answer", title="查视力要您同意", words="下周查视力，不收钱。", place_id=class_place.pk,
        department_id=school.pk, until_on=CAST_DAY + timedelta(days=9),
        class_ids=(class_place.pk,), basis="law", basis_words="条款", choices=("同意", "不同意"),
    )  # fmt: skip
    return actions.send(new, at=CAST_MOMENT, key="matrix", by=teacher.actor).pk


def _first(notice_id: int) -> Delivery:
    return Delivery.objects.filter(notice=notice_id, carer__isnull=False).order_by("pk").first()


def delivery_to(notice_id: int, carer: Carer | None) -> dict:
    """The notice in this carer's own box; without one in that of the first who was told."""
    found = Delivery.objects.get(notice=notice_id, carer=carer) if carer else _first(notice_id)
    return {"pk": found.pk}


def slip_of(notice_id: int) -> dict:
    row = Delivery.objects.filter(notice=notice_id, leads=True).order_by("-pk").first()
    Delivery.objects.filter(pk=row.pk).update(status="to_hand", next_at=None)
    return {"pk": row.pk}


def dead_message_of(notice_id: int) -> dict:
    row = _first(notice_id)
    message = Outgoing.objects.create(
        key=f"dead-{notice_id}", carer=row.carer, family_id=row.family_id, path="sms",
        kind="to_answer", status="dead", reason="unknown", next_at=CAST_MOMENT,
        week_on=CAST_DAY - timedelta(days=2), made_at=CAST_MOMENT,
    )  # fmt: skip
    message.carried.create(delivery=row)
    return {"pk": message.pk}


def opened_by(message_id: int) -> dict:
    message = Outgoing.objects.get(pk=message_id)
    return {"pk": message.pk, "token": token_of(message.pk, message.key)}
