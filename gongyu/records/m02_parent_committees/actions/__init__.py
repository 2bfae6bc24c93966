"""What can be done: elect, vote, serve, put up papers, settle matters, inspect."""

from ..faults import CommitteeFault, LinkClosed
from .electing import (
    call_by_election,
    call_election,
    cancel_election,
    count_election,
    found_committee,
    open_run_off,
    open_vote,
    seat_by_meeting,
)
from .inspecting import inspect, judge_mended, report_mended
from .matters import (
    add_expense,
    count_matter,
    file_matter,
    give_up_matter,
    note_collection,
    settle_matter,
    stop_matter,
    withdraw_matter,
)
from .nominating import (
    answer_for_candidate,
    answer_nomination,
    drop_candidate,
    enter_nomination,
    nominate_another,
    nominate_oneself,
)
from .papers import MEMBER, put_up_paper
from .polls import FAMILY, cast
from .seating import (
    end_term,
    leave_seat,
    make_family_links,
    make_member_link,
    renew_family_link,
    set_office,
)

__all__ = [
    "FAMILY",
    "MEMBER",
    "CommitteeFault",
    "LinkClosed",
    "add_expense",
    "answer_for_candidate",
    "answer_nomination",
    "call_by_election",
    "call_election",
    "cancel_election",
    "cast",
    "count_election",
    "count_matter",
    "drop_candidate",
    "end_term",
    "enter_nomination",
    "file_matter",
    "found_committee",
    "give_up_matter",
    "inspect",
    "judge_mended",
    "leave_seat",
    "make_family_links",
    "make_member_link",
    "nominate_another",
    "nominate_oneself",
    "note_collection",
    "open_run_off",
    "open_vote",
    "put_up_paper",
    "renew_family_link",
    "report_mended",
    "seat_by_meeting",
    "set_office",
    "settle_matter",
    "stop_matter",
    "withdraw_matter",
]
