"""Builds the front-end files: `python -m gongyu.ground.design.front_end`.

Installs the pinned npm packages, trims Tabler to the classes in use, and copies what pages load.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from . import app_icons
from .node import NodeMissing, find_node

DESIGN = Path(__file__).resolve().parent
PACKAGE = DESIGN.parent.parent
ROOT = PACKAGE.parent
VENDOR = DESIGN / "static" / "vendor"
MODULES = ROOT / "node_modules"
# npm writes it when everything is in its place; an install that was cut short has none.
INSTALLED = MODULES / ".package-lock.json"
STAMP = VENDOR / "built-from.json"
FAVICON = DESIGN / "static" / "design" / "favicon.svg"
# What phones show of the installed app: pixels, and whether the launcher may cut it to a shape.
APP_ICONS = {
    "app-180.png": (180, True),  # iOS cuts corners by itself
    "app-192.png": (192, False),
    "app-512.png": (512, False),
    "app-maskable-512.png": (512, True),
}
ICON_NAMES = re.compile(r"""(?:\{% icon |\bicon\s*=\s*|\bfault_icon=)["']([a-z0-9-]+)["']""")
LINK_ICONS = re.compile(r"""\bLink\(\s*_\([^)]*\),\s*["']([a-z0-9-]+)["']""")
# Icons that templates choose by a value and that the patterns above cannot see.
ICONS_BY_VALUE = ("error-404", "plug-connected-x", "refresh", "mood-smile")
SOURCE_MAP = re.compile(rb"(?m)^\s*(?://|/\*)[#@]\s*sourceMappingURL=.*?(?:\*/)?\s*$")


class BuildFault(Exception):
    """The build cannot go on; the message says what is wrong and what to do."""


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 when the files are there (built now or before), 1 with the reason otherwise."""
    parser = argparse.ArgumentParser(prog="front_end", description=__doc__.splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even when nothing changed")
    args = parser.parse_args(argv)
    try:
        said = build(force=args.force)
    except (BuildFault, NodeMissing) as fault:
        print(f"front end: {fault}", file=sys.stderr)  # noqa: T201
        return 1
    print(f"front end: {said}")  # noqa: T201
    return 0


def build(*, force: bool = False) -> str:
    """Builds what changed since the last build; returns one line that says what was done."""
    if not (ROOT / "package.json").exists():
        if (VENDOR / "gongyu.css").exists():
            return "came with the package, nothing to build."
        raise BuildFault(f"{ROOT} has no package.json; build from a checkout of the sources.")
    stamp = {"packages": _packages_digest(), "sources": _sources_digest()}
    before = _stamp()
    if before == stamp and not force:
        return "up to date."
    node, npm, environment = find_node()
    if force or before.get("packages") != stamp["packages"] or not INSTALLED.is_file():
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], environment)
    VENDOR.mkdir(parents=True, exist_ok=True)
    icons = _write_icons()
    _write_css(node, environment)
    _write_scripts(environment)
    _write_app_icons()
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    size = (VENDOR / "gongyu.css").stat().st_size
    return f"built: {icons} icons, {size / 1024:.0f} KiB of CSS, in {VENDOR}."


def _stamp() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _packages_digest() -> str:
    return _digest([ROOT / "package.json", ROOT / "package-lock.json"])


def _sources_digest() -> str:
    return _digest([*_assets(), *_content()])


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def _assets() -> list[Path]:
    drawn = [Path(app_icons.__file__), FAVICON]
    return [Path(__file__).resolve(), *drawn, *sorted((DESIGN / "assets").iterdir())]


def _content() -> list[Path]:
    """Everything that may name a class or an icon: templates, scripts, forms, crispy's pack."""
    scripts = [p for p in PACKAGE.rglob("static/**/*.js") if VENDOR not in p.parents]
    files = [*PACKAGE.rglob("templates/**/*.html"), *scripts]
    files += [p for p in PACKAGE.rglob("*.py") if p.parent.name != "migrations"]
    crispy = find_spec("crispy_bootstrap5")
    if crispy is not None:
        files += Path(crispy.submodule_search_locations[0]).rglob("*.html")
    return sorted(set(p for p in files if "tests" not in p.parts))


def _write_icons() -> int:
    """Writes the drawings of the icons that templates and code name; an unknown name is a fault."""
    wanted: dict[str, Path] = {name: DESIGN for name in ICONS_BY_VALUE}
    for file in _content():
        text = file.read_text(encoding="utf-8")
        for pattern in (ICON_NAMES, LINK_ICONS):
            wanted.update({name: file for name in pattern.findall(text)})
    folder = MODULES / "@tabler" / "icons" / "icons" / "outline"
    drawings = {}
    for name, file in sorted(wanted.items()):
        source = folder / f"{name}.svg"
        if not source.exists():
            raise BuildFault(f"{file} names the icon {name!r}, which the icon package lacks.")
        svg = source.read_text(encoding="utf-8")
        inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
        drawings[name] = re.sub(r"\s*\n\s*", "", inner)
    (VENDOR / "icons.json").write_text(json.dumps(drawings), encoding="utf-8")
    return len(drawings)


def _write_css(node: list[str], environment: dict[str, str]) -> None:
    trimmed = VENDOR / "tabler-trimmed.css"
    job = {
        "css": str(MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"),
        "content": [str(p) for p in _content()],
        "out": str(trimmed),
    }
    _run([*node, str(DESIGN / "assets" / "trim.mjs")], environment, stdin=json.dumps(job))
    both = trimmed.read_bytes() + b"\n" + (DESIGN / "assets" / "gongyu.css").read_bytes()
    trimmed.write_bytes(_without_source_map(both))
    out = VENDOR / "gongyu.css"
    _run([_esbuild(), str(trimmed), "--minify", f"--outfile={out}", *QUIET], environment)
    trimmed.unlink()


QUIET = ("--log-level=error", "--charset=utf8", "--target=es2020,chrome90,safari14")


def _write_scripts(environment: dict[str, str]) -> None:
    htmx = (MODULES / "htmx.org" / "dist" / "htmx.min.js").read_bytes()
    (VENDOR / "htmx.js").write_bytes(_without_source_map(htmx))
    charts = DESIGN / "assets" / "charts.js"
    out = f"--outfile={VENDOR / 'charts.js'}"
    # Esbuild looks for packages upward from the source, which stands inside the checkout.
    _run([_esbuild(), str(charts), "--bundle", "--minify", out, *QUIET], environment)


def _write_app_icons() -> None:
    for name, (size, maskable) in APP_ICONS.items():
        (VENDOR / name).write_bytes(app_icons.draw(FAVICON, size, maskable=maskable))


def _esbuild() -> str:
    name = "esbuild.exe" if sys.platform == "win32" else "bin/esbuild"
    found = next((MODULES / "@esbuild").glob(f"*/{name}"), None)
    if found is None:
        raise BuildFault("node_modules has no esbuild for this machine; run npm install once.")
    return str(found)


def _without_source_map(content: bytes) -> bytes:
    """The manifest storage refuses a comment that names a map which was not copied."""
    return SOURCE_MAP.sub(b"", content)


def _run(command: list[str], environment: dict[str, str], stdin: str | None = None) -> None:
    done = subprocess.run(  # noqa: S603
        command,
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BuildFault(f"{' '.join(command[:3])} failed:\n{done.stdout}{done.stderr}".strip())


if __name__ == "__main__":
    sys.exit(main())
