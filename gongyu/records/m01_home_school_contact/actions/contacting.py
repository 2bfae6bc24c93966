"""Record a contact with several families at once, correct it, take it back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gongyu.ground.audit.actions import Deed, record_many
from gongyu.ground.audit.actors import Actor
from gongyu.ground.ledger.actions import append_many, standing_facts_of
from gongyu.ground.people.models import Child
from gongyu.ground.people.queries import class_on

from .. import facts_concerns as facts
from .. import rules_concerns as rules
from ..concern_codes import Channel
from ..concern_shapes import ContactEntry
from ..models_concerns import Contact, ContactChild
from ..queries.posts import post_for, posts_in
from ..rules_concerns import ConcernFault


@transaction.atomic
def record_contact(entry: ContactEntry, *, at: datetime, key: str, by: Actor) -> Contact:
    """Record a contact that the actor made. The same `key` sent twice by the same person is the same
    contact. Raises ConcernFault."""
    sent = _already_sent(key, by)
    if sent is not None:
        return sent
    try:
        with transaction.atomic():
            return write_contact(entry, at=at, key=key, by=by)
    except IntegrityError:
        # The other tap was a moment faster.
        sent = _already_sent(key, by)
        if sent is None:
            raise
        return sent


def write_contact(
    entry: ContactEntry,
    *,
    at: datetime,
    key: str,
    by: Actor,
    replaces: Contact | None = None,
    reason: str = "",
) -> Contact:
    """The contact with its rows, facts and audit rows, inside a transaction. Raises ConcernFault."""
    _check(entry, at)
    rows = _rows(entry, by)
    contact = Contact.objects.create(
        made_at=entry.made_at,
        maker_id=by.staff_id,
        channel=entry.channel,
        line=entry.line.strip(),
        asked=entry.asked.strip(),
        follows=entry.follows.strip(),
        replaces=replaces,
        reason=reason,
        key=key,
        recorded_at=at,
        recorded_by_id=by.staff_id,
    )
    for row in rows:
        row.contact = contact
    ContactChild.objects.bulk_create(rows)
    rows = list(contact.children.select_related("post"))
    _append(contact, rows, replaces, by=by)
    verb = "contact.correct" if replaces else "contact.record"
    record_many([_deed(verb, contact, row, reason) for row in rows], by=by)
    return contact


@transaction.atomic
def correct_contact(
    contact: Contact, entry: ContactEntry, *, reason: str, at: datetime, key: str, by: Actor
) -> Contact:
    """A new version in place of the old one, which is kept. Raises ConcernFault."""
    sent = _already_sent(key, by)
    if sent is not None:
        return sent
    old = _end(contact, "correct", reason, at, by=by)
    return write_contact(entry, at=at, key=key, by=by, replaces=old, reason=old.reason)


@transaction.atomic
def retract_contact(contact: Contact, *, reason: str, at: datetime, by: Actor) -> Contact:
    """Take a contact back: it stays readable and counts nothing. Raises ConcernFault."""
    contact = _end(contact, "retract", reason, at, by=by)
    rows = list(contact.children.select_related("post"))
    _take_back(contact, rows, by=by)
    record_many([_deed("contact.retract", contact, row, contact.reason) for row in rows], by=by)
    return contact


def _check(entry: ContactEntry, at: datetime) -> None:
    if not entry.child_ids:
        raise ConcernFault(_("请勾选联系了哪些孩子的家庭。"), "children")
    if entry.channel not in Channel.values:
        raise ConcernFault(_("请选择用什么方式联系的。"), "channel")
    if not entry.line.strip():
        raise ConcernFault(_("请写一句说了什么。"), "line")
    rules.check_moment(entry.made_at, at, "made_at")


def _rows(entry: ContactEntry, by: Actor) -> list[ContactChild]:
    """One unsaved row for each child, with class, school and the maker's post as of that day."""
    day = localtime(entry.made_at).date()
    children = Child.objects.filter(pk__in=entry.child_ids).order_by("pk")
    enrolments = {child: class_on(child.pk, day) for child in children}
    places = {p for e in enrolments.values() if e for p in (e.school_class_id, e.school_id)}
    posts = posts_in(by.staff_id, places, day) if by.staff_id is not None else {}
    rows = []
    for child, enrolment in enrolments.items():
        post = (
            post_for(posts, enrolment.school_class_id, enrolment.school_id) if enrolment else None
        )
        if post is None:
            raise ConcernFault(
                _("%(name)s 在 %(day)s 不是您的学生，请核对时间。")
                % {"name": child.name, "day": day.isoformat()},
                "made_at",
            )
        rows.append(
            ContactChild(
                child=child,
                class_place_id=enrolment.school_class_id,
                school_id=enrolment.school_id,
                post=post,
            )
        )
    return rows


def _append(
    contact: Contact, rows: list[ContactChild], replaces: Contact | None, *, by: Actor
) -> None:
    old_of: dict[int, int] = {}
    if replaces is not None:
        old_rows = list(replaces.children.select_related("post"))
        standing = standing_facts_of(facts.CONTACT_SOURCE, [row.pk for row in old_rows])
        old_of = {r.child_id: standing[r.pk].seq for r in old_rows if r.pk in standing}
        gone = [r for r in old_rows if r.child_id not in {row.child_id for row in rows}]
        _take_back(replaces, gone, by=by)
    append_many(
        [
            facts.of_contact_child(contact, row, supersedes_id=old_of.get(row.child_id))
            for row in rows
        ],
        by=by,
    )


def _take_back(contact: Contact, rows: list[ContactChild], *, by: Actor) -> None:
    standing = standing_facts_of(facts.CONTACT_SOURCE, [row.pk for row in rows])
    append_many(
        [
            facts.of_contact_child(contact, row, supersedes_id=standing[row.pk].seq, quantity=0)
            for row in rows
            if row.pk in standing
        ],
        by=by,
    )


def _end(contact: Contact, step: str, reason: str, at: datetime, *, by: Actor) -> Contact:
    reason = reason.strip()
    if not reason:
        raise ConcernFault(_("请写明原因，例如“勾错了孩子”。"), "reason")
    contact = Contact.objects.select_for_update().get(pk=contact.pk)
    contact.status = rules.check_contact_stands(contact, step)
    contact.reason, contact.ended_at, contact.ended_by_id = reason, at, by.staff_id
    contact.save(update_fields=["status", "reason", "ended_at", "ended_by"])
    return contact


def _already_sent(key: str, by: Actor) -> Contact | None:
    return Contact.objects.filter(recorded_by=by.staff_id, key=key).first()


def _deed(verb: str, contact: Contact, row: ContactChild, why: str) -> Deed:
    return Deed(
        verb,
        ("child", row.child_id),
        place_id=row.class_place_id,
        why=why,
        detail={"contact": contact.pk, "channel": contact.channel},
    )
