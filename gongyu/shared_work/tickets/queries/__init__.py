"""Tickets as the desk, the one above and the asker see them."""

from .counting import answered_on, clock_of, days_off_of, extended_days
from .desks import desk_of_officer, fixed_limits, limits_of
from .following import followed, ticket_by_receipt
from .overview import glance, overview
from .places import districts_to_choose, school_to_tell, schools_found, schools_of_district
from .statistics import statistics
from .tickets import TicketPage, desks_to_choose, ticket_for, ticket_page
from .trays import tray
from .trials import channel_entry, schools_on_trial, trials

__all__ = [
    "TicketPage",
    "answered_on",
    "channel_entry",
    "clock_of",
    "days_off_of",
    "desk_of_officer",
    "desks_to_choose",
    "districts_to_choose",
    "extended_days",
    "fixed_limits",
    "followed",
    "glance",
    "limits_of",
    "overview",
    "school_to_tell",
    "schools_found",
    "schools_of_district",
    "schools_on_trial",
    "statistics",
    "ticket_by_receipt",
    "ticket_for",
    "ticket_page",
    "tray",
    "trials",
]
