"""The whole test suite: on SQLite, then on PostgreSQL; what the machine lacks is named, not hidden."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from postgres import find_binaries, run_with_postgres

WORKERS = str(min(os.cpu_count() or 1, 8))


def main(extra: list[str]) -> int:
    """The worse of both runs' exit codes."""
    pytest = [sys.executable, "-m", "pytest", "-n", WORKERS, "--dist", "worksteal", *extra]
    print("== SQLite", flush=True)
    # Histories of work without a network, more of them than while one writes code.
    code = subprocess.run(pytest, env={"GONGYU_SCHEDULES": "500", **os.environ}).returncode
    if find_binaries() is None:
        print("== PostgreSQL: skipped, initdb is not on this machine (apt-get install postgresql)")
        return code
    print("== PostgreSQL", flush=True)
    # What touches no database was tried above already.
    return max(code, run_with_postgres([*pytest, "-m", "not without_database"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
