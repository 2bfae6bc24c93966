"""How a form meets an action: a fault becomes the form's error, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from ..rules import CommitteeFault

# Names of the forms where the action says the first day after the last.
_SAID_AS = {"term_until": "term_last"}


def done(form, write: Callable[[], object]) -> bool:
    """Whether the form was right and the action took it."""
    if not form.is_valid():
        return False
    try:
        write()
    except CommitteeFault as fault:
        field = _SAID_AS.get(fault.field, fault.field)
        if hasattr(form, "take"):
            form.take(fault)
        else:
            form.add_error(field if field in form.fields else None, str(fault))
        return False
    return True


def tried(request: HttpRequest, write: Callable[[], object], said: str) -> None:
    """A step by one button: what became of it is said at the top of the next page."""
    try:
        write()
    except CommitteeFault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, said)


def fresh_key() -> str:
    return str(uuid4())


def picture(jpeg: bytes | None) -> HttpResponse:
    """A picture that was drawn anew; private, and never taken for anything else."""
    if jpeg is None:
        return HttpResponse(status=404)
    answer = HttpResponse(jpeg, content_type="image/jpeg")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = 'inline; filename="picture.jpg"'
    return answer
