"""`field__among=values`: as `field__in`, with all values in one parameter, however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.fields.related import ForeignObject
from django.db.models.lookups import Lookup

_WHOLE_NUMBERS = frozenset({"BigAutoField", "BigIntegerField", "IntegerField",
                            "PositiveIntegerField", "PositiveSmallIntegerField"})  # fmt: skip


class Among(Lookup):
    """The SQL is the same for every number of values, so that it can be kept and planned once."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        column, params = self.process_lhs(compiler, connection)
        values = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, values]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        column, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        while field.is_relation:
            field = field.target_field
        if field.get_internal_type() in _WHOLE_NUMBERS:
            return f"{column} = ANY(%s::bigint[])", [*params, as_array(self.rhs)]
        return f"{column} = ANY(%s::text[])", [*params, list(self.rhs)]


def as_array(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL writes an array of them.

    The driver would look at each number, and send those of a small place as another type than those
    of a large one, which is another statement and another plan.
    """
    return "{" + ",".join(map(str, map(int, numbers))) + "}"


def register() -> None:
    models.Field.register_lookup(Among)
    # Relations keep their lookups apart from those of plain fields.
    ForeignObject.register_lookup(Among)


register()
