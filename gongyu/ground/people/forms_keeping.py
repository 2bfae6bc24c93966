"""What is typed when a school keeps its people. Forms validate and never save; days are the first
day of the new state, and a typing error in the year is caught here."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.calendar.words import day_words
from gongyu.ground.places.models import Place

from .models import Enrolment, Leave, Relation
from .roster.explanations import EXPLANATIONS
from .roster.id_numbers import IdNumberWrong, parse_id_number
from .roster.values import ValueWrong, compact, name_of, phones_of, text_of

EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)


class DayField(forms.DateField):
    """A day of the recent past or the coming year."""

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault(
            "error_messages",
            {
                "required": gettext_lazy("请选择日期。"),
                "invalid": gettext_lazy("请填写日期，例如2026-11-04。"),
            },
        )
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)


class OnADay(forms.Form):
    """A form whose days must lie between the year 2000 and a year from `on`."""

    def __init__(self, *args, on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.on = on
        for field in self.fields.values():
            if isinstance(field, DayField):
                limits = {"min": EARLIEST.isoformat(), "max": (on + AHEAD).isoformat()}
                field.widget.attrs |= limits
                if field.required:
                    field.initial = field.initial or on

    def clean(self) -> dict:
        data = super().clean()
        for name, value in list(data.items()):
            if isinstance(value, date) and not EARLIEST <= value <= self.on + AHEAD:
                self.add_error(name, _("日期应在2000年之后、一年之内，请核对年份。"))
        return data


def _why() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("原因"),
        max_length=100,
        help_text=gettext_lazy("写明是怎样登错的；不要写儿童的个人情况。"),
        error_messages={"required": gettext_lazy("请写明原因。")},
    )


def _class_choices(classes: list[Place], on: date) -> list[tuple[int, str]]:
    return [(one.pk, _class_label(one, on)) for one in classes]


def _class_label(one: Place, on: date) -> str:
    if one.from_on > on:
        return _("%(name)s（%(day)s开班）") % {"name": one.name, "day": day_words(one.from_on)}
    return one.name


class IntoClass(OnADay):
    """A class of the school, and the first day there."""

    school_class = forms.TypedChoiceField(
        label=gettext_lazy("新班级"),
        coerce=int,
        error_messages={"required": gettext_lazy("请选择班级。")},
    )
    from_on = DayField(
        label=gettext_lazy("到新班级的日期"), help_text=gettext_lazy("自这一天起在新班级。")
    )

    def __init__(self, *args, classes: list[Place], on: date, **kwargs) -> None:
        super().__init__(*args, on=on, **kwargs)
        self._classes = {one.pk: one for one in classes}
        empty = [("", _("请选择"))]
        self.fields["school_class"].choices = empty + _class_choices(classes, on)

    @property
    def place(self) -> Place:
        """The class that was chosen."""
        return self._classes[self.cleaned_data["school_class"]]


class FindChild(forms.Form):
    """Exactly who is looked for: name and number as on the papers."""

    name = forms.CharField(
        label=gettext_lazy("学生姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请填写姓名。")},
    )
    number = forms.CharField(
        label=gettext_lazy("身份证件号或全国学籍号"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("须与原学校登记的完全一致。"),
        error_messages={"required": gettext_lazy("请填写身份证件号或全国学籍号。")},
    )

    def clean_name(self) -> str:
        return _name(self.cleaned_data["name"])

    def clean_number(self) -> str:
        number = compact(text_of(self.cleaned_data["number"])).upper()
        if len(number) < 6:
            raise forms.ValidationError(_("号码不完整，请填写全部号码。"))
        return number


class Receive(IntoClass):
    """Where a child who comes from elsewhere is enrolled. The token says who was found."""

    token = forms.CharField(widget=forms.HiddenInput)
    boarding = forms.BooleanField(label=gettext_lazy("住校"), required=False)
    pupil_number = forms.CharField(
        label=gettext_lazy("校内学号（可不填）"), max_length=30, required=False
    )

    field_order = ("token", "school_class", "from_on", "boarding", "pupil_number")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].label = _("转入班级")
        self.fields["from_on"].label = _("转入日期")
        self.fields["from_on"].help_text = _("自这一天起在本校就读，原学校的学籍同日结束。")


class LeaveSchool(OnADay):
    """How and from which day a child is no longer at the school."""

    how_out = forms.ChoiceField(
        label=gettext_lazy("离校方式"),
        choices=[
            (way.value, way.label)
            for way in (
                Enrolment.HowOut.TRANSFERRED,
                Enrolment.HowOut.GRADUATED,
                Enrolment.HowOut.LEFT,
            )
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择离校方式。")},
    )
    until_on = DayField(
        label=gettext_lazy("离校日期"), help_text=gettext_lazy("自这一天起不再在本校就读。")
    )


class CorrectStart(OnADay):
    """The true first day, and why it was wrong."""

    from_on = DayField(label=gettext_lazy("正确的起始日"))
    why = _why()


class TakeBack(forms.Form):
    """Why an entry was a mistake."""

    why = _why()


class StartLeave(OnADay):
    """Which kind of leave, from when, perhaps until when, and on which paper it rests."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=Leave.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择类别。")},
    )
    from_on = DayField(label=gettext_lazy("开始日期"))
    until_on = DayField(
        label=gettext_lazy("预计返校日期（可不填）"),
        required=False,
        help_text=gettext_lazy("自这一天起返校；尚未确定的先不填。"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据（可不填）"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("如休学审批文号；不要填写病情。"),
    )


class EndLeave(OnADay):
    """The first day back."""

    until_on = DayField(
        label=gettext_lazy("返校日期"), help_text=gettext_lazy("自这一天起恢复在校。")
    )


class AddCarer(OnADay):
    """A person who begins to care for a child."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("请填写姓名。")},
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("与学生的关系"),
        choices=[("", gettext_lazy("请选择")), *Relation.choices],
        error_messages={"required": gettext_lazy("请选择与学生的关系。")},
    )
    phone = forms.CharField(
        label=gettext_lazy("联系电话（没有可不填）"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    id_number = forms.CharField(
        label=gettext_lazy("身份证号（可不填）"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    is_guardian = forms.BooleanField(label=gettext_lazy("是监护人"), required=False)
    is_daily_carer = forms.BooleanField(label=gettext_lazy("负责日常照护"), required=False)
    from_on = DayField(label=gettext_lazy("开始日期"))

    def clean_name(self) -> str:
        return _name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean_id_number(self) -> str:
        number = compact(text_of(self.cleaned_data["id_number"])).upper()
        if not number:
            return ""
        try:
            return parse_id_number(number).number
        except IdNumberWrong as wrong:
            raise _explained(f"id_{wrong.code}", length=len(number)) from wrong


class ChangeCare(OnADay):
    """Guardian or not, daily carer or not, from a day."""

    is_guardian = forms.BooleanField(label=gettext_lazy("是监护人"), required=False)
    is_daily_carer = forms.BooleanField(label=gettext_lazy("负责日常照护"), required=False)
    on = DayField(label=gettext_lazy("变更日期"), help_text=gettext_lazy("自这一天起按新的情况。"))


class EndCare(OnADay):
    """The day from which somebody no longer cares for the child."""

    on = DayField(
        label=gettext_lazy("结束日期"), help_text=gettext_lazy("自这一天起不再是该生的照护人。")
    )


class ChangePhone(forms.Form):
    """The numbers under which a carer is reached."""

    phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    other_phone = forms.CharField(
        label=gettext_lazy("备用电话"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        return _phone(self.cleaned_data["phone"])

    def clean_other_phone(self) -> str:
        return _phone(self.cleaned_data["other_phone"])


class BarCarer(OnADay):
    """What somebody is barred from, on which paper, from when until when."""

    contact = forms.BooleanField(label=gettext_lazy("禁止接触学生"), required=False, initial=True)
    information = forms.BooleanField(
        label=gettext_lazy("不得告知学生的任何信息"), required=False, initial=True
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=120,
        help_text=gettext_lazy("如“人身安全保护令”及文号；不要填写案情。"),
        error_messages={"required": gettext_lazy("请填写依据的文书和文号。")},
    )
    from_on = DayField(label=gettext_lazy("开始日期"))
    until_on = DayField(
        label=gettext_lazy("解除日期（可不填）"),
        required=False,
        help_text=gettext_lazy("自这一天起不再限制；文书未写明期限的先不填。"),
    )

    def clean(self) -> dict:
        data = super().clean()
        if not data.get("contact") and not data.get("information"):
            self.add_error("contact", _("请至少选择一项限制。"))
        return data


class LiftBar(OnADay):
    """From which day somebody is no longer barred, and why."""

    until_on = DayField(
        label=gettext_lazy("解除日期"), help_text=gettext_lazy("自这一天起不再限制。")
    )
    why = forms.CharField(
        label=gettext_lazy("依据或原因"),
        max_length=100,
        error_messages={"required": gettext_lazy("请写明解除的依据或原因。")},
    )


def _name(text: str) -> str:
    try:
        return name_of(text_of(text))
    except ValueWrong as wrong:
        raise _explained(wrong.code, **wrong.about) from wrong


def _phone(text: str) -> str:
    try:
        found = phones_of(text_of(text))
    except ValueWrong as wrong:
        raise _explained(wrong.code, **wrong.about) from wrong
    if len(found) > 1:
        raise forms.ValidationError(_("这里只填一个号码，其他号码请填在备用电话。"))
    return found[0].number if found else ""


def _explained(code: str, **about: object) -> forms.ValidationError:
    reason, cure = EXPLANATIONS[code]
    return forms.ValidationError(f"{reason % about if about else reason}。{cure}。")
