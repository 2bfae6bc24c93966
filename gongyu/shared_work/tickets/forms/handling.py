"""The desk's steps, each a small form of its own."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.places.models import Place

from .. import kinds
from ..shapes import Answer, SentOn
from .asking import LINE, TICK, YUAN


def _words(label: str, *, required: bool = True, rows: int = 3, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=hint,
        widget=forms.Textarea(attrs={**LINE, "rows": rows}),
        error_messages={"required": _("请写一句。")},
    )


class WordsForm(forms.Form):
    """Accepting and beginning: a sentence for the asker, if one likes."""

    words = _words(_("想告诉投诉人的话（不写也可以）"), required=False, rows=2)


class NoteForm(forms.Form):
    words = _words(_("内部记录"), rows=2, hint=_("投诉人看不到。"))


class AnswerForm(forms.Form):
    finding = forms.ChoiceField(
        label=_("查实的情况"),
        choices=list(kinds.FINDINGS.items()),
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": _("请选择查实的情况。")},
    )
    words = _words(
        _("查了什么、怎样处理"), rows=4, hint=_("投诉人看得到。写清楚，不写孩子和教师的名字。")
    )
    paid_back = forms.DecimalField(
        label=_("已退还（元，没有就空着）"),
        required=False,
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs=YUAN),
        error_messages=dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("请填写金额，单位是元，例如 300。没有就空着。"),
        ),
    )

    def answer(self) -> Answer:
        data = self.cleaned_data
        return Answer(data["finding"], data["words"], data["paid_back"])


class RejectForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("依法不予受理的理由"),
        choices=list(kinds.REJECTIONS.items()),
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": _("请选择不予受理的法定理由。")},
    )
    words = _words(_("告诉投诉人可以怎么办"), hint=_("例如该找哪个部门、怎么找。"))


class SendOnForm(forms.Form):
    body = forms.CharField(
        label=_("转送给哪个机关"),
        max_length=60,
        widget=forms.TextInput(attrs=LINE),
        error_messages={"required": _("请写明转送给哪个机关。")},
    )
    number = forms.CharField(
        label=_("对方的编号（没有就空着）"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=LINE),
    )
    words = _words(_("告诉投诉人为什么转送、可以找谁问"))

    def sent(self) -> SentOn:
        data = self.cleaned_data
        return SentOn(data["body"], data["number"], data["words"])


class HandOverForm(forms.Form):
    to = forms.TypedChoiceField(
        label=_("移交给哪里"),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": _("请选择移交给哪里。")},
    )
    words = _words(_("为什么移交"), rows=2, hint=_("对方接收以前，仍由这里负责，期限照样计算。"))

    def __init__(self, *args, desks: Iterable[Place], **kwargs):
        super().__init__(*args, **kwargs)
        self.desks = {desk.pk: desk for desk in desks}
        choices = [(pk, desk.name) for pk, desk in self.desks.items()]
        self.fields["to"].choices = [("", _("请选择")), *choices]

    def chosen(self) -> Place:
        return self.desks[self.cleaned_data["to"]]


class RefuseMoreForm(forms.Form):
    words = _words(_("为什么不延长"), rows=2, hint=_("办理人看得到，投诉人看不到。"))


class ExtendForm(forms.Form):
    days = forms.IntegerField(
        label=_("延长几日"),
        min_value=1,
        widget=forms.NumberInput(attrs={**LINE, "inputmode": "numeric"}),
        error_messages={"invalid": _("请填写天数，例如 10。")},
    )
    words = _words(_("为什么需要延长"), rows=2, hint=_("批准以后，投诉人看得到。"))

    def __init__(self, *args, most: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["days"].help_text = _("这一轮还可以延长%(n)d日。") % {"n": most}


class TryForm(forms.Form):
    works = forms.ChoiceField(
        label=_("按学校公示的渠道试了，通不通"),
        choices=[("yes", _("通，有人受理")), ("no", _("不通，或者没有公示"))],
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": _("请选择通还是不通。")},
    )
    words = _words(_("试了哪个渠道，多久有人接"), rows=2)
