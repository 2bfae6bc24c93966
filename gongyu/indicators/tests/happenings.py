"""What happens in a random world besides visits: incidents of classes, clues at desks, contacts with
families, notices, and parent committees."""

from __future__ import annotations

# What holds for a while, and may be corrected to end on another day.
LASTING = ("enrolment", "post.held", "leave", "register.valid", "committee.in_term")


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


def contacts(builder, children: list[int]) -> None:
    """Families called, written to or met, about one of the children."""
    for _ in range(builder.pick(0, 4)):
        channel = builder.one_of(["phone", "message", "online", "in_person"])
        child, place, day = builder.one_of(children), builder.class_or_not(), builder.day()
        told = {"actor_id": builder.one_of(builder.staff), "status": channel}
        builder.add("contact.made", "child", child, place, day, **told)


def notices(builder) -> None:
    """Notices to families of some place, by a template or not, and families who confirm them."""
    for _ in range(builder.pick(0, 4)):
        place, day = builder.class_or_not(), builder.day()
        template = builder.one_of(["", "guide_reading", "guide_chores", "campaign"])
        builder.add("notice.sent", "place", builder.base + 1, place, day, detail=template)
        for _ in range(builder.pick(0, 2)):
            kind = builder.one_of(["to_answer", "safety"])
            told = {"status": "box", "detail": kind}
            builder.add("notice.reached", "place", builder.base + 1, place, day + 1, **told)


def committees(builder) -> None:
    """One of a school and one of a class (or of nowhere), each with up to two terms."""
    school = builder.one_of(builder.world.schools).place_id
    for number, place, level in (
        (85_000, school, "school"),
        (85_001, builder.class_or_not(), "class"),
    ):
        about = ("committee", builder.base + number, place)
        for _ in range(builder.pick(0, 2)):
            day = builder.pick(900, 1090)
            until = day + builder.pick(0, 90)
            builder.add("committee.in_term", *about, day, until_day=until, detail=level)
        for _ in range(builder.pick(0, 2)):
            kind = builder.one_of(["committee.inspected", "committee.active"])
            builder.add(kind, *about, builder.day())
