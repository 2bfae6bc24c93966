"""What is opened and closed in a random world: incidents of classes, clues at desks."""

from __future__ import annotations


def incidents(builder) -> None:
    """Somebody notices, and soon, late, twice or never somebody answers."""
    for number in range(builder.pick(0, 3)):
        incident, place, day = builder.base + 70_000 + number, builder.class_or_not(), builder.day()
        builder.add("anomaly.noticed", "incident", incident, place, day)
        for _ in range(builder.pick(0, 3)):
            kind = builder.one_of(["anomaly.contacted", "anomaly.contacted", "anomaly.excused"])
            builder.add(kind, "incident", incident, place, day + builder.pick(-3, 8))


def clues(builder) -> None:
    """A complaint reaches a desk; it is answered never, once, or taken back and answered again."""
    desks = [c.place_id for c in builder.world.containments if c.place_kind in ("district", "city")]
    for number in range(builder.pick(0, 3)):
        clue, desk, day = builder.base + 80_000 + number, builder.one_of(desks), builder.day()
        builder.add("clue.received", "clue", clue, desk, day)
        for _ in range(builder.pick(0, 2)):
            counts = builder.one_of([1, 1, 0])
            later = day + builder.pick(-2, 40)
            builder.add("clue.answered", "clue", clue, desk, later, quantity=counts)
