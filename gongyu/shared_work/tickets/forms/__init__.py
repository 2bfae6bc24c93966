"""Forms of the asker and of the desk."""

from .asking import FollowForm, ReopenForm, SayForm, TellForm
from .handling import (
    AnswerForm,
    ExtendForm,
    HandOverForm,
    NoteForm,
    RefuseMoreForm,
    RejectForm,
    SendOnForm,
    TryForm,
    WordsForm,
)
from .limiting import LimitForm
from .looking import TrayForm, YearForm

__all__ = [
    "AnswerForm",
    "ExtendForm",
    "FollowForm",
    "HandOverForm",
    "LimitForm",
    "NoteForm",
    "RefuseMoreForm",
    "RejectForm",
    "ReopenForm",
    "SayForm",
    "SendOnForm",
    "TellForm",
    "TrayForm",
    "TryForm",
    "WordsForm",
    "YearForm",
]
