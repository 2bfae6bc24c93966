"""What officers, auditors and administrators see first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Model
from django.utils.translation import gettext as _

from gongyu.ground.access.models import Approval
from gongyu.ground.access.queries import AccountRow, Line, find_accounts, lines_to_approve
from gongyu.ground.access.rules import approvals_visible_to
from gongyu.ground.audit.actors import Actor, HeldPost
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.notices.queries_lists import count_slips
from gongyu.ground.places.models import Place
from gongyu.ground.seal.models import Seal
from gongyu.records.m02_parent_committees.queries.districts import Sheet, open_sheets
from gongyu.shared_work.casework.queries import reports_for
from gongyu.shared_work.tickets.queries import glance
from gongyu.shared_work.tickets.queries.overview import Glance

from ..addresses import place_at, place_url
from ..audit import readings_of_children, recent
from ..boards import HELP_SHOWN, HelpRow, help_rows
from ..figures import Card, cards

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OfficerHome:
    """Seven numbers of the district or the city, and which schools need help."""

    place: Place
    url: str
    numbers: list[Card]
    help: list[HelpRow]
    more: int
    approvals: list[Line]
    tickets: Glance
    to_mend: list[Sheet]  # of parent committees, the nearest day first


@dataclass(frozen=True, slots=True)
class SealLine:
    """One sealed table: its newest seal, and how many rows came after it."""

    title: str
    number: int
    sealed_at: datetime | None
    unsealed: int


@dataclass(frozen=True, slots=True)
class AuditorHome:
    recent: list
    readings: int
    since: date
    approvals: list[Approval]
    seals: list[SealLine]


@dataclass(frozen=True, slots=True)
class AdministratorHome:
    without_account: list[AccountRow]


@dataclass(frozen=True, slots=True)
class ReportLiaisonHome:
    """How many sealed reports still wait; what they say opens one by one, with its trace."""

    open_reports: int


def officer(actor: Actor, post: HeldPost, on: date) -> OfficerHome:
    place = place_at(post.scope_id)
    numbers, _others = cards(place.pk)
    rows = help_rows(place, actor, on)
    return OfficerHome(
        place=place,
        url=place_url(place),
        numbers=numbers,
        help=rows[:HELP_SHOWN],
        more=max(len(rows) - HELP_SHOWN, 0),
        approvals=[line for line in lines_to_approve(actor, on) if line.state != "valid"],
        tickets=glance(actor, on),
        to_mend=open_sheets(actor, on)[:HELP_SHOWN],
    )


def auditor(actor: Actor, post: HeldPost, on: date) -> AuditorHome:
    since = on - timedelta(days=6)
    ending = approvals_visible_to(actor, on).on(on).filter(withdrawn_at__isnull=True)
    return AuditorHome(
        recent=recent(actor, on),
        readings=readings_of_children(actor, since, on + timedelta(days=1)),
        since=since,
        approvals=list(
            ending.filter(until_on__lte=on + SOON)
            .select_related("staff", "place", "approved_by")
            .order_by("until_on", "pk")[:10]
        ),
        seals=[
            _seal_line(_("事实账"), Fact),
            _seal_line(_("审计记录"), Entry),
        ],
    )


def _seal_line(title: str, table: type[Model]) -> SealLine:
    last = Seal.objects.filter(table_name=table._meta.db_table).order_by("-number").first()
    newest = table.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    return SealLine(
        title=title,
        number=last.number if last else 0,
        sealed_at=datetime.fromisoformat(last.sealed_at) if last else None,
        unsealed=newest - last.last_seq if last else newest,
    )


def report_liaison(actor: Actor, post: HeldPost, on: date) -> ReportLiaisonHome:
    return ReportLiaisonHome(open_reports=sum(line.is_open for line in reports_for(actor, on)))


@dataclass(frozen=True, slots=True)
class ChildrenDirectorHome:
    """The village whose families the director reaches, and how many slips wait to be handed over."""

    village: Place
    slips: int


def children_director(actor: Actor, post: HeldPost, on: date) -> ChildrenDirectorHome:
    return ChildrenDirectorHome(Place.objects.get(pk=post.place_id), count_slips(actor, on))


def complaint_handler(actor: Actor, post: HeldPost, on: date) -> Glance:
    return glance(actor, on)


def administrator(actor: Actor, post: HeldPost, on: date) -> AdministratorHome:
    return AdministratorHome(without_account=find_accounts("", on, limit=10))
