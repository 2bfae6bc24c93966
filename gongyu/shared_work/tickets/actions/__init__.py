"""Ask, handle, hand over, oversee, read: each in one transaction, with its protected row and facts."""

from .asking import ASKER, follow, reopen, say_content, tell
from .closing import close_due
from .extending import ask_more, extend, refuse_more
from .handing import give_back, hand_over, keep, take
from .handling import accept, answer, begin, note, reject, send_on
from .limiting import end_limit, set_limit
from .reading import export_tickets, list_tickets, read_ticket
from .trying import finish_trial, start_trials

__all__ = [
    "ASKER",
    "accept",
    "answer",
    "ask_more",
    "begin",
    "close_due",
    "end_limit",
    "export_tickets",
    "extend",
    "finish_trial",
    "follow",
    "give_back",
    "hand_over",
    "keep",
    "list_tickets",
    "note",
    "read_ticket",
    "refuse_more",
    "reject",
    "reopen",
    "say_content",
    "send_on",
    "set_limit",
    "start_trials",
    "take",
    "tell",
]
