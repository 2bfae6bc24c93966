"""What each kind of request of the load costs in CPU, in queries and in the database, in one process.

`python tools/request_costs.py --database URL --data FOLDER` reads the mix of tools/load_mix.py and
sends it through the WSGI handler itself, so that neither sockets nor other processes are measured.
Two bare pages say what everybody pays: an open one, and one behind a door within the frame.
`--kinds home,class` narrows; `--profile 40` prints where the CPU goes instead of the table.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import sys
import time
import types
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

TOKEN = "b" * 32


@dataclass
class Asked:
    """One request as the mix wants it."""

    path: str
    session: str
    data: dict | None = None
    leads_on: bool = False


@dataclass
class Cost:
    """Sums over the requests of one kind; times in seconds."""

    requests: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    queries: int = 0
    in_database: float = 0.0
    database_cpu: float = 0.0
    sql: float = 0.0
    templates: float = 0.0
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)


def main(argv: list[str] | None = None) -> int:
    """Measures, prints the table; 1 when a request had another answer than its page gives."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a demo city (GONGYU_DATA)")
    parser.add_argument("--database", help="its PostgreSQL; without it, what GONGYU_DATA holds")
    parser.add_argument("--each", type=int, default=40, help="requests of each kind (default 40)")
    parser.add_argument("--kinds", default="", help="only kinds that hold one of these words")
    parser.add_argument("--profile", type=int, default=0, help="lines of a profile, instead")
    parser.add_argument("--sort", default="tottime", help="of the profile: tottime, cumulative")
    parser.add_argument("--statements", action="store_true", help="print one request's statements")
    args = parser.parse_args(argv)
    _set_up(args)
    mix, words = _mix(args.data), [word for word in args.kinds.split(",") if word]
    kinds = {k: v for k, v in mix.items() if not words or any(word in k for word in words)}
    if args.statements:
        return _print_statements(kinds)
    if args.profile:
        return _profile(kinds, args)
    return _table(kinds, args.each)


def _set_up(args: argparse.Namespace) -> None:
    os.environ.update(
        GONGYU_DATA=str(args.data.resolve()), DJANGO_SETTINGS_MODULE="gongyu.config.settings"
    )
    if args.database:
        os.environ["GONGYU_DATABASE_URL"] = args.database
    os.environ.pop("GONGYU_DEMO", None)
    import django

    django.setup()
    _lay_bare_pages()


def _lay_bare_pages() -> None:
    """What a page costs before it asks anything of its own: the frame, and a door with a place."""
    from django.conf import settings
    from django.http import HttpResponse
    from django.template import engines
    from django.urls import include, path

    from gongyu.ground.access.doors import access, everyone, signed_in
    from gongyu.ground.access.permissions import CHILD_READ, may
    from gongyu.ground.calendar.clock import today

    bare = engines["django"].from_string(
        '{% extends "design/base.html" %}{% block heading %}bare{% endblock %}'
    )
    page = access(signed_in)(lambda request: HttpResponse(bare.render({}, request)))
    within = access(lambda request, pk: may(request.actor, CHILD_READ, pk, today()))
    urls = types.ModuleType("urls_with_bare_pages")
    urls.urlpatterns = [
        path("bare/open/", access(everyone)(lambda request: HttpResponse("bare"))),
        path("bare/page/", page),
        path("bare/<int:pk>/", within(lambda request, pk: HttpResponse(bare.render({}, request)))),
        path("", include("gongyu.config.urls")),
    ]
    handlers = __import__("gongyu.config.urls", fromlist=["handler404"])
    for name in ("handler400", "handler403", "handler404", "handler500"):
        setattr(urls, name, getattr(handlers, name))
    sys.modules[urls.__name__] = urls
    settings.ROOT_URLCONF = urls.__name__


