"""Whoever reads which families are not yet reached leaves a trace, as with every child's name."""

from __future__ import annotations

from django.db import transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import Actor

from ..models import Notice


@transaction.atomic
def read_unreached(notice: Notice, count: int, *, by: Actor) -> None:
    """The names of `count` families were shown to the sender."""
    record(
        "notice.read_unreached",
        by=by,
        subject=("notice", notice.pk),
        place_id=notice.place_id,
        detail={"families": count},
    )


@transaction.atomic
def read_slips(count: int, *, by: Actor) -> None:
    """The slips of `count` families were shown to whoever hands them over."""
    record("notice.read_slips", by=by, subject=("slips", None), detail={"families": count})
