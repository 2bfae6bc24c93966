"""A PostgreSQL cluster of the run's own: made in an empty folder, on loopback, gone afterwards.

`python tools/postgres.py COMMAND …` runs the command with GONGYU_DATABASE_URL set to it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# For tests: what is gone when the machine loses its power is gone with the test anyway.
FOR_TESTS = {"fsync": "off", "max_connections": "300"}


class NotInstalled(RuntimeError):
    """The machine has no PostgreSQL."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its address, and the id of its first process."""

    url: str
    pid: int


def find_binaries() -> Path | None:
    """The folder that holds initdb and postgres, or None."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "initdb").exists()), None)


def _as_user() -> list[str]:
    # PostgreSQL refuses to run as root, so root hands it to a user without rights.
    if os.getuid() != 0:
        return []
    user = "postgres" if _known("postgres") else "nobody"
    return ["setpriv", "--reuid", user, "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]


def _known(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def postgres_running(settings: dict[str, str] = FOR_TESTS) -> Iterator[Cluster]:
    """A fresh cluster with these settings. Raises NotInstalled."""
    binaries = find_binaries()
    if binaries is None:
        raise NotInstalled("PostgreSQL is not installed here: apt-get install postgresql")
    prefix = _as_user()
    folder = Path(tempfile.mkdtemp(prefix="gongyu-postgres-"))
    if prefix:
        shutil.chown(folder, prefix[2])
    cluster, port = folder / "cluster", _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "cwd": folder}
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    subprocess.run(
        [*prefix, binaries / "initdb", "-D", cluster, "-U", "gongyu", "-A", "trust", "-E", "UTF8"],
        check=True, env=env, **quiet,
    )  # fmt: skip
    given = " ".join(f"-c {name}={value}" for name, value in settings.items())
    control = [*prefix, binaries / "pg_ctl", "-D", cluster, "-w"]
    start = [
        *control, "-l", folder / "log", "-o", f"-h 127.0.0.1 -p {port} -k {folder} {given}", "start"
    ]  # fmt: skip
    try:
        subprocess.run(start, check=True, env=env, **quiet)
        pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        yield Cluster(f"postgresql://gongyu@127.0.0.1:{port}/postgres", pid)
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, env=env, **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def run_with_postgres(command: list[str]) -> int:
    """Runs `command` beside a fresh cluster and returns its exit code."""
    try:
        with postgres_running() as cluster:
            env = {**os.environ, "GONGYU_DATABASE_URL": cluster.url}
            return subprocess.run(command, env=env).returncode
    except NotInstalled as missing:
        print(missing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(run_with_postgres(sys.argv[1:]))
