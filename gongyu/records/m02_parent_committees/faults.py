"""What goes wrong in this measure, with words that say what, where and how to mend it."""

from __future__ import annotations


class CommitteeFault(ValueError):
    """What cannot be done; `field` names the form's field (empty: the whole form)."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class Forbidden(CommitteeFault):
    """What the notice forbids. `clause` is its own sentence, `found` the words that were met."""

    def __init__(self, message: str, clause: str, found: str = "", field: str = "") -> None:
        super().__init__(message, field)
        self.clause = clause
        self.found = found


class LinkClosed(Exception):
    """The link is wrong, too old, or no longer for this person; nobody is told which."""
