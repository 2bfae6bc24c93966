"""What can be done: plan, invite, book, move, cancel, close, read, take out, subscribe."""

from .booking import (
    FAMILY,
    LinkClosed,
    book_at_home,
    book_by_link,
    book_for_family,
    cancel_at_home,
    cancel_booking,
    cancel_by_link,
    change_at_home,
    change_booking,
    change_by_link,
    note_told,
)
from .ending import (
    cancel_activity,
    close_activity,
    correct_closing,
    move_activity,
    take_back_closing,
)
from .feeding import end_family_feed, end_feed, start_family_feed, start_feed
from .inviting import invite, make_family_link, make_missing_links
from .planning import change_plan, drop_slot, make_slots, plan_activity
from .reading import export_activities, export_bookings, note_reading

__all__ = [
    "FAMILY",
    "LinkClosed",
    "book_at_home",
    "book_by_link",
    "book_for_family",
    "cancel_activity",
    "cancel_at_home",
    "cancel_booking",
    "cancel_by_link",
    "change_at_home",
    "change_booking",
    "change_by_link",
    "change_plan",
    "close_activity",
    "correct_closing",
    "drop_slot",
    "end_family_feed",
    "end_feed",
    "export_activities",
    "export_bookings",
    "invite",
    "make_family_link",
    "make_missing_links",
    "make_slots",
    "move_activity",
    "note_reading",
    "note_told",
    "plan_activity",
    "start_family_feed",
    "start_feed",
    "take_back_closing",
]
