"""The few words that the scripts of the frame say."""

from django import template

from ..words import words

register = template.Library()
IN_THE_FRAME = ("waiting", "sign_out")


@register.simple_tag
def frame_words() -> dict[str, str]:
    """{name: words} for pages other than the shell, which knows them all."""
    known = words()
    return {name: known[name] for name in IN_THE_FRAME}
