"""A real server with its worker, started in a process group of its own, and killed without warning."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

STARTS_WITHIN = 90.0
DIES_WITHIN = 30.0
# Mostly everything at once, as when the machine loses its power; sometimes one process alone.
ALL, WORKER, PAGES = "everything", "the worker", "a page server"


class DidNotStart(RuntimeError):
    """The server gives no answer in time; its log says why."""


@dataclass(frozen=True)
class Process:
    """A process of the group, as /proc shows it."""

    pid: int
    command: str


class Serving:
    """`gongyu serve` on loopback. Ends only what it started: the group that it leads."""

    def __init__(self, log: Path, threads: int = 4, workers: int = 1, *, jobs: bool = True) -> None:
        self.log, self.threads, self.workers, self.jobs = log, threads, workers, jobs
        self.port = 0
        self.leader: subprocess.Popen | None = None

    def start(self) -> None:
        """Start and do not wait."""
        self.port = _free_port()
        command = ["serve", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--threads", str(self.threads), "--workers", str(self.workers)]
        command += [] if self.jobs else ["--no-worker"]
        with self.log.open("ab") as log:
            self.leader = subprocess.Popen(
                [sys.executable, "-m", "gongyu", *command],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def wait_until_well(self) -> float:
        """Seconds until it answered. Raises DidNotStart."""
        start = time.monotonic()
        while time.monotonic() - start < STARTS_WITHIN:
            if self._is_well():
                return time.monotonic() - start
            if self.leader.poll() is not None:
                break
            time.sleep(0.05)
        raise DidNotStart(f"The server gives no answer; see {self.log}.")

    def _is_well(self) -> bool:
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            link.request("GET", "/health/")
            return link.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def kill(self, whom: str, draw: random.Random) -> str:
        """SIGKILL to the whole group, or to one process of it; says who was killed."""
        if whom != ALL:
            chosen = [p for p in self.members() if self._is(p, whom)]
            if chosen:
                _kill(draw.choice(chosen).pid)
                return whom
        self.kill_all()
        return ALL

    def _is(self, process: Process, whom: str) -> bool:
        if process.pid == self.leader.pid:
            return False
        works = process.command.endswith("gongyu work")
        helper = "resource_tracker" in process.command
        return works if whom == WORKER else not works and not helper

    def kill_all(self) -> None:
        """SIGKILL to the group, until nobody of it is left."""
        if self.leader is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.leader.pid, signal.SIGKILL)
        self.leader.wait(DIES_WITHIN)
        end = time.monotonic() + DIES_WITHIN
        while left := self.members():
            if time.monotonic() > end:
                raise RuntimeError(f"Processes {[p.pid for p in left]} outlive SIGKILL.")
            for process in left:
                _kill(process.pid)
            time.sleep(0.02)
        self.leader = None

    def members(self) -> list[Process]:
        """The living processes of the group."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                # Behind the name in brackets: state, parent, group.
                state, _parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            except (OSError, ValueError):
                continue
            if int(group) == self.leader.pid and state != "Z":
                found.append(Process(int(folder.name), command))
        return found


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
