"""The grown-ups of a pupil's row: 父亲, 母亲, 成员1, 监护人, 紧急联系人, each with its columns."""

from __future__ import annotations

import re

from .entries import CarerEntry
from .id_numbers import FLOATED, IdNumberWrong, parse_id_number
from .lines import Line, Slot
from .values import Phone, compact, name_of, phones_of, relation_of, yes_or_no

# What the heading alone tells of the relation, and the word used while the name is unknown.
_RELATIONS = {
    "father": ("father", "父亲"),
    "mother": ("mother", "母亲"),
    "grandfather": ("grandfather", "爷爷"),
    "grandmother": ("grandmother", "奶奶"),
    "emergency": ("other", "紧急联系人"),
    "guardian": ("other", "监护人"),
    "daily": ("other", "照护人"),
}
_GUARDIANS = {"father", "mother", "guardian"}
_NOBODY = {"无", "-", "/", "--", "没有", "不详", "去世", "已故", "离世", "暂无", "未知"}


def read_carers(line: Line, child_id: str) -> list[CarerEntry]:
    """Everybody named in the row, each once. Faults are said to the line."""
    carers: list[CarerEntry] = []
    for slot in line.layout.slots:
        for carer in _read_slot(line, slot, child_id):
            _join(carers, carer)
    return carers


def _read_slot(line: Line, slot: Slot, child_id: str) -> list[CarerEntry]:
    name, word_in_name = _name(line, slot.name)
    phones = line.parsed(slot.phone, phones_of, ())
    others = line.parsed(slot.other_phone, phones_of, ())
    if not name and not phones:
        _say_if_something_is_lost(line, slot)
        return []
    if any(phone.mended for phone in phones):
        line.warn("phone_mended", slot.phone)
    relation, word = _RELATIONS.get(slot.base, ("other", "家长"))
    said = word_in_name or line.text(slot.relation)
    if said:
        relation = _relation(line, slot, said, relation)
        word = said
    first = CarerEntry(
        name=name,
        relation=relation,
        is_guardian=_is_guardian(line, slot, relation),
        is_daily_carer=slot.base == "daily",
        id_number=_id_number(line, slot.id_number, child_id),
        named=bool(name),
    )
    return _with_phones(line, slot, first, word, phones + others)


def _say_if_something_is_lost(line: Line, slot: Slot) -> None:
    if line.text(slot.id_number) not in {"", *_NOBODY}:
        line.warn("carer_without_name", slot.id_number)


def _name(line: Line, field: str) -> tuple[str, str]:
    """(name, a word of relation that stood in its place): "爷爷" is no name."""
    text = line.text(field)
    if not text or text in _NOBODY:
        return "", ""
    # "张三(父亲)" names both.
    word = ""
    if text[-1] == ")" and (match := re.fullmatch(r"(.+?)\((\D{1,4})\)", text)):
        text, word = match[1], match[2]
    elif compact(text) in KIN_WORDS:
        return "", text
    line.texts[field] = text
    return line.parsed(field, name_of, ""), word


KIN_WORDS = {"爷爷", "奶奶", "外公", "外婆", "爸爸", "妈妈", "父亲", "母亲", "祖父", "祖母", "外祖父",
              "外祖母", "姑姑", "舅舅", "叔叔", "伯伯", "姨妈", "家长", "监护人", "哥哥", "姐姐"}  # fmt: skip


def _relation(line: Line, slot: Slot, said: str, default: str) -> str:
    field = slot.relation if line.text(slot.relation) == said else slot.name
    line.texts[field] = said
    return line.parsed(field, relation_of, default)


def _is_guardian(line: Line, slot: Slot, relation: str) -> bool:
    said = line.parsed(slot.guardian, yes_or_no, None)
    if said is not None:
        return said
    return slot.base in _GUARDIANS or relation in {"father", "mother"}


def _id_number(line: Line, field: str, child_id: str) -> str:
    number = compact(line.text(field)).upper().removesuffix(".0")
    if not number or number in _NOBODY:
        return ""
    if FLOATED.fullmatch(number):
        line.fault("digits_gone", field)
        return ""
    if child_id and number == child_id:
        line.fault("carer_is_child", field)
        return ""
    try:
        return parse_id_number(number).number
    except IdNumberWrong:
        # A passport or an old number of a grown-up is not worth refusing a class for.
        line.warn("carer_id", field)
        return ""


def _with_phones(
    line: Line, slot: Slot, first: CarerEntry, word: str, phones: tuple[Phone, ...]
) -> list[CarerEntry]:
    """Gives the numbers out: one with a word of its own ("爷爷13…") is another person's."""
    own = [phone for phone in phones if not phone.word or phone.word == word]
    others = [phone for phone in phones if phone.word and phone.word != word]
    carers = []
    if first.named or own or first.id_number:
        if len(own) > 2:
            line.warn("phone_extra", slot.phone)
        first.phone = own[0].number if own else ""
        first.other_phone = own[1].number if len(own) > 1 else ""
        if not first.named:
            first.name = word
            line.warn("carer_phone_only", slot.phone, word=word)
        carers.append(first)
    for phone in others:
        relation = relation_of(phone.word)
        line.warn("carer_phone_only", slot.phone, word=phone.word)
        carers.append(
            CarerEntry(
                phone.word,
                relation,
                relation in {"father", "mother"},
                phone=phone.number,
                named=False,
            )
        )
    return carers


def _join(carers: list[CarerEntry], new: CarerEntry) -> None:
    """Adds a carer, or completes the one who was already named (监护人 is often the father again)."""
    for old in carers:
        if not _same(old, new):
            continue
        old.phone = old.phone or new.phone
        if new.phone and new.phone != old.phone:
            old.other_phone = old.other_phone or new.phone
        old.id_number = old.id_number or new.id_number
        old.is_guardian = old.is_guardian or new.is_guardian
        old.is_daily_carer = old.is_daily_carer or new.is_daily_carer
        if old.relation == "other":
            old.relation = new.relation
        if new.named and not old.named:
            old.name, old.named = new.name, True
        return
    carers.append(new)


def _same(old: CarerEntry, new: CarerEntry) -> bool:
    if old.id_number and new.id_number:
        return old.id_number == new.id_number
    if old.named and new.named:
        return old.name == new.name
    return bool(old.phone) and old.phone == new.phone
