"""How many families confirm a notice in a second: `SIZE=city python tools/bench_notices.py`.

A real server and PostgreSQL on loopback, with durable commits: every POST is another family's answer
behind its link. Beside it, turn by turn, an empty view of the same server. Wanted is a quarter of its
requests a second; the aim is 0.35. At small sizes only the answers are checked.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from confirming.asking import Link, asked, rate_of  # noqa: E402
from confirming.world import SPARE  # noqa: E402
from crash_server import Serving  # noqa: E402
from load import POSTGRES  # noqa: E402
from postgres import NotInstalled, postgres_running  # noqa: E402

WANTED, AIM = 0.25, 0.35
CITY, ROUNDS = 6000, 3  # families that confirm, in so many turns
CONNECTIONS = 8
SIZES = {"city": 1.0, "tenth": 0.1, "hundredth": 0.01}


def main() -> int:
    """Prints both rates and their ratio; 1 when an answer is lost, or the ratio at full size is low."""
    word = os.environ.get("SIZE") or "city"
    share = SIZES.get(word) or float(word)
    families = max(CONNECTIONS * ROUNDS, round(CITY * share))
    folder = Path(tempfile.mkdtemp(prefix="gongyu-bench-"))
    try:
        with postgres_running(POSTGRES) as cluster:
            return _measure(cluster.url, folder, families, is_judged=share >= 1)
    except NotInstalled as missing:
        print(f"did not run: {missing}")
        return 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _measure(url: str, folder: Path, families: int, *, is_judged: bool) -> int:
    # The server's settings are the application's own, with one address more.
    os.environ.update(
        GONGYU_DATABASE_URL=url, GONGYU_DATA=str(folder), PYTHONPATH=str(HERE),
        DJANGO_SETTINGS_MODULE="confirming.settings",
    )  # fmt: skip
    os.environ.pop("GONGYU_DEMO", None)
    import django

    django.setup()
    from confirming import world

    links = world.build(families)
    serving = Serving(folder / "server.log", threads=4, workers=2, jobs=False)
    serving.start()
    try:
        serving.wait_until_well()
        confirmed, empty = _rounds(serving.port, links, families)
    finally:
        serving.kill_all()
    return _report(confirmed, empty, world.kept(), families, is_judged=is_judged)


def _rounds(port: int, links: list[Link], families: int) -> tuple[list[float], list[float]]:
    """Requests a second of each turn: the answers, and as many of the empty view."""
    spare, links = links[families:], links[:families]
    each = -(-families // ROUNDS)
    nothing = [Link("/empty/")] * max(each, SPARE)
    # Every process makes its queries and templates once before anybody measures.
    ways = asked(port, spare)
    rate_of(port, ways, CONNECTIONS, wanted=302)
    rate_of(port, asked(port, nothing), CONNECTIONS, wanted=200)
    confirmed, empty = [], []
    for first in range(0, families, each):
        turn = asked(port, links[first : first + each])
        empty.append(rate_of(port, asked(port, nothing), CONNECTIONS, wanted=200))
        confirmed.append(rate_of(port, turn, CONNECTIONS, wanted=302))
    return confirmed, empty


def _report(confirmed, empty, kept, families: int, *, is_judged: bool) -> int:
    one, other = statistics.median(confirmed), statistics.median(empty)
    ratio = one / other
    whole = families + SPARE
    is_kept = kept == {"answers": whole, "audit rows": whole, "facts": whole}
    print(f"{whole} families confirmed by {CONNECTIONS} connections; in the database afterwards: "
          + ", ".join(f"{count} {what}" for what, count in kept.items()))  # fmt: skip
    print(f"confirms a notice {one:8.0f} requests/s   (turns: {_turns(confirmed)})")
    print(f"empty view        {other:8.0f} requests/s   (turns: {_turns(empty)})")
    said = "not judged at this size"
    if is_judged:
        said = "held" if ratio >= WANTED else "NOT held"
        said += ", and the aim too" if ratio >= AIM else f"; the aim is {AIM}"
    print(f"ratio {ratio:.2f} (wanted at least {WANTED}): {said}")
    if not is_kept:
        print("LOST: what was confirmed is not what the database holds")
    return int(not is_kept or (is_judged and ratio < WANTED))


def _turns(rates: list[float]) -> str:
    return ", ".join(f"{rate:.0f}" for rate in rates)


if __name__ == "__main__":
    sys.exit(main())
