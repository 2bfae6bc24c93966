"""What may be done with notices. Other floors send from here, inside or after their transaction:

    from gongyu.ground.notices import actions as notices
    from gongyu.ground.notices.shapes import NewNotice

    transaction.on_commit(lambda: notices.send(
        NewNotice(kind="to_answer", title="约个时间家访", words="…", place_id=class_id,
                  department_id=school_id, until_on=last_day + timedelta(days=1),
                  child_ids=(child.pk,), choices=("可以", "请给我打电话")),
        at=moment, key=f"visits.proposal:{proposal.pk}", by=by))

`key` names the occasion within its place: the same key is the same notice, however often it is sent.
Words are the same for every family; each is told its own children's names by the house. Nothing that
`wording.faults` finds is sent, by nobody: NoticeFault says what to mend.
"""

from .answering import answer, answer_by_key, answer_by_link, hand_over
from .choosing import ask_email, choose_way, confirm_email, end_email, prefer_way
from .ending import close_what_is_over, correct, forget_words, withdraw
from .finding import take_wecom_addresses
from .reading import export_answers, read_answers, read_slips, read_unreached
from .reminding import remind
from .sending import send, spread
from .settling import settle

__all__ = [
    "answer",
    "answer_by_key",
    "answer_by_link",
    "ask_email",
    "choose_way",
    "close_what_is_over",
    "confirm_email",
    "correct",
    "end_email",
    "export_answers",
    "forget_words",
    "hand_over",
    "prefer_way",
    "read_answers",
    "read_slips",
    "read_unreached",
    "remind",
    "send",
    "settle",
    "spread",
    "take_wecom_addresses",
    "withdraw",
]
