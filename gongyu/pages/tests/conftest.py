"""The cast with figures, and a client for each of its people."""

from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.people.actions import enrol
from gongyu.ground.people.models import Child
from tests.cast import CAST_DAY, CAST_MOMENT, YEAR_FROM, build_cast, sign_in

BORN = date(2017, 3, 1)


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
        _fill(cast)
        refresh(CAST_DAY, by=SYSTEM)
        yield cast
        transaction.set_rollback(True)


def _fill(cast) -> None:
    """Enough children in each class that its school's counts may be shown to officers."""
    for place in (cast.this_class, cast.parallel_class, cast.secondary_class, cast.class_elsewhere):
        for number in range(12):
            child = Child.objects.create(name=f"同学{place.pk}-{number}", born_on=BORN)
            enrol(child, place, YEAR_FROM, by=SYSTEM)


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

    def get(who, address, **query):
        return sign_in(Client(raise_request_exception=True), who).get(address, query)

    return get
