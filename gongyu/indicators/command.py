"""`gongyu indicators refresh` makes the figures current; `gongyu indicators show` reads them."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import date
from typing import Any

LABELS = {
    "met": "已完成",
    "in_progress": "进行中",
    "at_risk": "需关注",
    "missed": "未完成",
    "declined": "家长谢绝",
    "exempt": "免于计入",
    "not_due": "未到期",
    "not_applicable": "不适用",
    "unknown": "资料不全",
}


def add_commands(subparsers: Any) -> None:
    """Adds `indicators` with its two commands; exit codes are 0 done, 1 refused, 2 wrong usage."""
    indicators = subparsers.add_parser("indicators", help="compute and read the figures")
    commands = indicators.add_subparsers(
        dest="indicators_command", metavar="COMMAND", required=True
    )
    refreshing = commands.add_parser("refresh", help="evaluate all built duties from the ledger")
    refreshing.add_argument(
        "--as-of", type=_day, metavar="DAY", help="as of this day, YYYY-MM-DD (default: today)"
    )
    refreshing.add_argument(
        "--from-nothing", action="store_true", help="evaluate everything, not only what is new"
    )
    refreshing.set_defaults(handler=refresh_command)
    showing = commands.add_parser("show", help="the figure of a duty at a place")
    showing.add_argument("duty", help="the duty's id, such as homeroom-visit-each-student")
    showing.add_argument(
        "--place", metavar="CODE", default="", help="a place's code (default: the city)"
    )
    showing.add_argument(
        "--as-of", type=_day, metavar="DAY", help="as it was computed as of this day"
    )
    showing.add_argument("--period", metavar="KEY", default="", help="such as 2025-2026")
    showing.set_defaults(handler=show_command)
    for command in (refreshing, showing):
        command.add_argument("--json", action="store_true", help="print JSON for a program")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write YYYY-MM-DD") from error


def refresh_command(args: argparse.Namespace) -> int:
    _set_up()
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.calendar.clock import today

    from .actions import RefreshRunning, refresh
    from .models import Refresh

    day = args.as_of or today()
    if day > today():
        return _refuse(f"{day} is still to come; figures are made as of a day that has begun.")
    started = time.monotonic()

    def say(step: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {step}", file=sys.stderr, flush=True)

    purpose = Refresh.Purpose.ASKED if args.as_of else Refresh.Purpose.DAILY
    try:
        done = refresh(day, by=SYSTEM, purpose=purpose, from_nothing=args.from_nothing, say=say)
    except RefreshRunning as error:
        return _refuse(f"{error} Try again when it has ended.")
    seconds = round(time.monotonic() - started, 1)
    figures = done.figures.count()
    if args.json:
        _print_json(
            refresh=done.pk,
            as_of=day.isoformat(),
            ledger_seq=done.ledger_seq,
            figures=figures,
            seconds=seconds,
        )
    else:
        print(f"截至 {day}，账至第 {done.ledger_seq} 条，{figures} 个数字，{seconds} 秒")
    return 0


def show_command(args: argparse.Namespace) -> int:
    _set_up()
    from . import queries
    from .duties import current_plan, rule_on

    plan = current_plan()
    if not plan.has_duty(args.duty):
        return _refuse(f"The plan has no duty {args.duty!r}; see gongyu plan show.")
    duty = plan.duty(args.duty)
    if not duty.built:
        return _refuse(f"{duty.title}（{duty.id}）尚未建成，没有数字。")
    refresh = queries.refresh_on(args.as_of) if args.as_of else queries.current_refresh()
    if refresh is None:
        wanted = f" as of {args.as_of}" if args.as_of else ""
        return _refuse(f"There are no figures{wanted}; run gongyu indicators refresh first.")
    place = _place(args.place, refresh.as_of)
    if place is None:
        return _refuse(f"No place has the code {args.place!r} on {refresh.as_of}.")
    rule = rule_on(duty, refresh.as_of, plan)
    key = args.period or (rule.period_key if rule else "")
    found = queries.figure(duty.id, key, place.pk, refresh=refresh)
    if found is None:
        return _refuse(f"{duty.id} was not evaluated in the period {key!r}.")
    _print_figure(found, duty.title, place.name, as_json=args.json)
    return 0


def _print_figure(found: Any, title: str, place: str, *, as_json: bool) -> None:
    if as_json:
        _print_json(
            duty=found.duty,
            period=found.period_key,
            place=place,
            as_of=found.as_of.isoformat(),
            ledger_seq=found.ledger_seq,
            counts=found.counts,
            hidden=list(found.hidden),
            subjects=found.subjects,
            tally=found.tally,
            share=found.share,
        )
        return
    print(f"{title}  {place}  {found.period_key}  截至 {found.as_of}，账至第 {found.ledger_seq} 条")
    for state, label in LABELS.items():
        if state in found.hidden:
            print(f"  {label:<6} 数量较少，不予显示")
        elif found.counts.get(state):
            print(f"  {label:<6} {found.counts[state]}")
    if found.share is not None:
        print(f"  完成比例 {found.share:.1%}")


def _place(code: str, day: date) -> Any:
    from gongyu.ground.places.models import Place

    standing = Place.objects.on(day)
    if not code:
        return standing.filter(kind=Place.Kind.CITY).first()
    return standing.filter(code=code).order_by("kind").first()


def _set_up() -> None:
    import django

    django.setup()


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


def _print_json(**content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False))
