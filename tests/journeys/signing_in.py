"""Signing in as a person does: user name, password, then the code of the authenticator."""

from __future__ import annotations

from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, Person


def give_authenticator(person: Person) -> str:
    """Enrols a second factor for the person and returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person.user, secret)
    return secret


def current_code(secret: str) -> str:
    counters = list(totp.yield_hotp_counters_from_time())
    counter = counters[len(counters) // 2]
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def sign_in_by_hand(page: Page, person: Person) -> None:
    """Through the pages, until the home of the role is there."""
    secret = give_authenticator(person)
    page.goto("/")
    page.locator("input[name=login]").fill(person.user.username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.locator("input[name=code]").fill(current_code(secret))
    page.locator("form:has(input[name=code]) button[type=submit]").first.click()
    expect(page.get_by_role("navigation").first).to_be_visible()
