"""Each channel against a real server on this machine that behaves, and misbehaves, as documented."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email import policy

import pytest
from django.core.exceptions import ImproperlyConfigured

from gongyu.ground.notices.channels import Message, Outcome, channels_for, send_on
from gongyu.ground.notices.channels.gateway import Gateway
from gongyu.ground.notices.channels.mail import Mail
from gongyu.ground.notices.channels.wecom import WeCom

from .servers import GatewayHouse, WeComHouse, post_office, serving

pytestmark = [
    pytest.mark.without_database,
    # A server's thread that is cut off in the middle closes its sockets when it is collected.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
PHONE = "13900001111"


def message(key: str = "k1", address: str = PHONE, **told) -> Message:
    said = {"words": "【石板坡小学】李小明：放假安排。", "kind": "to_know", "at": AT, **told}
    return Message(key=key, address=address, **said)


@pytest.fixture
def gateway():
    house = GatewayHouse()
    with serving(house) as address:
        yield house, Gateway("sms", "sms-a", address, house.secret, timeout=0.3)


def test_a_gateway_takes_a_message_and_the_same_key_again_does_no_harm(gateway):
    house, channel = gateway
    first, again = channel.send(message()), channel.send(message())
    assert (first.outcome, again.outcome) == (Outcome.SENT, Outcome.SENT)
    assert first.reference == again.reference
    [told] = house.telephones[PHONE]
    assert told["text"].startswith("【石板坡小学】") and told["kind"] == "to_know"


@pytest.mark.parametrize(
    ("manner", "outcome", "reason"),
    [
        ("down", Outcome.LATER, "http_503"),
        ("limit", Outcome.LATER, "http_429"),
        ("bad_number", Outcome.REFUSED, "bad_address"),
        ("opted_out", Outcome.REFUSED, "opted_out"),
        ("content", Outcome.REFUSED, "rejected"),
        ("silent", Outcome.UNKNOWN, "timeout"),
        ("took_and_fell_silent", Outcome.UNKNOWN, "timeout"),
        ("took_and_failed", Outcome.UNKNOWN, "http_500"),
        ("took_and_babbled", Outcome.UNKNOWN, "broken_off"),
    ],
)
def test_what_a_gateway_does_is_told_honestly(gateway, manner, outcome, reason):
    house, channel = gateway
    house.manners = [manner]
    answer = channel.send(message())
    assert (answer.outcome, answer.reason, answer.channel) == (outcome, reason, "sms-a")
    if manner == "limit":
        assert answer.again_after == 90


def test_after_silence_the_gateway_is_asked_what_it_has(gateway):
    house, channel = gateway
    house.manners = ["silent"]
    channel.send(message())
    assert channel.ask("k1").outcome is Outcome.LATER
    house.manners = ["took_and_fell_silent"]
    channel.send(message())
    assert channel.ask("k1").outcome is Outcome.SENT
    house.manners = ["down"]
    assert channel.ask("k1").outcome is Outcome.UNKNOWN
    assert len(house.telephones[PHONE]) == 1


def test_a_gateway_that_is_not_there_surely_took_nothing():
    gone = Gateway("sms", "sms-a", "http://127.0.0.1:9", "secret", timeout=0.3)
    assert gone.send(message()).outcome is Outcome.LATER
    assert gone.ask("k1").outcome is Outcome.UNKNOWN


def test_a_wrong_secret_is_refused_and_no_address_is_tried_nowhere(gateway):
    house, channel = gateway
    stranger = Gateway("sms", "sms-b", channel.address, "another", timeout=0.3)
    assert stranger.send(message()).reason == "not_allowed"
    assert channel.send(message(address="")).reason == "no_address"
    assert house.telephones == {}


def test_nothing_of_a_message_stands_in_what_is_logged(gateway, caplog):
    house, channel = gateway
    house.manners = ["took_and_babbled", "silent"]
    with caplog.at_level("DEBUG"):
        channel.send(message())
        channel.send(message())
    assert PHONE not in caplog.text and "李小明" not in caplog.text
    assert channel.secret not in repr(channel)


def test_a_second_gateway_takes_what_the_first_surely_did_not(gateway, monkeypatch):
    house, first = gateway
    other = GatewayHouse()
    with serving(other) as address:
        second = Gateway("sms", "sms-b", address, other.secret, timeout=0.3)
        monkeypatch.setattr(
            "gongyu.ground.notices.channels.configured.channels_for", lambda _p: [first, second]
        )
        house.manners = ["down", "took_and_fell_silent"]
        assert send_on("sms", message("k1")).channel == "sms-b"
        # It may have it, so nobody else is given it.
        assert send_on("sms", message("k2")).outcome is Outcome.UNKNOWN
    assert [told["key"] for told in other.telephones[PHONE]] == ["k1"]


@pytest.fixture
def wecom():
    house = WeComHouse()
    with serving(house) as address:
        yield house, WeCom("wecom-a", "corp", "corp-secret", 7, address, timeout=0.3)


def test_wecom_sends_to_a_parent_who_subscribed_with_one_token(wecom):
    house, channel = wecom
    for key in ("k1", "k2"):
        assert channel.send(message(key, "mother", words=key)).outcome is Outcome.SENT
    assert house.tokens == 1
    assert house.asked.count(("GET", "/cgi-bin/school/user/get")) == 1
    assert [one["to_parent_userid"] for one in house.sent] == [["mother"], ["mother"]]
    assert house.sent[0]["enable_duplicate_check"] == 1 and house.sent[0]["agentid"] == 7


def test_wecom_says_who_has_not_subscribed_or_is_not_known(wecom):
    house, channel = wecom
    assert channel.send(message(address="grandmother")).reason == "not_subscribed"
    assert channel.send(message(address="nobody")).reason == "bad_address"
    house.manners = ["invalid"]
    assert channel.send(message(address="mother")).reason == "bad_address"
    assert house.sent == []
    house.parents["grandmother"] = 1
    assert channel.send(message(address="grandmother")).outcome is Outcome.SENT


@pytest.mark.parametrize(
    ("manner", "outcome", "reason"),
    [
        ("limit", Outcome.LATER, "wecom_45009"),
        ("busy", Outcome.LATER, "wecom_-1"),
        ("took_and_fell_silent", Outcome.UNKNOWN, "timeout"),
        ("took_and_failed", Outcome.UNKNOWN, "http_502"),
    ],
)
def test_what_wecom_does_is_told_honestly(wecom, manner, outcome, reason):
    house, channel = wecom
    house.manners = [manner]
    answer = channel.send(message(address="mother"))
    assert (answer.outcome, answer.reason) == (outcome, reason)
    # It cannot be asked; the same request within four hours is one by its own check.
    assert channel.ask("k1").outcome is Outcome.UNKNOWN
    assert channel.send(message(address="mother")).outcome is Outcome.SENT
    assert len(house.sent) == 1


def test_wecoms_token_is_fetched_anew_when_it_is_over_and_never_kept_in_clear(wecom):
    from django.core.cache import cache

    house, channel = wecom
    channel.send(message(address="mother"))
    house.token = "another"
    assert channel.send(message("k2", "mother", words="二")).outcome is Outcome.SENT
    assert house.tokens == 2
    assert not any(b"t2" in value for value in getattr(cache, "_cache", {}).values())
    wrong = WeCom("wecom-b", "corp2", "wrong", 7, channel.address, timeout=0.3)
    assert wrong.send(message(address="mother")).reason == "not_allowed"


@pytest.fixture
def mail():
    with post_office() as (office, port):
        yield (
            office,
            Mail("mail-a", "127.0.0.1", port, "school@example.test", tls=False, timeout=0.5),
        )


def test_a_letter_arrives_with_its_key_as_its_number(mail):
    office, channel = mail
    told = message(address="mother@example.test", subject="放假安排", link="https://a.test/n/1/x/")
    assert channel.send(told).outcome is Outcome.SENT
    [(to, raw)] = office.letters
    letter = email.message_from_bytes(raw, policy=policy.default)
    assert to == "mother@example.test"
    assert letter["Message-ID"] == "<k1@example.test>" and letter["Subject"] == "放假安排"
    assert "李小明" in letter.get_content() and "https://a.test/n/1/x/" in letter.get_content()


@pytest.mark.parametrize(
    ("manner", "outcome", "reason"),
    [
        ("nobody", Outcome.REFUSED, "bad_address"),
        ("greylist", Outcome.LATER, "smtp_451"),
        ("content", Outcome.REFUSED, "rejected"),
        ("full", Outcome.LATER, "smtp_452"),
        ("took_and_fell_silent", Outcome.UNKNOWN, "timeout"),
        ("took_and_hung_up", Outcome.UNKNOWN, "timeout"),
    ],
)
def test_what_a_mail_server_does_is_told_honestly(mail, manner, outcome, reason):
    office, channel = mail
    office.manner = manner
    answer = channel.send(message(address="mother@example.test"))
    assert (answer.outcome, answer.reason) == (outcome, reason)
    assert len(office.letters) == (outcome is Outcome.UNKNOWN)


def test_mail_to_no_address_or_no_server_is_not_sent():
    channel = Mail("mail-a", "127.0.0.1", 9, "school@example.test", tls=False, timeout=0.3)
    assert channel.send(message(address="not an address\nBcc: x@y.z")).reason == "bad_address"
    assert channel.send(message(address="a@example.test")).outcome is Outcome.LATER


GOOD = """
[[channel]]
kind = "gateway"
path = "sms"
name = "sms-a"
address = "https://sms.example.test"
secret = "s"
[[channel]]
kind = "smtp"
name = "mail"
host = "mail.example.test"
port = 587
sender = "school@example.test"
"""


def test_the_operators_file_says_who_carries_what(settings, tmp_path):
    settings.CHANNELS_FILE = tmp_path / "channels.toml"
    settings.CHANNELS_FILE.write_text(GOOD, "utf-8")
    assert [c.name for c in channels_for("sms")] == ["sms-a"]
    assert [c.name for c in channels_for("email")] == ["mail"]
    assert channels_for("voice") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not toml =", "no TOML"),
        ('[[channel]]\nkind = "pigeon"', "pigeon"),
        ('[[channel]]\nkind = "gateway"\nname = "a"', "missing"),
        (GOOD + '[[channel]]\nkind="wecom"\nname="mail"\ncorp="c"\nsecret="s"', "of its own"),
    ],
)
def test_a_fault_in_the_file_is_named(settings, tmp_path, text, words):
    settings.CHANNELS_FILE = tmp_path / "channels.toml"
    settings.CHANNELS_FILE.write_text(text, "utf-8")
    with pytest.raises(ImproperlyConfigured, match=words):
        channels_for("sms")
    settings.CHANNELS_FILE = tmp_path / "missing.toml"
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        channels_for("sms")
