"""Payment codes are read wherever they stand in a picture; harmless ones pass; notes are stripped."""

import io
import random

import pytest
import qrcode
from PIL import Image, ImageDraw, ImageFilter

from gongyu.records.m02_parent_committees import payments, pictures
from gongyu.records.m02_parent_committees.faults import CommitteeFault

PAYMENTS = {
    "WeChat Pay": "wxp://f2f0AbCdEfGhIjKlMnOpQrStUvWxYz0123",
    "WeChat order": "weixin://wxpay/bizpayurl?pr=AbCdEf1",
    "WeChat app": "https://payapp.weixin.qq.com/t/AbCd",
    "Alipay": "https://qr.alipay.com/fkx000000000000000000",
    "Alipay in capitals": "HTTPS://QR.ALIPAY.COM/FKX000000000000",
    "UnionPay": "https://qr.95516.com/00010000/62000000000000000000000000000000",
    "UnionPay EMV": "00020101021126330012COM.UNIONPAY0113000000000",
    "digital yuan": "https://pay.ecny.example/t?id=1",
    "a cashier": "https://shop.example/cashier?order=1",
    "a code a payer shows": "130000000000000000",
}
HARMLESS = {
    "the school's page": "https://school.example/open-day",
    "an invoice": "01,10,044001900111,00000000,100.00,20260901,00000000000000000000",
    "words": "周五下午三点，操场集合",
    "a page about payday": "https://example.org/payday-in-history",
    "a telephone number": "tel:02360000000",
}


def code(content: str, box: int = 8) -> Image.Image:
    made = qrcode.QRCode(box_size=box, border=4)
    made.add_data(content)
    return made.make_image().get_image().convert("RGB")


def jpeg(picture: Image.Image, **more) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, **more)
    return out.getvalue()


