"""How ballots lie in an urn: words of one length in the order of their own letters, and as many blank
words as there are families left. So its length never changes, and no order of time is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

# A word of this letter alone is a place that nobody has used yet; no ballot can look like it.
_UNUSED = "z"


class UrnFull(ValueError):
    """More ballots than families on the roll."""


def width(options: int) -> int:
    """How many hexadecimal letters a ballot on so many options takes."""
    return (options + 3) // 4


def empty(families: int, options: int) -> str:
    """An urn with a place for each family."""
    return _UNUSED * width(options) * families


def put(content: str, chosen: Iterable[int], options: int) -> str:
    """The urn with one ballot more; `chosen` are the numbers of the options, from 0 on; none of them
    is a blank ballot. Raises UrnFull, and ValueError for an option that is not there."""
    numbers = set(chosen)
    if any(not 0 <= number < options for number in numbers):
        raise ValueError("There is no such option.")
    words = _words(content, options)
    try:
        words.remove(_UNUSED * width(options))
    except ValueError:
        raise UrnFull("There is a ballot for every family already.") from None
    mark = sum(1 << number for number in numbers)
    words.append(f"{mark:0{width(options)}x}")
    return "".join(sorted(words))


def count(content: str, options: int) -> tuple[int, int, list[int]]:
    """How many ballots, how many of them blank, and how often each option was chosen."""
    marks = Counter(
        int(word, 16) for word in _words(content, options) if not word.startswith(_UNUSED)
    )
    votes = [sum(n for mark, n in marks.items() if mark >> i & 1) for i in range(options)]
    return sum(marks.values()), marks[0], votes


def _words(content: str, options: int) -> list[str]:
    size = width(options)
    return [content[i : i + size] for i in range(0, len(content), size)]
