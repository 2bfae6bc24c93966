"""The cast with figures, and a client for each of its people."""

import pytest
from django.conf import settings
from django.test import Client

from gongyu.ground.audit.actors import SYSTEM
from tests.cast import CAST_DAY, sign_in


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Snapshots of this test alone."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    return tmp_path


@pytest.fixture
def figures(cast, data, at_the_cast_day):
    """The cast with every duty evaluated on its day."""
    from gongyu.indicators.actions import refresh

    refresh(CAST_DAY, by=SYSTEM)
    return cast


@pytest.fixture
def browse(at_the_cast_day):
    """`browse(person, address)` is the answer that the person gets."""

    def get(person, address, **query):
        return sign_in(Client(raise_request_exception=True), person).get(address, query)

    return get
