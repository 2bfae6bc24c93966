"""Pictures that are kept: cleaned first, and in the transaction of what they belong to."""

from __future__ import annotations

from .models import Picture
from .pictures import clean_picture


def keep_picture(sent: bytes, field: str = "picture") -> Picture:
    """Clean a picture and keep it. Raises CommitteeFault."""
    return Picture.objects.create(jpeg=clean_picture(sent, field))
