"""A committee's papers, matters, receipts and settlement; and the inspections of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.shared_work.registers.forms import DayField

from .. import forbidden, payments
from ..codes import FOCUSES, MATTER_KINDS, PAPER_KINDS, PROBLEMS
from ..faults import CommitteeFault, Forbidden
from ..pictures import MOST_BYTES
from ..shapes import MatterEntry, PaperEntry

_LINE = {"class": "form-control"}
_SELECT = {"class": "form-select"}
_TICK = {"class": "form-check-input"}
_AREA = {"class": "form-control", "rows": 4}
_FILE = {"class": "form-control", "accept": "image/jpeg,image/png,image/webp"}


def _money(label, **more) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=9,
        decimal_places=2,
        min_value=Decimal(0),
        widget=forms.NumberInput(attrs={**_LINE, "step": "0.01", "inputmode": "decimal"}),
        **more,
    )


class KeyedForm(forms.Form):
    """`key` goes along, so that a second tap enters nothing twice."""

    key = forms.RegexField(r"^[0-9a-f-]{36}$", widget=forms.HiddenInput)

    def picture(self, name: str) -> bytes:
        """The uploaded file, as it came."""
        sent = self.cleaned_data.get(name)
        return sent.read() if sent else b""

    @staticmethod
    def check_size(sent):
        if sent is not None and sent.size > MOST_BYTES:
            raise forms.ValidationError(_("图片超过10MB，请换一张小一点的。"))
        return sent


class PaperForm(KeyedForm):
    kind = forms.ChoiceField(
        label=_("公开什么"), choices=list(PAPER_KINDS.items()), widget=forms.Select(attrs=_SELECT)
    )
    focus = forms.ChoiceField(
        label=_("活动的主题（只有“开展的活动”要选）"),
        required=False,
        choices=[("", _("不是活动")), *FOCUSES.items()],
        widget=forms.Select(attrs=_SELECT),
    )
    on = DayField(label=_("日期"))
    title = forms.CharField(label=_("标题"), max_length=80, widget=forms.TextInput(attrs=_LINE))
    text = forms.CharField(
        label=_("内容（可不填）"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs=_AREA),
        help_text=_("不写孩子的姓名，不放收款方式。"),
    )
    picture = forms.FileField(
        label=_("图片（可不放）"),
        required=False,
        widget=forms.ClearableFileInput(attrs=_FILE),
        help_text=_("JPG、PNG 或 WebP。不放孩子的照片；拍摄地点等信息会自动去掉。"),
    )

    def clean_picture(self):
        return self.check_size(self.cleaned_data.get("picture"))

    def entry(self) -> PaperEntry:
        data = self.cleaned_data
        return PaperEntry(
            kind=data["kind"],
            on=data["on"],
            title=data["title"],
            text=data["text"],
            focus=data["focus"],
            picture=KeyedForm.picture(self, "picture"),
            key=data["key"],
        )


class MatterForm(forms.Form):
    """What the notice forbids can be chosen, so that whoever means it reads why not. `clause` is then
    the notice's own sentence."""

    kind = forms.ChoiceField(
        label=_("是哪一类"),
        choices=[(key, kind.label) for key, kind in MATTER_KINDS.items()],
        widget=forms.RadioSelect(attrs=_TICK),
    )
    title = forms.CharField(
        label=_("做什么"),
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("例如：秋游当天的饮用水和大巴。一次只提一件。"),
    )
    for_whom = forms.CharField(
        label=_("为谁"),
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("例如：自愿参加秋游的同学。"),
    )
    why = forms.CharField(
        label=_("为什么需要（可不填）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs=_AREA),
    )
    most_total = _money(_("总共最多多少元"), help_text=_("是全部加起来的数，不是每家的数。"))
    ask_until = DayField(label=_("请家长答复到哪天为止（含当天）"))
    voluntary = forms.BooleanField(
        label=_("完全自愿：不参加的家庭和孩子不受任何影响，不公布谁参加、谁不参加"),
        widget=forms.CheckboxInput(attrs=_TICK),
        error_messages={"required": _("要花钱的事只能完全自愿。请确认以后勾选。")},
    )
    clause = ""

    def __init__(self, *args, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("ask_until", on + timedelta(days=7))

    def clean(self) -> dict:
        data = super().clean()
        words = [data.get(name, "") for name in ("title", "for_whom", "why")]
        try:
            if data.get("kind"):
                forbidden.check_matter(data["kind"], *words)
            for name, text in zip(("title", "for_whom", "why"), words, strict=True):
                payments.check_words(text, name)
        except CommitteeFault as fault:
            self.take(fault)
        return data

    def take(self, fault: CommitteeFault) -> None:
        """The fault beside its field; what the notice forbids with the notice's own sentence."""
        if isinstance(fault, Forbidden):
            self.clause = fault.clause
        self.add_error(fault.field if fault.field in self.fields else None, str(fault))

    def entry(self) -> MatterEntry:
        return MatterEntry(**self.cleaned_data)


class CollectForm(forms.Form):
    collected = _money(
        _("一共收了多少元"),
        help_text=_("只记总数，只记一次。谁交了、谁没交，不记也不问。"),
    )


class ExpenseForm(KeyedForm):
    what = forms.CharField(label=_("买了什么"), max_length=60, widget=forms.TextInput(attrs=_LINE))
    amount = _money(_("金额（元）"))
    receipt = forms.FileField(
        label=_("票据照片"),
        widget=forms.ClearableFileInput(attrs=_FILE),
        help_text=_("JPG、PNG 或 WebP。照片里不要有收款码和家长的姓名。"),
    )

    def clean_receipt(self):
        return self.check_size(self.cleaned_data.get("receipt"))


class SettleForm(forms.Form):
    handed_back = _money(
        _("退还给家长一共多少元"), help_text=_("共收减去支出，应当正好退完；没有剩余就填0。")
    )


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么叫停（家长会看到）"), max_length=200, widget=forms.Textarea(attrs=_AREA)
    )


class InspectForm(KeyedForm):
    inspected_on = DayField(label=_("检查日期"))
    note = forms.CharField(label=_("看了什么"), max_length=300, widget=forms.Textarea(attrs=_AREA))
    problem = forms.ChoiceField(
        label=_("发现的问题（没有就不选）"),
        required=False,
        choices=[("", _("没有发现问题")), *PROBLEMS.items()],
        widget=forms.Select(attrs=_SELECT),
    )
    what = forms.CharField(
        label=_("要改什么"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs=_AREA),
    )
    due_on = DayField(label=_("整改期限"), required=False)


class ReportForm(forms.Form):
    report = forms.CharField(
        label=_("怎样整改的"), max_length=300, widget=forms.Textarea(attrs=_AREA)
    )
