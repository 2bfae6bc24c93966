"""One demo account for each role, all with the same password; the page shows the second factor."""

from __future__ import annotations

from dataclasses import dataclass

from gongyu.ground.access.actions import open_account
from gongyu.ground.access.demo_accounts import DEMO_PASSWORD
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.staff.models import Post, Role

from .fill import DemoCity

SCHOOL = "星桥小学"
DISTRICT_CODE = "500103"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    username: str
    role: str
    post: Post


def choose_accounts(city: DemoCity) -> list[DemoAccount]:
    """The people of the demo who can sign in: one for each role, of one school where it has one."""
    school = city.school_called(SCHOOL)
    leaders = city.staffing.leaders[school.place.pk]
    chosen: dict[str, Post] = {
        Role.CLASS_TEACHER: city.staffing.class_teacher[school.classes[8].pk][0],
        Role.SUBJECT_TEACHER: next(
            posts[0]
            for school_class in school.classes
            if (posts := city.staffing.subject_teacher.get(school_class.pk))
        ),
        **leaders,
    }
    for (role, department), post in city.staffing.officers.items():
        of_a_district = role in (Role.DISTRICT_OFFICER, Role.COMPLAINT_HANDLER)
        if not of_a_district or city.scopes[department] == school.district.pk:
            chosen[role] = post
    return [
        DemoAccount(str(role).replace("_", "-"), str(role), chosen[role])
        for role in Role.values
        if role in chosen
    ]


def open_accounts(city: DemoCity) -> list[DemoAccount]:
    """Opens them, ready to sign in with password and second factor."""
    accounts = choose_accounts(city)
    for account in accounts:
        open_account(
            account.post.staff,
            account.username,
            DEMO_PASSWORD,
            totp_secret=_secret(),
            by=SYSTEM,
            on=city.today,
        )
    return accounts


def _secret() -> str:
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    return generate_totp_secret()
