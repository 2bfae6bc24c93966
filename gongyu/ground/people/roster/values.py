"""From a cell to a value: text, names, sexes, yes and no, relations, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

# A double holds 15 decimal digits for certain; what a sheet stored as a number beyond that is lost.
_EXACT = 10**15
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]|_x000D_")
_NOT_OF_NUMBERS = re.compile(r"[\s'\"`]")
_HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002ebef\U0002ebf0-\U0002ee5d"
    "\U0002f800-\U0002fa1f\U00030000-\U000323af\U000323b0-\U0003347f"
)
_HAN_NAME = re.compile(f"[{_HAN}]+(?:·[{_HAN}]+)*")
_LATIN_NAME = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ.'\- ·]*")
_MIXED_NAME = re.compile(f"[{_HAN}A-Za-zÀ-ɏ][{_HAN}A-Za-zÀ-ɏ.'\\- ·]*")
# The dots that keyboards give for the one of 买买提·艾力.
_DOTS = re.compile("\\s*[·•‧∙⋅・･●˙]\\s*")
_PLAIN_DOT = re.compile(f"(?<=[{_HAN}])[.。](?=[{_HAN}])")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")


class ValueWrong(ValueError):
    """A value that cannot be kept; `code` has its reason and cure in `explanations`."""

    def __init__(self, code: str, **about: object):
        self.code = code
        self.about = about
        super().__init__(code)


def is_blank(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, str) and not cell.strip())


def text_of(cell: object) -> str:
    """The cell as one line of half-width text. Raises ValueWrong("digits_gone")."""
    if isinstance(cell, str):
        # Most cells are plain already; the checks cost a tenth of the mending.
        if cell.isprintable() and unicodedata.is_normalized("NFKC", cell):
            return " ".join(cell.split()) if " " in cell or "_x" in cell else cell
        return _mended(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return "" if cell is None else str(cell).strip()


def _mended(cell: str) -> str:
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", cell))
    return " ".join(text.replace("_x000D_", " ").split())


def _number_text(cell: float) -> str:
    if abs(cell) >= _EXACT:
        raise ValueWrong("digits_gone")
    if isinstance(cell, int) or cell.is_integer():
        return str(int(cell))
    return repr(round(cell, 10))


def compact(text: str) -> str:
    """Without any space, dash-like spacing or quotation marks: for numbers and codes."""
    return text if text.isalnum() else _NOT_OF_NUMBERS.sub("", text)


@lru_cache(maxsize=65536)
def name_of(text: str) -> str:
    """A person's name: spaces inside Chinese names gone, one kind of dot. Raises ValueWrong."""
    name = _PLAIN_DOT.sub("·", _DOTS.sub("·", text))
    squeezed = name.replace(" ", "")
    if _HAN_NAME.fullmatch(squeezed):
        name = squeezed
    elif not (_LATIN_NAME.fullmatch(name) or _MIXED_NAME.fullmatch(name)):
        _say_what_is_wrong(name)
    if len(name) > 50:
        raise ValueWrong("name_long")
    return name


def _say_what_is_wrong(name: str) -> None:
    if "?" in name or "\ufffd" in name or "□" in name:
        raise ValueWrong("name_lost_sign")
    if _PRIVATE_USE.search(name):
        raise ValueWrong("name_private_sign")
    if name[:1] in "=+-@":
        raise ValueWrong("name_formula")
    if re.search(r"[()\[\]]", name):
        raise ValueWrong("name_bracket")
    raise ValueWrong("name_shape")


_SEXES = {"男": "M", "女": "F", "男性": "M", "女性": "F", "1": "M", "2": "F", "M": "M", "F": "F",
          "1男": "M", "2女": "F", "1-男": "M", "2-女": "F", "男生": "M", "女生": "F",
          "MALE": "M", "FEMALE": "F", "1男性": "M", "2女性": "F",
          "0": "U", "9": "U", "未知": "U", "未说明": "U"}  # fmt: skip


def sex_of(text: str) -> str:
    """M, F or U (GB/T 2261.1 codes are known). Raises ValueWrong."""
    found = _SEXES.get(compact(text).upper())
    if found is None:
        raise ValueWrong("sex")
    return found


_YES = {"是", "Y", "YES", "1", "√", "✓", "✔", "TRUE", "有", "住校", "寄宿", "住读", "住宿"}
_NO = {"否", "N", "NO", "0", "×", "X", "✗", "FALSE", "无", "-", "/", "走读", "通学", "不住校"}


