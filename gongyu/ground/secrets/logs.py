"""What opens something never stands in a log, wrong addresses and refusals included."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable


class WithoutTokens(logging.Filter):
    """Masks whatever follows one of the beginnings `under` of an address, in every line that passes."""

    def __init__(self, under: Iterable[str]) -> None:
        super().__init__()
        self._token = re.compile(rf"({'|'.join(map(re.escape, under))})[^\s?#]+")

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        masked = self._token.sub(r"\1…", said)
        if masked != said:
            record.msg, record.args = masked, ()
        return True
