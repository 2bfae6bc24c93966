"""Every address of the house leads through a door: its view says by `@access(rule)` who may enter."""

from __future__ import annotations

import logging
import re

import pytest
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from gongyu.ground.access.doors import access, everyone
from gongyu.ground.secrets.logs import WithoutTokens

pytestmark = pytest.mark.without_database

# Views of others that carry no rule of ours, each with the reason why that is right.
WITHOUT_A_RULE: dict[str, str] = {}

# Who is not signed in may enter these and no others.
PUBLIC = {
    "account_login": "sign-in itself",
    "mfa_authenticate": "the second step of sign-in",
    "account_inactive": "says why somebody cannot sign in",
    "account_logout": "signing out when the session ended already",
    "pages:plan": "the notice is public, and so is how it is read",
    "pages:measure": "a measure of the notice",
    "pages:duty": "a duty of the notice, its quote and its reading",
    "pages:health": "asked by the machine that watches whether the service lives",
    "activities:family": "a family's link to an activity: its long random token is the key",
    "pages:calendar-feed": "calendar programs cannot sign in: the long random token is the key",
    "offline:shell": "the empty page that opens without a network; it holds nobody's data",
    "offline:worker": "keeps that page and static files on the device",
    "offline:manifest": "names the app and its icons",
    "offline:hello": "says whether there is a network and who is signed in, to the one who is",
    "notices:opened": "the link in a message: its long random token is the key",
    "notices:opened-attachment": "an attachment behind such a link",
    "notices:reports": "gateways cannot sign in: each report is signed with their secret",
    "families:sign-in": "where a family asks for its code",
    "families:code": "where it types the code",
    "families:printed": "where it types a printed code",
    "families:choose": "which of the carers who share a number is here; opens after the code",
    "families:enter": "the link that is the code: its long random token is the key",
    "family:feed": "a carer's calendar: programs cannot sign in, the long random token is the key",
    "families:leave": "to a configured provider of sign-in",
    "families:back": "back from there; its state is in the session",
    "families:paper-only": "what somebody without a phone can do",
    "families:sign-out": "signing out when the session ended already",
    "families:big-print": "larger letters on this phone",
    "participation:help": "whom to call: for a child without any sign-in as well",
    "tickets:choose": "somebody without an account looks for the school to complain about",
    "tickets:district": "the names of a district's schools, which are no secret",
    "tickets:tell": "a complaint is told without signing in",
    "tickets:follow": "the asker's page: number and secret code, sent in the body, are the key",
    "committees:code": "where the code of a slip is typed; it holds nobody's data",
    **dict.fromkeys(
        ["committees:family", "committees:family-picture"],
        "a family's link to its committees: its long random token is the key",
    ),
    **dict.fromkeys(
        [
            f"committees:member{page}"
            for page in (
                "",
                "-paper",
                "-matter",
                "-collect",
                "-expense",
                "-settle",
                "-step",
                "-picture",
            )
        ],
        "a committee member's link: its long random token is the key",
    ),
    "visits:answer": "the family's one-time link: its long random token is the key",
}


def addresses(resolver: URLResolver, before: str = "", space: str = ""):
    """Every (address, name, view) below a resolver."""
    for entry in resolver.url_patterns:
        here = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from addresses(entry, here, inner)
        else:
            assert isinstance(entry, URLPattern)
            yield here, f"{space}{entry.name or ''}", entry.callback


def unguarded(resolver: URLResolver) -> list[str]:
    return [
        f"/{address} ({name})"
        for address, name, view in addresses(resolver)
        if not callable(getattr(view, "access_rule", None)) and name not in WITHOUT_A_RULE
    ]


def test_every_view_declares_a_rule():
    found = list(addresses(get_resolver()))
    assert len(found) > 20
    assert unguarded(get_resolver()) == []


def test_every_address_has_a_name():
    assert [
        address for address, name, _ in addresses(get_resolver()) if name[-1:] in {"", ":"}
    ] == []


def test_only_the_listed_pages_are_public():
    public = {
        name
        for _, name, view in addresses(get_resolver())
        if getattr(view, "access_rule", None) is everyone
    }
    assert public == set(PUBLIC)


def test_a_view_without_a_door_is_found():
    def bare(request):
        return HttpResponse()

    class Addresses:
        urlpatterns = [path("bare/", bare, name="bare"), path("ok/", access(everyone)(bare))]

    assert unguarded(get_resolver(Addresses)) == ["/bare/ (bare)"]


def test_no_log_line_holds_a_token(settings):
    """Whatever address takes a token, the filter of the logs knows it."""
    with_token = [a for a, _name, _view in addresses(get_resolver()) if "<str:token>" in a]
    masks = WithoutTokens(settings.ADDRESSES_THAT_OPEN)
    assert len(with_token) > 10
    for address in with_token:
        path = "/" + re.sub(r"<int:\w+>", "7", address).replace("<str:token>", "aaaa-bbbb")
        line = logging.LogRecord("x", logging.WARNING, "", 0, "Not Found: %s", (path,), None)
        assert masks.filter(line)
        assert "aaaa-bbbb" not in line.getMessage(), address
