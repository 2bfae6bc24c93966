"""What a file is, by its content; and the same without metadata. Pictures by Pillow, PDFs by pypdf."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, StreamObject

LARGEST_IN = 8 * 1024 * 1024
LARGEST_OUT = 3 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2000
MOST_PAGES = 30
MOST_OBJECTS = 5000
_PICTURES = ("JPEG", "PNG", "WEBP")
# What a page may carry beside what is seen.
_UNSEEN = ("/Metadata", "/PieceInfo", "/Annots", "/AA", "/LastModified", "/Thumb", "/AF")


class FileRefused(ValueError):
    """This file is not taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A file without what it carried unseen. `kind` is its media type, `ending` that of its name."""

    kind: str
    ending: str
    data: bytes = field(repr=False)


def cleaned(data: bytes) -> Clean:
    """The file anew. Raises FileRefused."""
    if not data:
        raise FileRefused(_("这个文件是空的。请检查后重新选择。"))
    if len(data) > LARGEST_IN:
        raise FileRefused(
            _("文件太大：最多%(most)d兆。请压缩后再选。") % {"most": LARGEST_IN // 1024 // 1024}
        )
    clean = _pdf(data) if data[:5] == b"%PDF-" else _picture(data)
    if len(clean.data) > LARGEST_OUT:
        raise FileRefused(_("处理后仍然太大，家里的手机打不开。请减少页数或缩小图片。"))
    return clean


def _picture(data: bytes) -> Clean:
    try:
        with Image.open(io.BytesIO(data), formats=_PICTURES) as found:
            if found.width * found.height > MOST_PIXELS:
                raise FileRefused(_("图片的像素太多。请缩小后再选。"))
            found.load()
            # As it is seen: turned as the camera said, the first frame, nothing beside the pixels.
            seen = ImageOps.exif_transpose(found)
            is_drawing = found.format == "PNG"
            seen = seen.convert("RGBA" if is_drawing and _is_see_through(seen) else "RGB")
    except FileRefused:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise FileRefused(_("只收图片（JPEG、PNG、WebP）和PDF。请换一种格式。")) from None
    except Exception:
        # A stranger's bytes: whatever the reader stumbles over, the answer is the same.
        raise FileRefused(_("这张图片打不开，可能已经损坏。请重新保存后再选。")) from None
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # A new picture of the same pixels: what hung on the old one stays behind.
    fresh = Image.new(seen.mode, seen.size)
    fresh.paste(seen)
    target = io.BytesIO()
    if is_drawing:
        fresh.save(target, "PNG", optimize=True)
        return Clean("image/png", "png", target.getvalue())
    fresh.save(target, "JPEG", quality=85)
    return Clean("image/jpeg", "jpg", target.getvalue())


def _is_see_through(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA"} or "transparency" in picture.info


def _pdf(data: bytes) -> Clean:
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise FileRefused(_("这个PDF有密码。请去掉密码后再选。"))
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise FileRefused(_("PDF最多%(most)d页。请只留家里要看的几页。") % {"most": MOST_PAGES})
        writer = PdfWriter()
        for page in reader.pages:
            _without_unseen(page)
            writer.add_page(page)
        # Neither who made it nor with what; the catalogue is new, so no script and no file is in it.
        writer.metadata = None
        target = io.BytesIO()
        writer.write(target)
    except FileRefused:
        raise
    except Exception:
        # As above; a PDF has a thousand ways to be broken.
        raise FileRefused(_("这个PDF打不开，可能已经损坏。请另存一份，或者拍成图片。")) from None
    return Clean("application/pdf", "pdf", target.getvalue())


def _without_unseen(page: DictionaryObject) -> None:
    """Takes away what is not seen, from the page and from the pictures and forms that it draws."""
    waiting, seen = [page], set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if len(seen) > MOST_OBJECTS:
            raise ValueError("more objects than a page of words can need")
        for name in _UNSEEN:
            if name in one:
                del one[NameObject(name)]
        waiting += _drawn_by(one)


def _drawn_by(one: DictionaryObject) -> list[DictionaryObject]:
    resources = one.get("/Resources")
    resources = resources.get_object() if isinstance(resources, IndirectObject) else resources
    drawn = (resources or {}).get("/XObject") if isinstance(resources, DictionaryObject) else None
    drawn = drawn.get_object() if drawn is not None else {}
    found = [value.get_object() for value in drawn.values()]
    return [value for value in found if isinstance(value, StreamObject)]
