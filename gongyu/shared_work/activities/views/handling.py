"""What views of activities share: a fault becomes the form's error, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from ..rules import ActivityFault

T = TypeVar("T")
# Forms ask for a day and hours where plans hold moments.
_ASKED_AS = {"starts_at": ("day", "start"), "ends_at": ("end",), "first_at": ("first",)}


def written(form: forms.Form, write: Callable[[], T]) -> T | None:
    """What the action returns; None where it refused, with its words in the form."""
    try:
        return write()
    except ActivityFault as fault:
        named = (fault.field, *_ASKED_AS.get(fault.field, ()))
        form.add_error(next((name for name in named if name in form.fields), None), str(fault))
        return None


def done(request: HttpRequest, write: Callable[[], object], words: str) -> bool:
    """For buttons without a form: the words of success or of the refusal as a message."""
    try:
        write()
    except ActivityFault as fault:
        messages.error(request, str(fault))
        return False
    messages.success(request, words)
    return True
