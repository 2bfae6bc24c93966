"""A whole column is sealed as its values one by one would be."""

from gongyu.ground.secrets.fields import decrypt, digest, digests, encrypt_all

TEXTS = ["500103201705200011", "", "爷爷", "500103201705200011"]


def test_a_column_encrypted_at_once_is_read_value_by_value():
    closed = encrypt_all(TEXTS, "people_child.id_number")
    assert [decrypt(one, "people_child.id_number") for one in closed] == TEXTS
    assert closed[0] != closed[3], "the same text twice must not look the same"
    assert closed[1] == b""


def test_digests_of_a_column_are_those_of_its_values_and_nothing_has_none():
    assert digests("child.id", TEXTS) == [digest("child.id", t) if t else "" for t in TEXTS]
