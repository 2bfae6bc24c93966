"""On which line each key of a TOML text stands. tomllib reads the values and forgets the places."""

from __future__ import annotations

import re
from bisect import bisect_right

Path = tuple[str | int, ...]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_SPACE_AND_COMMENTS = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_BASIC_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL_STRING = re.compile(r"'[^'\n]*'")
# A closing triple may be followed by up to two quotes that still belong to the text.
_LONG_BASIC = re.compile(r'"""(?:[^\\]|\\.)*?"""(?:"{0,2})', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL)


class LineMap:
    """Path of keys and indexes → line (from 1). Asked for an unknown path, gives its parent's."""

    def __init__(self, lines: dict[Path, int]):
        self._lines = lines

    def __contains__(self, path: Path) -> bool:
        return path in self._lines

    def __getitem__(self, path: Path) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def find_lines(text: str) -> LineMap:
    """The lines of every key and array item of a text that tomllib has already accepted."""
    return LineMap(_Scanner(text).scan())


class _Scanner:
    def __init__(self, text: str):
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.tables_in: dict[Path, int] = {}
        self.breaks = [match.start() for match in re.finditer("\n", text)]

    def scan(self) -> dict[Path, int]:
        table: Path = ()
        while self._skip(_SPACE_AND_COMMENTS) < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._assignment(table)
        return self.lines

    def _skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def _mark(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_right(self.breaks, self.at - 1) + 1)

    def _header(self) -> Path:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        parts = self._dotted_key()
        self.at = self.text.find("]", self.at) + (2 if is_array else 1)
        path: Path = ()
        for position, part in enumerate(parts):
            path = (*path, part)
            is_last = position == len(parts) - 1
            if is_array and is_last:
                self.tables_in[path] = self.tables_in.get(path, -1) + 1
            if path in self.tables_in:
                path = (*path, self.tables_in[path])
        end, self.at = self.at, start
        self._mark(path)
        self.at = end
        return path

    def _dotted_key(self) -> list[str]:
        parts = []
        while True:
            self._skip(_SPACE)
            parts.append(self._simple_key())
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _simple_key(self) -> str:
        for pattern in (_BASIC_STRING, _LITERAL_STRING, _BARE_KEY):
            match = pattern.match(self.text, self.at)
            if match:
                self.at = match.end()
                return match.group().strip("\"'")
        # Not reached on a text that tomllib accepts; moving on keeps the scan finite.
        self.at += 1
        return ""

    def _assignment(self, table: Path) -> None:
        start = self.at
        path = (*table, *self._dotted_key())
        end, self.at = self.at, start
        self._mark(path)
        self.at = end
        self._skip(_SPACE)
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        self._value(path)

    def _value(self, path: Path) -> None:
        if self.text.startswith("[", self.at):
            self._array(path)
        elif self.text.startswith("{", self.at):
            self._inline_table(path)
        elif not any(
            pattern.match(self.text, self.at) and self._skip(pattern)
            for pattern in (_LONG_BASIC, _LONG_LITERAL, _BASIC_STRING, _LITERAL_STRING)
        ):
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._skip(_SPACE_AND_COMMENTS) < len(self.text) and self.text[self.at] != "]":
            before = self.at
            self._mark((*path, index))
            self._value((*path, index))
            index += 1
            self._skip(_SPACE_AND_COMMENTS)
            if self.text.startswith(",", self.at):
                self.at += 1
            self.at = max(self.at, before + 1)
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._skip(_SPACE_AND_COMMENTS) < len(self.text) and self.text[self.at] != "}":
            self._assignment(path)
            self._skip(_SPACE_AND_COMMENTS)
            if self.text.startswith(",", self.at):
                self.at += 1
        self.at += 1
