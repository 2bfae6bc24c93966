"""More that happens in a random world: contacts with families, and parent committees."""

from __future__ import annotations

# What holds for a while, and may be corrected to end on another day.
LASTING = ("enrolment", "post.held", "leave", "register.valid", "committee.in_term")


def add_contacts(builder, children: list[int]) -> None:
    """Families called, written to or met, about one of the children."""
    for _ in range(builder.pick(0, 4)):
        channel = builder.one_of(["phone", "message", "online", "in_person"])
        child, place, day = builder.one_of(children), builder.class_or_not(), builder.day()
        told = {"actor_id": builder.one_of(builder.staff), "status": channel}
        builder.add("contact.made", "child", child, place, day, **told)


def add_committees(builder) -> None:
    """One of a school and one of a class (or of nowhere), each with up to two terms."""
    school = builder.one_of(builder.world.schools).place_id
    for number, place, level in (
        (80_000, school, "school"),
        (80_001, builder.class_or_not(), "class"),
    ):
        about = ("committee", builder.base + number, place)
        for _ in range(builder.pick(0, 2)):
            day = builder.pick(900, 1090)
            until = day + builder.pick(0, 90)
            builder.add("committee.in_term", *about, day, until_day=until, detail=level)
        for _ in range(builder.pick(0, 2)):
            kind = builder.one_of(["committee.inspected", "committee.active"])
            builder.add(kind, *about, builder.day())
