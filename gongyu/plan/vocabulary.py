"""The words that a plan's TOML may use: classes, shapes, subjects, periods, facts, parameters."""

from __future__ import annotations

from dataclasses import dataclass

# What kind of promise a sentence makes; the letters are those of the duty table.
CLASSES = {
    "N": "有数量要求",
    "R": "经常开展，未定数量",
    "O": "一次性成果",
    "C": "长效机制",
    "T": "逐件办结",
    "P": "引导鼓励，不作评判",
}

SHAPES = {
    "count_in_period": "期内次数",
    "standing_on_day": "当日有效",
    "closed_in_time": "逐件办结",
    "delivered": "成果已出",
    "tally": "只计数",
    "share_covered": "覆盖比例",
}

# Which shapes can answer for a class. A duty of class P is only ever counted.
SHAPES_OF_CLASS = {
    "N": ("count_in_period", "share_covered"),
    "R": ("count_in_period",),
    "O": ("delivered",),
    "C": ("standing_on_day",),
    "T": ("closed_in_time",),
    "P": ("tally",),
}

# Evaluator → the shape it computes. The engine has one for each shape.
EVALUATORS = {shape: shape for shape in SHAPES}

# Only these classes may carry a threshold at all; the others are counted and never judged.
CLASSES_WITH_THRESHOLD = ("N", "T")


@dataclass(frozen=True)
class SubjectKind:
    """What a duty is counted over. A number of children in need is never a target."""

    title: str
    in_need: bool = False


SUBJECTS = {
    "activity": SubjectKind("活动"),
    "base": SubjectKind("基地"),
    "case": SubjectKind("个案", in_need=True),
    "child": SubjectKind("学生"),
    "child_in_need": SubjectKind("困境儿童、留守儿童", in_need=True),
    "city": SubjectKind("全市"),
    "class": SubjectKind("教学班"),
    "clue": SubjectKind("线索"),
    "communication": SubjectKind("家校沟通"),
    "community": SubjectKind("社区（村）"),
    "dispute": SubjectKind("家校问题"),
    "district": SubjectKind("区县"),
    "education_stage": SubjectKind("学段"),
    "family": SubjectKind("家庭"),
    "incident": SubjectKind("学生异常情况"),
    "institution": SubjectKind("高等院校"),
    "order": SubjectKind("法律文书"),
    "organisation": SubjectKind("机构与社会组织"),
    "pairing": SubjectKind("结对", in_need=True),
    "parent_committee": SubjectKind("家长委员会"),
    "parent_school": SubjectKind("家长学校"),
    "pilot_zone": SubjectKind("实验区"),
    "resolution": SubjectKind("议定事项"),
    "school": SubjectKind("学校"),
    "staff": SubjectKind("教职工"),
    "town": SubjectKind("乡镇街道"),
    "trip": SubjectKind("研学活动"),
    "venue": SubjectKind("场馆"),
}

STAGE_GROUPS = {"kindergarten": "幼儿园", "compulsory": "义务教育", "senior": "普通高中与中职"}

# The schools that belong to each group of stages: those that share one calendar.
STAGES_IN_GROUP = {
    "kindergarten": ("kindergarten",),
    "compulsory": ("primary", "junior", "special"),
    "senior": ("senior", "vocational"),
}

# Subjects of which the plan must say which stages count (reading P4).
SUBJECTS_WITH_STAGES = ("child", "class", "school")

CALENDAR_PERIODS = {
    "school_year": "每学年",
    "semester": "每学期",
    "half_year": "每半年",
    "year": "每年",
    "vacation": "每个假期",
}

# Periods that need no calendar: any day, each trigger, once, until a day.
OTHER_PERIODS = {"standing": "持续", "event": "逐件", "once": "一次性", "horizon": "到期"}

PERIODS = {**CALENDAR_PERIODS, **OTHER_PERIODS}

# A count needs a window to count in; a closure needs a trigger.
PERIODS_OF_SHAPE = {
    "count_in_period": tuple(CALENDAR_PERIODS),
    "share_covered": ("standing",),
    "standing_on_day": ("standing", "event"),
    "closed_in_time": ("event",),
    "delivered": ("once",),
    "tally": (*CALENDAR_PERIODS, "event", "horizon"),
}

UNITS = {"times": "次", "percent": "%", "days": "日"}
UNITS_OF_SHAPE = {
    "count_in_period": ("times",),
    "share_covered": ("percent",),
    "closed_in_time": ("days",),
}

FACT_KINDS = (
    "enrolment",
    "leave",
    "post.held",
    "activity.held",
    "activity.planned",
    "visit.held",
    "visit.attempted",
    "visit.declined",
    "register.valid",
    "register.reviewed",
    "document.delivered",
    "anomaly.noticed",
    "anomaly.contacted",
    "anomaly.excused",
    "contact.made",
    "clue.received",
    "clue.accepted",
    "clue.answered",
    "channel.tested",
    "committee.in_term",
    "committee.active",
    "committee.inspected",
    "notice.sent",
    "notice.reached",
)