def _mix(data: Path) -> dict[str, Callable[[], Asked]]:
    """{kind: what makes one request of it}, from the mix itself."""
    import load_world

    world = data / "costs-world.json"
    load_world.write(world, links=400, notices=1500)
    os.environ.update(LOAD_WORLD=str(world), LOAD_EACH="1")
    os.environ.pop("LOAD_WARM", None)
    # The mix is written for locust, which lives in an environment of its own.
    stand_in = types.ModuleType("locust")
    stand_in.FastHttpUser = object
    stand_in.constant_throughput = float
    stand_in.task = lambda weight: lambda function: setattr(function, "weight", weight) or function
    sys.modules["locust"] = stand_in
    import load_mix

    # What an earlier run recorded cannot be recorded again, so each begins somewhere else.
    deque(islice(load_mix.SLOTS, random.SystemRandom().randrange(200_000)), maxlen=0)
    asked: list[tuple[str, Asked]] = []

    class Person(load_mix.Day):
        def ask(self, kind, path, session, data=None, *, leads_on=False):
            asked.append((kind, Asked(path, session, data, leads_on)))

    def maker(name: str) -> Callable[[], Asked]:
        def make() -> Asked:
            getattr(person, name)()
            return asked.pop()[1]

        return make

    person, teacher = Person(), load_mix.WORLD["teachers"][0]
    found = {
        "bare: open": lambda: Asked("/bare/open/", ""),
        "bare: page": lambda: Asked("/bare/page/", teacher["session"]),
        "bare: page of a class": lambda: Asked(f"/bare/{teacher['class']}/", teacher["session"]),
    }
    for name, task in vars(load_mix.Day).items():
        if hasattr(task, "weight"):
            getattr(person, name)()
            found[asked.pop()[0]] = maker(name)
            WEIGHTS[next(reversed(found))] = task.weight
    return found


WEIGHTS: dict[str, int] = {}


class Server:
    """The WSGI handler, called as a server calls it."""

    def __init__(self) -> None:
        from gongyu.config.wsgi import application

        self.application = application

    def answer(self, one: Asked) -> tuple[str, dict[str, str], int]:
        """Status, headers, and length of the body."""
        body = b""
        if one.data is not None:
            body = urlencode({**one.data, "csrfmiddlewaretoken": TOKEN}).encode()
        cookies = f"csrftoken={TOKEN}" + (f"; sessionid={one.session}" if one.session else "")
        path, _, query = one.path.partition("?")
        told: list = []
        answer = self.application(
            {
                "REQUEST_METHOD": "GET" if one.data is None else "POST",
                "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "",
                "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000",
                "HTTP_COOKIE": cookies, "HTTP_ACCEPT_ENCODING": "gzip",
                "CONTENT_TYPE": "application/x-www-form-urlencoded",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.input": BytesIO(body), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http",
                "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
                "wsgi.version": (1, 0),
            },
            lambda status, headers, *_: told.extend((status, dict(headers))),
        )  # fmt: skip
        try:
            length = sum(map(len, answer))
        finally:
            answer.close()
        return told[0], told[1], length


