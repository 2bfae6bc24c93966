"""Which cells of one duty's figures stay hidden from officers and from the public, on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gongyu.plan.model import Plan

from .models import CELLS, Figure, Refresh
from .publishing import COUNTED, counts_people
from .rule import Rule
from .suppression import Forest, Row

# A share is made of these. While what is met stands open, a page can say how much it is at least.
_DEAR = tuple(CELLS.index(state) for state in reversed(COUNTED))


@dataclass(frozen=True)
class Hidden:
    """{place id: cells that may not be shown, as bits in the order of CELLS}; places that show all
    are left out."""

    inside: Mapping[int, int] = field(default_factory=dict)
    public: Mapping[int, int] = field(default_factory=dict)


def hidden_places(
    counts: Mapping[int, tuple[int, ...]],
    rule: Rule,
    parents: Mapping[int, int | None],
    refresh: Refresh,
    plan: Plan,
) -> Hidden:
    """What a refresh hides of a rule's published places. `counts` has the numbers of CELLS of all
    of them, ordered by the places' ids, because which cells are company may depend on the order."""
    if not counts_people(rule):
        return Hidden()
    forest = Forest(Row(place, parents.get(place), values) for place, values in counts.items())
    before = _hidden_before(refresh, rule)
    disclosure = plan.disclosure
    return Hidden(
        inside=forest.hidden(disclosure.district_minimum, _DEAR, before.inside),
        public=forest.hidden(disclosure.public_minimum, _DEAR, before.public),
    )


def _hidden_before(refresh: Refresh, rule: Rule) -> Hidden:
    """What was hidden from officers and from the public on the last day with figures before this
    one. Of an earlier day, so that figures that follow the ledger hide what a whole evaluation
    would."""
    finished = Refresh.objects.filter(finished_at__isnull=False, as_of__lt=refresh.as_of)
    last = finished.order_by("-as_of", "-pk").first()
    rows = Figure.objects.filter(refresh=last, duty=rule.duty, period_key=rule.period_key)
    found = list(
        rows.exclude(hidden_inside=0, hidden_public=0).values_list(
            "place_id", "hidden_inside", "hidden_public"
        )
    )
    return Hidden(
        inside={place: inside for place, inside, _ in found},
        public={place: public for place, _, public in found},
    )
