"""Words that only the pages need: what a stage, a grade or a deed is called."""

from django import template
from django.utils.translation import gettext as _

from gongyu.plan.vocabulary import STAGE_GROUPS

from ..deeds import deed_words

register = template.Library()


@register.filter
def stage_group_name(code: str) -> str:
    return STAGE_GROUPS.get(code, code)


@register.filter
def deed_name(verb: str) -> str:
    """What an audit verb says in words, such as `查阅学生页`."""
    return deed_words(verb)


@register.filter
def count_of(counts: dict[str, int | None], code: str) -> int | str:
    """How many subjects are in a state; none is 0, a hidden count says so."""
    count = counts.get(code, 0)
    return _("不显示") if count is None else count


@register.filter
def built_and_not(cards: list) -> dict[str, list]:
    """The numbers that can be shown, and those whose measure is not built yet, each in order."""
    return {
        "built": [card for card in cards if card.duty.built],
        "unbuilt": [card for card in cards if not card.duty.built],
    }
