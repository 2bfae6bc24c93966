"""Plan an activity; make its slots."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time

from django import forms
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext_lazy as _

from gongyu.ground.places.models import Place, SchoolClass
from gongyu.ground.staff.models import Staff
from gongyu.shared_work.registers.forms import DayField

from ..kinds import KINDS, OF_A_CLASS
from ..models import Activity
from ..queries.audience import Grade, grades_of
from ..shapes import Plan, SlotPlan

_LINE = {"class": "form-control"}
_PICK = {"class": "form-select"}
_TICK = {"class": "form-check-input"}


class ClockField(forms.TimeField):
    """Hour and minute by the phone's own picker; 15:30 without it."""

    def __init__(self, **kwargs):
        kwargs.setdefault("error_messages", {"invalid": _("时间写作 15:30 这样的形式。")})
        picker = forms.TimeInput(attrs={**_LINE, "type": "time"}, format="%H:%M")
        super().__init__(input_formats=["%H:%M", "%H:%M:%S", "%H：%M"], widget=picker, **kwargs)


class PlanForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("哪一类"),
        choices=[(key, kind.label) for key, kind in KINDS.items()],
        widget=forms.RadioSelect(attrs=_TICK),
    )
    title = forms.CharField(label=_("名称"), max_length=80, widget=forms.TextInput(attrs=_LINE))
    organiser = forms.TypedChoiceField(
        label=_("在哪个校区"), coerce=int, widget=forms.Select(attrs=_PICK)
    )
    day = DayField(label=_("哪一天"))
    start = ClockField(label=_("几点开始"))
    end = ClockField(label=_("几点结束"))
    where = forms.CharField(
        label=_("地点"), max_length=80, widget=forms.TextInput(attrs=_LINE), initial=_("学校")
    )
    scope = forms.ChoiceField(
        label=_("面向谁"),
        choices=Activity.Scope.choices,
        initial=Activity.Scope.SCHOOL,
        widget=forms.RadioSelect(attrs=_TICK),
    )
    grades = forms.MultipleChoiceField(
        label=_("哪些年级"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_TICK),
        help_text=_("上面选“部分年级”时勾选。"),
    )
    classes = forms.TypedMultipleChoiceField(
        label=_("哪些班级"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=_TICK),
        help_text=_("上面选“部分班级”时勾选。"),
    )
    entry = forms.ChoiceField(
        label=_("怎样参加"),
        choices=Activity.Entry.choices,
        initial=Activity.Entry.OPEN,
        widget=forms.RadioSelect(attrs=_TICK),
    )
    book_until = DayField(
        label=_("最晚哪天预约"), required=False, help_text=_("选“分时段预约”时填写。")
    )
    responsible = forms.TypedChoiceField(
        label=_("负责人"), coerce=int, widget=forms.Select(attrs=_PICK)
    )
    about = forms.CharField(
        label=_("给家长的话（可不填）"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={**_LINE, "rows": 3}),
        help_text=_("会印在邀请单上，不要写某个孩子的事。"),
    )
    key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args,
        organisers: list[Place],
        classes: list[SchoolClass],
        staff: Iterable[Staff],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.grade_rows: dict[str, Grade] = {grade.key: grade for grade in grades_of(classes)}
        self.every = tuple(one.place_id for one in classes)
        self.fields["organiser"].choices = [(p.pk, p.name) for p in organisers]
        self.fields["grades"].choices = [(g.key, g.name) for g in self.grade_rows.values()]
        self.fields["classes"].choices = [(c.place_id, c.place.name) for c in classes]
        self.fields["responsible"].choices = [(s.pk, s.name) for s in staff]
        self.fields["key"].initial = str(uuid.uuid4())
        if len(organisers) == 1:
            self.fields["organiser"].widget = forms.HiddenInput()
            self.fields["organiser"].initial = organisers[0].pk

    def clean(self) -> dict:
        data = super().clean()
        scope = data.get("scope")
        if scope == Activity.Scope.GRADES and not data.get("grades"):
            self.add_error("grades", _("请勾选年级。"))
        if scope == Activity.Scope.CLASSES and not data.get("classes"):
            self.add_error("classes", _("请勾选班级。"))
        if data.get("entry") == Activity.Entry.SLOTS and not data.get("book_until"):
            self.add_error("book_until", _("请写最晚哪天预约。"))
        return data

    def plan(self, classes_there: list[int]) -> Plan:
        """`classes_there` are the classes of the chosen organiser on the chosen day, which is what
        the whole school means."""
        data = self.cleaned_data
        return Plan(
            kind=data["kind"],
            organiser_id=data["organiser"],
            title=data["title"].strip(),
            about=data["about"].strip(),
            where=data["where"].strip(),
            starts_at=_moment(data["day"], data["start"]),
            ends_at=_moment(data["day"], data["end"]),
            scope=data["scope"],
            class_ids=self._chosen(data, classes_there),
            entry=data["entry"],
            book_until=data["book_until"],
            responsible_id=data["responsible"],
        )

    def _chosen(self, data: dict, classes_there: list[int]) -> tuple[int, ...]:
        if data["scope"] == Activity.Scope.GRADES:
            ids = [i for key in data["grades"] for i in self.grade_rows[key].class_ids]
            return tuple(i for i in ids if i in classes_there)
        if data["scope"] == Activity.Scope.CLASSES:
            return tuple(data["classes"])
        return tuple(classes_there)


