"""Handing in, mapping, deciding about doubts, confirming. Forms validate and never save."""

from __future__ import annotations

from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongyu.ground.people.models import RosterImport
from gongyu.ground.places.models import Place

from .headers import PUPILS
from .steps import Asked
from .workbook import MAX_BYTES

_SELECT = {"class": "form-select"}
_LINE = {"class": "form-control"}
_ENDINGS = (".xlsx", ".xls", ".csv", ".txt", ".et", ".xlsm")


class UploadForm(forms.Form):
    """A file, the school, what the file covers, and the day that it speaks of."""

    file = forms.FileField(
        label=_("名册文件"),
        help_text=_("拖到这里，或点按选择。支持 .xlsx、.xls、.csv，最大 30 MB。"),
        widget=forms.FileInput(
            attrs={"class": "form-control drop-file", "accept": ",".join(_ENDINGS)}
        ),
        error_messages={
            "required": _("请选择名册文件。"),
            "empty": _("文件是空的，请确认选对了文件。"),
        },
    )
    school = forms.TypedChoiceField(label=_("学校"), coerce=int, widget=forms.Select(attrs=_SELECT))
    kind = forms.ChoiceField(
        label=_("名册种类"),
        required=False,
        choices=[("", _("自动识别")), *RosterImport.Kind.choices],
        widget=forms.Select(attrs=_SELECT),
    )
    covers = forms.ChoiceField(
        label=_("表中包括"),
        choices=RosterImport.Covers.choices,
        widget=forms.Select(attrs=_SELECT),
        help_text=_("只有注明是全部学生时，才会提示哪些学生不在表中；确认前不会登记离校。"),
    )
    on = forms.DateField(
        label=_("名册日期"),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput(attrs={**_LINE, "type": "date"}, format="%Y-%m-%d"),
        help_text=_("表中情况从哪一天起属实。新入学、调班、转入都从这一天算起。"),
        error_messages={"invalid": _("日期写作 2026-09-01 这样的形式。")},
    )

    def __init__(self, *args, schools: list[Place], today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.schools = {school.pk: school for school in schools}
        self.today = today
        self.fields["school"].choices = [(pk, s.name) for pk, s in self.schools.items()]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 30 MB。请只留名册本身，或分成几个文件。"))
        return file

    def clean_on(self) -> date:
        on = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("名册日期不能晚于今天。"))
        if (self.today - on).days > 400:
            raise forms.ValidationError(_("名册日期最早为一年前。更早的名册请不要导入。"))
        return on

    def chosen_school(self) -> Place:
        return self.schools[self.cleaned_data["school"]]

    def asked(self) -> Asked:
        data = self.cleaned_data
        return Asked(data["kind"], data["covers"], data["on"])

    def file_name(self) -> str:
        return PurePath(self.cleaned_data["file"].name).name


class MappingForm(forms.Form):
    """One choice for each heading of the file."""

    kind = forms.ChoiceField(
        label=_("名册种类"),
        choices=RosterImport.Kind.choices,
        widget=forms.Select(attrs=_SELECT),
    )

    def __init__(self, *args, headings: list[dict[str, Any]], choices: list, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = headings
        self.fields["kind"].initial = kind or PUPILS
        for at, each in enumerate(headings):
            taken = each["field"] or ("-" if each["group"] else "")
            known = {value for _group, options in choices for value, _label in options}
            self.fields[f"heading_{at}"] = forms.ChoiceField(
                label=each["heading"],
                required=False,
                choices=[("", _("请选择")), *choices],
                initial=taken if taken in known else "",
                widget=forms.Select(attrs=_SELECT),
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen = [v for k, v in data.items() if k.startswith("heading_") and v not in {"", "-"}]
        if "name" not in chosen:
            raise forms.ValidationError(_("请指出哪一列是姓名。"))
        twice = {value for value in chosen if chosen.count(value) > 1}
        if twice:
            raise forms.ValidationError(_("有两列选成了同一种内容，请只留一列。"))
        return data

    def fields_by_heading(self) -> dict[str, str]:
        """{heading: field}; a heading left open is not used."""
        return {
            each["heading"]: self.cleaned_data[f"heading_{at}"] or "-"
            for at, each in enumerate(self.headings)
        }


class DoubtsForm(forms.Form):
    """For each doubtful row: which known child it is, or a new one."""

    def __init__(self, *args, doubts: list[dict[str, Any]], **kwargs):
        super().__init__(*args, **kwargs)
        self.doubts = doubts
        for at, doubt in enumerate(doubts):
            where = "，".join(part for part in (doubt["name"], doubt["where"]) if part)
            self.fields[f"doubt_{at}"] = forms.TypedChoiceField(
                label=_("第 %(row)s 行 %(where)s") % {"row": doubt["row"], "where": where},
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    *(
                        (pk, _("就是：%(words)s") % {"words": words})
                        for pk, words in doubt["candidates"]
                    ),
                    (0, _("不是，是另一个人")),
                ],
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )

    def answers(self) -> dict[str, int]:
        """{row key: child id or 0} of the doubts that were decided."""
        decided = {}
        for at, doubt in enumerate(self.doubts):
            value = self.cleaned_data[f"doubt_{at}"]
            if value is not None:
                decided[doubt["key"]] = value
        return decided


class ConfirmForm(forms.Form):
    """The preview that was seen, and the ticks that it asks for."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    with_leavers = forms.BooleanField(label=_("为“表中没有”的学生登记离校（毕业）"), required=False)
    transfers = forms.BooleanField(label=_("已核对“转入”各人，同意从原学校转入"), required=False)

    def __init__(self, *args, counts: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        if not counts.get("left"):
            del self.fields["with_leavers"]
        if not counts.get("transferred"):
            del self.fields["transfers"]
        else:
            self.fields["transfers"].required = True
            self.fields["transfers"].error_messages = {
                "required": _("有学生从其他学校转入：请先核对“转入”一栏，再勾选同意。")
            }
