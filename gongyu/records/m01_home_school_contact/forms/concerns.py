"""Note a child who seems not well; say what was done."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from .. import sensitive
from ..concern_codes import EXCUSES, KINDS_OF_HARM, Channel, Kind
from ..concern_shapes import NoteEntry, StepEntry
from ..queries.concerns import ChildChoice
from ..queries.families import CarerChoice
from .composite import DayField, MomentInput

_LINE = {"class": "form-control", "autocomplete": "off"}
_SELECT = {"class": "form-select"}
_TICK = {"class": "form-check-input"}
_MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
_MOMENT_WORDS = {"invalid": _("时间写作 2026-11-04 15:00 这样的形式。")}


def moment_field(label, moment: datetime) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        initial=localtime(moment),
        input_formats=_MOMENTS,
        widget=MomentInput(),
        error_messages=_MOMENT_WORDS,
    )


class NoteForm(forms.Form):
    """Which child, what struck somebody, a few words. `harm` says that the words speak of harm: the
    way to report opens first, and sending again keeps the note."""

    key = forms.CharField(max_length=36, widget=forms.HiddenInput)
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)
    child = forms.TypedChoiceField(
        label=_("哪个孩子"),
        coerce=int,
        widget=forms.Select(attrs=_SELECT),
        error_messages={"required": _("请选择孩子。")},
    )
    find = forms.CharField(
        label=_("不在名单里？按姓名或首字母找"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs=_LINE),
    )
    kind = forms.ChoiceField(
        label=_("怎么了"),
        choices=Kind.choices,
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选择是哪种情形。")},
    )
    words = forms.CharField(
        label=_("看到了什么（一句就好）"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs=_LINE),
        help_text=_("写看到的，不下结论，不写病情和家里的私事。"),
    )

    def __init__(self, *args, children: list[ChildChoice], moment: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.harm = False
        self.fields["key"].initial = str(uuid4())
        self.fields["noticed_at"] = moment_field(_("什么时候发现的"), moment)
        groups: dict[str, list[tuple[int, str]]] = {}
        for each in children:
            groups.setdefault(each.group, []).append((each.child_id, each.name))
        self.fields["child"].choices = [("", _("请选择")), *groups.items()]

    def clean(self) -> dict:
        data = super().clean()
        speaks = (
            sensitive.speaks_of_harm(data.get("words", "")) or data.get("kind") in KINDS_OF_HARM
        )
        self.harm = speaks and not data.get("sure")
        return data

    def entry(self) -> NoteEntry:
        data = self.cleaned_data
        return NoteEntry(data["child"], data["kind"], data["noticed_at"], data["words"])


class AnswerForm(forms.Form):
    """The first contact with a carer, and later ones."""

    carer = forms.TypedChoiceField(
        label=_("联系了谁"), coerce=int, widget=forms.RadioSelect(attrs=_TICK)
    )
    channel = forms.ChoiceField(
        label=_("怎么联系的"),
        choices=Channel.choices,
        initial=Channel.PHONE,
        widget=forms.RadioSelect(attrs=_TICK),
    )
    words = forms.CharField(
        label=_("结果（一句就好）"), max_length=300, widget=forms.TextInput(attrs=_LINE)
    )
    next_on = DayField(label=_("哪天再看一看"))

    def __init__(self, *args, carers: list[CarerChoice], moment: datetime, on: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["carer"].choices = [(c.carer_id, c.label) for c in carers]
        self.fields["taken_at"] = moment_field(_("什么时候联系的"), moment)
        self.fields["next_on"].initial = on
        self.order_fields(["carer", "channel", "words", "taken_at", "next_on"])

    def entry(self) -> StepEntry:
        data = self.cleaned_data
        return StepEntry(
            "contact",
            data["taken_at"],
            data["words"],
            carer_id=data["carer"],
            channel=data["channel"],
            next_on=data["next_on"],
        )


class ExcuseForm(forms.Form):
    """A lawful reason for not turning to the carer; others see only that there is one."""

    excuse = forms.ChoiceField(
        label=_("理由（只有您自己看得到选了哪一条）"),
        choices=[(code, f"{words}（{source}）") for code, (words, source) in EXCUSES.items()],
        widget=forms.RadioSelect(attrs=_TICK),
    )
    next_on = DayField(label=_("哪天再看一看"))

    def __init__(self, *args, on: date, moment: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment
        self.fields["next_on"].initial = on

    def entry(self) -> StepEntry:
        data = self.cleaned_data
        return StepEntry("excuse", self.moment, excuse=data["excuse"], next_on=data["next_on"])


class HandleForm(forms.Form):
    """What was done, to whom it was referred, or that it is over."""

    step = forms.ChoiceField(
        label=_("办到哪一步"),
        choices=[("handle", _("做了处理")), ("refer", _("转介")), ("close", _("了结"))],
        widget=forms.RadioSelect(attrs=_TICK),
        initial="handle",
    )
    words = forms.CharField(
        label=_("做了什么、转给谁（一句就好）"),
        max_length=300,
        widget=forms.TextInput(attrs=_LINE),
    )
    next_on = DayField(label=_("哪天再看一看（了结的不填）"), required=False)

    def __init__(self, *args, moment: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.moment = moment

    def entry(self) -> StepEntry:
        data = self.cleaned_data
        return StepEntry(data["step"], self.moment, data["words"], next_on=data["next_on"])
