"""The cast with figures, and a client for each of its people."""

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from gongyu.ground.audit.actors import SYSTEM
from tests.cast import CAST_DAY, CAST_MOMENT, build_cast, sign_in


@pytest.fixture(scope="module")
def evaluated(django_db_setup, django_db_blocker, tmp_path_factory):
    """The cast with every duty evaluated on its day: once a module, as it takes seconds. Each test
    runs in a savepoint inside it; at the end all of it is rolled back."""
    from gongyu.indicators.actions import refresh

    folder = tmp_path_factory.mktemp("figures")
    with (
        django_db_blocker.unblock(),
        override_settings(DATA=folder),
        time_machine.travel(CAST_MOMENT, tick=False),
        transaction.atomic(),
    ):
        cast = build_cast()
        refresh(CAST_DAY, by=SYSTEM)
        yield cast
        transaction.set_rollback(True)


@pytest.fixture
def figures(evaluated, db):
    return evaluated


@pytest.fixture
def no_figures(tmp_path):
    """No snapshot was ever written."""
    with override_settings(DATA=tmp_path):
        yield


@pytest.fixture
def browse(at_the_cast_day):
    """`browse(person, address)` is the answer that the person gets."""

    def get(person, address, **query):
        return sign_in(Client(raise_request_exception=True), person).get(address, query)

    return get
