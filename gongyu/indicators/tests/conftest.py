"""Snapshots of each test lie in a folder of its own."""

from __future__ import annotations

import pytest

from .small_city import SmallCity, make_city


@pytest.fixture
def data_folder(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def small_city(db, data_folder) -> SmallCity:
    return make_city()
