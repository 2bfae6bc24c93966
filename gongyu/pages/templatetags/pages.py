"""Words that only the pages need: what a stage, a grade or a deed is called."""

from django import template

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
def count_of(counts: dict[str, int], code: str) -> int:
    """How many subjects are in a state; none is 0."""
    return counts.get(code, 0)
