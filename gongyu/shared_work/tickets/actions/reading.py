"""Lists and single tickets as they are read: every reading leaves its protected row."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from gongyu.ground.audit.actors import Actor
from gongyu.ground.audit.protected import record_protected

from .. import queries
from ..models import Ticket
from ..queries.trays import Asked, Tray
from ..workbook import tickets_sheet


@transaction.atomic
def list_tickets(asked: Asked, *, on: date, by: Actor) -> Tray:
    """One page of the tray. The list says no words and no names, so that it is kept once for the
    desk and not for each of its lines."""
    tray = queries.tray(by, asked, on)
    record_protected("ticket.list", "", by=by, place_id=tray.desk_id)
    return tray


@transaction.atomic
def export_tickets(asked: Asked, *, on: date, by: Actor) -> bytes:
    """The tray's lines as a sheet: number, kind, place and days; no words and no names."""
    tray = queries.tray(by, asked, on, everything=True)
    record_protected(
        "ticket.export", "", by=by, place_id=tray.desk_id, detail={"rows": len(tray.lines)}
    )
    return tickets_sheet(tray, on)


@transaction.atomic
def read_ticket(ticket: Ticket, *, on: date, by: Actor) -> queries.TicketPage:
    """Everything about one ticket, the asker's contact included; no reading without its row."""
    record_protected("ticket.read", ticket.token, by=by, place_id=ticket.desk_id)
    return queries.ticket_page(ticket, by, on)
