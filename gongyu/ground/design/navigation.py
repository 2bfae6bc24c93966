"""What each role finds in the side bar and, on a phone, in the bar at the bottom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

# The roles' codes are those of the posts; the words are what the frame says of the person.
ROLE_NAMES = {
    "class_teacher": _("班主任"),
    "subject_teacher": _("科任教师"),
    "moral_education_head": _("德育主任"),
    "school_leader": _("副校长"),
    "head": _("校长"),
    "registrar": _("学籍管理员"),
    "district_officer": _("区县教委"),
    "city_officer": _("市教委"),
    "auditor": _("审计员"),
    "administrator": _("系统管理员"),
    "report_liaison": _("强制报告联络员"),
    "children_director": _("儿童主任"),
    "complaint_handler": _("投诉举报办理人"),
}
# As many as a thumb tells apart at the bottom of a phone, 更多 counted in.
TABS = 5

TEACHERS = ("class_teacher", "subject_teacher")
LEADERS = ("moral_education_head", "school_leader", "head")
OFFICERS = ("district_officer", "city_officer")


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the side bar. `of_post`: the address takes the place of the post with the role.
    `on_phone`: it may be a tab at the bottom of a phone; there are TABS at most."""

    label: str
    icon: str
    route: str
    roles: tuple[str, ...] = ()
    of_post: bool = False
    on_phone: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A link with its address, ready for the page. On a phone it is a tab, or stands under 更多."""

    label: str
    icon: str
    url: str
    current: bool
    is_tab: bool


LINKS = (
    Link(_("首页"), "home", "pages:home"),
    Link(_("我的班级"), "users", "pages:class", TEACHERS, of_post=True),
    Link(_("记录家访"), "edit", "visits:record", ("class_teacher",)),
    Link(_("家访"), "walk", "visits:index", (*TEACHERS, *LEADERS)),
    Link(
        _("开放日和家长会"),
        "calendar-event",
        "activities:index",
        (*TEACHERS, *LEADERS),
        on_phone=False,
    ),
    Link(_("通知"), "bell", "notices:index", (*TEACHERS[:1], *LEADERS, *OFFICERS), on_phone=False),
    Link(_("要送的纸条"), "printer", "notices:slips", ("class_teacher",), on_phone=False),
    Link(_("要送的纸条"), "printer", "notices:slips", ("children_director",)),
    Link(
        _("家长委员会"),
        "users-group",
        "committees:index",
        ("class_teacher", *LEADERS, "district_officer"),
        on_phone=False,
    ),
    Link(_("学期计划"), "calendar", "pages:term", LEADERS, of_post=True, on_phone=False),
    Link(_("我的日历"), "calendar-plus", "pages:calendar", (*TEACHERS, *LEADERS), on_phone=False),
    Link(_("学校"), "school", "pages:school", LEADERS, of_post=True),
    Link(_("家长登录码"), "key", "codes:index", ("children_director",)),
    Link(_("家长登录码"), "key", "codes:index", ("class_teacher",), on_phone=False),
    Link(_("学生名册"), "table-import", "people:imports", ("registrar", "head")),
    Link(_("学籍异动"), "arrows-exchange", "keeping:school", ("registrar",), of_post=True),
    Link(
        _("学籍异动"),
        "arrows-exchange",
        "keeping:school",
        ("head", "moral_education_head"),
        of_post=True,
        on_phone=False,
    ),
    Link(
        _("任职"), "user-check", "access:posts", ("registrar", "head"), of_post=True, on_phone=False
    ),
    Link(
        _("班级与校区"),
        "building",
        "keeping:classes",
        ("registrar", "head"),
        of_post=True,
        on_phone=False,
    ),
    Link(
        _("登记事项"),
        "clipboard-list",
        "registers:index",
        ("moral_education_head", "head", "city_officer"),
        on_phone=False,
    ),
    Link(_("区县"), "map-2", "pages:district", ("district_officer",), of_post=True),
    Link(_("全市"), "map", "pages:city", ("city_officer",)),
    Link(_("审计"), "shield-check", "pages:audit", ("auditor",)),
    Link(
        _("查阅授权"),
        "key",
        "access:approvals",
        ("head", "district_officer", "city_officer"),
        on_phone=False,
    ),
    Link(_("任职登记"), "user-star", "access:own-offices", OFFICERS, on_phone=False),
    Link(_("放假安排"), "calendar-event", "pages:days-off", OFFICERS, on_phone=False),
    Link(_("通知的负担"), "clock", "pages:own-burden", ("head", *OFFICERS), on_phone=False),
    Link(
        _("孩子有情况"),
        "heart-handshake",
        "concerns:index",
        (*TEACHERS, *LEADERS),
        on_phone=False,
    ),
    Link(_("封存的报告"), "lock", "casework:index", ("report_liaison",)),
    Link(_("投诉举报"), "message-report", "tickets:index", ("complaint_handler",)),
    Link(_("投诉举报"), "message-report", "tickets:overview", OFFICERS, on_phone=False),
    Link(_("账号"), "user-cog", "access:accounts", ("administrator",)),
    Link(
        _("查找"),
        "search",
        "pages:search",
        (*TEACHERS, *LEADERS, "registrar", *OFFICERS),
        on_phone=False,
    ),
    Link(_("离线使用"), "wifi-off", "offline:shell", ("class_teacher",), on_phone=False),
    Link(_("方案"), "book-2", "pages:plan"),
)


def items_for(actor, path: str) -> list[Item]:
    """The links of a signed-in person, in the order of the table; the current one is marked."""
    roles, places = roles_and_places(actor)
    lines = [(link, filled(url, places)) for link, url in _lines_of(roles, settings.ROOT_URLCONF)]
    # Of two addresses of which one begins with the other, the longer one is where the reader is.
    begun = [url for _link, url in lines if path == url or (url != "/" and path.startswith(url))]
    here = max(begun, key=len, default="")
    tabs = _tabs([link for link, _url in lines])
    return [Item(link.label, link.icon, url, url == here, link in tabs) for link, url in lines]


def _tabs(links: list[Link]) -> list[Link]:
    """What stands in the bar of a phone: one place less where the others need their 更多."""
    wanted = [link for link in links if link.on_phone]
    return wanted if len(links) <= TABS else wanted[: TABS - 1]


# Stands for the place of a post's first role, the next ones for those of the others, in what is
# made once for everybody with the same roles. No database gives such ids.
STAND_IN = 9_990_000_000_000_000_000


def roles_and_places(actor) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The different roles of the day, and for each the place that its first post reaches."""
    first = {post.role: post.scope_id for post in reversed(actor.posts)}
    roles = tuple(dict.fromkeys(post.role for post in actor.posts))
    return roles, tuple(first[role] for role in roles)


def filled(text: str, places: tuple[int, ...]) -> str:
    """The text with the reader's own places in it."""
    for number, place in enumerate(places):
        text = text.replace(str(STAND_IN + number), str(place))
    return text


@lru_cache(maxsize=256)
def _lines_of(roles: tuple[str, ...], _urls: str) -> tuple[tuple[Link, str], ...]:
    """The links of these roles with their addresses, the places stood in for. The second names the
    house's addresses, which a test may change."""
    found = [(link, _address(link, roles)) for link in LINKS]
    return tuple((link, url) for link, url in found if url is not None)


def _address(link: Link, roles: tuple[str, ...]) -> str | None:
    held = [number for number, role in enumerate(roles) if role in link.roles]
    if link.roles and not held:
        return None
    try:
        return reverse(link.route, args=[STAND_IN + held[0]] if link.of_post else None)
    except NoReverseMatch:
        # A house with fewer apps installed has fewer links; a test holds the full house complete.
        return None


def role_words(actor) -> str:
    """What the person is today, such as `班主任`; empty for somebody without a post."""
    return "、".join(dict.fromkeys(str(ROLE_NAMES.get(p.role, p.role)) for p in actor.posts))