def yes_or_no(text: str) -> bool | None:
    """True, False, or None for an empty cell. Raises ValueWrong."""
    word = compact(text).upper()
    word = re.sub(r"^\d+[-.、]?(?=[是否住走])", "", word)
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueWrong("yes_no")


_RELATIONS = {
    "father": "父亲 父 爸爸 爸 父子 父女 生父 继父 养父 51 51父亲",
    "mother": "母亲 母 妈妈 妈 母子 母女 生母 继母 养母 52 52母亲",
    "grandfather": "爷爷 祖父 外公 外祖父 姥爷 公公 家公 61 63 祖父(外祖父) 外爷",
    "grandmother": "奶奶 祖母 外婆 外祖母 姥姥 婆婆 家婆 62 64 祖母(外祖母)",
    "sibling": "哥哥 姐姐 兄 姐 哥 兄姐 兄弟 姐妹 71 73 弟弟 妹妹 表哥 表姐 堂哥 堂姐",
    "relative": "叔叔 伯伯 伯父 伯母 姑姑 姑妈 姑父 舅舅 舅妈 姨妈 姨 阿姨 小姨 婶婶 叔父 姨父 大伯 大姨 二姨"
    " 幺爸 幺妈 孃孃 嬢嬢 亲戚 其他亲属 亲属 舅父 舅母 姑母 姨母 婶母 伯 叔 舅 姑 曾祖父 曾祖母 太婆 祖祖"
    " 嫂子 姐夫 表叔 表姨",
    "institution": "福利院 机构 儿童福利院 民政局 救助站 福利机构 村委会 居委会 村(居)委会",
    "other": "其他 其它 家长 监护人 非亲属 邻居 朋友 老师 养父母 97 99 父母 其他监护人 委托监护人",
}
_RELATION_OF = {word: kind for kind, words in _RELATIONS.items() for word in words.split()}
_KIN = "|".join(sorted(map(re.escape, (w for w in _RELATION_OF if not w.isdigit())), key=len)[::-1])


@lru_cache(maxsize=4096)
def relation_of(text: str) -> str:
    """One of the ground's relations. Raises ValueWrong."""
    word = compact(text)
    found = _RELATION_OF.get(word) or _RELATION_OF.get(re.sub(r"^\d+[-.、]?", "", word))
    if found is None:
        raise ValueWrong("relation")
    return found


@dataclass(frozen=True, slots=True)
class Phone:
    """One telephone number; `word` is what stood beside it ("爷爷"); `mended` if a lost leading zero
    was put back."""

    number: str
    word: str = ""
    mended: bool = False


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-?[2-9]\d{6,7}")
_PHONE_PART = re.compile(rf"({_KIN})?[:：(]*(\+?[\d\- ]{{7,20}})[)]*(?:\(?({_KIN})\)?)?")


@lru_cache(maxsize=65536)
def phones_of(text: str) -> tuple[Phone, ...]:
    """Every number of a telephone cell, in order. Raises ValueWrong."""
    if not text or text in {"无", "-", "/", "没有", "暂无"}:
        return ()
    if _MOBILE.fullmatch(text):
        return (Phone(text),)
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", text.upper()):
        raise ValueWrong("digits_gone")
    found = [
        _phone_of(part)
        for part in re.split(r"[,，;；、/|\\]|\s(?=1[3-9]\d{2})", text)
        if part.strip()
    ]
    if len(found) > 4:
        raise ValueWrong("phone_many")
    return tuple(found)


def _phone_of(part: str) -> Phone:
    match = _PHONE_PART.fullmatch(part.strip())
    if not match:
        raise ValueWrong("phone_shape")
    number = re.sub(r"[\s-]", "", match[2])
    number = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", number)
    word = match[1] or match[3] or ""
    if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return Phone(number, word)
    # A number cell drops the zero of the area code: 023-6812 3456 arrives as 2368123456.
    if re.fullmatch(r"[2-9]\d{9}", number) and _LANDLINE.fullmatch("0" + number):
        return Phone("0" + number, word, mended=True)
    if number.isdigit() and number.startswith("1"):
        raise ValueWrong("phone_length", length=len(number))
    raise ValueWrong("phone_shape")
