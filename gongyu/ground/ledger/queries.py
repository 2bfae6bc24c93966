"""Questions to the ledger that the records themselves ask."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from gongyu.ground.seal.settled import settled_seq

from .models import Fact

_ASKED_AT_ONCE = 900  # below the parameter limit of every SQLite


def standing_facts() -> QuerySet[Fact]:
    """The facts that no later fact supersedes."""
    return Fact.objects.filter(~Exists(Fact.objects.filter(supersedes_id=OuterRef("seq"))))


def standing_fact_of(source_model: str, source_id: int, kind: str | None = None) -> Fact | None:
    """The newest standing fact that a record proves, of one kind if asked."""
    facts = standing_facts().filter(source_model=source_model, source_id=source_id)
    if kind is not None:
        facts = facts.filter(kind=kind)
    return facts.order_by("-seq").first()


def standing_facts_of(
    source_model: str, source_ids: Iterable[int], kind: str | None = None
) -> dict[int, Fact]:
    """The newest standing fact of each record that has one, by the record's id."""
    ids = list(dict.fromkeys(source_ids))
    found: dict[int, Fact] = {}
    for start in range(0, len(ids), _ASKED_AT_ONCE):
        facts = standing_facts().filter(
            source_model=source_model, source_id__in=ids[start : start + _ASKED_AT_ONCE]
        )
        if kind is not None:
            facts = facts.filter(kind=kind)
        found.update((fact.source_id, fact) for fact in facts.order_by("seq"))
    return found


def settled_fact_seq() -> int:
    """The number up to which no further fact can appear: how far a reader has read everything."""
    return settled_seq(Fact)
