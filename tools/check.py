"""`make check`: every rule of the house that a machine can hold, one line each."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CHECKS = {
    "style (ruff)": [BIN / "ruff", "check", "."],
    "format (ruff)": [BIN / "ruff", "format", "--check", "."],
    "floors and rooms (import-linter)": [BIN / "lint-imports", "--no-cache"],
    "templates (djlint)": [BIN / "djlint", "gongyu", "--lint", "--quiet"],
    "types (mypy)": [BIN / "mypy"],
    "dead code (vulture)": [BIN / "vulture"],
    "declared packages (deptry)": [BIN / "deptry", "."],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "the plan": [PYTHON, "-m", "gongyu", "plan", "check"],
    "state drawings": [PYTHON, "tools/draw_states.py", "--check"],
    "the house (tests/contracts)": [
        *(PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "tests/contracts"),
    ],
}


def main() -> int:
    """Runs every check, shows what failed, and returns 1 if any did."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="gongyu-check-") as data:
        env = {**os.environ, "GONGYU_DATA": data, "PYTHONWARNINGS": "ignore"}
        for name, command in CHECKS.items():
            start = time.monotonic()
            done = subprocess.run(command, env=env, capture_output=True, text=True)
            seconds = time.monotonic() - start
            print(
                f"{'ok    ' if done.returncode == 0 else 'FAILED'}  {name}  {seconds:.1f} s",
                flush=True,
            )
            if done.returncode:
                failed.append(name)
                print(done.stdout[-6000:], done.stderr[-3000:], sep="\n")
    print(f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks passed.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
