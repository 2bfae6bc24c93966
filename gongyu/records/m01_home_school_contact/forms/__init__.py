"""The forms of this measure: they validate and hand plain data to actions, they never save."""

from .answering import AnswerForm
from .proposing import ProposalForm
from .recording import AttemptForm, CorrectAttemptForm, CorrectionForm, RecordForm
from .small import DoneForm, HandOverForm, PreferenceForm, ReasonForm

__all__ = [
    "AnswerForm",
    "AttemptForm",
    "CorrectAttemptForm",
    "CorrectionForm",
    "DoneForm",
    "HandOverForm",
    "PreferenceForm",
    "ProposalForm",
    "ReasonForm",
    "RecordForm",
]
