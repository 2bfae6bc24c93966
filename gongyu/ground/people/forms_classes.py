"""What is typed when a school keeps its classes and campuses. Days are the first of the new state."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.places.models import Place, Stage
from gongyu.ground.places.naming import grade_name
from gongyu.ground.places.rules import GRADES_OF

from .forms_keeping import DayField, OnADay


def _name(label: str, help_text: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OpenClass(OnADay):
    """Which class begins, from when; its end is the school year's."""

    grade = forms.ChoiceField(label=gettext_lazy("年级"))
    number = forms.IntegerField(
        label=gettext_lazy("班号"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=gettext_lazy("不填则接着本年级最大的班号往后排。"),
    )
    name = _name(
        gettext_lazy("班级名称（可不填）"),
        gettext_lazy("不填则按年级和班号取名，例如“三年级5班”。"),
        required=False,
    )
    campus = forms.TypedChoiceField(
        label=gettext_lazy("所在校区"), coerce=int, empty_value=None, required=False
    )
    from_on = DayField(label=gettext_lazy("开班日期"))

    def __init__(
        self, *args, stages: tuple[str, ...], campuses: list[Place], on: date, **kwargs
    ) -> None:
        super().__init__(*args, on=on, **kwargs)
        grades = [
            (f"{stage}:{grade}", grade_name(stage, grade))
            for stage in stages
            for grade in GRADES_OF[stage]
        ]
        self.fields["grade"].choices = [("", _("请选择")), *grades]
        self.fields["campus"].choices = [("", _("校本部")), *((c.pk, c.name) for c in campuses)]
        if not campuses:
            del self.fields["campus"]

    @property
    def stage_and_grade(self) -> tuple[str, int]:
        stage, _colon, grade = self.cleaned_data["grade"].partition(":")
        return Stage(stage).value, int(grade)


class OpenCampus(OnADay):
    """A campus or teaching point, from when."""

    name = _name(gettext_lazy("校区或教学点名称"), gettext_lazy("例如“枇杷山校区”。"))
    from_on = DayField(label=gettext_lazy("启用日期"))


class Rename(forms.Form):
    """Another name for the same class or campus."""

    name = _name(gettext_lazy("新名称"), gettext_lazy("只改名称；名册、任职和家访记录都不变。"))


class ClosePlace(OnADay):
    """From which day a class or campus is no more."""

    until_on = DayField(
        label=gettext_lazy("撤销日期"), help_text=gettext_lazy("自这一天起不再开设。")
    )
    why = forms.CharField(
        label=gettext_lazy("原因（可不填）"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("不要写学生的个人情况。"),
    )


class Merge(OnADay):
    """Which class takes the children, from which day."""

    into = forms.TypedChoiceField(
        label=gettext_lazy("并入班级"), coerce=int, help_text=gettext_lazy("同年级的班排在前面。")
    )
    on = DayField(
        label=gettext_lazy("并班日期"), help_text=gettext_lazy("自这一天起，全体学生在新班级。")
    )

    def __init__(self, *args, classes: list[Place], on: date, **kwargs) -> None:
        super().__init__(*args, on=on, **kwargs)
        self._classes = {one.pk: one for one in classes}
        self.fields["into"].choices = [
            ("", _("请选择")),
            *((pk, one.name) for pk, one in self._classes.items()),
        ]

    @property
    def target(self) -> Place:
        """The class that takes the children."""
        return self._classes[self.cleaned_data["into"]]
