"""Every component is rendered, says what it shows in words, and writes no inline style."""

import re
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import Context
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from gongyu.ground.design import states

COMPONENTS = Path(states.__file__).parent / "templates" / "cotton"
COUNTS = {"met": 7, "missed": 2, "declined": 1, "unknown": 0}
SAMPLES = {
    "alert": '<c-alert tone="warning" title="标题">内容</c-alert>',
    "breadcrumbs": '<c-breadcrumbs :path="path" here="这里" />',
    "card": '<c-card title="标题" icon="home"><c-slot name="footer">页脚</c-slot>内容</c-card>',
    "confirm": '<c-confirm action="/x/" label="删除" tone="danger">原因</c-confirm>',
    "empty": '<c-empty title="都做完了">今天没有待办。</c-empty>',
    "field": '<c-field :field="form.word" />',
    "hidden": '<c-hidden floor="10" />',
    "map": '<c-map :shapes="shapes" label="全市区县" />',
    "number": '<c-number label="家访" value="93" unit="%" href="/x/" note="说明" />',
    "pager": '<c-pager :page="page" />',
    "progress": '<c-progress value="3" max="7" label="导入" />',
    "state_badge": '<c-state-badge state="declined" reason="已确认" />',
    "states_bar": '<c-states-bar :counts="counts" label="家访" />',
    "table": '<c-table caption="学生"><tr><td>一</td></tr></c-table>',
    "tabs": '<c-tabs :tabs="tabs" />',
}
EXPECTED = {
    "alert": "标题",
    "breadcrumbs": 'aria-current="page">这里',
    "card": "页脚",
    "confirm": 'method="post" action="/x/"',
    "empty": "今天没有待办",
    "field": 'name="word"',
    "hidden": "少于 10 人，不显示",
    "map": "<title>万州区：已完成 3</title>",
    "number": "93",
    "pager": "第 2 页，共 5 页",
    "progress": 'max="7"',
    "state_badge": "家长谢绝",
    "states_bar": "已完成 7，占 70%",
    "table": "学生</caption>",
    "tabs": 'aria-current="page">家访',
}


def render(source: str) -> str:
    from django import forms
    from django.template import engines

    class Form(forms.Form):
        word = forms.CharField(label="词")

    request = RequestFactory().get("/?page=2&state=met")
    context = {
        "counts": COUNTS,
        "hidden": {"met": 60, "declined": None, "missed": None},
        "path": [{"url": "/city/", "label": "重庆市"}],
        "form": Form(),
        "shapes": [{"outline": "M0 0", "tone": "step-2", "name": "万州区", "words": "已完成 3"}],
        "page": Paginator(range(50), 10).page(2),
        "tabs": [{"url": "/x/", "label": "家访", "current": True, "count": 3}],
        "request": request,
        "csrf_token": "t",
    }
    compiled = CottonCompiler().process(source)
    template = engines["django"].from_string("{% load cotton design %}" + compiled)
    return template.template.render(Context(context))


def test_every_component_has_a_sample():
    assert {p.stem for p in COMPONENTS.glob("*.html")} == set(SAMPLES)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_component_is_rendered_without_inline_style_or_script(name):
    html = render(SAMPLES[name])
    assert EXPECTED[name] in re.sub(r"\s+", " ", html)
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<script", html)


def test_a_hidden_cell_shows_no_count():
    html = render('<c-states-bar :counts="counts" suppressed="yes" floor="5" />')
    assert "少于 5 人" in html
    assert "70%" not in html and "<rect" not in html


def test_a_pager_keeps_the_filters():
    html = render('<c-pager :page="page" />')
    assert "page=3&amp;state=met" in html


def test_stretches_of_a_bar_are_true_to_the_counts_and_fill_it():
    drawn = states.segments({"met": 1, "missed": 9999})
    assert [s.width for s in drawn] == [0.01, 99.99]
    assert drawn[0].percent == "<0.1%" and drawn[1].percent == ">99.9%"
    assert sum(s.width for s in drawn) == pytest.approx(100)


def test_a_bar_of_nothing_has_no_stretch():
    assert states.segments({"met": 0}) == []


def test_hidden_counts_are_one_stretch_without_a_number():
    drawn = states.segments({"met": 60, "declined": None, "missed": None}, 64)
    assert [(s.look.code, s.width) for s in drawn] == [("met", 93.75), ("hidden", 6.25)]
    html = render('<c-states-bar :counts="hidden" :total="64" />')
    assert "其余为保护个人，不分开显示" in html and ">4<" not in html