def noisy(wide: int, high: int) -> Image.Image:
    draw = random.Random(3)
    small = Image.new("RGB", (wide // 40, high // 40))
    small.putdata(
        [
            tuple(draw.randrange(90, 220) for _ in range(3))
            for _ in range(small.width * small.height)
        ]
    )
    return small.resize((wide, high), Image.Resampling.BICUBIC)


def refused(sent: bytes) -> bool:
    try:
        pictures.clean_picture(sent)
    except CommitteeFault as fault:
        assert "收款码" in str(fault)
        return True
    return False


@pytest.mark.parametrize("content", PAYMENTS.values(), ids=PAYMENTS)
def test_every_kind_of_payment_code_is_refused(content):
    assert payments.is_payment_code(content)
    assert refused(jpeg(code(content)))


@pytest.mark.parametrize("content", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_code_passes(content):
    kept = Image.open(io.BytesIO(pictures.clean_picture(jpeg(code(content)))))
    assert content in set(pictures.codes_in(kept)), "it is still there to be read"


@pytest.mark.parametrize("degrees", [15, 30, 45, 90, 133, 180, 270, 341])
def test_a_turned_code_is_found(degrees):
    paper = Image.new("RGB", (900, 900), "white")
    turned = code(PAYMENTS["WeChat Pay"]).rotate(degrees, expand=True, fillcolor="white")
    paper.paste(turned, (150, 150))
    assert refused(jpeg(paper))


@pytest.mark.parametrize("box", [2, 3])
def test_a_small_code_in_a_large_picture_is_found(box):
    picture = noisy(2400, 1800)
    picture.paste(code(PAYMENTS["Alipay"], box), (1700, 1200))
    assert refused(jpeg(picture))


@pytest.mark.parametrize(("dark", "light"), [(150, 190), (60, 85), (225, 250)])
def test_a_pale_code_is_found(dark, light):
    grey = code(PAYMENTS["WeChat Pay"]).convert("L").point(lambda v: light if v > 127 else dark)
    picture = Image.new("L", (1000, 800), light)
    picture.paste(grey, (200, 100))
    ImageDraw.Draw(picture).rectangle((700, 600, 990, 790), fill=0)
    assert refused(jpeg(picture.convert("RGB")))


def test_one_payment_code_among_harmless_ones_is_enough():
    paper = Image.new("RGB", (1500, 600), "white")
    for place, content in enumerate(
        (HARMLESS["the school's page"], PAYMENTS["UnionPay"], HARMLESS["an invoice"])
    ):
        paper.paste(code(content, 6), (30 + 480 * place, 60))
    assert refused(jpeg(paper))
    harmless = Image.new("RGB", (1000, 600), "white")
    harmless.paste(code(HARMLESS["the school's page"], 6), (30, 60))
    harmless.paste(code(HARMLESS["an invoice"], 6), (520, 60))
    assert not refused(jpeg(harmless))


def test_a_white_code_on_black_a_blurred_and_a_coloured_one_are_found():
    upside = code(PAYMENTS["Alipay"]).point(lambda v: 255 - v)
    frame = Image.new("RGB", (upside.width + 80, upside.height + 80), "black")
    frame.paste(upside, (40, 40))
    assert refused(jpeg(frame))
    assert refused(jpeg(code(PAYMENTS["Alipay"]).filter(ImageFilter.GaussianBlur(2))))
    green = Image.new("RGB", frame.size, (9, 187, 7))
    green.paste(code(PAYMENTS["WeChat Pay"]), (40, 40))
    assert refused(jpeg(green))


def test_a_see_through_code_is_read_as_a_page_would_show_it():
    drawn = code(PAYMENTS["Alipay"]).convert("L")
    clear = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    clear.putalpha(drawn.point(lambda v: 255 - v))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert refused(out.getvalue())


def test_what_is_kept_has_no_notes_and_lies_upright():
    picture = noisy(1200, 800)
    notes = picture.getexif()
    notes[0x010E], notes[0x0112], notes[0x8825] = "拍于家中", 6, {1: "N", 2: (29.5, 0, 0)}
    kept = pictures.clean_picture(jpeg(picture, exif=notes, comment=b"hidden"))
    opened = Image.open(io.BytesIO(kept))
    assert dict(opened.getexif()) == {} and "comment" not in opened.info
    assert b"hidden" not in kept and opened.size == (800, 1200)


def test_a_large_picture_becomes_small():
    kept = pictures.clean_picture(jpeg(noisy(3000, 2000)))
    assert max(Image.open(io.BytesIO(kept)).size) == pictures.LONGEST_SIDE


@pytest.mark.parametrize(
    "sent", [b"", b"%PDF-1.7 no picture", b"\xff\xd8\xff\xe0 broken", b"GIF89a"]
)
def test_what_is_no_picture_is_refused_with_what_to_do(sent):
    with pytest.raises(CommitteeFault, match="JPG"):
        pictures.clean_picture(sent)


def test_a_picture_that_would_fill_the_memory_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 1000)
    with pytest.raises(CommitteeFault, match="太大"):
        pictures.clean_picture(jpeg(noisy(400, 400)))


@pytest.mark.parametrize(
    "text",
    [
        "请付到 wxp://f2f0abc",
        "链接 https://qr.alipay.com/fkx1 谢谢",
        "w x p : / / f2f0abc",
        "ｗｘｐ：//f2f0abc",
        "请大家群接龙交款",
        "转账到班主任微信",
        "卡号 6222 0200 0000 0000 000",
        "扫码支付即可",
        "用数字人民币 https://ecny.example/abc",
    ],
)
def test_words_that_ask_for_a_payment_are_found(text):
    assert payments.found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "周五下午开家长会，地点三楼会议室。",
        "电话 023-60000000，手机 13800000001",
        "见 https://school.example/activities/2026",
        "编号 1234567890123456789 的申请表",
        "支付方式由家长自己商量，不在这里写。",
    ],
)
def test_ordinary_words_pass(text):
    assert payments.found_in(text) == ""
