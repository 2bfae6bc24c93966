"""Reads TOML files into tables that know their lines, and checks keys and types against a shape."""

from __future__ import annotations

import re
import tomllib
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path as FilePath
from typing import Any

from .faults import Fault
from .lines import LineMap, Path, find_lines
from .vocabulary import PARAMETERS, ParameterKind

_TYPE_NAMES = {
    "str": "文字",
    "int": "整数",
    "bool": "true 或 false",
    "date": "日期（如 2026-09-01）",
    "list of str": "文字的列表",
    "list of int": "整数的列表",
    "list of date": "日期的列表",
    "table": "表",
    "tables": "表的数组（[[…]]）",
}


@dataclass(frozen=True)
class Key:
    """What one key must hold. `kind` is one of _TYPE_NAMES, or "parameters"."""

    kind: str
    required: bool = True
    choices: Collection[str] = ()
    table: Mapping[str, Key] = field(default_factory=dict)
    may_be_empty: bool = False
    pattern: str = ""


@dataclass(frozen=True)
class Table:
    """One table of a TOML file, with the place of each of its keys."""

    file: str
    path: Path
    values: Mapping[str, Any]
    lines: LineMap

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def table(self, key: str) -> Table:
        """The table under this key; empty when there is none."""
        return Table(self.file, (*self.path, key), self.values.get(key, {}), self.lines)

    def tables(self, key: str) -> Iterator[Table]:
        for index, values in enumerate(self.values.get(key, [])):
            yield Table(self.file, (*self.path, key, index), values, self.lines)

    def fault(self, key: str, what: str, cure: str, index: int | None = None) -> Fault:
        """A fault at this key (dotted for a key further down), or at the item `index` of its list."""
        below: Path = tuple(part for part in key.split(".") if part)
        if index is not None:
            below = (*below, index)
        return Fault(self.file, self.lines[(*self.path, *below)], self._key(key), what, cure)

    def _key(self, key: str) -> str:
        """The key within its row: "threshold.source" for a table inside a duty."""
        within: list[str] = []
        for part in self.path:
            within = [] if isinstance(part, int) else [*within, part]
        return ".".join([*within, key] if key else within)


def read_table(folder: FilePath, name: str) -> tuple[Table | None, list[Fault]]:
    """The file as a table, or the reason why it cannot be read. Never raises for what it reads."""
    text, faults = read_text(folder, name)
    if text is None:
        return None, faults
    try:
        return Table(name, (), tomllib.loads(text), find_lines(text)), []
    except ValueError as error:
        place = re.search(r"at line (\d+)", str(error))
        line = int(place.group(1)) if place else text.count("\n") + 1
        reason = re.sub(r" \(at [^)]*\)$", "", str(error))
        return None, [Fault(name, line, "", f"不是合格的 TOML：{reason}", "按 TOML 语法改正这一行")]
    except RecursionError:
        return None, [Fault(name, 1, "", "括号嵌套过深", "去掉多余的括号")]


def read_text(folder: FilePath, name: str) -> tuple[str | None, list[Fault]]:
    """The file's text exactly as it stands, or the fault."""
    try:
        raw = (folder / name).read_bytes()
    except FileNotFoundError:
        return None, [Fault(name, 0, "", "没有这个文件", f"在方案文件夹中补上 {name}")]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "文件名不可用"
        return None, [Fault(name, 0, "", f"读不了这个文件：{reason}", "检查文件名和读取权限")]
    if raw.startswith(BOM_UTF8):
        return None, [Fault(name, 1, "", "文件开头有 BOM", "另存为 UTF-8（不带 BOM）")]
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return None, [Fault(name, line, "", "不是 UTF-8 编码", "另存为 UTF-8（不带 BOM）")]


def check_shape(table: Table, shape: Mapping[str, Key]) -> Iterator[Fault]:
    """Unknown keys, missing keys and wrong types, all the way down."""
    for name in table.values:
        if name not in shape:
            yield table.fault(name, f"不认识的键 {name}", _did_you_mean(name, shape))
    for name, key in shape.items():
        if name in table:
            yield from _check_value(table, name, key)
        elif key.required:
            yield table.fault(name, f"缺少键 {name}", f"补上 {name}（{_type_name(key.kind)}）")


def _check_value(table: Table, name: str, key: Key) -> Iterator[Fault]:
    value = table[name]
    if key.kind == "parameters":
        yield from _check_parameters(table, name)
    elif not _is_of_kind(value, key.kind):
        yield table.fault(name, f"{name} 应为{_type_name(key.kind)}", "改成这个类型的值")
    elif key.kind == "table":
        yield from check_shape(table.table(name), key.table)
    elif key.kind == "tables":
        for row in table.tables(name):
            yield from check_shape(row, key.table)
    else:
        yield from _check_words(table, name, key)


def _check_words(table: Table, name: str, key: Key) -> Iterator[Fault]:
    value = table[name]
    if value in ("", []) and not key.may_be_empty:
        yield table.fault(name, f"{name} 是空的", "填写内容")
        return
    words = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
    for index, word in words:
        if key.choices and word not in key.choices:
            cure = _did_you_mean(str(word), key.choices)
            yield table.fault(name, f"{name} 不认识“{word}”", cure, index)
        elif key.pattern and not re.fullmatch(key.pattern, str(word)):
            yield table.fault(
                name, f"{name} 的写法不对：“{word}”", f"写成 {key.pattern} 的样子", index
            )


def _check_parameters(table: Table, name: str) -> Iterator[Fault]:
    if not isinstance(table[name], dict):
        yield table.fault(name, f"{name} 应为表", f"写成 [{name}] 表")
        return
    parameters = table.table(name)
    for key, value in parameters.values.items():
        where = f"{name}.{key}"
        kind = PARAMETERS.get(key)
        if kind is None:
            yield table.fault(where, f"不认识的参数 {key}", _did_you_mean(key, PARAMETERS))
        elif not _is_of_kind(value, kind.kind):
            yield table.fault(where, f"{key} 应为{_type_name(kind.kind)}", "改成这个类型的值")
        elif not _is_allowed(value, kind):
            yield table.fault(where, f"{key} 不能是 {value}", _allowed_words(kind))


def _is_allowed(value: Any, kind: ParameterKind) -> bool:
    for word in value if isinstance(value, list) else [value]:
        if kind.choices and word not in kind.choices:
            return False
        if kind.pattern and not re.fullmatch(kind.pattern, word):
            return False
        if isinstance(word, int) and not isinstance(word, bool):
            most = kind.maximum if kind.maximum is not None else word
            if not kind.minimum <= word <= most:
                return False
    return True


def _allowed_words(kind: ParameterKind) -> str:
    if kind.choices:
        return "只能用：" + "、".join(kind.choices)
    if kind.pattern:
        return f"写成 {kind.pattern} 的样子"
    return f"取 {kind.minimum} 到 {kind.maximum if kind.maximum is not None else '更大'} 之间的数"


def _is_of_kind(value: Any, kind: str) -> bool:
    if kind.startswith("list of "):
        inner = kind.removeprefix("list of ")
        return isinstance(value, list) and all(_is_of_kind(item, inner) for item in value)
    if kind == "tables":
        return isinstance(value, list) and all(isinstance(item, dict) for item in value)
    if kind == "date":
        # A date with a time of day is not a day.
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"str": str, "bool": bool, "table": dict}[kind])


def _type_name(kind: str) -> str:
    return _TYPE_NAMES.get(kind, kind)


def _did_you_mean(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    if near:
        return f"是不是 {near[0]}？"
    return "可用的有：" + "、".join(sorted(known)) if known else "删去它"
