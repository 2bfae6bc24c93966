"""Choose a time: a family by its link, or the teacher who was told."""

from __future__ import annotations

from django import forms
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..models import Slot
from ..queries.bookings import Candidate

_TICK = {"class": "form-check-input"}
ANY = "any"
_DAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def slot_words(slot: Slot) -> str:
    """A slot as people say it: 11月8日 周日 15:00–15:20 三年级1班教室."""
    start, end = localtime(slot.starts_at), localtime(slot.ends_at)
    day = f"{date_format(start, 'n月j日')} {_DAYS[start.weekday()]}"
    return f"{day} {start:%H:%M}–{end:%H:%M} {slot.host}".strip()


def choices_of(slots: list[Slot]) -> list[tuple[str, str]]:
    """Every slot, the full ones with their queue said."""
    return [
        (
            str(slot.pk),
            slot_words(slot) if slot.left else _now("%s（已满，可以排队）") % slot_words(slot),
        )
        for slot in slots
    ]


class FamilyBookForm(forms.Form):
    """A time, or any; what is full leads to its queue."""

    slot = forms.ChoiceField(
        label=_("您什么时候方便？"),
        widget=forms.RadioSelect(attrs=_TICK),
        error_messages={"required": _("请选一个时间。"), "invalid_choice": _("请选一个时间。")},
    )

    def __init__(self, slots: list[Slot], *args, **kwargs):
        super().__init__(*args, **kwargs)
        anyhow = [(ANY, _("哪个时间都行，有空位就排给我"))] if len(slots) > 1 else []
        self.fields["slot"].choices = [*choices_of(slots), *anyhow]

    def slot_id(self) -> int | None:
        chosen = self.cleaned_data["slot"]
        return None if chosen == ANY else int(chosen)


class FamilyChangeForm(FamilyBookForm):
    """Another time than the present one."""

    def __init__(self, slots: list[Slot], *args, present: int | None = None, **kwargs):
        super().__init__([slot for slot in slots if slot.pk != present], *args, **kwargs)
        self.fields["slot"].label = _("换成哪个时间？")
        self.fields["slot"].choices = [c for c in self.fields["slot"].choices if c[0] != ANY]


class HandForm(FamilyBookForm):
    """The teacher's entry for a family: which child, which time."""

    child = forms.TypedChoiceField(
        label=_("哪个孩子的家庭"), coerce=int, widget=forms.RadioSelect(attrs=_TICK)
    )
    field_order = ("child", "slot")

    def __init__(self, slots: list[Slot], families: list[Candidate], *args, **kwargs):
        super().__init__(slots, *args, **kwargs)
        self.fields["slot"].label = _("什么时间")
        self.fields["child"].choices = [(c.child_id, _words(c)) for c in families]


class TimeForm(FamilyChangeForm):
    """The teacher changes the time as the family asked."""


def _words(family: Candidate) -> str:
    if not family.siblings:
        return family.name
    return _now("%(name)s（和 %(siblings)s 一起）") % {
        "name": family.name,
        "siblings": family.siblings,
    }
