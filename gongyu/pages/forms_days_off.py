"""What is typed when days off are entered."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongyu.ground.calendar.words import day_words
from gongyu.ground.calendar.working_days import NamedDay

from .forms import DateInput

LONGEST = 31
OFF, WORKED = "off", "worked"


class DaysOff(forms.Form):
    """One day or days in a row, why they are off or worked, and on which document that stands."""

    first = forms.DateField(label=gettext_lazy("日期"), widget=DateInput)
    last = forms.DateField(
        label=gettext_lazy("到哪一天（只有一天不填）"), required=False, widget=DateInput
    )
    what = forms.ChoiceField(
        label=gettext_lazy("这几天"),
        choices=[(OFF, gettext_lazy("放假")), (WORKED, gettext_lazy("调休上班"))],
        widget=forms.RadioSelect,
        initial=OFF,
    )
    name = forms.CharField(
        label=gettext_lazy("节日或事由"), max_length=40, help_text=gettext_lazy("例如“国庆节”。")
    )
    source = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=120,
        help_text=gettext_lazy("放假文件的名称、文号和日期。没有依据的日子不能登记。"),
    )

    def __init__(self, *args, on: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._from, self._to = date(on.year - 1, 1, 1), date(on.year + 2, 12, 31)

    def clean(self) -> dict:
        data = super().clean()
        first = data.get("first")
        last = data["last"] = data.get("last") or first
        for name, day in (("first", first), ("last", last)):
            if day and not self._from <= day <= self._to and name not in self.errors:
                words = {"from": day_words(self._from), "to": day_words(self._to)}
                self.add_error(name, _("请填写%(from)s至%(to)s之间的日期。") % words)
        if first and last and "last" not in self.errors:
            if last < first:
                self.add_error("last", _("结束的日子不能早于开始的日子。"))
            elif (last - first).days >= LONGEST:
                self.add_error("last", _("一次最多登记%(n)d天，请核对日期。") % {"n": LONGEST})
            elif data.get("what") == WORKED and self._has_weekday(first, last):
                self.add_error("first", _("调休上班只用于周六、周日；周一至周五本来就是工作日。"))
        return data

    def days(self) -> list[NamedDay]:
        """Every day of the stretch."""
        data = self.cleaned_data
        count = (data["last"] - data["first"]).days + 1
        worked = data["what"] == WORKED
        return [
            NamedDay(data["first"] + timedelta(days=n), worked, data["name"], data["source"])
            for n in range(count)
        ]

    @staticmethod
    def _has_weekday(first: date, last: date) -> bool:
        days = ((last - first).days + 1) if last >= first else 0
        return any((first + timedelta(days=n)).weekday() < 5 for n in range(days))
