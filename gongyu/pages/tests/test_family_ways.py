"""How a family is told: it says what comes first, and only an address that was shown to be its own is
ever written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.notices import actions
from gongyu.ground.notices.models import ShownMessage, WayTo
from gongyu.ground.notices.ways import EMAIL_CODE_LASTS, MOST_WRONG, email_code, ways_of
from gongyu.ground.people.actions import bar_carer
from tests.cast import CAST_DAY, CAST_MOMENT, come_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]
ADDRESS = "zhang@example.com"


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


def say(client: Client, deed: str, **told: str):
    return client.post("/family/ways/", {"deed": deed, **told})


def paths(carer) -> list[str]:
    return [way.path for way in ways_of([carer.pk], CAST_MOMENT)[carer.pk]]


def shown_code(django_capture_on_commit_callbacks, client: Client, address: str = ADDRESS) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        assert say(client, "ask", email=address).status_code == 302
    return email_code(WayTo.objects.get(path="email", reason="unconfirmed"))


def test_what_comes_first_is_said_and_said_again(cast, client):
    come_in(client, cast.mother)
    assert paths(cast.mother) == ["sms", "voice"]
    page = client.get("/family/ways/").content.decode()
    assert cast.mother.phone not in page and cast.mother.phone[-4:] in page
    assert say(client, "prefer", path="voice").status_code == 302
    assert paths(cast.mother) == ["voice", "sms"]
    assert say(client, "prefer", path="sms").status_code == 302
    assert paths(cast.mother) == ["sms", "voice"]
    assert Entry.objects.filter(verb="notice.choose_way", subject_id=cast.mother.pk).count() == 2


def test_mail_goes_to_an_address_once_its_code_was_typed(
    cast, client, django_capture_on_commit_callbacks
):
    come_in(client, cast.mother)
    code = shown_code(django_capture_on_commit_callbacks, client)
    [letter] = ShownMessage.objects.filter(path="email")
    assert letter.address == ADDRESS and code in letter.words and letter.kind == "code"
    assert "email" not in paths(cast.mother)
    page = client.get("/family/ways/").content.decode()
    assert "z***@example.com" in page and ADDRESS not in page and code not in page
    # Full-width digits and blanks are digits.
    typed = " ".join(chr(ord(c) - ord("0") + ord("０")) for c in code)
    assert say(client, "confirm", code=typed).status_code == 302
    assert sorted(paths(cast.mother)) == ["email", "sms", "voice"]
    assert say(client, "prefer", path="email").status_code == 302
    assert paths(cast.mother)[0] == "email"
    # The same code a second time confirms nothing, and the address is not asked for again.
    assert say(client, "confirm", code=code).status_code == 422
    assert "已经在用" in say(client, "ask", email=ADDRESS).content.decode()
    assert say(client, "end").status_code == 302
    assert not WayTo.objects.filter(path="email").exists()
    assert "email" not in paths(cast.mother)


def test_another_address_takes_the_place_of_the_former(
    cast, client, django_capture_on_commit_callbacks
):
    come_in(client, cast.mother)
    say(client, "confirm", code=shown_code(django_capture_on_commit_callbacks, client))
    say(client, "prefer", path="email")
    code = shown_code(django_capture_on_commit_callbacks, client, "li@example.org")
    # Until it is shown to be the own one, the former is written to.
    assert ways_of([cast.mother.pk], CAST_MOMENT)[cast.mother.pk][0].address == ADDRESS
    say(client, "confirm", code=code)
    assert ways_of([cast.mother.pk], CAST_MOMENT)[cast.mother.pk][0].address == "li@example.org"


def test_five_wrong_codes_or_half_an_hour_end_it(cast, client, django_capture_on_commit_callbacks):
    come_in(client, cast.mother)
    code = shown_code(django_capture_on_commit_callbacks, client)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for number in range(MOST_WRONG):
        page = say(client, "confirm", code=wrong)
        assert page.status_code == 422
        assert ("太多次" in page.content.decode()) == (number == MOST_WRONG - 1)
    assert say(client, "confirm", code=code).status_code == 422
    assert "email" not in paths(cast.mother)
    way = actions.ask_email(cast.mother.pk, ADDRESS, at=CAST_MOMENT, by=SYSTEM)
    late = CAST_MOMENT + EMAIL_CODE_LASTS + timedelta(seconds=1)
    assert not actions.confirm_email(cast.mother.pk, email_code(way), at=late, by=SYSTEM)
    in_time = CAST_MOMENT + EMAIL_CODE_LASTS - timedelta(seconds=1)
    assert not actions.confirm_email(cast.mother.pk, wrong, at=in_time, by=SYSTEM)
    assert actions.confirm_email(cast.mother.pk, email_code(way), at=in_time, by=SYSTEM)


@pytest.mark.parametrize(
    "email", ["", "zhang", "zhang@", "a" * 250 + "@example.com", "张三@例子", "a@b.com\nBcc: x@y.z"]
)
def test_what_is_no_address_is_said_so_and_nothing_is_sent(cast, client, email):
    come_in(client, cast.mother)
    page = say(client, "ask", email=email)
    assert page.status_code == 422
    assert "请填写" in page.content.decode() or "太长" in page.content.decode()
    assert not WayTo.objects.filter(path="email").exists()


def test_it_is_asked_for_five_times_an_hour_and_no_more(cast, client):
    come_in(client, cast.mother)
    answers = [say(client, "ask", email=f"a{n}@example.com").status_code for n in range(6)]
    assert answers == [302] * 5 + [422]
    assert WayTo.objects.filter(path="email", reason="unconfirmed").count() == 1


@pytest.mark.parametrize("deed", ["", "unknown", "prefer", "confirm"])
def test_nonsense_changes_nothing(cast, client, deed):
    come_in(client, cast.mother)
    assert say(client, deed, path="pigeon", code="²").status_code == 422
    assert not WayTo.objects.exists()


def test_each_carer_has_ways_of_its_own_and_a_barred_one_none(cast, client):
    come_in(client, cast.mother)
    stranger = cast.classmates_mother
    other = come_in(Client(), stranger)
    say(client, "prefer", path="voice")
    assert paths(stranger) == ["sms", "voice"]
    assert other.get("/family/ways/").status_code == 200
    bar_carer(cast.classmate, stranger, CAST_DAY, "变更抚养", by=SYSTEM)
    assert other.get("/family/ways/").status_code == 302
    assert say(other, "prefer", path="voice").status_code == 302
    assert paths(stranger) == ["sms", "voice"]


def test_neither_address_nor_code_is_in_the_audit(cast, client, django_capture_on_commit_callbacks):
    come_in(client, cast.mother)
    code = shown_code(django_capture_on_commit_callbacks, client)
    say(client, "confirm", code="000000" if code != "000000" else "111111")
    say(client, "confirm", code=code)
    say(client, "end")
    rows = Entry.objects.filter(subject_type="carer", subject_id=cast.mother.pk)
    verbs = list(
        rows.filter(verb__startswith="notice.").order_by("seq").values_list("verb", flat=True)
    )
    assert verbs == [f"notice.{v}_email" for v in ("ask", "miss", "confirm", "end")]
    text = " ".join(f"{row.detail} {row.why}" for row in rows)
    assert "example" not in text and code not in text