class MeetingForm(PlanForm):
    """A parents' meeting of classes that are given, for whoever is no leader: neither the kind nor
    the audience can be chosen."""

    def __init__(self, *args, classes: list[SchoolClass], **kwargs):
        super().__init__(*args, classes=classes, **kwargs)
        for name in ("kind", "scope", "grades", "classes"):
            del self.fields[name]
        names = "、".join(one.place.name for one in classes)
        self.fields["title"].initial = _("%s家长会") % names

    def clean(self) -> dict:
        data = super().clean()
        given = {"kind": OF_A_CLASS, "scope": Activity.Scope.CLASSES, "classes": self.every}
        return {**data, **given}


def values_of(activity: Activity, class_ids: list[int], grades: list[Grade]) -> dict:
    """What the form shows of an activity that is planned already."""
    starts, ends = localtime(activity.starts_at), localtime(activity.ends_at)
    return {
        "kind": activity.kind,
        "title": activity.title,
        "organiser": activity.organiser_id,
        "day": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "where": activity.where,
        "scope": activity.scope,
        "grades": [g.key for g in grades if set(g.class_ids) & set(class_ids)],
        "classes": class_ids,
        "entry": activity.entry,
        "book_until": activity.book_until,
        "responsible": activity.responsible_id,
        "about": activity.about,
    }


class SlotsForm(forms.Form):
    first = ClockField(label=_("第一个从几点开始"))
    until = ClockField(label=_("最晚几点结束"))
    minutes = forms.IntegerField(
        label=_("每个多少分钟"),
        min_value=5,
        max_value=480,
        initial=20,
        widget=forms.NumberInput(attrs=_LINE),
    )
    gap = forms.IntegerField(
        label=_("中间隔几分钟"),
        min_value=0,
        max_value=240,
        initial=5,
        widget=forms.NumberInput(attrs=_LINE),
    )
    capacity = forms.IntegerField(
        label=_("每个时段几家"),
        min_value=1,
        max_value=2000,
        initial=1,
        widget=forms.NumberInput(attrs=_LINE),
    )
    host = forms.CharField(
        label=_("在哪里、找谁（可不填）"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("同一时间有几处的，分几次添加，例如“三年级1班教室”。"),
    )

    def __init__(self, activity: Activity, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.day = activity.held_on
        self.fields["first"].initial = localtime(activity.starts_at).time()
        self.fields["until"].initial = localtime(activity.ends_at).time()

    def plan(self) -> SlotPlan:
        data = self.cleaned_data
        return SlotPlan(
            first_at=_moment(self.day, data["first"]),
            until=_moment(self.day, data["until"]),
            minutes=data["minutes"],
            gap=data["gap"],
            capacity=data["capacity"],
            host=data["host"].strip(),
        )


def _moment(day: date, clock: time) -> datetime:
    return make_aware(datetime.combine(day, clock))
