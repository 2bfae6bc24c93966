"""The interface of the channels, tried on the one that only shows."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from gongyu.ground.notices.channels import Message, Outcome, channels_for, send_on, shown
from gongyu.ground.notices.models import ShownMessage

pytestmark = pytest.mark.django_db

PHONE, WORDS = "13900001111", "验证码204511，10分钟内有效。"


def message(key: str = "sign-in:81:3", **told) -> Message:
    said = {
        "address": PHONE,
        "words": WORDS,
        "kind": "code",
        "at": datetime(2026, 11, 26, tzinfo=UTC),
    }
    return Message(key=key, **{**said, **told})


def test_a_message_sent_twice_with_one_key_is_one_message():
    first, second = send_on("sms", message()), send_on("sms", message())
    assert (first.outcome, second.outcome) == (Outcome.SENT, Outcome.SENT)
    assert first.reference == second.reference
    assert ShownMessage.objects.count() == 1
    assert shown.last_to(PHONE, "code").words == WORDS


def test_without_an_address_it_is_refused_for_good():
    assert send_on("sms", message(address="")).outcome is Outcome.REFUSED


def test_the_channel_says_what_became_of_a_key():
    [channel] = channels_for("sms")
    assert channel.ask("sign-in:81:3").outcome is Outcome.LATER
    sent = channel.send(message())
    assert channel.ask("sign-in:81:3") == sent


def test_where_nobody_carries_a_path_it_says_so(settings):
    settings.CHANNELS_SHOWN = False
    assert send_on("sms", message()).reason == "no_provider"
    with pytest.raises(ValueError, match="no path"):
        channels_for("pigeon")


def test_neither_address_nor_words_are_seen_in_a_repr_or_in_the_table():
    send_on("sms", message(subject="登录", link="https://example.test/a"))
    assert PHONE not in repr(message()) and "204511" not in repr(message())
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, words, subject, link FROM notices_shownmessage")
        [row] = cursor.fetchall()
    assert not any(WORDS.encode() in bytes(cell) or PHONE.encode() in bytes(cell) for cell in row)


@pytest.mark.parametrize(
    "told", [{"key": ""}, {"key": "a" * 65}, {"key": "键"}, {"kind": "advert"}]
)
def test_a_message_without_a_proper_key_or_kind_is_none(told):
    with pytest.raises(ValueError, match=r"key|kind"):
        message(**told)


def test_only_the_latest_are_kept(monkeypatch):
    monkeypatch.setattr(shown, "KEPT", 20)
    for number in range(130):
        send_on("sms", message(f"k{number}"))
    assert ShownMessage.objects.count() <= 120
    assert shown.latest(1)[0].key == "k129"
