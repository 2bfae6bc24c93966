"""Secret columns: what is closed opens only with its key, in its column, unchanged."""

import json
import time
from base64 import b64encode

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gongyu.ground.secrets.fields import SecretUnreadable, decrypt, digest, encrypt
from gongyu.ground.secrets.keys import KeysUnreadable, load_keys

COLUMN = "people_child.id_number"


def key_file(path, **changed):
    keys = {name: b64encode(bytes([place]) * 32).decode() for place, name in enumerate("abc")}
    content = {
        "session": "s" * 50,
        "fields": {"1": keys["a"]},
        "digest": keys["b"],
        "seal": keys["c"],
    }
    path.write_text(json.dumps(content | changed), "utf-8")
    return path


@pytest.fixture
def keys_1(tmp_path, settings):
    settings.KEYS_FILE = key_file(tmp_path / "keys.json")
    return settings


@given(st.text())
def test_what_is_closed_opens_again(text):
    assert decrypt(encrypt(text, COLUMN), COLUMN) == text


def test_nothing_stays_nothing_and_is_not_encrypted():
    assert encrypt("", COLUMN) == b""
    assert decrypt(b"", COLUMN) == ""


def test_two_encryptions_of_one_text_differ_and_do_not_show_it():
    one, other = encrypt("500103201501011234", COLUMN), encrypt("500103201501011234", COLUMN)
    assert one != other
    assert b"500103" not in one


def test_every_changed_byte_is_noticed():
    closed = encrypt("渝中区", COLUMN)
    for place in range(len(closed)):
        changed = bytearray(closed)
        changed[place] ^= 1
        with pytest.raises(SecretUnreadable):
            decrypt(bytes(changed), COLUMN)


@pytest.mark.parametrize("length", [1, 5, 13, 20])
def test_a_cut_value_raises(length):
    with pytest.raises(SecretUnreadable):
        decrypt(encrypt("a text", COLUMN)[:length], COLUMN)


def test_a_value_moved_to_another_column_does_not_open():
    with pytest.raises(SecretUnreadable, match=r"people_carer\.phone"):
        decrypt(encrypt("13800000000", COLUMN), "people_carer.phone")


def test_another_key_file_opens_nothing(keys_1, tmp_path):
    closed = encrypt("秘密", COLUMN)
    other = {"1": b64encode(b"z" * 32).decode()}
    keys_1.KEYS_FILE = key_file(tmp_path / "other.json", fields=other)
    with pytest.raises(SecretUnreadable) as refusal:
        decrypt(closed, COLUMN)
    assert "秘密" not in str(refusal.value)


def test_after_a_new_key_old_values_open_and_new_ones_use_it(keys_1, tmp_path):
    old = encrypt("旧", COLUMN)
    both = {"1": b64encode(b"\x00" * 32).decode(), "2": b64encode(b"n" * 32).decode()}
    keys_1.KEYS_FILE = key_file(tmp_path / "both.json", fields=both)
    new = encrypt("新", COLUMN)
    assert (old[0], new[0]) == (1, 2)
    assert (decrypt(old, COLUMN), decrypt(new, COLUMN)) == ("旧", "新")
    keys_1.KEYS_FILE = key_file(tmp_path / "new.json", fields={"2": both["2"]})
    with pytest.raises(SecretUnreadable, match="key number 1"):
        decrypt(old, COLUMN)


def test_a_digest_depends_on_the_key_and_the_column(keys_1, tmp_path):
    found = digest("child", "500103201501011234")
    assert found == digest("child", "500103201501011234")
    assert len(found) == 64
    assert found != digest("carer", "500103201501011234")
    other = b64encode(b"z" * 32).decode()
    keys_1.KEYS_FILE = key_file(tmp_path / "other.json", digest=other)
    assert found != digest("child", "500103201501011234")


@pytest.mark.parametrize(
    "changed",
    [
        {"fields": {}},
        {"fields": {"0": b64encode(b"a" * 32).decode()}},
        {"fields": {"1": b64encode(b"a" * 16).decode()}},
        {"fields": "text"},
        {"seal": None},
        {"digest": "not base64!"},
    ],
)
def test_a_broken_key_file_closes_everything_and_shows_no_key(tmp_path, changed):
    path = key_file(tmp_path / "keys.json", **changed)
    with pytest.raises(KeysUnreadable) as refusal:
        load_keys(path)
    assert str(path) in str(refusal.value)
    assert "AQEB" not in str(refusal.value)


def test_a_new_key_file_is_for_its_owner_alone_and_made_once(tmp_path):
    path = tmp_path / "new" / "keys.json"
    first = load_keys(path)
    load_keys.cache_clear()
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_keys(path) == first
    assert list(path.parent.iterdir()) == [path]
    assert "x00" not in repr(first) and "fields" not in repr(first)


def test_a_new_folder_of_data_is_for_its_owner_alone(tmp_path):
    load_keys(tmp_path / "data" / "keys.json")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_a_column_keeps_text_closed_and_gives_it_back():
    Staff = apps.get_model("staff", "Staff")
    staff = Staff.objects.create(name="王老师", phone="13800000000")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, id_number FROM staff_staff WHERE id = %s", [staff.pk])
        phone, id_number = (bytes(value) for value in cursor.fetchone())
    assert b"138" not in phone and id_number == b""
    again = Staff.objects.get(pk=staff.pk)
    assert (again.phone, again.id_number) == ("13800000000", "")


@pytest.mark.django_db
def test_a_secret_column_can_be_asked_only_whether_it_is_empty():
    Staff = apps.get_model("staff", "Staff")
    Staff.objects.create(name="王老师", phone="13800000000")
    assert Staff.objects.filter(id_number="").count() == 1
    for asked in ({"phone": "13800000000"}, {"phone__in": ["1"]}, {"phone__contains": "138"}):
        with pytest.raises(FieldError):
            Staff.objects.filter(**asked).exists()


def test_a_null_stays_null():
    field = apps.get_model("staff", "Staff")._meta.get_field("phone")
    assert field.get_db_prep_value(None, connection) is None
    assert field.from_db_value(None, None, connection) is None


def test_a_hundred_thousand_values_take_about_a_second():
    encrypt("warm", COLUMN)
    begun = time.process_time()
    for _ in range(20_000):
        encrypt("500103201501011234", COLUMN)
    # The aim is 100,000 a second; a busy machine is given half of that.
    assert 20_000 / (time.process_time() - begun) > 50_000
