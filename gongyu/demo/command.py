"""`gongyu demo`: fills the demo city, and tells the second factor of a demo account."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from datetime import date

SEED = 20240829


def add_commands(subparsers) -> None:
    demo = subparsers.add_parser("demo", help="fill the demo city into an empty database")
    demo.add_argument("--if-empty", action="store_true", help="do nothing where there is data")
    demo.add_argument("--seed", type=int, default=SEED, help="the same seed makes the same city")
    demo.add_argument("--today", type=date.fromisoformat, help="as if today were YYYY-MM-DD")
    demo.add_argument(
        "--code", metavar="USER", help="print the current second factor of a demo account"
    )
    demo.add_argument("--json", action="store_true", help="print the accounts as JSON")
    demo.set_defaults(handler=demo_command)


def demo_command(args: argparse.Namespace) -> int:
    os.environ["GONGYU_DEMO"] = "1"
    import django

    django.setup()
    if args.code:
        return _print_code(args.code)
    from gongyu.command_line.serve import prepare_command
    from gongyu.ground.places.models import Place

    prepare_command(args)
    if Place.objects.exists():
        if not args.if_empty:
            print(
                "The database is not empty; the demo city is only made in an empty one.",
                file=sys.stderr,
            )
            return 1
    else:
        _fill(args)
    _print_accounts(as_json=args.json)
    return 0


def _fill(args: argparse.Namespace) -> None:
    from gongyu.command_line.serve import seal_everything
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import today
    from gongyu.indicators.actions import refresh

    from .story import make_city

    started = time.monotonic()

    def say(step: str) -> None:
        print(f"{time.monotonic() - started:5.1f} s  {step}", file=sys.stderr, flush=True)

    day = args.today or today()
    make_city(args.seed, day, say)
    say("计算全市数字")
    refresh(day, by=SYSTEM)
    say("封存账本与审计")
    seal_everything()
    say("演示城市已就绪")


def _print_accounts(*, as_json: bool) -> None:
    from gongyu.ground.access.demo_accounts import DEMO_PASSWORD, demo_accounts
    from gongyu.ground.families import demo_sign_ins

    accounts = demo_accounts()
    if as_json:
        rows = [
            {"username": a.username, "role": a.role, "password": DEMO_PASSWORD} for a in accounts
        ]
        rows += [{"phone": d.number, "role": d.words} for d in demo_sign_ins.offered()]
        print(json.dumps(rows, ensure_ascii=False))
        return
    print(f"\n演示账号（人物均为虚构），密码都是 {DEMO_PASSWORD}")
    for account in accounts:
        print(f"  {account.username:<22}{account.role}  {account.name}")
    print("\n家长从 /family/ 进入，不用密码；短信里的数字显示在页面上")
    for each in demo_sign_ins.offered():
        print(f"  {each.number:<22}{each.words}  {each.name}")
    print("\n第二步的验证码显示在登录页上；也可以执行 gongyu demo --code 用户名\n")


def _print_code(username: str) -> int:
    from gongyu.ground.access.demo_accounts import code_of

    code = code_of(username)
    if code is None:
        print(f"There is no demo account {username!r}.", file=sys.stderr)
        return 1
    print(code)
    return 0
