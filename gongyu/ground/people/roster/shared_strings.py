"""How much text the cells of an .xlsx hold: a string is written once and named by any number of
cells, so that a small file can stand for more text than a machine has memory."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from .faults import FileRefused, refuse

PART = "xl/sharedstrings.xml"
MAX_STRINGS = 1_500_000
# What a spreadsheet allows in a cell, in bytes of XML with some markup.
MAX_LENGTH = 32_767 * 4
MAX_TEXT = 512 * 1024 * 1024  # bytes of all cells together

_END = re.compile(rb"</(?:\w+:)?si\s*>")
_NAMED = re.compile(rb"""\bt=(?:"s"|'s')[^>]*>\s*<(?:\w+:)?v>(\d+)</""")


class SharedStrings:
    """The strings of one file by their lengths, and the text that sheets make of them.
    Raises FileRefused where they are too many, too long, or come to too much."""

    def __init__(self, xml: bytes = b""):
        if xml.count(b"<si") + xml.count(b":si") > 2 * MAX_STRINGS:
            raise _too_much(_("文字太多"))
        lengths = [len(part) for part in _END.split(xml)[:-1]]
        if len(lengths) > MAX_STRINGS:
            raise _too_much(_("文字太多"))
        self._lengths = lengths
        self._longest = max(lengths, default=0)
        if self._longest > MAX_LENGTH:
            raise _too_much(_("有一个单元格的文字太长"))
        self._text = 0

    def count(self, sheet: bytes) -> None:
        """Adds the text of one sheet's cells."""
        cells = sheet.count(b't="s"') + sheet.count(b"t='s'")
        if self._text + cells * self._longest > MAX_TEXT:
            # The bound is too rough: each cell by its own string, and the longest for those
            # written in a way that cannot be followed here.
            named = [int(number) for number in _NAMED.findall(sheet)]
            known = [self._lengths[n] for n in named if n < len(self._lengths)]
            self._text += sum(known) + max(0, cells - len(named)) * self._longest
        if self._text > MAX_TEXT:
            raise _too_much(_("单元格里的文字总量太大"))


def _too_much(what: str) -> FileRefused:
    return refuse("file_too_big", what, _("只留名册本身的行和列，分成几个文件上传"))
