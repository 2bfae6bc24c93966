"""Everything that anybody ordinarily gets to see, asked for twice so that two worlds can be compared."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry, ProtectedEntry
from gongyu.ground.ledger.models import Fact
from gongyu.ground.seal.exporting import export
from gongyu.ground.seal.sealing import own_copy, seal_with_protected
from gongyu.indicators.actions import refresh
from gongyu.indicators.models import Figure
from tests.cast import CAST_DAY
from tests.contracts.matrix_objects import THINGS
from tests.contracts.matrix_walk import cookies_kept, nothing_kept
from tests.contracts.matrix_world import World
from tests.contracts.test_every_view_is_guarded import addresses

# What is new in every answer by its nature: guards of forms, nonces, keys of forms not yet sent.
_FRESH = (
    (re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+'), rb"\1"),
    (re.compile(rb"(X-CSRFToken[^A-Za-z0-9]+)[A-Za-z0-9]{20,}"), rb"\1"),
    (re.compile(rb'("csrf": ")[A-Za-z0-9]+'), rb"\1"),
    (re.compile(rb'(nonce[=-]"?)[A-Za-z0-9+/=_-]+'), rb"\1"),
    (re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), rb"key"),
)


@dataclass(frozen=True)
class Answer:
    """What came back and how many questions to the database it took, which is what time goes by."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    queries: int


def every_address(cast) -> list[tuple[str, str, str]]:
    """(name, thing, path) of every page but the sealed reports themselves."""
    rows, world = [], World(cast)
    for address, name, _view in addresses(get_resolver()):
        if "<" not in address:
            rows.append((name, "", reverse(name)))
        elif name != "casework:sealed":
            things = THINGS[name](world)
            rows += [(name, label, reverse(name, kwargs=kw)) for label, kw in things.items()]
    return rows


def everything_seen(clients: dict[str, Client], rows, folder: Path) -> dict[tuple, object]:
    """Pages of everybody, the figures, the printed words of sealing, the export and the log lines."""
    cache.clear()
    seen: dict[tuple, object] = {}
    with lines_logged() as lines:
        refresh(CAST_DAY, by=SYSTEM)
        seen["figures",] = _figures()
        seen |= pages_seen(clients, rows)
        seen["sealing",] = _sealed(folder)
        export(own_copy(), folder / "export")
    for path in sorted((folder / "export").iterdir()):
        seen["export", path.name] = path.read_bytes()
    for path in sorted((folder / "heads").glob("*.jsonl")):
        seen["heads", path.name] = path.read_bytes()
    seen["counts",] = (Entry.objects.count(), Fact.objects.count())
    seen["log",] = list(lines)
    return seen


def pages_seen(clients: dict[str, Client], rows) -> dict[tuple, Answer]:
    """What everybody gets at every address, by who, name and thing."""
    return {
        (who, name, thing): _asked(client, path)
        for who, client in clients.items()
        for name, thing, path in rows
    }


def _figures() -> list[tuple]:
    # DuckDB's threads decide in which order they are stored, so their numbers say nothing.
    names = [
        f.attname for f in Figure._meta.concrete_fields if f.attname not in ("id", "refresh_id")
    ]
    return sorted(Figure.objects.values_list(*names), key=repr)


def _sealed(folder: Path) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed):
        heads = seal_with_protected([Entry, Fact], [ProtectedEntry], folder / "heads")
        print([head.table for head in heads])
    return printed.getvalue()


def _asked(client: Client, path: str) -> Answer:
    answer = _exchange(client.get, path)
    if answer.status != 405:
        return answer
    with nothing_kept(), cookies_kept(client):
        return _exchange(client.post, path)


def _exchange(send, path: str) -> Answer:
    count = 0

    def counting(execute, sql, params, many, context):
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        response = send(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    headers = [(k, _without_fresh(v.encode()).decode()) for k, v in sorted(response.items())]
    return Answer(response.status_code, tuple(headers), _without_fresh(body), count)


def _without_fresh(text: bytes) -> bytes:
    for pattern, instead in _FRESH:
        text = pattern.sub(instead, text)
    return text


@contextmanager
def lines_logged() -> Iterator[list[str]]:
    """Every line that any logger writes inside, from the notices upwards."""
    lines: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.levelname} {record.name} {record.getMessage()}")

    keeping, root = Keeping(), logging.getLogger()
    before = root.level
    root.addHandler(keeping)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(keeping)
        root.setLevel(before)
