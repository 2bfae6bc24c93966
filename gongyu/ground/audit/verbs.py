"""How a deed is named in the audit: noun.verb, short enough for its column."""

from __future__ import annotations

import re

_VERB = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_LENGTH = 40


def is_verb(verb: str) -> bool:
    return _VERB.fullmatch(verb) is not None and len(verb) <= _LENGTH
