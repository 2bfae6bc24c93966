"""The family's page and the member's: voting, naming, answering, filing, settling, without sign-in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongyu.records.m02_parent_committees import actions
from gongyu.records.m02_parent_committees.models import (
    Candidate,
    Expense,
    Matter,
    Member,
    Paper,
    Voter,
)
from gongyu.records.m02_parent_committees.shapes import Called
from gongyu.shared_work.family_links.limits import MOST_MISSES
from tests.cast import CAST_DAY, YEAR_UNTIL

from .conftest import another_link, count, vote
from .test_matters import AFTER, RECEIPT, answered, entry
from .test_pictures import PAYMENTS, code, jpeg

pytestmark = pytest.mark.usefixtures("at_the_cast_day")
KEY = "12345678-1234-1234-1234-1234567890ab"


def url(name, *args):
    return reverse(f"committees:{name}", args=args)


def first(links) -> str:
    return next(iter(links.values()))


def ballot(voting, *numbers, **more) -> dict:
    poll = voting.poll_id
    return {
        "step": "vote",
        "committee": voting.committee_id,
        "poll": poll,
        f"p{poll}-chosen": [str(n) for n in numbers],
    } | more


def test_a_family_votes_from_its_slip_and_nobody_reads_what(client, voting, links):
    address = url("family", first(links))
    page = client.get(address)
    text = page.content.decode()
    assert "一家一票，不记名" in text and "母亲0" in text
    assert "杨小雨" not in text and "杨*雨" in text
    assert len(page.content) < 100_000 and "no-store" in page["Cache-Control"]
    done = client.post(address, ballot(voting, 1), follow=True)
    text = done.content.decode()
    assert "谁也看不到" in text and "您家这一票已经投了" in text
    assert Voter.objects.filter(voted=True).count() == 1
    again = client.post(address, ballot(voting, 0), follow=True)
    assert "已经投了" in again.content.decode()
    assert Voter.objects.filter(voted=True).count() == 1


@pytest.mark.parametrize(
    ("numbers", "more", "words"),
    [((), {}, "还没有选"), ((0, 1, 2), {}, "最多选 2 位"), ((9,), {}, "invalid-feedback")],
)
def test_a_ballot_that_is_not_valid_comes_back(client, voting, links, numbers, more, words):
    address = url("family", first(links))
    page = client.post(address, ballot(voting, *numbers, **more))
    assert page.status_code == 200 and words in page.content.decode()
    assert not Voter.objects.filter(voted=True).exists()


def test_a_blank_ballot_is_given_on_purpose(client, voting, links):
    address = url("family", first(links))
    both = client.post(address, ballot(voting, 0, **{f"p{voting.poll_id}-blank": "on"}))
    assert "不用勾空白票" in both.content.decode()
    client.post(address, ballot(voting, **{f"p{voting.poll_id}-blank": "on"}))
    assert Voter.objects.filter(voted=True).count() == 1


def test_the_page_says_nothing_of_other_families(client, cast, voting, links):
    text = client.get(url("family", first(links))).content.decode()
    others = ["郑一凡", "郑霞", "孩子3", "父亲", "母亲3", "13800000001"]
    assert [name for name in others if name in text] == []


def test_the_result_is_read_by_everybody_who_could_vote(client, cast, voting, links):
    for token in list(links.values())[:6]:
        vote(voting, token, 0)
    count(cast, voting)
    text = client.get(url("family", first(links))).content.decode()
    assert "6 票" in text and "当选" in text and "6 户投了票" in text


def test_a_family_names_somebody_and_a_carer_says_yes(client, cast, election, families, links):
    address = url("family", links[cast.classmate.pk])
    sent = {"step": "name", "committee": election.committee_id}
    assert "这个字段" in (page := client.post(address, sent).content.decode()) or "请填写" in page
    client.post(address, sent | {"name": "母亲0"})
    named = Candidate.objects.get()
    assert (named.status, named.said_name) == ("suggested", "母亲0")
    actions.enter_nomination(
        election,
        families[0][1].pk,
        accepted=False,
        candidate=named,
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    own = url("family", links[families[0][0][0].pk])
    assert "有家长提名了您" in client.get(own).content.decode()
    client.post(own, {"step": "stand", "committee": election.committee_id, "statement": "愿意跑腿"})
    named.refresh_from_db()
    assert (named.status, named.statement) == ("standing", "愿意跑腿")
    client.post(own, {"step": "decline", "committee": election.committee_id})
    named.refresh_from_db()
    assert named.status == "declined"


def test_a_statement_with_a_payment_in_it_comes_back(client, election, links):
    address = url("family", first(links))
    page = client.post(
        address,
        {
            "step": "stand",
            "committee": election.committee_id,
            "statement": "加我微信转账 wxp://f2f0abc",
        },
    ).content.decode()
    assert "收款" in page and not Candidate.objects.filter(status="standing").exists()


def test_every_link_that_does_not_open_shows_the_same_page(client, cast, links):
    from gongyu.ground.audit.actors import SYSTEM
    from gongyu.ground.people.actions import bar_carer

    token = another_link(cast, cast.pupil, cast.mother)
    assert client.get(url("family", token)).status_code == 200
    bar_carer(cast.pupil, cast.mother, CAST_DAY, "判决", by=SYSTEM)
    barred = client.get(url("family", token))
    wrong = client.get(url("family", "aaaa-bbbb-cccc-dddd-eeee-ffff"))
    member = client.get(url("member", "aaaa-bbbb-cccc-dddd-eeee-ffff"))
    assert barred.status_code == wrong.status_code == member.status_code == 404
    assert barred.content == wrong.content == member.content


def test_whoever_guesses_is_told_to_wait(client, links):
    for number in range(MOST_MISSES):
        client.get(url("family", f"guess-{number}"))
    assert client.get(url("family", "guess")).status_code == 429
    assert client.get(url("member", "guess")).status_code == 429
    assert client.get(url("family", first(links))).status_code == 200


def test_whoever_cannot_scan_types_the_code(client, links):
    typed = first(links).replace("-", " ").upper()
    page = client.post(url("code"), {"code": typed}, follow=True)
    assert "家长委员会" in page.content.decode() and page.status_code == 200
    assert "编码" in client.get(url("code")).content.decode()
    assert client.post(url("code"), {"code": ""}).status_code == 200


@pytest.fixture
def member(cast, committee, families):
    term = actions.seat_by_meeting(
        committee,
        Called(2, CAST_DAY, CAST_DAY, CAST_DAY, YEAR_UNTIL),
        [families[0][1].pk],
        on=CAST_DAY,
        by=cast.class_teacher.actor,
    )
    return term.members.get()


@pytest.fixture
def token(cast, member):
    return actions.make_member_link(member, on=CAST_DAY, by=cast.class_teacher.actor)


def filed(**changes) -> dict:
    return {
        "kind": "activity",
        "title": "秋游当天的大巴",
        "for_whom": "自愿参加的同学",
        "why": "路远",
        "most_total": "1200",
        "ask_until": "2026-11-10",
        "voluntary": "on",
    } | changes


def test_a_member_files_a_matter_and_a_family_answers(client, token, links, committee):
    page = client.post(url("member-matter", token), filed(), follow=True).content.decode()
    assert "不记名答复" in page and "征求意见中" in page
    matter = Matter.objects.get()
    address = url("family", first(links))
    text = client.get(address).content.decode()
    assert "要不要办：秋游当天的大巴" in text and "完全自愿" in text
    client.post(
        address,
        {
            "step": "vote",
            "committee": committee.pk,
            "poll": matter.poll_id,
            f"p{matter.poll_id}-chosen": "0",
        },
    )
    assert Voter.objects.filter(poll=matter.poll, voted=True).count() == 1


@pytest.mark.parametrize("changes", [{"kind": "class_fee"}, {"title": "本学期班费"}])
def test_what_the_notice_forbids_comes_back_with_its_sentence_and_all_words(client, token, changes):
    page = client.post(url("member-matter", token), filed(**changes)).content.decode()
    assert "违规收取班费、违规征订教辅、强制指定购物" in page and "不能提交" in page
    assert "自愿参加的同学" in page and "1200" in page and "路远" in page
    assert not Matter.objects.exists()


def test_a_matter_that_is_not_voluntary_comes_back(client, token):
    sent = filed()
    del sent["voluntary"]
    page = client.post(url("member-matter", token), sent).content.decode()
    assert "只能完全自愿" in page and "秋游当天的大巴" in page


def test_a_member_settles_to_zero_and_families_see_the_receipt(
    client, cast, token, member, links, time_machine_at
):
    matter = actions.file_matter(member, entry(), on=CAST_DAY)
    answered(matter, links, 0, 0, 0, 0, 0)
    time_machine_at(AFTER)
    client.post(url("member-step", token), {"step": "count"})
    client.post(url("member-collect", token), {"collected": "900"})
    refused = client.post(
        url("member-expense", token),
        {
            "key": KEY,
            "what": "大巴",
            "amount": "800",
            "receipt": SimpleUploadedFile(
                "r.jpg", jpeg(code(PAYMENTS["WeChat Pay"])), "image/jpeg"
            ),
        },
    )
    assert "收款码" in refused.content.decode() and not Expense.objects.exists()
    client.post(
        url("member-expense", token),
        {
            "key": KEY,
            "what": "大巴",
            "amount": "800",
            "receipt": SimpleUploadedFile("r.jpg", RECEIPT, "image/jpeg"),
        },
    )
    page = client.post(url("member-settle", token), {"handed_back": "50"}).content.decode()
    assert "余额不是零" in page and "应退还 100.00 元" in page
    client.post(url("member-settle", token), {"handed_back": "100"})
    matter.refresh_from_db()
    assert matter.status == "settled"
    receipt = Expense.objects.get().receipt_id
    text = client.get(url("family", first(links))).content.decode()
    assert "已结清公开" in text and "800.00 元" in text and "100.00 元" in text
    picture = client.get(url("family-picture", first(links), receipt))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/jpeg")
    assert client.get(url("family-picture", "wrong", receipt)).status_code == 404
    assert client.get(url("member-picture", token, receipt)).status_code == 200


def test_a_member_puts_up_minutes_and_steps_down(client, token, member):
    sent = {
        "key": KEY,
        "kind": "minutes",
        "on": "2026-11-03",
        "title": "第一次会议",
        "text": "选主任",
    }
    page = client.post(url("member-paper", token), sent, follow=True).content.decode()
    assert "第一次会议" in page and Paper.objects.get().member == member
    gone = client.post(url("member-step", token), {"step": "leave"})
    assert "谢谢您" in gone.content.decode()
    assert client.get(url("member", token)).status_code == 404
    assert Member.objects.get().left == "stepped_down"


def test_a_members_link_ends_with_the_term(client, token, time_machine_at):
    assert client.get(url("member", token)).status_code == 200
    time_machine_at(YEAR_UNTIL + timedelta(days=1))
    assert client.get(url("member", token)).status_code == 404


def test_pages_of_a_matter_need_a_matter(client, token):
    for name in ("member-collect", "member-expense", "member-settle"):
        assert client.get(url(name, token)).status_code == 302
    assert client.post(url("member-step", token), {"step": "count"}).status_code == 302
    assert "提一件" in client.get(url("member-matter", token)).content.decode()
    assert client.get(url("member-paper", token)).status_code == 200