def _database_cpu() -> float:
    """Seconds of CPU that this process's own PostgreSQL backend used so far, if it runs here."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(told.read_text().split()[0]) / 1e9 if told.exists() else 0.0


def _ask(server: Server, one: Asked, cost: Cost) -> None:
    database = _database_cpu()
    wall, cpu = time.perf_counter(), time.thread_time()
    status, headers, length = server.answer(one)
    cost.cpu += time.thread_time() - cpu
    cost.wall += time.perf_counter() - wall
    cost.database_cpu += _database_cpu() - database
    cost.requests += 1
    cost.bytes += length
    where = headers.get("Location", "")
    if not status.startswith("302" if one.leads_on else "200") or "/accounts/" in where:
        cost.wrong.append(f"{status} {where}")


@contextmanager
def _watched(cost: Cost) -> Iterator[None]:
    """Counts statements and the time in them, in the making of SQL, and in templates."""
    from django.db import connection
    from django.db.models.sql.compiler import SQLCompiler
    from django.template import Template

    depth: dict[str, int] = defaultdict(int)

    def timed(kind: str, function: Callable) -> Callable:
        def wrapped(*args, **kwargs):
            depth[kind] += 1
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                depth[kind] -= 1
                if not depth[kind]:
                    setattr(cost, kind, getattr(cost, kind) + time.thread_time() - start)

        return wrapped

    def execute(execute, sql, params, many, context):
        cost.queries += 1
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            cost.in_database += time.perf_counter() - start

    as_sql, render = SQLCompiler.as_sql, Template.render
    SQLCompiler.as_sql, Template.render = timed("sql", as_sql), timed("templates", render)
    try:
        with connection.execute_wrapper(execute):
            yield
    finally:
        SQLCompiler.as_sql, Template.render = as_sql, render


def _table(kinds: dict[str, Callable[[], Asked]], each: int) -> int:
    server, costs, watched = Server(), defaultdict(Cost), defaultdict(Cost)
    # Templates, regular expressions and the plan are read once a process; PostgreSQL keeps a plan of
    # what a connection asks for the eighth time.
    for make in kinds.values():
        for _ in range(12):
            _ask(server, make(), Cost())
    # In turn, so that a neighbour's noise falls on all of them alike.
    for _ in range(each):
        for kind, make in kinds.items():
            _ask(server, make(), costs[kind])
    for kind, make in kinds.items():
        for _ in range(max(5, each // 4)):
            with _watched(watched[kind]):
                _ask(server, make(), watched[kind])
    _print_table(costs, watched)
    wrong = {kind: cost.wrong[:3] for kind, cost in costs.items() if cost.wrong}
    for kind, answers in wrong.items():
        print(f"  wrong: {kind}: {', '.join(answers)}")
    return 1 if wrong else 0


def _print_table(costs: dict[str, Cost], watched: dict[str, Cost]) -> None:
    head = f"{'kind':<26}{'weight':>7}{'ms CPU':>8}{'ms wall':>8}{'ms db CPU':>10}{'queries':>8}"
    print(f"{head}{'ms in db':>9}{'ms SQL':>8}{'ms templates':>13}{'bytes':>8}")
    sums, total = [0.0] * 8, 0
    for kind, cost in costs.items():
        seen, weight = watched[kind], WEIGHTS.get(kind, 0)
        bare = [1000 * n / cost.requests for n in (cost.cpu, cost.wall, cost.database_cpu)]
        slow = [1000 * n / seen.requests for n in (seen.in_database, seen.sql, seen.templates)]
        row = [*bare, seen.queries / seen.requests, *slow, cost.bytes / cost.requests]
        sums, total = [a + weight * b for a, b in zip(sums, row, strict=True)], total + weight
        print(_line(kind, weight, row))
    if total:
        print(_line("the mix", total, [value / total for value in sums]))


def _line(kind: str, weight: int, row: list[float]) -> str:
    cpu, wall, database_cpu, queries, in_database, sql, templates, length = row
    return (
        f"{kind:<26}{weight or '':>7}{cpu:>8.1f}{wall:>8.1f}{database_cpu:>10.1f}{queries:>8.1f}"
        f"{in_database:>9.1f}{sql:>8.1f}{templates:>13.1f}{length:>8.0f}"
    )


def _profile(kinds: dict[str, Callable[[], Asked]], args: argparse.Namespace) -> int:
    server, profile = Server(), cProfile.Profile(time.thread_time)
    for _ in range(3):
        for make in kinds.values():
            server.answer(make())
    for _ in range(args.each):
        for make in kinds.values():
            one = make()
            profile.enable()
            server.answer(one)
            profile.disable()
    print(f"{args.each * len(kinds)} requests of {', '.join(kinds)}")
    pstats.Stats(profile).sort_stats(args.sort).print_stats(args.profile)
    return 0


def _print_statements(kinds: dict[str, Callable[[], Asked]]) -> int:
    from django.db import connection, reset_queries

    server = Server()
    for kind, make in kinds.items():
        server.answer(make())
        reset_queries()
        connection.force_debug_cursor = True
        # What begins a request forgets the statements of the last one, so they are kept by hand.
        server.answer(make())
        connection.force_debug_cursor = False
        print(f"\n== {kind}: {len(connection.queries_log)} statements")
        for row in connection.queries_log:
            print(f"{float(row['time']) * 1000:6.1f} ms  {row['sql'][:1000]}")
    return 0


if __name__ == "__main__":
    random.seed(1)
    sys.exit(main())
