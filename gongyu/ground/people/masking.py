"""A name as it stands on a page that a link opens without sign-in."""

from __future__ import annotations


def masked(name: str) -> str:
    """A name that its family knows and a stranger does not: 李*明, 李*."""
    if len(name) <= 1:
        return name
    return f"{name[0]}*{name[-1] if len(name) > 2 else ''}"
