"""One question, one field: ticks with a line beside them, a text with a day and an owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django import forms
from django.forms.utils import to_current_timezone
from django.utils.translation import gettext_lazy as _

_TEXT = {"class": "form-control"}


class DayInput(forms.DateInput):
    """The phone's own calendar; ISO days without it."""

    input_type = "date"

    def __init__(self, **attrs):
        super().__init__(attrs={**_TEXT, **attrs}, format="%Y-%m-%d")


class DayField(forms.DateField):
    def __init__(self, **kwargs):
        kwargs.setdefault("widget", DayInput())
        kwargs.setdefault("error_messages", {"invalid": _("日期写作 2026-11-04 这样的形式。")})
        super().__init__(input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"], **kwargs)


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **attrs):
        super().__init__(attrs={**_TEXT, **attrs}, format="%Y-%m-%dT%H:%M")


class MetWidget(forms.MultiWidget):
    """Ticks for the carers, and a line for anybody else."""

    template_name = "visits/widgets/met.html"
    use_fieldset = True

    def __init__(self, choices: Iterable[tuple[int, str]] = ()):
        super().__init__(
            {
                "carers": forms.CheckboxSelectMultiple(
                    attrs={"class": "form-check-input"}, choices=choices
                ),
                "other": forms.TextInput(attrs={**_TEXT, "maxlength": 60}),
            }
        )

    def decompress(self, value) -> list:
        return [list(value[0]), value[1]] if value else [[], ""]


class MetField(forms.MultiValueField):
    """→ (carer ids, others in words)."""

    def __init__(self, choices: list[tuple[int, str]], **kwargs):
        fields = (
            forms.TypedMultipleChoiceField(choices=choices, coerce=int, required=False),
            forms.CharField(max_length=60, required=False),
        )
        super().__init__(
            fields, widget=MetWidget(choices), require_all_fields=False, required=False, **kwargs
        )

    def compress(self, values) -> tuple[tuple[int, ...], str]:
        picked, other = values or ([], "")
        return tuple(picked or ()), (other or "").strip()


class ChildrenWidget(forms.MultiWidget):
    """For each child a tick and a line of its own."""

    template_name = "visits/widgets/children.html"
    use_fieldset = True

    def __init__(self, children: list[tuple[int, str]]):
        self.labels = [label for _pk, label in children]
        parts: dict[str, forms.Widget] = {}
        for pk, label in children:
            parts[f"{pk}"] = forms.CheckboxInput(attrs={"class": "form-check-input"})
            parts[f"{pk}_note"] = forms.TextInput(
                attrs={**_TEXT, "maxlength": 200, "aria-label": _("关于 %s") % label}
            )
        super().__init__(parts)

    def decompress(self, value) -> list:
        return list(value) if value else [None] * len(self.widgets)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        context["widget"]["rows"] = [
            {"label": label, "tick": parts[2 * i], "note": parts[2 * i + 1]}
            for i, label in enumerate(self.labels)
        ]
        return context


class ChildrenField(forms.MultiValueField):
    """→ {child id: note} of the ticked children."""

    def __init__(self, children: list[tuple[int, str]], **kwargs):
        self.ids = [pk for pk, _label in children]
        fields: list[forms.Field] = []
        for _child in children:
            fields.append(forms.BooleanField(required=False))
            fields.append(forms.CharField(max_length=200, required=False))
        super().__init__(
            fields, widget=ChildrenWidget(children), require_all_fields=False, **kwargs
        )

    def compress(self, values) -> dict[int, str]:
        found = {
            pk: (values[2 * i + 1] or "").strip()
            for i, pk in enumerate(self.ids)
            if values and values[2 * i]
        }
        if not found:
            raise forms.ValidationError(_("请至少选一个孩子。"))
        return found


class FollowsWidget(forms.MultiWidget):
    """What follows, and, if somebody shall see to it, who and by when."""

    template_name = "visits/widgets/follows.html"
    use_fieldset = True

    def __init__(self, owners: Iterable[tuple[int, str]] = ()):
        super().__init__(
            {
                "text": forms.Textarea(attrs={**_TEXT, "rows": 2, "maxlength": 1000}),
                "due": DayInput(),
                "owner": forms.Select(attrs={"class": "form-select"}, choices=owners),
            }
        )

    def decompress(self, value) -> list:
        return list(value) if value else ["", None, None]


class FollowsField(forms.MultiValueField):
    """→ (text, day or None, owner id or None)."""

    def __init__(self, owners: list[tuple[int, str]], **kwargs):
        fields = (
            forms.CharField(max_length=1000, required=False),
            DayField(required=False),
            forms.TypedChoiceField(choices=owners, coerce=int, required=False, empty_value=None),
        )
        super().__init__(
            fields, widget=FollowsWidget(owners), require_all_fields=False, required=False, **kwargs
        )

    def compress(self, values) -> tuple[str, date | None, int | None]:
        text, due, owner = values or ("", None, None)
        text = (text or "").strip()
        if due and not text:
            raise forms.ValidationError(_("写了完成日期，也请写一写要做什么。"))
        return text, due, owner


class TimesWidget(forms.MultiWidget):
    """Up to five moments, one below the other."""

    template_name = "visits/widgets/times.html"
    use_fieldset = True

    def __init__(self, count: int):
        super().__init__(
            [MomentInput(**{"aria-label": _("第 %d 个时间") % i}) for i in range(1, count + 1)]
        )

    def get_context(self, name, value, attrs):
        # A list would count as what each part was sent; here it is the times that are offered.
        if isinstance(value, list) and any(isinstance(moment, datetime) for moment in value):
            value = self.decompress(value)
        return super().get_context(name, value, attrs)

    def decompress(self, value) -> list:
        moments = [to_current_timezone(moment) for moment in value or ()]
        return moments + [None] * (len(self.widgets) - len(moments))


class TimesField(forms.MultiValueField):
    """→ the moments that were filled in, aware, in their order."""

    def __init__(self, count: int, **kwargs):
        fields = [
            forms.DateTimeField(
                required=False,
                input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
                error_messages={"invalid": _("时间写作 2026-11-04 15:00 这样的形式。")},
            )
            for _i in range(count)
        ]
        super().__init__(fields, widget=TimesWidget(count), require_all_fields=False, **kwargs)

    def compress(self, values) -> tuple[datetime, ...]:
        return tuple(sorted(moment for moment in values or () if moment))
