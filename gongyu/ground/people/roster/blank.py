"""The blank sheet that a school may fill in: headings, an example row, a sheet of words."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _

from .headers import STAFF

_PUPILS = (
    ("姓名*", "张三", 12),
    ("性别", "男", 8),
    ("出生日期", "2018-05-20", 14),
    ("身份证件类型", "居民身份证", 16),
    ("身份证件号", "", 24),
    ("全国学籍号", "", 24),
    ("年级", "三年级", 10),
    ("班级*", "2班", 10),
    ("就读方式", "走读", 10),
    ("现住址", "某某路1号", 28),
    ("镇街", "某某街道", 16),
    ("社区/村", "某某社区", 16),
    ("成员1姓名", "张四", 12),
    ("成员1关系", "父亲", 12),
    ("成员1是否监护人", "是", 16),
    ("成员1联系电话", "13000000000", 16),
    ("成员2姓名", "李五", 12),
    ("成员2关系", "奶奶", 12),
    ("成员2是否监护人", "否", 16),
    ("成员2联系电话", "13100000000", 16),
    ("实际照护人姓名", "李五", 16),
    ("实际照护人关系", "奶奶", 16),
)
_STAFF = (
    ("姓名*", "王老师", 12),
    ("身份证件号", "", 24),
    ("手机号*", "13000000000", 16),
    ("岗位", "班主任", 14),
    ("任教学科", "语文", 12),
    ("任教班级", "三年级2班、三年级3班", 24),
    ("担任班主任班级", "三年级2班", 18),
    ("任职日期", "2026-09-01", 14),
    ("离任日期", "", 14),
)


def blank_sheet(kind: str) -> bytes:
    """An .xlsx whose columns are text from the start, so that no number loses its digits."""
    columns = _STAFF if kind == STAFF else _PUPILS
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        text = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E7F0F7", "num_format": "@"})
        faint = book.add_format({"font_color": "#868E96", "num_format": "@", "italic": True})
        page = book.add_worksheet(_("名册"))
        for at, (heading, example, width) in enumerate(columns):
            page.set_column(at, at, width, text)
            page.write_string(0, at, heading, head)
            page.write_string(
                1, at, example if at else _("示例：%(name)s") % {"name": example}, faint
            )
        page.freeze_panes(1, 1)
        _words(book, kind)
    return out.getvalue()


def _words(book, kind: str) -> None:
    page = book.add_worksheet(_("填写说明"))
    page.set_column(0, 0, 90)
    lines = [
        _("带 * 的列必须填写；其余的列没有就留空，整列不用可以删去。"),
        _("第 2 行是示例，可以保留（不会导入），也可以删去。"),
        _("身份证件号、学籍号、电话请保持“文本”格式，避免末尾数字丢失。"),
        _("日期写成 2018-05-20 的样子；班级写成“三年级2班”，或分“年级”“班级”两列。"),
    ]
    if kind != STAFF:
        lines += [
            _("家长最多写几位都可以：成员3姓名、成员3关系…… 也可以用“父亲姓名”“父亲电话”等列。"),
            _("平时照护孩子的人（如奶奶）请写在“实际照护人”列。"),
            _("是否留守、家庭经济困难、民族、户籍等一概不采集，不必填写。"),
        ]
    for at, line in enumerate(lines):
        page.write_string(at, 0, line)
