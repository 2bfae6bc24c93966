"""Fixtures for every test of the house."""

import os

import pytest
import time_machine


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_emptied_between_transactional_tests():
    """Only tests can do that. Imported here, as Django is not ready when this file is read."""
    from gongyu.ground.seal.tests.flushing import let_tests_empty_append_only_tables

    let_tests_empty_append_only_tables()


@pytest.fixture(autouse=True)
def nothing_is_remembered_from_the_last_test():
    """Counts of failed attempts and used-up codes live in the cache, and time stands still."""
    from django.core.cache import cache

    cache.clear()


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


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where nothing may be skipped (a machine that has everything), a skip is a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("GONGYU_NOTHING_SKIPPED"):
        report.outcome = "failed"
        report.longrepr = f"Nothing may be skipped here: {report.longrepr}"
