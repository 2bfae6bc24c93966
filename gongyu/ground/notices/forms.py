"""Write a notice in six fields, correct it, withdraw it, tick off a slip."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.files import Clean, FileRefused, cleaned

from .drafts import DRAFTS
from .queries_lists import Desk
from .rules import CONSENT_CHOICES, LONGEST_WORDS
from .shapes import NewNotice

_LINE = {"class": "form-control"}
_TICK = {"class": "form-check-input"}


@dataclass(frozen=True, slots=True)
class Sort:
    """What a sender says a notice is; with a receipt only where law or danger needs one."""

    kind: str
    label: str
    basis: str = ""
    basis_words: str = ""


SORTS: dict[str, Sort] = {
    "to_know": Sort("to_know", _("知道就好（进每周一信，不单独响）")),
    "to_answer": Sort("to_answer", _("要回一句（响一次，可以不回）")),
    "consent": Sort(
        "to_answer",
        _("法律要求监护人同意（逐家问到监护人）"),
        "consent",
        _("个人信息保护法第三十一条、未成年人保护法第七十二条：要监护人同意"),
    ),
    "duty": Sort(
        "to_answer",
        _("法律要求告知监护人（逐家告知到）"),
        "law",
        _("未成年人保护法第二十条、第三十七条：学校应当告知"),
    ),
    "safety": Sort("safety", _("安全（马上响，夜里也响，逐家告知到）"), "danger"),
}
CAMPAIGN_SORTS = ("to_know", "to_answer")


class DayField(forms.DateField):
    """A day by the phone's own calendar; ISO days without it."""

    def __init__(self, **kwargs):
        picker = forms.DateInput(attrs={**_LINE, "type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d"], widget=picker, **kwargs)


class ManyFiles(forms.FileInput):
    """A picker of several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else []


class FilesField(forms.FileField):
    """Several pictures or PDFs, cleaned as they come in."""

    def __init__(self, **kwargs):
        accepted = {"accept": "image/*,application/pdf", "multiple": True}
        super().__init__(widget=ManyFiles(attrs={**_LINE, **accepted}), **kwargs)

    def clean(self, data, initial=None) -> tuple[Clean, ...]:
        found = []
        for one in data or ():
            try:
                found.append(cleaned(one.read()))
            except FileRefused as refused:
                raise forms.ValidationError(str(refused)) from None
        return tuple(found)


class NoticeForm(forms.Form):
    """Six fields: what it is, title, words, whom it concerns, until when, and the answers (of a
    campaign: its number on the white list)."""

    sort = forms.ChoiceField(label=_("是哪一类"), widget=forms.RadioSelect(attrs=_TICK))
    title = forms.CharField(
        label=_("标题"),
        max_length=40,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("一眼看懂是什么事，例如“周五提前放学”。"),
    )
    words = forms.CharField(
        label=_("正文"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={**_LINE, "rows": 5}),
        help_text=_("说一件事，用短句。每家收到时会写上自己孩子的名字，这里不要写学生姓名。"),
    )
    audience = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple(attrs=_TICK)
    )
    last_day = DayField(label=_("到哪天为止（含当天）"))
    answers = forms.CharField(
        label=_("给家里选的答案（可不填）"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("用顿号隔开，最多四个，例如“去、不去”。不填就是“知道了”。"),
    )
    white_list = forms.CharField(
        label=_("社会事务进校园白名单编号"),
        max_length=40,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("没有编号的事项不能向学校推送。"),
    )
    # Chosen in the second step, beside the effect: no browser keeps a file from step to step.
    attachments = FilesField(
        label=_("附件（可不加，图片或PDF，最多三个）"),
        required=False,
        help_text=_("会去掉位置、作者等信息。发出前最后选。"),
    )
    key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    template = forms.CharField(max_length=24, required=False, widget=forms.HiddenInput)

    def __init__(self, desk: Desk, choices: list[tuple[int, str]], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.desk = desk
        sorts = CAMPAIGN_SORTS if desk.is_campaign else tuple(SORTS)
        self.fields["sort"].choices = [(code, SORTS[code].label) for code in sorts]
        self.fields["key"].initial = str(uuid.uuid4())
        audience = self.fields["audience"]
        audience.choices = choices
        audience.label, audience.help_text = _audience_words(desk)
        del self.fields["answers" if desk.is_campaign else "white_list"]
        if desk.is_campaign:
            audience.required = True

    def first_step(self) -> list[forms.BoundField]:
        """The six that are asked first."""
        return [field for field in self.visible_fields() if field.name != "attachments"]

    def clean_template(self) -> str:
        code = self.cleaned_data["template"]
        return code if code in DRAFTS else ""

    def clean(self) -> dict:
        data = super().clean()
        typed = _split(data.get("answers", ""))
        if data.get("sort") == "consent" and typed not in ((), CONSENT_CHOICES):
            self.add_error("answers", _("要监护人同意的，答案就是“同意、不同意”。请把这一栏清空。"))
        return data

    def notice(self, classes: list[int]) -> NewNotice:
        """What the form says; `classes` are those that the choice means."""
        data, desk = self.cleaned_data, self.desk
        sort = SORTS[data["sort"]]
        asks, typed = sort.kind != "to_know", _split(data.get("answers", ""))
        children = tuple(data["audience"]) if desk.place.kind == "class" else ()
        return NewNotice(
            kind=sort.kind,
            title=data["title"],
            words=data["words"],
            place_id=desk.place.pk,
            department_id=desk.department_id,
            until_on=data["last_day"] + timedelta(days=1),
            class_ids=() if children else tuple(classes),
            child_ids=children,
            basis=sort.basis,
            basis_words=str(sort.basis_words),
            choices=CONSENT_CHOICES if sort.basis == "consent" else typed if asks else (),
            template=data["template"],
            is_campaign=desk.is_campaign,
            white_list=data.get("white_list", ""),
            attachments=data["attachments"],
        )


def _audience_words(desk: Desk) -> tuple[str, str]:
    if desk.is_campaign:
        return str(_("发给哪些学校的家庭")), ""
    if desk.place.kind == "school":
        return str(_("和哪些班有关")), str(_("一个都不勾，就是全校。"))
    return str(_("和哪些孩子有关")), str(_("一个都不勾，就是全班。"))


def _split(text: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in re.split(r"[、，,;；/]", text) if one.strip())


def first_values(draft_code: str, on: date) -> dict:
    """With what an empty form begins: a template's words, and a week."""
    draft = DRAFTS.get(draft_code)
    values = {"sort": "to_know", "last_day": on + timedelta(days=7)}
    if draft is None:
        return values
    return values | {
        "sort": draft.kind,
        "title": draft.title,
        "words": draft.words,
        "answers": "、".join(str(choice) for choice in draft.choices),
        "template": draft.code,
    }


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("撤回的原因（家长会看到）"),
        max_length=80,
        widget=forms.TextInput(attrs=_LINE),
    )


class HandForm(forms.Form):
    """The answer that the family gave, if it gave one."""

    choice = forms.TypedChoiceField(coerce=int, required=False, empty_value=None)

    def __init__(self, choices: list[str], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = [("", ""), *enumerate(choices)]
