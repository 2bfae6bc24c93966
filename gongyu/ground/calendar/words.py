"""A day as users read it: one style in every sentence, `2026年11月25日`. ISO is for files."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format


def day_words(day: date | None) -> str:
    """The day in words, such as `2026年11月25日`; empty for none."""
    return date_format(day) if day else ""
