"""The tiny plan of another city, copied so that a test may spoil it."""

import shutil
from pathlib import Path

import pytest

TINY = Path(__file__).parent / "plans" / "tiny"


@pytest.fixture
def tiny(tmp_path):
    """A folder of its own with the tiny plan."""
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    return folder
