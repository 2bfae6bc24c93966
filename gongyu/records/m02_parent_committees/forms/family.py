"""What a family sends from behind its link: a ballot, a name, a yes or a no."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..queries.families_pages import Question

_TICK = {"class": "form-check-input"}
_LINE = {"class": "form-control"}


class BallotForm(forms.Form):
    """Ticks for an election; nothing ticked is a blank ballot, which the family says on purpose."""

    chosen = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple(attrs=_TICK)
    )
    blank = forms.BooleanField(
        label=_("一个也不选，投空白票"), required=False, widget=forms.CheckboxInput(attrs=_TICK)
    )

    def __init__(self, question: Question, *args, **kwargs):
        super().__init__(*args, prefix=f"p{question.poll.pk}", **kwargs)
        self.most = question.poll.most
        self.fields["chosen"].label = _("请选，最多 %(most)s 位") % {"most": self.most}
        self.fields["chosen"].choices = [
            (c.number, f"{c.carer.name}{f'：{c.statement}' if c.statement else ''}")
            for c in question.candidates
        ]

    def clean(self) -> dict:
        data = super().clean()
        chosen = data.get("chosen", [])
        if len(chosen) > self.most:
            self.add_error("chosen", _("最多选 %s 位，请去掉几个。") % self.most)
        elif not chosen and not data.get("blank") and not self.errors:
            self.add_error("chosen", _("还没有选。想投空白票，请勾最下面一项。"))
        elif chosen and data.get("blank"):
            self.add_error("blank", _("选了人就不用勾空白票，请去掉一样。"))
        return data

    def answer(self) -> set[int]:
        return set(self.cleaned_data["chosen"])


class MatterAnswerForm(forms.Form):
    """Yes or no to a matter."""

    chosen = forms.ChoiceField(
        label=_("您同意办这件事吗"),
        choices=[("0", _("同意")), ("1", _("不同意")), ("blank", _("都行，我不表态"))],
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选一项。")},
    )

    def __init__(self, question: Question, *args, **kwargs):
        super().__init__(*args, prefix=f"p{question.poll.pk}", **kwargs)

    def answer(self) -> set[int]:
        chosen = self.cleaned_data["chosen"]
        return set() if chosen == "blank" else {int(chosen)}


class StandForm(forms.Form):
    statement = forms.CharField(
        label=_("想对大家说的一句话（可不填）"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=_LINE),
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("您提名哪位家长（写姓名）"),
        max_length=40,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("班主任会去问本人愿不愿意。不会告诉别人是谁提的。"),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("单子上的编码"),
        max_length=40,
        widget=forms.TextInput(attrs={**_LINE, "autocomplete": "off"}),
        help_text=_("六组字母和数字，横线写不写都行。"),
    )

    def clean_code(self) -> str:
        return "".join(c for c in self.cleaned_data["code"].lower() if c.isascii() and c.isalnum())
