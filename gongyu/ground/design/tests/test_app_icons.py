"""The icons of the installed app, and static files under hashed names."""

import struct
import zlib

import pytest
from django.core.files.storage import FileSystemStorage

from gongyu.ground.design import app_icons, front_end
from gongyu.ground.design.storage import HashedModules

pytestmark = pytest.mark.without_database
TEAL, WHITE = (0x13, 0x5D, 0x66, 255), (255, 255, 255, 255)


def pixels(png: bytes) -> tuple[int, list[bytes]]:
    """(size, rows of RGBA) of a PNG that app_icons wrote."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    length = struct.unpack(">I", png[33:37])[0]
    raw = zlib.decompress(png[41 : 41 + length])
    rows = [raw[y * (4 * width + 1) + 1 : (y + 1) * (4 * width + 1)] for y in range(height)]
    return (width if width == height else 0), rows


def at(rows: list[bytes], x: int, y: int) -> tuple:
    return tuple(rows[y][4 * x : 4 * x + 4])


def test_an_icon_is_the_seedling_with_round_corners():
    size, rows = pixels(app_icons.draw(front_end.FAVICON, 64))
    assert size == 64
    assert at(rows, 0, 0)[3] == 0, "outside the round corner"
    assert at(rows, 32, 2) == TEAL
    assert at(rows, 32, 48) == WHITE, "the stem"


def test_a_maskable_icon_fills_its_square_and_stays_in_the_middle():
    _size, rows = pixels(app_icons.draw(front_end.FAVICON, 64, maskable=True))
    assert {at(rows, x, y) for x in (0, 63) for y in (0, 63)} == {TEAL}
    edge = {at(rows, x, y) for x in range(64) for y in (3, 60)}
    assert edge == {TEAL}


def test_a_drawing_that_is_not_understood_is_refused(tmp_path):
    other = tmp_path / "other.svg"
    other.write_text(front_end.FAVICON.read_text().replace("M16 26V15", "M16 26A4 4 0 0 0 1 1"))
    with pytest.raises(ValueError, match="path step"):
        app_icons.draw(other, 16)


def test_modules_import_their_neighbours_by_hashed_names(tmp_path):
    """Others' scripts are left alone, whatever they say of imports."""
    source = tmp_path / "source"
    (source / "offline").mkdir(parents=True)
    (source / "offline" / "a.js").write_text('import { b } from "./b.js";\nb();\n')
    (source / "offline" / "b.js").write_text("export const b = () => 1;\n")
    (source / "others.js").write_text('// import x from "./missing.js"\n')
    storage = HashedModules(location=tmp_path / "out", base_url="/static/")
    files = FileSystemStorage(location=source)
    names = ["offline/a.js", "offline/b.js", "others.js"]
    for name in names:
        with files.open(name) as content:
            storage.save(name, content)
    done = list(storage.post_process({name: (storage, name) for name in names}))
    assert [problem for _name, _hashed, problem in done if isinstance(problem, Exception)] == []
    hashed = storage.stored_name("offline/b.js")
    assert hashed != "offline/b.js"
    text = (tmp_path / "out" / storage.stored_name("offline/a.js")).read_text()
    assert f'from "./{hashed.removeprefix("offline/")}"' in text
