"""The kinds of register entries, as one table: adding a kind is adding a row."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class RegisterKind:
    """`is_document`: entering it proves that a document was delivered. `ends_with_the_year`: it is
    made anew each school year, so that it is never reviewed, only followed by the next.
    `names_channels`: it says by which ways families reach the school, and whom to ask for each."""

    label: str
    hint: str
    place_kind: str = "school"
    is_document: bool = True
    ends_with_the_year: bool = False
    names_channels: bool = False


KINDS: dict[str, RegisterKind] = {
    "visiting_rules": RegisterKind(
        _("家访制度"), _("谁去、怎么约、怎么记、怎么保护隐私，由学校自己写明。")
    ),
    "visit_plan": RegisterKind(
        _("学年家访计划"), _("本学年的安排和分工，每学年一份。"), ends_with_the_year=True
    ),
    "all_staff_system": RegisterKind(
        _("全员协同育人制度"), _("班主任、科任教师和其他教职工各自的育人职责。")
    ),
    "contact_mechanism": RegisterKind(
        _("家校沟通机制"),
        _("家访、家长会、开放日、电话等渠道，以及各自的负责人。"),
        names_channels=True,
    ),
    "complaint_channel": RegisterKind(
        _("举报投诉渠道公示"),
        _("公示在哪里、电话或网址；直达区县教委，不经过学校和家委会，可以匿名。"),
        is_document=False,
    ),
    "committee_guide": RegisterKind(
        _("家长委员会建设指南"),
        _("市教委印发的《重庆市中小学（幼儿园）家长委员会建设指南》，写明文号和日期。"),
        place_kind="city",
    ),
}

# The ways that the plan names for families and schools to meet; the last two are its 线上.
CHANNELS: dict[str, str] = {
    "home_visit": _("家访"),
    "parents_meeting": _("家长会"),
    "open_day": _("校园开放日"),
    "telephone": _("电话"),
    "message": _("短信、信息"),
    "online": _("线上交流"),
}
