"""What somebody without an account fills in: two taps to tell, number and code to follow."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import kinds
from ..queries.places import SchoolToTell
from ..shapes import Told

LINE = {"class": "form-control", "autocomplete": "off"}
TICK = {"class": "form-check-input"}
YUAN = {
    **LINE,
    "inputmode": "decimal",
}


class TellForm(forms.Form):
    """The only question that must be answered is what it is about."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    # People do not see this field; whoever fills in everything does.
    website = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("是什么问题"),
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={
            "required": _("请选择是哪一类问题；说不清就选最后一项。"),
            "invalid_choice": _("请选择是哪一类问题；说不清就选最后一项。"),
        },
    )
    about = forms.TypedChoiceField(
        label=_("哪个班（不说也可以）"),
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("请从名单里选择班级，或者不选。")},
    )
    words = forms.CharField(
        label=_("想说的话（不写也可以）"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={**LINE, "rows": 4}),
        help_text=_("什么时候、收了什么、怎么收的。不用写孩子的名字。加密保存。"),
    )
    amount = forms.DecimalField(
        label=_("大约多少钱（元，不清楚就空着）"),
        required=False,
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs=YUAN),
        error_messages=dict.fromkeys(
            ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("请填写金额，单位是元，例如 300。不清楚就空着。"),
        ),
    )
    contact = forms.CharField(
        label=_("怎么联系您（不留就是匿名）"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs=LINE),
        help_text=_("留了，只有区县教委的办理人看得到，学校和家委会看不到。"),
    )

    def __init__(self, *args, school: SchoolToTell, **kwargs):
        super().__init__(*args, **kwargs)
        self.school = school
        self.fields["key"].initial = str(uuid4())
        self.fields["kind"].choices = [(code, kind.label) for code, kind in kinds.offered().items()]
        self.fields["about"].choices = [
            ("", _("不说是哪个班")),
            *((place.pk, place.name) for place in school.classes),
        ]

    @property
    def hints(self) -> dict[str, str]:
        return {code: str(kind.hint) for code, kind in kinds.offered().items()}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("有一栏应当空着。请刷新页面再试，或者打12345。"))
        return ""

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            kind=data["kind"],
            about_id=data["about"] or self.school.place.pk,
            words=data["words"],
            contact=data["contact"],
            amount=data["amount"],
        )


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("编号"),
        max_length=40,
        widget=forms.TextInput(attrs={**LINE, "inputmode": "numeric"}),
        help_text=_("例如 2611-483-720。"),
    )
    code = forms.CharField(
        label=_("查询码"),
        max_length=40,
        widget=forms.TextInput(attrs={**LINE, "autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("三组字母，例如 abcd-efgh-ijkl。"),
    )


class SayForm(forms.Form):
    content = forms.ChoiceField(
        label=_("对答复满意吗"),
        choices=[("yes", _("满意")), ("no", _("不满意，但不用再办了"))],
        widget=forms.RadioSelect(attrs=TICK),
        error_messages={"required": _("请选择满意或者不满意。")},
    )
    words = forms.CharField(
        label=_("想说的话（不写也可以）"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={**LINE, "rows": 2}),
    )


class ReopenForm(forms.Form):
    words = forms.CharField(
        label=_("哪里还没有解决"),
        max_length=1000,
        widget=forms.Textarea(attrs={**LINE, "rows": 3}),
        error_messages={"required": _("请写一句：哪里还没有解决。")},
    )
