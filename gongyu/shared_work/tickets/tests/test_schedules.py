"""Random schedules: whatever desks, askers and clocks do in whatever order, no ticket is without an
owner, a clock and, at the end, an answer. GONGYU_SCHEDULES sets how many."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.ledger.queries import standing_facts
from gongyu.shared_work.tickets import actions
from gongyu.shared_work.tickets.facts import clue_number
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.owners import owners_of
from gongyu.shared_work.tickets.queries.counting import Counting
from gongyu.shared_work.tickets.rules import TicketFault
from gongyu.shared_work.tickets.shapes import Answer, SentOn, Told
from gongyu.shared_work.tickets.states import ENDED, OPEN

from .conftest import at

SCHEDULES = int(os.environ.get("GONGYU_SCHEDULES", "60"))
STEPS = 14
FIRST = date(2026, 11, 4)


class Schedule:
    """One complaint and a random run of deeds about it, allowed and not allowed ones."""

    def __init__(self, cast, number: int):
        self.cast, self.draw = cast, Random(number)
        self.day = FIRST
        self.refused = 0
        about = self.draw.choice([cast.this_class, cast.school, cast.class_elsewhere])
        receipt = actions.tell(Told("other", about.pk), at=at(FIRST), key=f"schedule-{number}")
        self.ticket = Ticket.objects.get(number=receipt.number)

    def run(self) -> None:
        for _each in range(STEPS):
            self.day += timedelta(days=self.draw.choice([0, 0, 1, 3, 9, 32]))
            try:
                with transaction.atomic():
                    self.draw.choice(self.deeds)()
            except TicketFault:
                self.refused += 1
            self.ticket.refresh_from_db()
            self.check()

    @property
    def here(self):
        cast = self.cast
        return {
            cast.district.pk: cast.complaint_handler,
            cast.other_district.pk: cast.complaint_handler_elsewhere,
            cast.city.pk: cast.city_complaint_handler,
        }[self.ticket.desk_id].actor

    @property
    def deeds(self):
        now, t, cast = at(self.day), self.ticket, self.cast
        desks = [cast.district, cast.other_district, cast.city]
        to = self.draw.choice(desks)
        answer = Answer(self.draw.choice(["substantiated", "unclear", "lie"]), "查过了")
        return [
            lambda: actions.accept(t, at=now, by=self.here),
            lambda: actions.begin(t, at=now, by=self.here),
            lambda: actions.answer(t, answer, at=now, by=self.here),
            lambda: actions.answer(t, answer, at=now, by=self.here),
            lambda: actions.reject(t, "not_about_this", words="请找", at=now, by=self.here),
            lambda: actions.send_on(t, SentOn("公安", "", "归他们"), at=now, by=self.here),
            lambda: actions.extend(t, 10, reason="取证", at=now, by=cast.city_officer.actor),
            lambda: actions.ask_more(t, 5, reason="取证", at=now, by=self.here),
            lambda: actions.refuse_more(t, words="不必", at=now, by=cast.city_officer.actor),
            lambda: actions.hand_over(t, to, words="归你", at=now, by=self.here),
            lambda: actions.take(t, at=now, by=self.here),
            lambda: actions.give_back(t, words="不归我", at=now, by=self.here),
            lambda: actions.keep(t, at=now, by=self.here),
            lambda: actions.say_content(t, self.draw.random() < 0.5, words="", at=now),
            lambda: actions.reopen(t, words="没有解决", at=now),
            lambda: actions.close_due(at=now, by=SYSTEM),
        ]

    def check(self) -> None:
        """An owner, a clock while it is open, an answer when it has ended, one truth in the ledger."""
        ticket = self.ticket
        assert owners_of([ticket.desk], self.day)[ticket.desk_id].posts
        counting = Counting([ticket])
        running = counting.running(ticket, self.day)
        assert (running is not None) == (ticket.status in OPEN)
        if running is not None:
            assert len(running.clock.days) >= running.limit.days
        else:
            assert ticket.status in ENDED
            said = ticket.steps.filter(round=ticket.round, kind__in=["answer", "reject", "send_on"])
            assert said.exclude(words="").count() == 1
        clue = clue_number(ticket.token)
        facts = standing_facts().filter(subject_type="clue", subject_id=clue, quantity=1)
        kinds = Counter(facts.values_list("kind", flat=True))
        assert kinds["clue.received"] == 1
        assert kinds["clue.answered"] == (1 if ticket.status in ENDED else 0)
        received = facts.get(kind="clue.received")
        assert received.place_id == ticket.desk_id


@pytest.mark.parametrize("batch", range(4))
def test_no_ticket_is_ever_without_an_owner_a_clock_or_an_answer(cast, batch):
    ended, refused = Counter(), 0
    for number in range(batch * SCHEDULES // 4, (batch + 1) * SCHEDULES // 4):
        schedule = Schedule(cast, number)
        schedule.run()
        ended[schedule.ticket.status] += 1
        refused += schedule.refused
    # The draw reaches many ends, and much of what is tried is refused.
    assert len(ended) >= 3 and refused > 0
