"""Offices, posts and approvals as Excel sheets: one row for each post or person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from gongyu.ground.design.sheets import sheet_of
from gongyu.ground.places.models import Place
from gongyu.ground.staff.coverage import ClassCover, Gap
from gongyu.ground.staff.models import Post

from .queries import Line
from .queries_offices import OfficeRow
from .queries_posts import PostsPage
from .rules_offices import Office


def office_sheet(office: Office, rows: Iterable[OfficeRow], on: date) -> bytes:
    """One row for each post of an office; a place without one today has one that says so."""
    role = office.role.label
    heads = [_("单位"), _("代码"), _("所属"), role, _("代理"), _("从"), _("到"), _("现状")]
    title = _("%(role)s任职，截至 %(on)s") % {"role": role, "on": on.isoformat()}
    return sheet_of(title, heads, (row for one in rows for row in _office_rows(office, one)))


def posts_sheet(school: Place, page: PostsPage, on: date) -> bytes:
    """The class teachers of every class with the days without one, then the school's own posts."""
    heads = [_("班级"), _("岗位"), _("姓名"), _("代理"), _("从"), _("到"), _("近期空缺")]
    rows = [row for cover in page.classes for row in _class_rows(cover)]
    rows += [["", *_post_cells(line.post), ""] for line in page.leaders]
    title = _("%(name)s 任职，截至 %(on)s") % {"name": school.name, "on": on.isoformat()}
    return sheet_of(title, heads, rows)


def approvals_sheet(lines: Iterable[Line], on: date) -> bytes:
    """One row for each person whom the reader answers for."""
    states = {
        "valid": _("有效"),
        "soon": _("30天内到期"),
        "lapsed": _("已到期"),
        "none": _("未授权"),
    }
    heads = [_("姓名"), _("岗位"), _("单位"), _("现状"), _("可查阅至")]
    rows = (
        [
            line.staff.name,
            "、".join(line.roles),
            line.place.name,
            states[line.state],
            _day(line.last_day),
        ]
        for line in lines
    )
    return sheet_of(_("查阅授权，截至 %s") % on.isoformat(), heads, rows)


def _office_rows(office: Office, row: OfficeRow) -> Iterator[list]:
    states = {"now": _("在任"), "later": _("未到任"), "past": _("已离任")}
    where = [row.place.name, row.place.code, row.above]
    if row.is_vacant:
        yield [*where, "", "", "", "", _("空缺") if office.is_single else _("未设")]
    for line in row.lines:
        post = line.post
        yield [
            *where,
            post.staff.name,
            _("是") if post.acting else "",
            _day(post.from_on),
            _day(post.last_day),
            states[line.state],
        ]


def _class_rows(cover: ClassCover) -> Iterator[list]:
    gaps = "；".join(_gap(gap) for gap in cover.gaps)
    posts = [post for post in (cover.regular, *cover.acting, *cover.coming) if post]
    if cover.is_vacant:
        yield [cover.place.name, "", _("空缺"), "", "", "", gaps]
    for number, post in enumerate(posts):
        told = gaps if number == 0 and not cover.is_vacant else ""
        yield [cover.place.name, *_post_cells(post), told]


def _post_cells(post: Post) -> list:
    acting = _("是") if post.acting else ""
    days = [_day(post.from_on), _day(post.last_day)]
    return [post.get_role_display(), post.staff.name, acting, *days]


def _gap(gap: Gap) -> str:
    return f"{gap.first.isoformat()}–{_day(gap.last) or _('至今')}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
