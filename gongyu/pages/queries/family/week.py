"""Today and this week for all children of a family together, and what waits for its answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from gongyu.ground.families.shapes import Family
from gongyu.ground.notices.queries import InBox
from gongyu.records.m01_home_school_contact import queries as visits
from gongyu.records.m02_parent_committees.queries.at_home import Waiting, waiting_at_home
from gongyu.shared_work.activities.queries.at_home import Invitation, invitations

from .box import waiting_in


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One thing with a day: a visit, a meeting, an open day. `asks` waits for the family's answer."""

    when: datetime
    what: str
    where: str
    names: str
    state: str
    url: str
    asks: bool = False
    answer_by: date | None = None
    is_off: bool = False  # cancelled or moved: it stands there so that nobody goes in vain
    changed_at: datetime | None = None
    uid: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """Everything that is to come, in order of time, parted as people look for it."""

    asks: list[WeekLine]
    today: list[WeekLine]
    this_week: list[WeekLine]
    later: list[WeekLine]

    @property
    def is_empty(self) -> bool:
        return not (self.asks or self.today or self.this_week or self.later)


def week_of(family: Family, on: date, moment: datetime) -> Week:
    """At most fifteen SQL queries, however many children."""
    lines = lines_of(family, on, moment)
    dated = [line for line in lines if not line.asks or not line.uid.startswith("proposal")]
    next_week = on + timedelta(days=7)
    return Week(
        asks=[_of_notice(item) for item in waiting_in(family, on)]
        + [_of_committee(each, family, moment) for each in waiting_at_home(family, on)]
        + [line for line in lines if line.asks],
        today=[line for line in dated if localdate(line.when) == on],
        this_week=[line for line in dated if on < localdate(line.when) < next_week],
        later=[line for line in dated if localdate(line.when) >= next_week],
    )


def lines_of(family: Family, on: date, moment: datetime) -> list[WeekLine]:
    """Visits and activities of all children, siblings merged, in order of time."""
    names = {child.child_id: child.name for child in family.children}
    classes = {child.child_id: child.class_id for child in family.children}
    found = [_of_activity(each, names) for each in invitations(classes, on, moment)]
    found += [_of_visit(each) for each in visits.proposals_of_family(family.child_ids, on)]
    return sorted(found, key=lambda line: (line.when, line.uid))


def _of_notice(item: InBox) -> WeekLine:
    return WeekLine(
        when=item.notice.sent_at,
        what=item.notice.title,
        where=item.sender,
        names=item.children,
        state=_("等您回一句"),
        url=reverse("family:notice", args=[item.delivery.pk]),
        asks=True,
        answer_by=item.notice.last_day,
        uid=f"notice-{item.delivery.pk}",
    )


def _of_committee(each: Waiting, family: Family, moment: datetime) -> WeekLine:
    child = family.child(each.child_id)
    matter = _("家委会问：%(title)s") % {"title": each.title}
    return WeekLine(
        when=moment,
        what=matter if each.title else _("家委会选举，一家一票"),
        where=each.place,
        names=child.name if child else "",
        state=_("等您回一句"),
        url=reverse("committees:at-home", args=[each.child_id]),
        asks=True,
        answer_by=each.last_on,
        uid=f"poll-{each.poll_id}",
    )


def _of_activity(each: Invitation, names: dict[int, str]) -> WeekLine:
    activity = each.activity
    return WeekLine(
        when=each.starts_at,
        until=(each.booking.slot if each.booking and each.booking.slot else activity).ends_at,
        what=activity.title,
        where=f"{activity.organiser.name} {activity.where}",
        names="、".join(names[pk] for pk in each.child_ids),
        state=_activity_words(each),
        url=reverse("activities:at-home", args=[activity.pk]),
        asks=each.asks,
        answer_by=activity.book_until if each.asks else None,
        is_off=activity.status in {"cancelled", "moved"},
        changed_at=activity.changed_at,
        uid=f"activity-{activity.pk}",
    )


def _activity_words(each: Invitation) -> str:
    if each.activity.status == "cancelled":
        return _("取消了")
    if each.activity.status == "moved":
        return _("改期了")
    if each.booking is None:
        return _("可以约时间") if each.asks else ""
    return _("已约好") if each.booking.slot_id else _("正在排队")


def _of_visit(proposal) -> WeekLine:
    chosen = proposal.chosen_time
    times = list(proposal.times.all())
    asks = proposal.status == "proposed"
    return WeekLine(
        when=chosen.starts_at if chosen else (times[0].starts_at if times else proposal.changed_at),
        what=_("%(teacher)s老师家访") % {"teacher": proposal.proposer.name},
        where=_("家里") if proposal.chosen_setting == "home" else proposal.elsewhere,
        names="、".join(child.name for child in proposal.children.all()),
        state={"proposed": _("等您选时间"), "chosen": _("已约好")}.get(
            proposal.status, _("您另提了时间，老师会联系您")
        ),
        url=reverse("visits:at-home", args=[proposal.pk]) if asks else "",
        asks=asks,
        answer_by=proposal.answer_by if asks else None,
        changed_at=proposal.changed_at,
        uid=f"proposal-{proposal.pk}" if asks or chosen is None else f"visit-{proposal.pk}",
    )
