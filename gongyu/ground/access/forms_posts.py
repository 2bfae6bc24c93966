"""What is typed when a school keeps its posts. Days are the first day of the new state."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.staff.models import Role

from .actions_posts import Holder

NEWCOMER = "new"
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)
_MOBILE = re.compile(r"1[3-9]\d{9}")
_HELD_BY = gettext_lazy("由谁担任")


def day_field(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    """A day to choose from the calendar of the machine."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("请选择日期。"),
            "invalid": gettext_lazy("请填写日期，例如2026-11-04。"),
        },
    )


class OnADay(forms.Form):
    """A form whose days must lie between the year 2000 and a year from `on`."""

    def __init__(self, *args, on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.today = on
        for field in self.fields.values():
            if isinstance(field, forms.DateField) and field.required and field.initial is None:
                field.initial = on

    def clean(self) -> dict:
        data = super().clean()
        for name, value in list(data.items()):
            if isinstance(value, date) and not EARLIEST <= value <= self.today + AHEAD:
                self.add_error(name, _("日期应在2000年之后、一年之内，请核对年份。"))
        return data


class Somebody(OnADay):
    """A member of staff chosen by name, or a newcomer with name and telephone."""

    who = gettext_lazy("新教职工")

    staff = forms.ChoiceField(
        label=_HELD_BY, error_messages={"required": gettext_lazy("请选择由谁担任。")}
    )
    name = forms.CharField(
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("名单里没有此人时填写。"),
    )
    phone = forms.CharField(
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )

    def __init__(self, *args, people: list[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        newcomer = (NEWCOMER, _("%(who)s（填写下面的姓名和手机号）") % {"who": self.who})
        self.fields["name"].label = _("%(who)s姓名") % {"who": self.who}
        self.fields["phone"].label = _("%(who)s手机号") % {"who": self.who}
        self.fields["staff"].choices = [("", _("请选择")), *people, newcomer]

    def clean_name(self) -> str:
        return "".join(unicodedata.normalize("NFKC", self.cleaned_data["name"]).split())

    def clean_phone(self) -> str:
        digits = unicodedata.normalize("NFKC", self.cleaned_data["phone"])
        digits = re.sub(r"[\s-]|^\+?86(?=1)", "", digits)
        if digits and not _MOBILE.fullmatch(digits):
            raise forms.ValidationError(_("请填写11位手机号。"))
        return digits

    def clean(self) -> dict:
        data = super().clean()
        if data.get("staff") == NEWCOMER:
            for field, words in (("name", _("请填写姓名。")), ("phone", _("请填写手机号。"))):
                if not data.get(field) and field not in self.errors:
                    self.add_error(field, words)
        elif data.get("name"):
            words = _("已填写%(who)s姓名，请在这里选“%(who)s”，或清空姓名。") % {"who": self.who}
            self.add_error("staff", words)
        return data

    @property
    def holder(self) -> Holder:
        """The member of staff chosen, or the newcomer."""
        data = self.cleaned_data
        if data["staff"] == NEWCOMER:
            return Holder(None, data["name"], data["phone"])
        return Holder(int(data["staff"]))

    @property
    def shown_name(self) -> str:
        """The name as the confirmation shows it."""
        if self.cleaned_data["staff"] == NEWCOMER:
            return self.cleaned_data["name"]
        labels = {str(key): label for key, label in self.fields["staff"].choices}
        return labels[self.cleaned_data["staff"]]


class HandOver(Somebody):
    """Who takes the class over, from which day."""

    on = day_field(gettext_lazy("交接日期"), gettext_lazy("自这一天起由新的班主任负责。"))
    basis = forms.CharField(
        label=gettext_lazy("依据（可不填）"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("如校务会决定、任命文号。"),
    )


class Acting(Somebody):
    """Who acts as class teacher from a day until a day."""

    from_on = day_field(gettext_lazy("代理开始日期"))
    until_on = day_field(
        gettext_lazy("代理结束日期"), gettext_lazy("自这一天起不再代理；延长时再登记一次。")
    )
    basis = forms.CharField(
        label=gettext_lazy("原因或依据（可不填）"), max_length=120, required=False
    )

    def __init__(self, *args, on: date, **kwargs) -> None:
        super().__init__(*args, on=on, **kwargs)
        self.fields["until_on"].initial = None


class OpenPost(Somebody):
    """Which post, where, who, from when."""

    role = forms.ChoiceField(
        label=gettext_lazy("岗位"), error_messages={"required": gettext_lazy("请选择岗位。")}
    )
    school_class = forms.TypedChoiceField(
        label=gettext_lazy("班级"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("班主任、科任教师须选择班级。"),
    )
    subject = forms.CharField(
        label=gettext_lazy("任教学科（科任教师填写）"), max_length=20, required=False
    )
    from_on = day_field(gettext_lazy("任职开始日期"))
    basis = forms.CharField(label=gettext_lazy("依据（可不填）"), max_length=120, required=False)

    field_order = (
        "role", "school_class", "subject", "staff", "name", "phone", "from_on", "basis",
    )  # fmt: skip

    def __init__(
        self, *args, roles: tuple[str, ...], classes: list[tuple[int, str]], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            ("", _("请选择")), *((role, Role(role).label) for role in roles)
        ]  # fmt: skip
        self.fields["school_class"].choices = [("", _("不限班级")), *classes]

    def clean(self) -> dict:
        data = super().clean()
        role = data.get("role")
        of_a_class = role in (Role.CLASS_TEACHER, Role.SUBJECT_TEACHER)
        if of_a_class and not data.get("school_class"):
            self.add_error("school_class", _("请选择班级。"))
        if role and not of_a_class and data.get("school_class"):
            self.add_error("school_class", _("这个岗位不分班级，请选“不限班级”。"))
        if role == Role.SUBJECT_TEACHER and not data.get("subject"):
            self.add_error("subject", _("请填写任教学科。"))
        if role != Role.SUBJECT_TEACHER:
            data["subject"] = ""
        return data


class ClosePost(OnADay):
    """From which day a post is no longer held."""

    until_on = day_field(gettext_lazy("任职结束日期"), gettext_lazy("自这一天起不再担任。"))
    why = forms.CharField(label=gettext_lazy("原因（可不填）"), max_length=100, required=False)


class TakeBackPost(forms.Form):
    """Why a post was entered by mistake."""

    why = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=100,
        help_text=gettext_lazy("写明是怎样登错的。"),
        error_messages={"required": gettext_lazy("请写明原因。")},
    )
