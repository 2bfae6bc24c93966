"""The cast with telephones, on its day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongyu.ground.notices.shapes import NewNotice
from gongyu.ground.people.roster.known import CARER_PHONE
from gongyu.ground.secrets.fields import digest
from tests.cast import CAST_DAY, build_cast


@pytest.fixture
def cast(db):
    found = build_cast()
    for number, name in enumerate(("grandmother", "mother", "barred_father", "classmates_mother")):
        carer = getattr(found, name)
        carer.phone = f"1390000000{number}"
        carer.phone_digest = digest(CARER_PHONE, carer.phone)
        carer.save(update_fields=["phone", "phone_digest"])
    return found


@pytest.fixture
def new(cast):
    """A notice to the cast's class, with anything told otherwise."""

    def make(kind: str = "to_know", **told) -> NewNotice:
        said = {
            "kind": kind,
            "title": "周五提前放学",
            "words": "周五下午三点放学。来不及接的，孩子可以在教室等到五点。",
            "place_id": cast.this_class.pk,
            "department_id": cast.school.pk,
            "until_on": CAST_DAY + timedelta(days=8),
            "class_ids": (cast.this_class.pk,),
        }
        if kind == "safety":
            said["basis"] = "danger"
        if told.get("basis") == "law":
            said["basis_words"] = "未成年人保护法第二十条"
        if "child_ids" in told:
            said["class_ids"] = ()
        return NewNotice(**{**said, **told})

    return make
