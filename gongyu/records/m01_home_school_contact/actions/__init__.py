"""What can be done: propose, answer, record, correct, decline, follow up, read, take out."""

from .answering import FAMILY, LinkClosed, answer_by_link, answer_for_family
from .declining import acknowledge_decline, return_decline, withdraw_decline
from .drafting import drop_draft, save_draft
from .following_up import do_follow_up, drop_follow_up, hand_over_follow_up
from .preferring import set_preference
from .proposing import expire_proposals, make_link, propose_times, withdraw_proposal
from .reading import export_visits, note_reading
from .recording import correct_visit, record_visit, retract_visit

__all__ = [
    "FAMILY",
    "LinkClosed",
    "acknowledge_decline",
    "answer_by_link",
    "answer_for_family",
    "correct_visit",
    "do_follow_up",
    "drop_draft",
    "drop_follow_up",
    "expire_proposals",
    "export_visits",
    "hand_over_follow_up",
    "make_link",
    "note_reading",
    "propose_times",
    "record_visit",
    "retract_visit",
    "return_decline",
    "save_draft",
    "set_preference",
    "withdraw_decline",
    "withdraw_proposal",
]
