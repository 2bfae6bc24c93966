"""Text as it is searched: whatever was put between the letters to hide them is taken out."""

from __future__ import annotations

import re
import unicodedata

# Spaces, dots, stars, invisible letters: everything but letters and digits.
_BETWEEN = re.compile(r"[\W_]+")
# Traditional forms of the letters that the searched words are made of.
_SIMPLE = str.maketrans(
    "費輔訂購買統強須團經教練習購冊資繳錢轉帳賬碼", "费辅订购买统强须团经教练习购册资缴钱转账账码"
)


def plain(text: str) -> str:
    """班 . 費 and ｂａｎｆｅｉ become 班费 and banfei."""
    flat = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE)
    return _BETWEEN.sub("", flat)
