"""Incidents and contacts as figures: counted, never late, and a row is a number, not a child."""

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.indicators.actions import refresh
from gongyu.records.m01_home_school_contact import actions
from gongyu.records.m01_home_school_contact.concern_shapes import (
    ContactEntry,
    NoteEntry,
    StepEntry,
)
from tests.cast import CAST_DAY, CAST_MOMENT, sign_in

INCIDENTS, CONTACTS = "abnormal-contact-guardian", "contact-content-principles"


@pytest.fixture
def told(cast, at_the_cast_day, tmp_path, settings):
    """Two incidents, one of them answered, and a call to two families."""
    settings.DATA = tmp_path
    by = cast.class_teacher.actor
    for number, child in enumerate((cast.pupil, cast.classmate)):
        entry = NoteEntry(child.pk, "mood", CAST_MOMENT, "上课一直哭")
        made = actions.note_anomaly(entry, at=CAST_MOMENT, key=f"k{number}", by=by)
    excuse = StepEntry("excuse", CAST_MOMENT, excuse="by_law", next_on=CAST_DAY)
    actions.take_anomaly_step(made, excuse, at=CAST_MOMENT, by=by)
    families = (cast.pupil.pk, cast.classmate.pk)
    call = ContactEntry(families, "phone", CAST_MOMENT, "说了期中的安排")
    actions.record_contact(call, at=CAST_MOMENT, key="c", by=by)
    refresh(CAST_DAY, by=SYSTEM)
    return cast


def page(told, person: str, name: str, duty: str) -> str:
    address = reverse(f"pages:{name}", args=[duty, "event", told.school.pk])
    return sign_in(Client(), getattr(told, person)).get(address).content.decode()


def test_a_row_of_an_incident_is_a_number_and_no_child(told):
    rows = page(told, "head", "figure-rows", INCIDENTS)
    assert "第 " in rows and "三年级1班" in rows
    assert "已联系或者已有答复" in rows and "办理中" in rows
    for secret in ("杨小雨", "郑一凡", "情绪低落", "上课一直哭", "超过时限"):
        assert secret not in rows


def test_the_figure_shows_the_reading_and_calls_nothing_late(told):
    figure = page(told, "head", "figure", INCIDENTS)
    assert "不判超时" in figure and "逐件" in figure
    assert 'data-state="in_progress"' in figure and 'data-state="missed"' not in figure


def test_so_few_incidents_are_hidden_from_the_district(told):
    figure = page(told, "district_officer", "figure", INCIDENTS)
    assert "不显示" in figure


def test_contacts_are_only_counted(told):
    figure = page(told, "head", "figure", CONTACTS)
    assert ">2<" in figure.replace("\n", "") and "只计数" in figure
    assert "三年级1班" in page(told, "head", "figure-rows", CONTACTS)
