"""A matter from proposal to zero balance, what the notice forbids, and that no money is asked for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from gongyu.plan import default_plan_folder
from gongyu.records.m02_parent_committees import actions, forbidden
from gongyu.records.m02_parent_committees.faults import CommitteeFault, Forbidden, LinkClosed
from gongyu.records.m02_parent_committees.models import Expense, Matter, Paper, Picture
from gongyu.records.m02_parent_committees.shapes import Called, MatterEntry, PaperEntry
from tests.cast import CAST_DAY, YEAR_UNTIL

from .test_pictures import PAYMENTS, code, jpeg, noisy

pytestmark = pytest.mark.django_db
ASKED_UNTIL = CAST_DAY + timedelta(days=7)
AFTER = ASKED_UNTIL + timedelta(days=1)
RECEIPT = jpeg(noisy(400, 600))


def entry(**changes) -> MatterEntry:
    said = {
        "kind": "activity",
        "title": "秋游当天的饮用水和大巴",
        "for_whom": "参加秋游的同学",
        "voluntary": True,
        "most_total": Decimal("1200.00"),
        "ask_until": ASKED_UNTIL,
    }
    return MatterEntry(**(said | changes))


@pytest.fixture
def member(cast, committee, families):
    term = actions.seat_by_meeting(
        committee,
        Called(2, CAST_DAY, CAST_DAY, CAST_DAY, YEAR_UNTIL),
        [families[0][1].pk, families[1][1].pk],
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    return term.members.first()


@pytest.fixture
def matter(member, links):
    return actions.file_matter(member, entry(), on=CAST_DAY)


def answered(matter, links, *answers) -> None:
    for token, answer in zip(links.values(), answers, strict=False):
        actions.cast(token, matter.poll_id, {answer}, on=CAST_DAY)


@pytest.fixture
def agreed(cast, matter, links):
    answered(matter, links, 0, 0, 0, 0, 1)
    return actions.count_matter(matter, on=AFTER, by=cast.class_teacher.actor)


def test_a_matter_goes_from_proposal_to_zero_balance(cast, agreed):
    assert (agreed.status, agreed.agreed, agreed.against) == ("agreed", 4, 1)
    assert agreed.settle_by == AFTER + timedelta(days=60)
    matter = actions.note_collection(agreed, collected=Decimal("900"), on=AFTER)
    for n, amount in enumerate(("600.50", "250")):
        actions.add_expense(
            matter,
            what="大巴" if n else "饮用水",
            amount=Decimal(amount),
            receipt=RECEIPT,
            key=f"k{n}",
            on=AFTER,
        )
    with pytest.raises(CommitteeFault, match=r"余额不是零.*49\.50"):
        actions.settle_matter(matter, handed_back=Decimal("40"), on=AFTER)
    done = actions.settle_matter(matter, handed_back=Decimal("49.50"), on=AFTER)
    assert (done.status, done.settled_on) == ("settled", AFTER)


def test_no_new_matter_before_the_last_is_settled(member, agreed):
    with pytest.raises(CommitteeFault, match="一事一结"):
        actions.file_matter(member, entry(title="毕业留念册"), on=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Matter.objects.create(
            committee=agreed.committee,
            filed_by=member,
            filed_on=AFTER,
            kind="other",
            title="另一件",
            for_whom="全班",
            voluntary=True,
            most_total=1,
            poll=_a_poll(),
        )
    actions.give_up_matter(agreed, on=AFTER)
    later = entry(title="毕业留念册", ask_until=AFTER + timedelta(days=3))
    assert actions.file_matter(member, later, on=AFTER)


def _a_poll():
    from gongyu.records.m02_parent_committees.models import Poll

    return Poll.objects.create(options=2, most=1, opened_on=AFTER, last_on=AFTER)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "class_fee"},
        {"kind": "teaching_aids"},
        {"kind": "named_shopping"},
        {"title": "本学期班费"},
        {"title": "班 · 費"},
        {"title": "收一点班级经费备用"},
        {"why": "请统一征订语文同步练习册"},
        {"why": "買輔導書"},
        {"why": "到指定商家购买校服"},
        {"why": "大家必须在这家店买"},
        {"title": "家委会经费"},
    ],
    ids=str,
)
def test_what_the_notice_forbids_is_refused_with_its_own_sentence(member, changes):
    with pytest.raises(Forbidden) as refusal:
        actions.file_matter(member, entry(**changes), on=CAST_DAY)
    text = (default_plan_folder() / "policy.txt").read_text("utf-8")
    assert refusal.value.clause in text and "违规收取班费" in refusal.value.clause
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    "title",
    ["秋游的大巴", "合唱比赛的服装道具", "毕业纪念册", "教室窗帘更换", "辅导员讲座的茶水"],
)
def test_what_is_not_forbidden_passes(title):
    assert forbidden.check_matter("other", title, "全班自愿参加的同学", "") is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"voluntary": False}, "voluntary"),
        ({"most_total": Decimal("0")}, "most_total"),
        ({"ask_until": CAST_DAY - timedelta(days=1)}, "ask_until"),
        ({"ask_until": CAST_DAY + timedelta(days=31)}, "ask_until"),
        ({"why": "每人必须交"}, "why"),
        ({"why": "付到 wxp://f2f0abc"}, "why"),
        ({"kind": "no_such"}, "kind"),
    ],
)
def test_a_matter_that_misses_something_says_where(member, changes, field):
    with pytest.raises(CommitteeFault) as fault:
        actions.file_matter(member, entry(**changes), on=CAST_DAY)
    assert fault.value.field == field


def test_too_few_answers_or_too_few_yeses_do_nothing(cast, member, matter, links):
    answered(matter, links, 0, 0, 0, 1, 1, 1)
    done = actions.count_matter(matter, on=AFTER, by=cast.class_teacher.actor)
    assert (done.status, done.agreed, done.against) == ("not_agreed", 3, 3)
    later = entry(ask_until=AFTER + timedelta(days=2))
    again = actions.file_matter(member, later, on=AFTER)
    for token in list(links.values())[:4]:
        actions.cast(token, again.poll_id, {0}, on=AFTER)
    done = actions.count_matter(again, on=AFTER + timedelta(days=3), by=cast.class_teacher.actor)
    assert (done.status, done.agreed) == ("not_agreed", None)


def test_what_was_collected_is_once_and_no_more_than_agreed(agreed):
    with pytest.raises(CommitteeFault, match="1200"):
        actions.note_collection(agreed, collected=Decimal("1200.01"), on=AFTER)
    actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    with pytest.raises(CommitteeFault, match="一事一收"):
        actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    with pytest.raises(CommitteeFault, match="还剩的"):
        actions.add_expense(
            agreed, what="水", amount=Decimal("101"), receipt=RECEIPT, key="k", on=AFTER
        )


def test_a_receipt_with_a_payment_code_keeps_nothing(agreed):
    actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    with pytest.raises(CommitteeFault, match="收款码"):
        actions.add_expense(
            agreed,
            what="水",
            amount=Decimal("10"),
            receipt=jpeg(code(PAYMENTS["WeChat Pay"])),
            key="k",
            on=AFTER,
        )
    assert not Expense.objects.exists() and not Picture.objects.exists()


def test_a_second_tap_enters_nothing_twice(cast, committee, agreed):
    actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    for _ in range(2):
        actions.add_expense(
            agreed, what="水", amount=Decimal("60"), receipt=RECEIPT, key="k", on=AFTER
        )
        actions.put_up_paper(
            committee,
            PaperEntry("plan", CAST_DAY, "本学期计划", key="p"),
            on=CAST_DAY,
            by=cast.class_teacher.actor,
        )
    assert Expense.objects.count() == 1 and Paper.objects.count() == 1


def test_the_school_stops_a_matter_and_what_was_collected_goes_back(cast, member, agreed):
    actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    stopped = actions.stop_matter(
        agreed, reason=forbidden.clause()[:100], on=AFTER, by=cast.head.actor
    )
    assert stopped.status == "stopping"
    with pytest.raises(CommitteeFault, match="还没有结清"):
        actions.file_matter(member, entry(ask_until=AFTER), on=AFTER)
    done = actions.settle_matter(stopped, handed_back=Decimal("100"), on=AFTER)
    assert done.status == "stopped"


def test_a_matter_stopped_while_it_is_asked_drops_the_answers_unread(cast, matter, links):
    answered(matter, links, 0, 0, 0, 0, 0)
    stopped = actions.stop_matter(matter, reason="属于征订教辅", on=CAST_DAY, by=cast.head.actor)
    assert (stopped.status, stopped.agreed) == ("stopped", None)
    with pytest.raises(CommitteeFault):
        actions.cast(list(links.values())[5], matter.poll_id, {0}, on=CAST_DAY)


def test_nowhere_does_it_say_who_paid():
    """Amounts are of a matter; nothing that has an amount points to a family, a carer or a child."""
    for model in (Matter, Expense):
        names = {f.name for f in model._meta.get_fields()}
        assert not names & {"child", "carer", "family", "voter", "payer", "link"}


def test_an_open_matter_keeps_a_term_from_ending(cast, member, agreed):
    actions.note_collection(agreed, collected=Decimal("100"), on=AFTER)
    with pytest.raises(CommitteeFault, match="没有结清"):
        actions.end_term(
            member.term,
            until_on=AFTER + timedelta(days=5),
            reason="并班",
            on=AFTER,
            by=cast.head.actor,
        )


def test_a_family_outside_the_class_answers_nothing(cast, matter):
    with pytest.raises(LinkClosed):
        actions.cast("aaaa-bbbb-cccc-dddd-eeee-ffff", matter.poll_id, {0}, on=CAST_DAY)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": "请转账到班主任微信"}, "收款"),
        ({"picture": jpeg(code(PAYMENTS["Alipay"]))}, "收款码"),
        ({"kind": "activity"}, "主题"),
        ({"kind": "minutes", "on": CAST_DAY + timedelta(days=1)}, "办完以后"),
        ({"title": " "}, "标题"),
    ],
)
def test_a_paper_that_cannot_be_put_up_says_why(cast, committee, changes, words):
    said = {"kind": "word", "on": CAST_DAY, "title": "周五见", "key": "k"} | changes
    with pytest.raises(CommitteeFault, match=words):
        actions.put_up_paper(
            committee, PaperEntry(**said), on=CAST_DAY, by=cast.class_teacher.actor
        )
    assert not Paper.objects.exists() and not Picture.objects.exists()


def test_an_activity_proves_a_fact_about_its_focus(cast, committee):
    from gongyu.ground.ledger.models import Fact

    actions.put_up_paper(
        committee,
        PaperEntry("activity", CAST_DAY, "交通安全进课堂", focus="safety", key="k"),
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    fact = Fact.objects.get(kind="committee.active")
    assert (fact.subject_id, fact.detail, fact.place_id) == (
        committee.pk,
        "safety",
        cast.this_class.pk,
    )


def test_an_inspection_leads_to_a_day_and_is_closed(cast, committee):
    from gongyu.ground.ledger.models import Fact

    officer = cast.district_officer.actor
    row = actions.inspect(
        committee,
        inspected_on=CAST_DAY,
        note="看了换届材料",
        problem="election",
        what="补开推选会",
        due_on=CAST_DAY + timedelta(days=14),
        key="k",
        on=CAST_DAY,
        by=officer,
    )
    sheet = row.rectification
    actions.report_mended(sheet, report="已补开", on=CAST_DAY, by=cast.head.actor)
    actions.judge_mended(sheet, accepts=False, on=CAST_DAY, by=officer)
    actions.report_mended(sheet, report="已补开，附纪要", on=CAST_DAY, by=cast.head.actor)
    done = actions.judge_mended(sheet, accepts=True, on=CAST_DAY, by=officer)
    assert (done.status, done.closed_on) == ("closed", CAST_DAY)
    with pytest.raises(CommitteeFault):
        actions.judge_mended(sheet, accepts=True, on=CAST_DAY, by=officer)
    assert Fact.objects.get(kind="committee.inspected").status == "to_mend"
