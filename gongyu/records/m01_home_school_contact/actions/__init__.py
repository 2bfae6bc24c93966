"""What can be done: propose, answer, record, correct, decline, follow up, read, take out."""

from .answering import FAMILY, LinkClosed, answer_at_home, answer_by_link, answer_for_family
from .contacting import correct_contact, record_contact, retract_contact
from .declining import acknowledge_decline, return_decline, withdraw_decline
from .drafting import drop_draft, save_draft
from .following_up import do_follow_up, drop_follow_up, hand_over_follow_up
from .handing_over import (
    accept_hand_over,
    offer_hand_over,
    refuse_hand_over,
    withdraw_hand_over,
)
from .noticing import note_anomaly, read_anomaly, retract_anomaly, take_anomaly_step
from .preferring import set_preference
from .proposing import expire_proposals, make_link, propose_times, withdraw_proposal
from .reading import export_visits, note_reading
from .recording import correct_visit, record_visit, retract_visit

__all__ = [
    "FAMILY",
    "LinkClosed",
    "accept_hand_over",
    "acknowledge_decline",
    "answer_at_home",
    "answer_by_link",
    "answer_for_family",
    "correct_contact",
    "correct_visit",
    "do_follow_up",
    "drop_draft",
    "drop_follow_up",
    "expire_proposals",
    "export_visits",
    "hand_over_follow_up",
    "make_link",
    "note_anomaly",
    "note_reading",
    "offer_hand_over",
    "propose_times",
    "read_anomaly",
    "record_contact",
    "record_visit",
    "refuse_hand_over",
    "retract_anomaly",
    "retract_contact",
    "retract_visit",
    "return_decline",
    "save_draft",
    "set_preference",
    "take_anomaly_step",
    "withdraw_decline",
    "withdraw_hand_over",
    "withdraw_proposal",
]
