"""The forms of activities: they validate and hand plain data to actions, they never save."""

from .ending import CloseForm, CorrectForm, MoveForm, ReasonForm
from .placing import FamilyBookForm, FamilyChangeForm, HandForm, TimeForm
from .planning import MeetingForm, PlanForm, SlotsForm

__all__ = [
    "CloseForm",
    "CorrectForm",
    "FamilyBookForm",
    "FamilyChangeForm",
    "HandForm",
    "MeetingForm",
    "MoveForm",
    "PlanForm",
    "ReasonForm",
    "SlotsForm",
    "TimeForm",
]
