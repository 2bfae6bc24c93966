"""Fixtures for every test of the house."""

import pytest
import time_machine

from gongyu.ground.seal.tests.flushing import let_tests_empty_append_only_tables

let_tests_empty_append_only_tables()


@pytest.fixture
def cast(db):
    """The named people of the tests (tests/cast.py)."""
    from tests.cast import build_cast

    return build_cast()


@pytest.fixture
def at_the_cast_day():
    """Ten in the morning on the cast's day, for what goes through views."""
    from tests.cast import CAST_MOMENT

    with time_machine.travel(CAST_MOMENT, tick=False):
        yield
