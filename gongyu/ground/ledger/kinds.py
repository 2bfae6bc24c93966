"""The kinds of facts: what may be written into the ledger, and what each kind says."""

from __future__ import annotations

# kind → what a fact of it says: its subject, its place, its days, its status.
KINDS: dict[str, str] = {
    "enrolment": "A child is enrolled in a class from–to; status how the child came in; "
    "detail boarding or nothing.",
    "leave": "A child is away from–to; status the kind of leave.",
    "post.held": "Somebody holds a post at a place from–to; actor who, status the role, "
    "detail acting or nothing.",
    "visit.held": "A child was visited; place the class on that day, actor the visitor, status "
    "the visitor's capacity, detail home or elsewhere.",
    "visit.attempted": "A visit to a child was tried in vain; status not_found or refused.",
    "visit.declined": "A head acknowledged that a family declines visits, until the year ends.",
    "contact.made": "A family was called, written to or met; subject the child, place the class on "
    "that day, actor who did it, status the channel.",
    "anomaly.noticed": "A child seemed not well; subject an incident by its number, never a child, "
    "place the class on that day, actor who noticed.",
    "anomaly.contacted": "A carer was contacted about an incident.",
    "anomaly.excused": "For a lawful reason, never said here, no carer is turned to about an "
    "incident.",
    "register.valid": "An entry of a register is in force at a place from–to; detail its kind.",
    "register.reviewed": "An entry of a register was reviewed; detail its kind.",
    "document.delivered": "A document was delivered for a place; detail its kind.",
    "clue.received": "A complaint or clue reached a desk; subject a clue by the number of its token, "
    "place the district or city of the desk and never the school, status its kind.",
    "clue.accepted": "It was accepted; status its kind.",
    "clue.answered": "It was answered; status what was found, or that it was rejected or sent on; "
    "attrs yuan paid back. Taken back when the asker reopens it.",
    "channel.tested": "A trial ticket tried the complaint channel of a school; subject and place the "
    "school, status answered or failed, attrs the days it took.",
    "activity.planned": "An activity is planned for a day; subject the school that answers for it, "
    "place that school or its campus, status its kind, detail for whom. Taken back when closed.",
    "committee.in_term": "An elected parent committee serves from–to; subject the committee, place "
    "its class or school, detail its level.",
    "committee.active": "A parent committee did something with or for families; subject the "
    "committee, place its class or school, detail what it was about.",
    "committee.inspected": "Somebody looked at how a parent committee works; subject the committee, "
    "place its class or school, actor who looked, status in_order or to_mend.",
    "activity.held": "An activity took place; subject the school that answers for it, place that "
    "school or its campus, status its kind, detail for whom, attrs how many families came.",
    "notice.sent": "A notice went to families; subject the school or department that answers for "
    "it, status its kind, detail campaign or its template, attrs people, families and seconds each.",
    "notice.reached": "Somebody answered a notice or was handed its slip; subject and place in whose "
    "name it was sent, never a family; status the way.",
}


class UnknownKind(ValueError):
    """A fact of a kind that nobody declared."""


def check_kind(kind: str) -> None:
    """Raises UnknownKind."""
    if kind not in KINDS:
        raise UnknownKind(
            f"The fact kind {kind!r} is not declared. Add it to KINDS in {__name__}, with what a "
            "fact of it says, or correct the name."
        )
