"""What a payment looks like: in words, and in what a code in a picture says.

Sources of the forms: public code of the payment firms' partners; EMV QR merchant-presented codes begin
with 000201. How the digital yuan's codes are written is not published: known names of it are searched.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _

from .faults import CommitteeFault

# Addresses and schemes that lead to a payment; lower case, anywhere in what a code says.
_PAYMENT = re.compile(
    r"wxp://|weixin://wxpay|wechat://pay|payapp\.(?:weixin\.qq\.com|wechatpay\.cn)|wx\.tenpay\.com|"
    r"pay\.weixin\.qq\.com|action\.weixin\.qq\.com/payact|i\.qianbao\.qq\.com|"
    r"alipays?:|alipay\.com|alipayobjects\.com/\S*qr|alipayhk\.com|"
    r"95516\.(?:com|net)|unionpay|upwallet:|"
    r"e-?cny|dcep|pbcdci|digitalyuan|"
    r"shouqianba|lakala|fuioupay|shengpay|yeepay|allinpay|jlpay|p\.10086\.cn|paypal\.(?:com|me)|"
    r"jdpay|h5\.jd\.com/pay|qpay\.qq\.com|mybank\.cn|sumpay|huifu"
)
# Somebody else's cashier: the word in the host's name or as a step of the path.
_CASHIER = re.compile(
    r"https?://(?:[a-z0-9.-]*\b(?:pay|cashier|payment|qrpay|shoukuan)\b|\S*/(?:pay|cashier|qrpay|"
    r"payment|shoukuan|collect-?money)(?:[/?#]|$))"
)
# EMV merchant-presented codes (UnionPay, cross-border), and the number codes that a payer shows.
_EMV = re.compile(r"^000201\d{4}")
_SHOWN = re.compile(r"^(?:1[0-5]\d{16}|(?:2[5-9]|30)\d{14,22}|62\d{17})$")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")
_ASKING = re.compile(
    r"收款码|付款码|赞赏码|经营码|群收款|群接龙(?:收|交|缴)|转账(?:到|至|给)|扫码(?:付|交|缴|支付)|"
    r"微信(?:转|付|支付)|支付宝(?:账?号|转|付)|(?:打|转|汇)到.{0,12}(?:账户|账号|卡)"
)


def is_payment_code(content: str) -> bool:
    """Does what a code says lead to a payment?"""
    text = unicodedata.normalize("NFKC", content).strip().lower()
    compact = re.sub(r"\s", "", text)
    return bool(
        _PAYMENT.search(compact)
        or _CASHIER.search(compact)
        or _EMV.match(compact)
        or _SHOWN.match(compact)
    )


def found_in(text: str) -> str:
    """The part of the text that asks for a payment, or nothing."""
    flat = unicodedata.normalize("NFKC", text).lower()
    # Whoever writes wxp : // f2f means it too.
    compact = re.sub(r"[\s\u200b-\u200f\u2060]", "", flat)
    for pattern in (_PAYMENT, _CASHIER, _ASKING):
        met = pattern.search(compact)
        if met:
            return met.group()
    met = next((m for m in _CARD.finditer(flat) if _is_card(m.group())), None)
    return met.group() if met else ""


def _is_card(written: str) -> bool:
    """A bank card's number: its last digit follows from the others (ISO/IEC 7812)."""
    digits = [int(letter) for letter in written if letter.isdigit()]
    if not 16 <= len(digits) <= 19 or digits[0] not in {3, 4, 5, 6}:
        return False
    doubled = [sum(divmod(2 * n, 10)) for n in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def check_words(text: str, field: str = "") -> None:
    """Raises CommitteeFault where a text asks for a payment."""
    found = found_in(text)
    if found:
        raise CommitteeFault(
            _("这里写了收款的内容（%s）。系统里不收钱，也不放付款方式，请删去。") % found[:40],
            field,
        )
