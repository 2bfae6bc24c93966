"""Models from rows, with their relations, as Django's own iterables make them and without the
signals of their making, which nothing here listens to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState


@dataclass(frozen=True, slots=True)
class _Related:
    """A relation that came along: how it is made, and how both sides learn of each other."""

    maker: Maker
    own_side: Callable[[Model, Model | None], None]
    other_side: Callable[[Model, Model], None]


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes one model of a row: `names` are its columns from `start` on, `extra` the annotations."""

    model: type[Model]
    names: tuple[str, ...]
    start: int
    until: int
    key_at: int
    related: tuple[_Related, ...]
    extra: tuple[tuple[str, int], ...]

    def __call__(self, row: Any, alias: str) -> Model:
        made = self.model.__new__(self.model)
        # Columns that were not asked for are missing and fetched when they are read, as ever.
        made.__dict__.update(zip(self.names, row[self.start : self.until], strict=True))
        state = made._state = ModelState()
        state.adding, state.db = False, alias
        for name, at in self.extra:
            made.__dict__[name] = row[at]
        for each in self.related:
            each.own_side(made, each.maker.if_there(row, alias, made, each.other_side))
        return made

    def if_there(self, row: Any, alias: str, source: Model, other_side) -> Model | None:
        if row[self.key_at] is None:
            return None
        made = self(row, alias)
        other_side(made, source)
        return made


def maker_of(compiler: Any) -> Maker:
    """The maker for the models that a compiled query selects."""
    extra = tuple(compiler.annotation_col_map.items()) if compiler.annotation_col_map else ()
    return _maker(compiler.klass_info, compiler.select, extra)


def _maker(info: dict, select: list, extra: tuple[tuple[str, int], ...] = ()) -> Maker:
    start, until = info["select_fields"][0], info["select_fields"][-1] + 1
    names = tuple(column[0].target.attname for column in select[start:until])
    model = info["model"]
    return Maker(
        model=model,
        names=names,
        start=start,
        until=until,
        key_at=start + names.index(model._meta.pk.attname),
        related=tuple(
            _Related(_maker(each, select), each["local_setter"], each["remote_setter"])
            for each in info.get("related_klass_infos", ())
        ),
        extra=extra,
    )


def keep_fetched(instance: Model, relation: str, rows: list[Model]) -> None:
    """What prefetch_related would leave: `instance.relation.all()` answers with these rows."""
    related = instance._meta.get_field(relation).related_model
    queryset = related._default_manager.get_queryset()
    queryset._result_cache, queryset._prefetch_done = rows, True
    instance.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = queryset
