"""Puts a fault into a plan on purpose."""

from pathlib import Path


def plant(folder: Path, file: str, old: str, new: str) -> None:
    """Replaces the one place where `old` stands; fails when it does not stand there once."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), "utf-8")


def line_of(folder: Path, file: str, marker: str) -> int:
    """The line (from 1) on which the marker first stands."""
    for number, line in enumerate((folder / file).read_text("utf-8").split("\n"), start=1):
        if marker in line:
            return number
    raise AssertionError(f"{marker!r} does not stand in {file}")
