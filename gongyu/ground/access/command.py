"""`gongyu account`: the first administrator of a new city, and the way back in for somebody locked
out. Everything else about accounts is on the page /accounts/."""

from __future__ import annotations

import json
from typing import Any


def add_commands(subparsers: Any) -> None:
    """Adds `account` with its two commands; each handler prints and returns the exit code."""
    account = subparsers.add_parser("account", help="开通第一个系统管理员，或重置登录")
    commands = account.add_subparsers(dest="account_command", metavar="COMMAND", required=True)
    first = commands.add_parser("administrator", help="登记一位系统管理员并开通账号")
    first.add_argument("name", metavar="NAME", help="姓名")
    first.add_argument("username", metavar="USERNAME", help="用户名，如 zhangsan")
    first.set_defaults(handler=lambda args: _run(_administrator, args))
    restoring = commands.add_parser("restore", help="重置登录：新的临时密码，重新绑定验证器")
    restoring.add_argument("username", metavar="USERNAME", help="用户名")
    restoring.set_defaults(handler=lambda args: _run(_restore, args))
    for command in (first, restoring):
        command.add_argument("--json", action="store_true", help="输出 JSON，供程序读取")


def _run(work, args) -> int:
    import django

    django.setup()
    from gongyu.ground.places.models import Place
    from gongyu.ground.staff.rules import PostRefused

    from .rules import AccountRefused

    try:
        username, password = work(args)
    except (AccountRefused, PostRefused) as refused:
        return _say(args.json, {"error": str(refused)}, str(refused), 1)
    except Place.DoesNotExist:
        reason = "还没有载入区划和部门。请先运行 gongyu places load，再开通账号。"
        return _say(args.json, {"error": reason}, reason, 1)
    text = f"用户名：{username}\n临时密码：{password}\n首次登录须修改密码并绑定验证器。"
    return _say(args.json, {"username": username, "password": password}, text, 0)


def _say(as_json: bool, data: dict, text: str, code: int) -> int:
    print(json.dumps(data, ensure_ascii=False) if as_json else text)
    return code


def _administrator(args) -> tuple[str, str]:
    from django.db import transaction

    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import today
    from gongyu.ground.places.models import Place
    from gongyu.ground.places.queries import city, department_at
    from gongyu.ground.staff.actions import add_staff, open_post
    from gongyu.ground.staff.models import Role

    from . import actions, passwords

    on, password = today(), passwords.temporary_password()
    department = department_at(city(), "edu", on)
    if department is None:
        raise Place.DoesNotExist
    with transaction.atomic():
        staff = add_staff(args.name, by=SYSTEM)
        open_post(staff.pk, department.pk, Role.ADMINISTRATOR, on, by=SYSTEM)
        user = actions.open_account(staff, args.username, password, by=SYSTEM)
    return user.username, password


def _restore(args) -> tuple[str, str]:
    from django.utils.translation import gettext as _

    from gongyu.ground.audit.actors import SYSTEM

    from . import actions, passwords, queries
    from .rules import AccountRefused

    user = queries.account_named(args.username)
    if user is None:
        raise AccountRefused(_("没有用户名为%(name)s的账号。") % {"name": args.username})
    password = passwords.temporary_password()
    actions.restore_access(user, password, by=SYSTEM)
    return user.username, password
