"""Pins every dependency with hashes. No file may name a package registry's address."""

import subprocess
import sys
from pathlib import Path

TARGETS = {
    "run.txt": ["pyproject.toml"],
    "dev.txt": ["pyproject.toml", "--group", "dev"],
    "node.txt": ["requirements/node.in"],
    # Apart from the others: locust brings a web framework and a test plugin of its own.
    "load.txt": ["requirements/load.in"],
}


def main() -> int:
    uv = str(Path(sys.executable).with_name("uv"))
    for name, sources in TARGETS.items():
        subprocess.run(
            [
                uv, "pip", "compile", *sources, "--universal", "--python-version", "3.11",
                "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--quiet",
                "--custom-compile-command", "make lock", "--output-file", f"requirements/{name}",
            ],
            check=True,
        )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
