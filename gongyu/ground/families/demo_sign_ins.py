"""The demo's families: numbers that the sign-in page offers, and the code that would have been sent.

Nothing here answers unless settings.DEMO.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from gongyu.ground.people.models import Carer
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.secrets.fields import digest

from . import codes
from .models import SignInCode

# Nobody's: the demo city's carers have numbers that begin with 199.
GUARDIAN, GRANDMOTHER, BARRED_FATHER = "19955550001", "19955550002", "19955550003"
WORDS = {
    GUARDIAN: _("三个孩子在两所学校的家长"),
    GRANDMOTHER: _("照看孩子的祖辈（不是监护人）"),
    BARRED_FATHER: _("被依法限制的父亲（进不来，也看不出有什么）"),
}


@dataclass(frozen=True, slots=True)
class DemoNumber:
    number: str
    words: str
    name: str


def offered() -> list[DemoNumber]:
    """The numbers that the sign-in page of the demo lists; none elsewhere."""
    if not settings.DEMO:
        return []
    digests = {digest(CARER_PHONE, number): number for number in WORDS}
    names = {
        digests[carer.phone_digest]: carer.name
        for carer in Carer.objects.filter(phone_digest__in=digests)
    }
    return [
        DemoNumber(number, str(words), names[number])
        for number, words in WORDS.items()
        if number in names
    ]


def code_of(code_id: int) -> str | None:
    """The digits that were sent, or would have been; only in the demo."""
    if not settings.DEMO:
        return None
    code = SignInCode.objects.filter(pk=code_id).first()
    return codes.code_from(code.salt, codes.SENT_DIGITS) if code else None
