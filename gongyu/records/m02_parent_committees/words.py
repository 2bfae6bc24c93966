"""Text as it is searched: whatever was put between the letters to hide them is taken out."""

from __future__ import annotations

import re
import unicodedata

# Spaces, dots, stars, invisible letters: everything but letters and digits.
_BETWEEN = re.compile(r"[\W_]+")
# Traditional forms of the letters that the searched words are made of, each with its simple one.
_PAIRS = "費费輔辅導导書书訂订購购買买統统強强須须團团經经練练習习冊册資资繳缴錢钱轉转帳账賬账碼码"
_SIMPLE = str.maketrans(_PAIRS[::2], _PAIRS[1::2])


def plain(text: str) -> str:
    """班 . 費 and ｂａｎｆｅｉ become 班费 and banfei."""
    flat = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLE)
    return _BETWEEN.sub("", flat)
