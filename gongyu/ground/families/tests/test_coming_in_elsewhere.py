"""OpenID Connect, weixin and WeCom, each against a local provider that behaves like its documents."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from gongyu.config import settings as configured
from gongyu.ground.families.models import Identity, NumberDoubt
from gongyu.ground.families.tests.provider import Local, local_provider
from gongyu.ground.people.actions_carers import change_phone
from tests.cast import come_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


@pytest.fixture
def provider(settings):
    with local_provider() as local:
        known = {"client": Local.CLIENT, "secret": Local.SECRET}
        settings.FAMILY_SIGN_IN = {
            "oidc": {**known, "issuer": local.base, "name": "渝快办"},
            "weixin": {**known, "pages": local.base, "api": local.base},
            "wecom": {**known, "agent": Local.AGENT, "pages": local.base, "api": local.base},
        }
        yield local


def through(client: Client, provider: Local, code: str, step: str = "leave"):
    """The whole way there and back."""
    away = client.get(reverse(f"families:{step}", args=[code]))
    assert away.status_code == 302 and away.url.startswith(provider.base)
    back, _state = provider.authorise(away.url)
    return client.get(back.removeprefix("http://testserver"))


def who(client: Client) -> int | None:
    return client.session.get("family", {}).get("carer")


def test_none_is_offered_unless_it_is_configured(client):
    assert "sign-in/elsewhere" not in client.get("/family/sign-in/").content.decode()
    assert client.get(reverse("families:leave", args=["oidc"])).status_code == 404


def test_the_sign_in_page_offers_what_is_configured_by_name(client, provider):
    page = client.get("/family/sign-in/").content.decode()
    assert "用渝快办进入" in page and "用微信进入" in page and "用企业微信进入" in page


@pytest.mark.parametrize("code", ["oidc", "wecom"])
def test_a_verified_number_of_the_roster_lets_in(cast, client, provider, code):
    assert through(client, provider, code).url == "/family/"
    assert who(client) == cast.mother.pk
    assert client.session["family"]["number"] == cast.mother.phone_digest
    assert client.session["family"]["own"] is False


def test_an_unverified_number_lets_nobody_in(cast, client, provider):
    provider.person["phone_number_verified"] = False
    assert through(client, provider, "oidc").status_code == 404
    provider.person["phone_number_verified"] = "true"
    assert through(client, provider, "oidc").status_code == 404
    assert who(client) is None


@pytest.mark.parametrize("code", ["oidc", "wecom"])
def test_unknown_barred_and_doubted_numbers_meet_one_and_the_same_page(
    cast, client, provider, code
):
    pages = set()
    NumberDoubt.objects.create(
        carer=cast.grandmother,
        phone_digest=cast.grandmother.phone_digest,
        said="number",
        said_at="2026-11-04T10:00+08:00",
    )
    for phone in ("13912345678", cast.barred_father.phone, cast.grandmother.phone, ""):
        provider.person["phone_number"] = provider.mobile = phone
        asking = Client()
        answer = through(asking, provider, code)
        assert answer.status_code == 404 and who(asking) is None
        text = answer.content.decode()
        pages.add(text[text.index("<main") : text.index("</main>")])
    assert len(pages) == 1


def test_weixin_knows_nobody_until_the_carer_bound_it_once(cast, client, provider):
    assert through(client, provider, "weixin").status_code == 404
    come_in(client, cast.grandmother)
    assert through(client, provider, "weixin", "bind").url == "/family/"
    identity = Identity.objects.get()
    assert identity.carer == cast.grandmother and provider.openid not in identity.subject_digest
    other = Client()
    assert through(other, provider, "weixin").url == "/family/"
    assert who(other) == cast.grandmother.pk


def test_what_was_bound_goes_with_the_number(cast, client, provider):
    come_in(client, cast.mother)
    through(client, provider, "weixin", "bind")
    change_phone(cast.mother, cast.pupil, "13800009999", "", by=cast.registrar.actor)
    assert through(Client(), provider, "weixin").status_code == 404


def test_not_me_ends_what_was_bound(cast, client, provider):
    come_in(client, cast.mother)
    through(client, provider, "weixin", "bind")
    client.post("/family/not-me/")
    assert not Identity.objects.exists()
    assert through(Client(), provider, "weixin").status_code == 404


@pytest.mark.parametrize("fault", ["silent", "issuer"])
def test_a_provider_that_is_silent_or_somebody_else_is_said_before_leaving(client, provider, fault):
    provider.faults.add(fault)
    page = client.get(reverse("families:leave", args=["oidc"]), follow=True)
    assert "现在没有回应" in page.content.decode()


@pytest.mark.parametrize("fault", ["nonce", "audience", "mixed"])
def test_answers_that_are_not_for_this_sign_in_let_nobody_in(cast, client, provider, fault):
    provider.faults.add(fault)
    assert through(client, provider, "oidc").status_code == 404
    assert who(client) is None


def test_a_provider_that_falls_silent_on_the_way_back_lets_nobody_in(cast, client, provider):
    for code in ("oidc", "weixin", "wecom"):
        provider.faults.clear()
        away = client.get(reverse("families:leave", args=[code]))
        back, _state = provider.authorise(away.url)
        provider.faults.add("silent")
        assert client.get(back.removeprefix("http://testserver")).status_code == 404


def test_a_teacher_of_the_school_s_wecom_is_no_parent(cast, client, provider):
    provider.faults.add("teacher")
    assert through(client, provider, "wecom").status_code == 404


def test_another_browser_s_answer_a_used_one_and_a_wrong_state_open_nothing(cast, client, provider):
    away = client.get(reverse("families:leave", args=["oidc"]))
    back, state = provider.authorise(away.url)
    path = back.removeprefix("http://testserver")
    # Somebody else's browser, to which the address was sent.
    assert Client().get(path).status_code == 404
    assert client.get(path.replace(state, "x" * 32)).status_code == 404
    # The state was used up by the wrong one.
    assert client.get(path).status_code == 404
    assert who(client) is None


def test_a_wrong_secret_lets_nobody_in(cast, client, provider, settings):
    settings.FAMILY_SIGN_IN = {
        code: {**about, "secret": "wrong"} for code, about in settings.FAMILY_SIGN_IN.items()
    }
    for code in ("oidc", "weixin", "wecom"):
        assert through(client, provider, code).status_code == 404


def test_without_tls_nothing_is_asked_of_another_machine(client, settings):
    settings.FAMILY_SIGN_IN = {
        "oidc": {"client": "x", "secret": "y", "issuer": "http://id.example"}
    }
    page = client.get(reverse("families:leave", args=["oidc"]), follow=True)
    assert "现在没有回应" in page.content.decode()


def test_half_a_configuration_is_refused_at_the_start(monkeypatch):
    monkeypatch.setenv("GONGYU_FAMILY_WECOM_CLIENT", "corp")
    with pytest.raises(ImproperlyConfigured, match="SECRET, AGENT"):
        configured._family_sign_in()
    monkeypatch.setenv("GONGYU_FAMILY_WECOM_SECRET", "s")
    monkeypatch.setenv("GONGYU_FAMILY_WECOM_AGENT", "1")
    told = configured._family_sign_in()
    assert told == {"wecom": {"client": "corp", "secret": "s", "agent": "1"}}
