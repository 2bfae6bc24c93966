"""The forms of this measure that work without a network: a visit, an attempt in vain."""

from django.utils.translation import gettext_lazy as _

from gongyu.shared_work.offline.declared import Choice, OfflineForm, Question, declare

from ..models import Setting, Visit
from ..views.recording import HARM_WORDS
from .receiving import receive_attempt, receive_visit
from .sheets import to_visit

VISIT = OfflineForm(
    code="visit",
    title=_("记录家访"),
    button=_("记录"),
    questions=(
        Question("children", "each", _("这次看望了谁")),
        Question("visited_on", "day", _("哪天去的")),
        Question("met", "some", _("见到了谁"), other=_("其他人")),
        Question(
            "setting",
            "one",
            _("在哪里见面"),
            hint=_("约在学校、村居等地方见面的选“约访”，单独统计。"),
            choices=tuple(Choice(each.value, each.label) for each in Setting),
            starts_with=Setting.HOME,
        ),
        Question(
            "asked",
            "text",
            _("家长的想法和请求"),
            hint=_("写对孩子有帮助的就好。不写收入、信仰、病情，不拍照。"),
            longest=1000,
        ),
        Question(
            "follows",
            "text",
            _("接下来做什么"),
            hint=_("要记得办的，再选一个日期，会出现在您的“后续事项”里；转给别人办，联网后再转。"),
            longest=1000,
            due=_("哪天前"),
        ),
    ),
    notes=to_visit,
    receive=receive_visit,
    warning=HARM_WORDS,
)
ATTEMPT = OfflineForm(
    code="attempt",
    title=_("这次没成功"),
    button=_("没成功"),
    questions=(
        Question(
            "outcome",
            "one",
            _("结果"),
            choices=(
                Choice(Visit.Outcome.NOT_FOUND, Visit.Outcome.NOT_FOUND.label),
                Choice(Visit.Outcome.REFUSED, Visit.Outcome.REFUSED.label),
            ),
        ),
        Question("visited_on", "day", _("哪天")),
    ),
    receive=receive_attempt,
    beside="visit",
)


def declare_forms() -> None:
    declare(VISIT)
    declare(ATTEMPT)
