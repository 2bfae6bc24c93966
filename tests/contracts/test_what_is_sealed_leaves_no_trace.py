"""Two worlds, one with a sealed report and one without: to everybody else they are the same world."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

from gongyu.ground.access import passwords
from gongyu.ground.audit.models import ProtectedEntry
from gongyu.ground.people.models import Carer
from gongyu.records.m01_home_school_contact.actions import take_anomaly_step
from gongyu.records.m01_home_school_contact.concern_shapes import StepEntry
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly
from gongyu.records.m02_parent_committees import tokens as committee_tokens
from gongyu.shared_work.casework.models import Report, Step
from gongyu.shared_work.offline import actions as offline
from tests.cast import CAST_MOMENT, Cast, Person, come_in, sign_in
from tests.contracts.matrix_walk import nothing_kept
from tests.contracts.matrix_world import HERE
from tests.contracts.two_worlds import every_address, everything_seen

# The reporter is among those who look: the own pages are the same as well.
REPORTER = "subject_teacher"
# Every role once, in groups that can be asked side by side.
LOOKING = (
    ("class_teacher", "head", "registrar"),
    (REPORTER, "moral_education_head", "school_leader"),
    ("district_officer", "city_officer", "auditor"),
    ("administrator", "report_liaison_elsewhere", "teacher_who_left_yesterday"),
    ("mother", "grandmother", "children_director"),
)
# No account of those who work here: the sealed page leads them to sign-in like anybody.
LED_TO_SIGN_IN = {"nobody", "mother", "grandmother"}
WORDS = "孩子说不敢回家"


def _signed_in(somebody: Person | Carer) -> Client:
    # A family must find no trace either, least of all where it reads who looked.
    signs_in = come_in if isinstance(somebody, Carer) else sign_in
    return signs_in(Client(), somebody)


def _looking(cast: Cast, names: tuple[str, ...]) -> dict[str, Client]:
    clients = {name: _signed_in(getattr(cast, name)) for name in names}
    for client in clients.values():
        # What is read once a process, such as the plan, is read before anything is counted.
        client.get(reverse("pages:home"))
    return {**clients, "nobody": Client()}


@pytest.fixture(autouse=True)
def _what_is_drawn_anew_at_every_visit_is_drawn_alike(monkeypatch):
    """A new authenticator's secret and a password shown once, which are not what is compared."""
    alike = SimpleNamespace(choice=lambda among: among[0])
    monkeypatch.setattr(passwords, "secrets", alike)
    monkeypatch.setattr(totp, "generate_totp_secret", lambda: "A" * 32)


def _an_anomaly_is_answered(cast: Cast, reason: str) -> None:
    """The teacher who fears harm tells nobody why the family is not called."""
    anomaly = Anomaly.objects.get(child=cast.pupil)
    entry = StepEntry("excuse", CAST_MOMENT, excuse=reason, next_on=date(2026, 11, 11))
    take_anomaly_step(anomaly, entry, at=CAST_MOMENT, by=cast.class_teacher.actor)


def _something_happens_under_seal(cast: Cast, reporter: Client) -> None:
    """Reported through the page, opened with the receipt, read and answered by the liaison."""
    page = reporter.get(reverse("casework:report"))
    assert page.status_code == 200
    kept = reporter.post(
        reverse("casework:report"),
        {
            "seal": "1",
            "key": "two-worlds",
            "receivers": ["police", "women"],
            "reported_at": "2026-11-04T09:40",
            "situations": ["injuries"],
            "who": f"{cast.pupil.name} 三年级1班",
            "child": cast.pupil.pk,
            "words": WORDS,
            "place": cast.school.pk,
            "for_liaison": "yes",
        },
    )
    receipt = re.search(r'id="receipt">([a-z0-9-]+)<', kept.content.decode())[1]
    own = reporter.post(reverse("casework:receipt"), {"receipt": receipt})
    assert WORDS in own.content.decode()
    liaison = sign_in(Client(), cast.report_liaison)
    address = reverse("casework:sealed", args=[Report.objects.get().token])
    assert "刘建国" in liaison.get(address).content.decode()
    liaison.post(address, {"step": "answer", "words": "派出所已受理"})
    assert Step.objects.count() == 1
    assert ProtectedEntry.objects.count() >= 4


@pytest.mark.usefixtures("at_the_cast_day")
# PostgreSQL gives numbers again after no rollback, so the two walks would differ by themselves.
@pytest.mark.without_database
@pytest.mark.parametrize("names", LOOKING, ids=lambda names: names[0])
def test_with_a_sealed_report_everything_that_anybody_sees_is_the_same(
    names, cast, tmp_path, settings, monkeypatch
):
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    settings.MEDIA_ROOT.mkdir()
    rows = every_address(cast)
    # A device's code is drawn anew too; each is made in a transaction that is not kept.
    monkeypatch.setattr(offline, "new_code", lambda: "drawn-alike-in-both-world")
    monkeypatch.setattr(committee_tokens, "new_salt", lambda: "drawn-alike-in-both")
    clients = _looking(cast, names)
    with nothing_kept():
        _an_anomaly_is_answered(cast, "already_knows")
        without = everything_seen(clients, rows, tmp_path / "without")
    with nothing_kept():
        reporter = clients.get(REPORTER) or sign_in(Client(), getattr(cast, REPORTER))
        _an_anomaly_is_answered(cast, "by_law")
        _something_happens_under_seal(cast, reporter)
        seen_with = everything_seen(clients, rows, tmp_path / "with")
        token = Report.objects.get().token
        for name, client in clients.items():
            status = client.get(reverse("casework:sealed", args=[token])).status_code
            assert status == (302 if name in LED_TO_SIGN_IN else 404), name
    assert len(without) > 200 * len(clients)
    # The writer of a lawful reason reads the own reason again, and nobody else reads any.
    own = {("class_teacher", "concerns:anomaly", HERE)} if "class_teacher" in names else set()
    assert {what for what in without if without[what] != seen_with[what]} == own
    assert without.keys() == seen_with.keys()
    everything = repr(seen_with)
    assert WORDS not in everything
    assert token not in everything
