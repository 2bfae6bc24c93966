"""The duties of complaints as figures: clues belong to desks and are never late; channels to schools."""

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.indicators.actions import refresh
from gongyu.shared_work.registers.actions import enter
from gongyu.shared_work.tickets import actions
from gongyu.shared_work.tickets.models import Ticket
from gongyu.shared_work.tickets.shapes import Answer, Told
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, sign_in

CLUES, CHANNELS = "pc-rectify", "pc-supervise-and-channel"
BY_DEFAULT = Answer("substantiated", "已退还", 300)


@pytest.fixture
def told(cast, at_the_cast_day, tmp_path, settings):
    """Three complaints: answered, reopened, open; a trial beside them; one school with a channel."""
    settings.DATA = tmp_path
    by = cast.complaint_handler.actor
    for key in ("answered", "reopened", "open"):
        receipt = actions.tell(Told("other", cast.school.pk), at=CAST_MOMENT, key=key)
        ticket = Ticket.objects.get(number=receipt.number)
        if key == "open":
            continue
        actions.accept(ticket, at=CAST_MOMENT, by=by)
        actions.answer(ticket, BY_DEFAULT, at=CAST_MOMENT, by=by)
        if key == "reopened":
            actions.reopen(ticket, words="没有退完", at=CAST_MOMENT)
    actions.start_trials([cast.school], at=CAST_MOMENT, by=cast.district_officer.actor)
    enter(
        cast.school, "complaint_channel", title="公示栏", from_on=YEAR_FROM,
        responsible=cast.head.staff, by=cast.head.actor,
    )  # fmt: skip
    refresh(CAST_DAY, by=SYSTEM)
    return cast


def page(told, person: str, name: str, duty: str, place, period: str = "event") -> str:
    address = reverse(f"pages:{name}", args=[duty, period, place.pk])
    answer = sign_in(Client(), getattr(told, person)).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_clues_are_the_desk_s_answered_or_being_handled_and_never_late(told):
    figure = page(told, "district_officer", "figure", CLUES, told.district)
    assert "不判超时" in figure and 'data-state="missed"' not in figure
    rows = page(told, "district_officer", "figure-rows", CLUES, told.district)
    assert rows.count("线索 ") >= 3 and rows.count("办理中") >= 2
    assert "共 3 行" in rows
    for secret in ("石板坡小学", "三年级1班", "已退还"):
        assert secret not in rows.split("<main", 1)[1]
    city = page(told, "city_officer", "figure", CLUES, told.city)
    assert "渝中区" in city


def test_few_clues_are_hidden_from_whoever_does_not_work_on_them(told):
    assert "线索 " not in page(told, "auditor", "figure-rows", CLUES, told.city)
    assert "不显示" in page(told, "auditor", "figure", CLUES, told.city)


def test_the_school_has_no_figure_of_clues(told):
    address = reverse("pages:figure", args=[CLUES, "event", told.school.pk])
    for person in ("head", "district_officer"):
        assert sign_in(Client(), getattr(told, person)).get(address).status_code == 404
    above = reverse("pages:figure", args=[CLUES, "event", told.district.pk])
    assert sign_in(Client(), told.head).get(above).status_code == 404


def test_a_school_with_a_channel_fulfils_and_one_that_entered_nothing_is_unknown(told):
    rows = page(told, "district_officer", "figure-rows", CHANNELS, told.district, "standing")
    assert "石板坡小学" in rows and "已完成" in rows and "资料不全" in rows
