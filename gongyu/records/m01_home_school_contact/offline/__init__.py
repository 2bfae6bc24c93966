"""The forms of this measure that work without a network: a visit, an attempt in vain, a child who
seems not well. A suspicion of harm is none of them: it is reported, and nothing of it is kept here.
"""

from django.utils.translation import gettext_lazy as _

from gongyu.shared_work.offline.declared import Alarm, Choice, OfflineForm, Question, declare

from .. import sensitive
from ..concern_codes import Kind
from ..models import Setting, Visit
from ..views.recording import HARM_WORDS
from .noting import ALARM, OLDEST_HOURS, receive_anomaly
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
    alarm=Alarm(words=tuple(sensitive.HARM.split("、"))),
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
ANOMALY = OfflineForm(
    code="anomaly",
    title=_("记下异常"),
    button=_("有情况"),
    questions=(
        Question(
            "kind",
            "one",
            _("怎么了"),
            choices=tuple(Choice(each.value, each.label) for each in Kind),
        ),
        Question(
            "words",
            "text",
            _("看到了什么（一句就好）"),
            hint=_("写看到的，不下结论，不写病情和家里的私事。"),
            longest=200,
        ),
        Question(
            "noticed_at",
            "moment",
            _("什么时候发现的"),
            hint=_("联系照护人的时间从这时算起。"),
            oldest_hours=OLDEST_HOURS,
        ),
    ),
    receive=receive_anomaly,
    alarm=ALARM,
)


def declare_forms() -> None:
    declare(VISIT)
    declare(ATTEMPT)
    declare(ANOMALY)
