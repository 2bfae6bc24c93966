from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gongyu.ground.places.models import Place
from gongyu.shared_work.tickets import actions
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.shapes import Told
from tests.cast import CAST_MOMENT

WORDS = "收了每家三百元活动费，没有说明用在哪里"


def at(day: date, hour: int = 2) -> datetime:
    """Ten in the morning in Chongqing on a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def told(cast):
    """Somebody tells something, by default about the class of most tests."""
    drawn = iter(range(10**6))

    def tell(
        about: Place | None = None, *, moment: datetime = CAST_MOMENT, key: str = "", **more
    ) -> Ticket:
        known = {"kind": "class_fees", "words": WORDS}
        place = about or cast.this_class
        receipt = actions.tell(
            Told(about_id=place.pk, **(known | more)),
            at=moment,
            key=key or f"form-{next(drawn)}",
        )
        return Ticket.objects.get(number=receipt.number)

    return tell
