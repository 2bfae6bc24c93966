"""One door for pictures: looked through for payment codes, then drawn anew without what came along.

What is kept is a new JPEG of the visible dots alone: no place, no camera, no hidden preview.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import zxingcpp
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from .faults import CommitteeFault
from .payments import is_payment_code

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1600
# Codes are looked for in no more dots than this a side; a phone's picture has about as many.
_SEARCHED_SIDE = 3200
_FORMATS = ("JPEG", "PNG", "WEBP")
_CODES = (
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.MicroQRCode,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.Code128,
)
_SEARCHES = (zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram)


def clean_picture(sent: bytes, field: str = "picture") -> bytes:
    """The picture as it may be kept and shown. Raises CommitteeFault: no picture, too large, or with
    a payment code in it."""
    if len(sent) > MOST_BYTES:
        raise CommitteeFault(_("图片超过10MB，请换一张小一点的。"), field)
    try:
        with Image.open(io.BytesIO(sent), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise CommitteeFault(_("图片太大，请换一张小一点的。"), field)
            # A picture may be laid on its side by a note that goes with the notes.
            upright = ImageOps.exif_transpose(opened)
            picture = _on_white(upright)
    except CommitteeFault:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CommitteeFault(
            _("这不是能打开的图片。请上传 JPG、PNG 或 WebP 格式的照片。"), field
        ) from None
    if has_payment_code(picture):
        raise CommitteeFault(
            _("图片里有收款码。系统里不收钱，请换一张没有收款码的图片，或把码裁掉。"), field
        )
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # The dots alone: what was read along with them would be written along with them again.
    picture = Image.frombytes("RGB", picture.size, picture.tobytes())
    drawn = io.BytesIO()
    picture.save(drawn, "JPEG", quality=82, optimize=True)
    return drawn.getvalue()


def has_payment_code(picture: Image.Image) -> bool:
    """Whether any code in the picture leads to a payment; each is read, none is guessed at."""
    return any(is_payment_code(said) for said in codes_in(picture))


def codes_in(picture: Image.Image) -> Iterator[str]:
    """What the codes in the picture say: whole, stretched, darkened, enlarged and in parts, because
    a small or pale one shows itself in one of these alone."""
    seen = set()
    for view in _views(picture.convert("L")):
        for search in _SEARCHES:
            for code in zxingcpp.read_barcodes(view, formats=_CODES, binarizer=search):
                if code.text not in seen:
                    seen.add(code.text)
                    yield code.text


def _views(grey: Image.Image) -> Iterator[Image.Image]:
    grey.thumbnail((_SEARCHED_SIDE, _SEARCHED_SIDE))
    yield grey
    stretched = ImageOps.autocontrast(grey, cutoff=1)
    yield stretched
    yield ImageOps.equalize(grey)
    longest = max(grey.size)
    if longest < _SEARCHED_SIDE // 2:
        yield _enlarged(stretched, 2)
    if longest < _SEARCHED_SIDE // 4:
        yield _enlarged(stretched, 4)
    if longest >= 800:
        for part in _parts(grey):
            # Contrast of the part alone: a pale code beside something black.
            yield _enlarged(ImageOps.autocontrast(part, cutoff=1), 2)


def _parts(grey: Image.Image) -> Iterator[Image.Image]:
    """Nine overlapping parts, so that a code on a border is whole in one of them."""
    wide, high = grey.size
    for column in range(3):
        for row in range(3):
            left, top = column * wide // 4, row * high // 4
            yield grey.crop((left, top, left + wide // 2, top + high // 2))


def _enlarged(grey: Image.Image, times: int) -> Image.Image:
    return grey.resize((grey.width * times, grey.height * times), Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    """What is see-through stands on white, as a page would show it."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        under = Image.new("RGBA", picture.size, "white")
        under.alpha_composite(picture.convert("RGBA"))
        return under.convert("RGB")
    return picture.convert("RGB")
