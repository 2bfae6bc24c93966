"""What is handed in comes back as it is seen, without place, camera, author, script or file inside."""

import io

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from gongyu.ground.files import FileRefused, cleaned, cleaning

pytestmark = pytest.mark.without_database

SECRET = b"N29E106"


def picture(kind: str, mode: str = "RGB", **told) -> bytes:
    drawn = Image.new(mode, (40, 20), "red")
    exif = drawn.getexif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6  # turned by a quarter
    target = io.BytesIO()
    drawn.save(target, kind, exif=exif, **told)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_what_it_carries_and_is_turned_as_it_was_seen(kind):
    data = picture(kind)
    assert SECRET in data
    clean = cleaned(data)
    assert SECRET not in clean.data and b"Exif" not in clean.data
    seen = Image.open(io.BytesIO(clean.data))
    assert seen.size == (20, 40) and not seen.getexif()
    assert clean.kind == ("image/png" if kind == "PNG" else "image/jpeg")


def test_what_follows_a_picture_does_not_come_along():
    assert b"<script>" not in cleaned(picture("JPEG") + b"<script>alert(1)</script>").data


def test_a_see_through_drawing_stays_one_and_a_large_one_shrinks():
    assert Image.open(io.BytesIO(cleaned(picture("PNG", "RGBA")).data)).mode == "RGBA"
    target = io.BytesIO()
    Image.new("RGB", (4000, 1000)).save(target, "PNG")
    seen = Image.open(io.BytesIO(cleaned(target.getvalue()).data))
    assert max(seen.size) == cleaning.LONGEST_SIDE


def pdf(pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        page = writer.add_blank_page(200, 200)
        page[NameObject("/PieceInfo")] = TextStringObject(SECRET.decode())
    writer.add_metadata({"/Author": SECRET.decode()})
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('here')")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action
    writer.add_attachment("insideexe", b"MZ" + SECRET)
    if password:
        writer.encrypt(password)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_pdf_loses_author_script_and_the_file_inside():
    data = pdf(2)
    assert b"JavaScript" in data and b"insideexe" in data
    clean = cleaned(data)
    for unseen in (SECRET, b"JavaScript", b"insideexe", b"PieceInfo", b"/Author", b"/JS"):
        assert unseen not in clean.data
    assert clean.kind == "application/pdf"
    assert len(PdfReader(io.BytesIO(clean.data)).pages) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00", "只收图片"),
        (b"<svg onload='alert(1)'/>", "只收图片"),
        (b"GIF89a\x01\x00\x01\x00", "只收图片"),
        (picture("JPEG")[:300], "打不开|只收图片"),
        (b"%PDF-1.7 and nothing", "打不开"),
        (pdf(password="secret"), "密码"),
        (pdf(31), "30页"),
        (b"\x89PNG" + b"0" * cleaning.LARGEST_IN, "太大"),
    ],
)
def test_what_is_not_taken_is_told_with_how_to_mend_it(data, words):
    with pytest.raises(FileRefused, match=words):
        cleaned(data)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_drawn(monkeypatch):
    monkeypatch.setattr(cleaning, "MOST_PIXELS", 100)
    with pytest.raises(FileRefused, match="像素"):
        cleaned(picture("PNG"))
    monkeypatch.setattr(cleaning, "MOST_PIXELS", 40_000_000)
    monkeypatch.setattr(cleaning, "LARGEST_OUT", 10)
    with pytest.raises(FileRefused, match="仍然太大"):
        cleaned(picture("PNG"))


def test_bytes_by_chance_never_break_it():
    import random

    draw = random.Random(5)
    for source in (picture("JPEG"), picture("PNG"), pdf()):
        for _each in range(40):
            broken = bytearray(source)
            for _flip in range(draw.randrange(1, 30)):
                broken[draw.randrange(len(broken))] = draw.randrange(256)
            try:
                assert cleaned(bytes(broken)).data
            except FileRefused as refused:
                assert str(refused)
