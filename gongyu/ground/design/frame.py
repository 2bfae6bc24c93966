"""The frame's parts that are the same for everybody with the same roles, rendered once a process."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .navigation import (
    LEADERS,
    STAND_IN,
    TEACHERS,
    Item,
    filled,
    items_for,
    role_words,
    roles_and_places,
)

# Who notes what is out of the ordinary about a child, besides reporting a suspicion.
NOTING = (*TEACHERS, *LEADERS, "registrar")


class Frame:
    """The frame of one page: for whom, and at which address."""

    def __init__(self, actor, path: str) -> None:
        self.actor, self.path = actor, path

    @cached_property
    def links(self) -> list[Item]:
        return items_for(self.actor, self.path)

    @cached_property
    def roles(self) -> str:
        """What the person is today, in words."""
        return role_words(self.actor)

    @property
    def side(self) -> SafeString:
        """The main navigation."""
        here = next((number for number, item in enumerate(self.links) if item.current), None)
        return self._part("design/_side.html", here)

    @property
    def menu(self) -> SafeString:
        """The lines of the person's own menu."""
        return self._part("design/_menu.html", None)

    @property
    def notes(self) -> SafeString:
        """The quiet button about a child; empty for accounts without a person."""
        return self._part("design/_notes.html", None) if self.actor.staff_id else SafeString("")

    def _part(self, template: str, here: int | None) -> SafeString:
        roles, places = roles_and_places(self.actor)
        render = _rendered.__wrapped__ if settings.DEBUG else _rendered
        html = render(template, roles, here, settings.ROOT_URLCONF, get_language())
        # Only numbers come into what the template engine has escaped.
        return mark_safe(filled(html, places))  # noqa: S308


class _OfRoles:
    """An actor of whom the roles alone are known."""

    def __init__(self, roles: tuple[str, ...]) -> None:
        self.posts = tuple(_PostOfRole(role, STAND_IN + n) for n, role in enumerate(roles))


class _PostOfRole:
    def __init__(self, role: str, scope_id: int) -> None:
        self.role, self.scope_id = role, scope_id


@lru_cache(maxsize=1024)
def _rendered(
    template: str, roles: tuple[str, ...], here: int | None, _urls: str, _language: str
) -> str:
    """The part for these roles, with places stood in for. The last two only tell apart."""
    links = [
        Item(item.label, item.icon, item.url, number == here, item.is_tab)
        for number, item in enumerate(items_for(_OfRoles(roles), ""))
    ]
    notes = any(role in NOTING for role in roles)
    more = [link for link in links if not link.is_tab]
    return render_to_string(template, {"links": links, "more": more, "notes": notes})