DOCUMENT_KINDS = {
    "plan": "本方案",
    "law": "法律",
    "regulation": "法规",
    "notice": "文件",
    "report": "公开报道",
    "decision": "项目约定",
}

# A red line may rest on these only; a newspaper or a habit of ours is not enough.
DOCUMENT_KINDS_FOR_THRESHOLDS = ("plan", "law", "regulation", "notice")


@dataclass(frozen=True)
class ParameterKind:
    """A parameter's type (int, bool, str, date, list of str, list of int) and what it may say."""

    kind: str
    choices: tuple[str, ...] = ()
    minimum: int = 0
    maximum: int | None = None
    pattern: str = ""


_DAYS_UNIT = ParameterKind("str", choices=("calendar", "working"))
_ARTICLE = ParameterKind("str", pattern=r"第[一二三四五六七八九十百]+条")
_ROLES = ("class_teacher", "subject_teacher", "moral_education_head", "school_leader", "head")

PARAMETERS = {
    "admission_from": ParameterKind("str", pattern=r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "allowed_settings": ParameterKind("list of str", choices=("home", "elsewhere")),
    "at_risk_days": ParameterKind("int", minimum=1, maximum=366),
    "calendar_per_stage": ParameterKind("bool"),
    "cancelled_are_kept": ParameterKind("bool"),
    "capacities": ParameterKind(
        "list of str", choices=("class_teacher", "leader", "subject_teacher")
    ),
    "contact_from": ParameterKind("str", pattern=r"([01]\d|2[0-3]):[0-5]\d"),
    "contact_until": ParameterKind("str", pattern=r"([01]\d|2[0-3]):[0-5]\d"),
    "correction_working_days": ParameterKind("int", maximum=60),
    "committee_most_seats": ParameterKind("int", minimum=1, maximum=99),
    "committee_quorum_percent": ParameterKind("int", minimum=1, maximum=100),
    "committee_ties": ParameterKind("str", choices=("run_off", "all_in")),
    "communities_tested": ParameterKind("list of str", choices=("居", "村")),
    "decline_attempts": ParameterKind("int", minimum=1, maximum=10),
    "exempt_leave_kinds": ParameterKind(
        "list of str", choices=("suspended", "long_illness", "taught_at_home", "abroad")
    ),
    "fewest_ballots": ParameterKind("int", minimum=3, maximum=100),
    "first_contact_days": ParameterKind("int", maximum=30),
    "five_year_plan_ends_on": ParameterKind("date"),
    "half_year_is": ParameterKind("str", choices=("calendar",)),
    "kindergartens_count_in": ParameterKind("list of int", maximum=99),
    "level_judged": ParameterKind("str", choices=("city", "district")),
    "levels_tested": ParameterKind("list of str", choices=("city", "district")),
    "matter_majority_percent": ParameterKind("int", minimum=1, maximum=99),
    "matter_quorum_percent": ParameterKind("int", minimum=1, maximum=100),
    "matter_settle_days": ParameterKind("int", minimum=1, maximum=366),
    "min_enrolled_days": ParameterKind("int", minimum=1, maximum=366),
    "activity_kinds": ParameterKind("list of str", pattern=r"[a-z][a-z_]*"),
    "min_open_percent": ParameterKind("int", minimum=1, maximum=100),
    "official_dates_only": ParameterKind("bool"),
    "one_visit_many_children": ParameterKind("bool"),
    "post_on_the_day": ParameterKind("bool"),
    "programme_from": ParameterKind("date"),
    "programme_until": ParameterKind("date"),
    # Only facts of these details are counted: templates of notices, or their kind.
    "details": ParameterKind("list of str", pattern=r"[a-z][a-z_]*"),
    "register_kinds": ParameterKind("list of str", pattern=r"[a-z][a-z_]*"),
    "roles": ParameterKind("list of str", choices=_ROLES),
    "standing_fact": ParameterKind("str", choices=("register.valid", "committee.in_term")),
    "school_unit": ParameterKind("str", choices=("legal_school", "campus")),
    "accept_days": ParameterKind("int", minimum=1, maximum=366),
    "accept_unit": _DAYS_UNIT,
    "accept_article": _ARTICLE,
    "handle_days": ParameterKind("int", minimum=1, maximum=366),
    "handle_unit": _DAYS_UNIT,
    "handle_article": _ARTICLE,
    "extension_days": ParameterKind("int", maximum=366),
    "extension_unit": _DAYS_UNIT,
    "extension_article": _ARTICLE,
    "take_days": ParameterKind("int", minimum=1, maximum=60),
    "take_unit": _DAYS_UNIT,
    "reopen_days": ParameterKind("int", minimum=1, maximum=366),
    "reopen_unit": _DAYS_UNIT,
    "amber_days": ParameterKind("int", minimum=1, maximum=60),
}
