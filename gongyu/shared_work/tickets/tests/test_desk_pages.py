"""The pages of the desk and of the one above: what is to be done, every step, sheets, empty states."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from gongyu.shared_work.registers.actions import enter
from gongyu.shared_work.tickets import actions
from gongyu.shared_work.tickets.models import LocalLimit, Ticket
from gongyu.shared_work.tickets.queries import clock_of
from gongyu.shared_work.tickets.queries.describing import steps_of
from gongyu.shared_work.tickets.shapes import Answer
from tests.cast import CAST_MOMENT, YEAR_FROM, sign_in

from .conftest import WORDS

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


@pytest.fixture
def handler(cast):
    return sign_in(Client(), cast.complaint_handler)


@pytest.fixture
def officer(cast):
    return sign_in(Client(), cast.district_officer)


def page_of(client, name, *args, **query) -> str:
    answer = client.get(reverse(f"tickets:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def step(client, ticket, name, **told):
    prefix = name.replace("_", "-")
    sent = {"step": name, **{f"{prefix}-{key}": value for key, value in told.items()}}
    return client.post(reverse("tickets:ticket", args=[ticket.token]), sent)


def test_empty_trays_say_so(handler, officer):
    assert "这里没有" in page_of(handler, "index")
    assert "没有符合条件的" in page_of(handler, "index", late="on")
    assert "没有超期的" in page_of(officer, "overview")
    assert "这个学年没有收到投诉" in page_of(handler, "statistics")


def test_the_tray_shows_what_came_in_by_when_and_from_whom(told, handler, cast):
    told(contact="13900001111")
    told(cast.school, moment=CAST_MOMENT - timedelta(days=16))
    page = page_of(handler, "index")
    assert "石板坡小学 三年级1班" in page and "留了联系方式" in page and "匿名" in page
    assert "已超过 1 日" in page and "还有 15 日" in page
    # What is late stands first.
    assert page.index("已超过 1 日") < page.index("还有 15 日")
    assert WORDS not in page and "13900001111" not in page
    late = page_of(handler, "index", late="on")
    assert "已超过 1 日" in late and "还有 15 日" not in late


def test_the_tray_is_looked_through_by_number_school_kind_and_page(told, handler, cast):
    for _each in range(21):
        told()
    other = told(cast.secondary_class, kind="other")
    page = page_of(handler, "index", q="七星岗")
    assert page.count("tickets/one/") == 1 and other.token in page
    assert other.token in page_of(handler, "index", q=other.number[:8])
    assert page_of(handler, "index", kind="other").count("tickets/one/") == 1
    assert page_of(handler, "index").count("tickets/one/") == 20
    assert page_of(handler, "index", page="2").count("tickets/one/") == 2
    assert page_of(handler, "index", page="x", desk="9" * 30, tab="?").count("tickets/one/") == 20


def test_every_step_from_the_page(told, handler, officer, cast):
    ticket = told()
    assert WORDS in page_of(handler, "ticket", ticket.token)
    assert step(handler, ticket, "accept", words="已收到").status_code == 302
    assert step(handler, ticket, "begin").status_code == 302
    assert step(handler, ticket, "note", words="约谈").status_code == 302
    assert step(officer, ticket, "extend", days="10", words="取证").status_code == 302
    answer = step(handler, ticket, "answer", finding="", words="查了很久", paid_back="三百")
    page = answer.content.decode()
    assert "请选择查实的情况" in page and "查了很久" in page and "单位是元" in page
    step(handler, ticket, "answer", finding="substantiated", words="已退还", paid_back="300")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.finding, ticket.paid_back) == ("answered", "substantiated", 300)
    page = page_of(officer, "ticket", ticket.token)
    assert (
        "延长10日。取证" in page
        and "打开看过" in page
        and "ticket." not in page.split("<main", 1)[1]
    )
    assert ticket.token in page_of(handler, "index", tab="waiting")


def test_a_handler_asks_for_more_time_and_the_officer_grants_it(told, handler, officer):
    ticket = told()
    step(handler, ticket, "accept")
    assert "请求延长办理期限" in page_of(handler, "ticket", ticket.token)
    refused = step(handler, ticket, "ask_more", days="99", words="")
    assert "最多延长30日" in refused.content.decode() or "请写一句" in refused.content.decode()
    assert step(handler, ticket, "ask_more", days="12", words="要等银行流水").status_code == 302
    ticket.refresh_from_db()
    due = clock_of(ticket).due_on
    assert (ticket.asked_days, ticket.asked_why) == (12, "要等银行流水")
    assert "正等负责人答复" in page_of(handler, "ticket", ticket.token)
    # A second time is no step, and the clock has not moved.
    step(handler, ticket, "ask_more", days="1", words="再要一日")
    ticket.refresh_from_db()
    assert (ticket.asked_days, clock_of(ticket).due_on) == (12, due)
    assert "请求延长，等您答复" in page_of(officer, "overview")
    assert "请求延长 1 件" in officer.get(reverse("pages:home")).content.decode()
    page = page_of(officer, "ticket", ticket.token)
    assert 'value="12"' in page and "要等银行流水" in page
    granted = step(officer, ticket, "extend", days="12", words="要等银行流水")
    assert granted.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.asked_days, ticket.asked_why) == (None, "")
    assert clock_of(ticket).due_on == due + timedelta(days=12)
    assert "等您答复" not in page_of(officer, "overview")


def test_what_was_asked_and_not_granted_the_asker_never_reads(told, handler, officer):
    ticket = told()
    step(handler, ticket, "accept")
    step(handler, ticket, "ask_more", days="12", words="要等银行流水")
    assert step(handler, ticket, "refuse_more", words="自己批").status_code == 302
    ticket.refresh_from_db()
    assert ticket.asked_days == 12, "nobody refuses for oneself"
    assert step(officer, ticket, "refuse_more", words="").status_code == 200
    assert step(officer, ticket, "refuse_more", words="先查账").status_code == 302
    ticket.refresh_from_db()
    assert ticket.asked_days is None
    assert "先查账" in page_of(handler, "ticket", ticket.token)
    rows = list(ticket.steps.select_related("desk", "other_desk"))
    told_to_asker = " ".join(line.words for line in steps_of(rows, inside=False))
    assert "银行流水" not in told_to_asker and "先查账" not in told_to_asker
    # It may be asked again; the answer ends the question.
    step(handler, ticket, "ask_more", days="5", words="还要三天")
    step(handler, ticket, "answer", finding="unclear", words="查过了")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.asked_days, ticket.asked_why) == ("answered", None, "")


def test_reject_and_send_on_from_the_page(told, handler):
    first, second = told(), told()
    step(handler, first, "reject", reason="in_court", words="请向法院查询")
    step(handler, second, "send_on", body="区市场监督管理局", number="12号", words="归他们查处")
    assert {t.status for t in Ticket.objects.all()} == {"rejected", "sent_on"}
    assert page_of(handler, "index", tab="done").count("tickets/one/") == 2
    assert "已转送区市场监督管理局（12号）" in page_of(handler, "ticket", second.token)


def test_a_hand_over_is_taken_or_given_back_by_the_other_desk(told, handler, cast):
    far = sign_in(Client(), cast.complaint_handler_elsewhere)
    ticket = told()
    step(handler, ticket, "hand_over", to=cast.other_district.pk, words="学校在那边")
    assert "渝中区移交" in page_of(far, "index", tab="incoming")
    page = page_of(far, "ticket", ticket.token)
    assert "接收" in page and "受理</button>" not in page
    step(far, ticket, "give_back", words="不是我们的学校")
    ticket.refresh_from_db()
    assert ticket.status == "received"
    assert far.get(reverse("tickets:ticket", args=[ticket.token])).status_code == 404
    step(handler, ticket, "hand_over", to=cast.other_district.pk, words="请再看")
    step(handler, ticket, "keep")
    step(handler, ticket, "hand_over", to=cast.other_district.pk, words="请再看")
    step(far, ticket, "take")
    ticket.refresh_from_db()
    assert (ticket.desk, ticket.status) == (cast.other_district, "accepted")
    assert handler.get(reverse("tickets:ticket", args=[ticket.token])).status_code == 404


def test_a_step_that_cannot_be_taken_here_says_so(told, handler, officer):
    ticket = told()
    for name in ("answer", "extend", "nonsense"):
        assert step(handler, ticket, name, words="x").status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == "received"
    page = page_of(handler, "ticket", ticket.token)
    assert "这一步现在不能办" in page
    # A handler grants no extension, not even after accepting.
    step(handler, ticket, "accept")
    assert "<summary>延长办理期限" not in page_of(handler, "ticket", ticket.token)
    assert "延长办理期限</summary>" in page_of(officer, "ticket", ticket.token)


def test_the_one_above_sees_what_is_late_and_who_answers_for_it(told, cast):
    city = sign_in(Client(), cast.city_officer)
    told(moment=CAST_MOMENT - timedelta(days=20))
    told(cast.school_elsewhere)
    actions.start_trials(
        [cast.school], at=CAST_MOMENT - timedelta(days=40), by=cast.district_officer.actor
    )
    page = page_of(city, "overview")
    assert "岳明" in page and "游洋" in page and "已超过 5 日" in page
    # The trial is late as well and is counted nowhere.
    assert "已超过 25 日" not in page
    assert page_of(city, "index", desk=str(cast.other_district.pk)).count("tickets/one/") == 1


def test_sheets_hold_what_the_lists_hold_and_no_words(told, handler, cast):
    told(words="=HYPERLINK(1)", contact="13900001111")
    answer = handler.get(reverse("tickets:export"))
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 4 and rows[3][2] == "石板坡小学 三年级1班"
    assert "HYPERLINK" not in repr(rows) and "13900001111" not in repr(rows)
    assert "tickets-20261104.xlsx" in answer["Content-Disposition"]
    answer = handler.get(reverse("tickets:statistics-export"), {"year": "2026"})
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert len(book.sheet_names) == 2
    # One complaint is a small number: it is not shown, nor are its sums.
    assert 1 not in {cell for row in book.get_sheet_by_index(0).to_python() for cell in row}


def test_statistics_open_to_rows_and_hide_small_numbers(told, handler, cast):
    for _each in range(6):
        told()
    told(cast.secondary_class, kind="other")
    page = page_of(handler, "statistics")
    assert f"?about={cast.school.pk}&amp;kind=class_fees" in page and "不显示" in page
    rows = page_of(handler, "index", about=str(cast.school.pk), kind="class_fees")
    assert rows.count("tickets/one/") == 6
    assert "2026—2027" in page_of(handler, "statistics", year="1999")


# Trials and limits


def test_a_trial_is_marked_counted_nowhere_and_its_result_is_the_school_s_review(
    cast, handler, officer
):
    entry = enter(
        cast.school, "complaint_channel", title="公示栏和电话", from_on=YEAR_FROM,
        responsible=cast.head.staff, by=cast.head.actor,
    )  # fmt: skip
    page = page_of(officer, "trials")
    assert "第 4 季度" in page and "已登记" in page and "没有登记" in page
    officer.post(reverse("tickets:start-trials"), {"school": str(cast.school.pk)})
    officer.post(reverse("tickets:start-trials"), {"school": "untried"})
    officer.post(reverse("tickets:start-trials"), {"school": "untried"})
    officer.post(reverse("tickets:start-trials"), {"school": str(cast.school_elsewhere.pk)})
    assert Ticket.objects.filter(is_trial=True).count() == 2
    trial = Ticket.objects.get(about=cast.school)
    page = page_of(handler, "ticket", trial.token)
    assert "拨测，不计入任何数字" in page and "依法不予受理" not in page
    answer = step(handler, trial, "try", works="", words="")
    assert "请选择通还是不通" in answer.content.decode()
    step(handler, trial, "try", works="yes", words="打了公示电话，两分钟有人接")
    trial.refresh_from_db()
    assert (trial.status, trial.channel_works, trial.finding) == ("closed", True, "")
    assert entry.reviews.get().note == "拨测通畅"
    assert "通</span>" in page_of(officer, "trials")
    assert "这个学年没有收到投诉" in page_of(handler, "statistics")


def test_a_channel_that_does_not_work_is_no_review(cast, handler):
    [trial] = actions.start_trials([cast.school], at=CAST_MOMENT, by=cast.district_officer.actor)
    step(handler, trial, "try", works="no", words="电话是空号")
    trial.refresh_from_db()
    assert trial.channel_works is False


def test_limits_show_what_they_rest_on_and_a_stricter_one_needs_a_document(cast, officer):
    page = page_of(officer, "limits")
    assert "信访工作条例" in page and "没有文件规定，是本系统的参数" in page
    sent = {"clock": "handle", "days": "30", "unit": "working", "document": ""}
    answer = officer.post(reverse("tickets:limits"), sent)
    assert "没有文件的期限不能保存" in answer.content.decode()
    assert 'value="30"' in answer.content.decode()
    answer = officer.post(reverse("tickets:limits"), sent | {"days": "90", "document": "文"})
    assert "更短" in answer.content.decode()
    officer.post(reverse("tickets:limits"), sent | {"document": "渝中教发〔2026〕9号"})
    assert LocalLimit.objects.get().days == 30
    assert "渝中教发〔2026〕9号" in page_of(officer, "limits")
    officer.post(reverse("tickets:end-limit"), {"clock": "handle"})
    assert not LocalLimit.objects.exists()


def test_homes_say_what_waits(told, cast, handler, officer):
    told(moment=CAST_MOMENT - timedelta(days=20))
    for client in (handler, officer):
        page = client.get(reverse("pages:home")).content.decode()
        assert "已超期 1 件" in page
    assert "石板坡小学 三年级1班" in handler.get(reverse("pages:home")).content.decode()


def test_a_closed_one_shows_how_it_ended(told, handler, cast):
    ticket, by = told(amount=300), cast.complaint_handler.actor
    actions.accept(ticket, at=CAST_MOMENT, by=by)
    actions.answer(ticket, Answer("substantiated", "已退还", 300), at=CAST_MOMENT, by=by)
    actions.say_content(ticket, False, words="太慢", at=CAST_MOMENT)
    page = page_of(handler, "ticket", ticket.token)
    assert "不满意" in page and "太慢" in page and "300" in page
