"""Proposals on both sides: the slips that the teacher hands out, the family's one-time page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.people.actions import add_care, enrol
from gongyu.ground.people.models import Child
from gongyu.records.m01_home_school_contact.forms.proposing import usual_times
from gongyu.records.m01_home_school_contact.models import Proposal
from gongyu.records.m01_home_school_contact.queries.links import slips_of
from gongyu.shared_work.family_links.limits import MOST_MISSES
from tests.cast import CAST_DAY, YEAR_FROM

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def url(name, *args):
    return reverse(f"visits:{name}", args=args)


def family_url(proposal):
    [slip] = [s for s in slips_of(proposal, CAST_DAY) if s.token]
    return url("answer", slip.token)


def test_proposing_leads_to_slips_with_a_qr_code_and_words_to_send(cast, teacher, proposal):
    page = teacher.get(url("proposal", proposal.pk)).content.decode()
    assert "<svg" in page and "/visits/answer/" in page and "吴秀英" in page
    assert "杨勇" not in page
    slips = teacher.get(url("slips", cast.this_class.pk)).content.decode()
    assert "杨小雨" in slips and "<svg" in slips
    teacher.post(url("link", proposal.pk), {"carer": cast.mother.pk})
    assert proposal.links.count() == 2
    page = teacher.post(
        url("link", proposal.pk), {"carer": cast.barred_father.pk}, follow=True
    ).content.decode()
    assert "不能给这个人发链接" in page and proposal.links.count() == 2


def test_proposing_to_nobody_and_at_no_time_says_what_to_do(cast, teacher):
    page = teacher.get(url("propose", cast.this_class.pk), follow=True).content.decode()
    assert "勾选" in page
    page = teacher.post(
        url("propose", cast.this_class.pk),
        {"child": [cast.pupil.pk], "message": "您好", "answer_by": "2026-11-06"},
    ).content.decode()
    assert "杨小雨" in page and "您好" in page and not Proposal.objects.exists()


def test_twins_get_one_proposal(cast, teacher):
    from gongyu.ground.people.models import Care

    Care.objects.create(
        child=cast.classmate,
        carer=cast.grandmother,
        relation="grandmother",
        is_daily_carer=True,
        from_on=CAST_DAY,
    )
    teacher.post(
        url("propose", cast.this_class.pk),
        {
            "child": [cast.pupil.pk, cast.classmate.pk],
            "times_0": "2026-11-07T15:00",
            "message": "您好",
            "answer_by": "2026-11-06",
        },
    )
    assert set(Proposal.objects.get().children.all()) == {cast.pupil, cast.classmate}


def test_a_family_opens_reads_and_answers_without_signing_in(cast, client, proposal):
    client.logout()
    page = client.get(family_url(proposal))
    text = page.content.decode()
    assert "周晓兰老师" in text and "11月7日 周六 15:00" in text and "兴隆街社区活动室" in text
    assert "杨小雨" not in text and "杨*雨" in text
    assert len(page.content) < 100_000
    assert "no-store" in page["Cache-Control"]
    assert client.get(family_url(proposal)).status_code == 200
    time = proposal.times.first()
    address = family_url(proposal)
    done = client.post(address, {"choice": f"time-{time.pk}", "setting": "home"})
    assert "已经告诉老师了" in done.content.decode()
    proposal.refresh_from_db()
    assert (proposal.status, proposal.chosen_time) == ("chosen", time)
    assert client.get(address).status_code == 404
    deed = AuditEntry.objects.get(verb="visit.answer")
    assert (deed.user_id, deed.staff_id) == (None, None)


def test_an_answer_that_misses_something_keeps_the_link_and_the_words(cast, client, proposal):
    client.logout()
    address = family_url(proposal)
    page = client.post(address, {"choice": "ask_other", "words": ""})
    assert page.status_code == 200 and "请写一写" in page.content.decode()
    page = client.post(address, {"choice": "", "words": "周日晚上"}).content.decode()
    assert "周日晚上" in page
    assert client.get(address).status_code == 200


def test_every_closed_link_shows_the_same_page(cast, client, proposal):
    client.logout()
    address = family_url(proposal)
    client.post(address, {"choice": "decline"})
    used = client.get(address)
    wrong = client.get(url("answer", "aaaa-bbbb-cccc-dddd-eeee-ffff"))
    assert used.status_code == wrong.status_code == 404
    assert used.content == wrong.content
    assert "打不开了" in used.content.decode() and "周晓兰" not in used.content.decode()


def test_whoever_guesses_links_is_told_to_wait_and_no_family_behind_the_address_is(
    cast, client, proposal
):
    client.logout()
    for number in range(MOST_MISSES):
        assert client.get(url("answer", f"guess-{number}")).status_code == 404
    assert client.get(url("answer", "guess-again")).status_code == 429
    assert client.get(url("answer", "guess"), REMOTE_ADDR="192.0.2.9").status_code == 404
    assert client.get(family_url(proposal)).status_code == 200


def test_the_teacher_writes_down_a_telephone_answer_or_withdraws(cast, teacher, proposal):
    answer = url("answer-for-family", proposal.pk)
    page = teacher.post(answer, {"choice": "ask_other"}).content.decode()
    assert "请写一写" in page
    teacher.post(answer, {"choice": "ask_other", "words": "周末都行"})
    assert "周末都行" in teacher.get(url("proposal", proposal.pk)).content.decode()
    assert "另提了时间" in teacher.get(url("class", cast.this_class.pk)).content.decode()
    teacher.post(url("withdraw-proposal", proposal.pk))
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"
    page = teacher.post(url("withdraw-proposal", proposal.pk), follow=True).content.decode()
    assert "不用撤回" in page


def test_the_next_weekend_is_offered_so_that_two_taps_propose(cast, teacher):
    page = teacher.get(url("propose", cast.this_class.pk), {"child": cast.pupil.pk})
    text = page.content.decode()
    assert 'value="2026-11-07T10:00"' in text and 'value="2026-11-08T10:00"' in text
    assert 'value="2026-11-06"' in text


@pytest.mark.parametrize("day", range(2, 9))
def test_the_offered_weekend_leaves_a_day_to_answer(day):
    from datetime import date, timedelta

    on = date(2026, 11, day)
    first, _afternoon, last = usual_times(on)
    assert first.date().weekday() == 5 and last.date().weekday() == 6
    assert timedelta(days=2) <= first.date() - on <= timedelta(days=8)


def test_the_slips_of_a_whole_class_take_as_many_queries_as_of_one_family(
    cast, teacher, proposal, django_assert_num_queries
):
    with CaptureQueriesContext(connection) as one:
        teacher.get(url("slips", cast.this_class.pk))
        of_one_family = len(one)
    for number in range(5):
        child = Child.objects.create(name=f"孩子{number}")
        enrol(child, cast.this_class, YEAR_FROM, by=SYSTEM)
        add_care(child, cast.classmates_mother, "relative", YEAR_FROM, by=SYSTEM)
        teacher.post(
            url("propose", cast.this_class.pk),
            {
                "child": [child.pk],
                "times_0": "2026-11-07T15:00",
                "message": "您好",
                "answer_by": "2026-11-06",
            },
        )
    assert Proposal.objects.count() == 6
    with django_assert_num_queries(of_one_family):
        page = teacher.get(url("slips", cast.this_class.pk)).content.decode()
    assert page.count("<svg height") + page.count("<svg width") == 6


def test_times_of_another_age_are_not_proposed(cast, teacher):
    sent = {
        "child": [cast.pupil.pk],
        "times_0": "9999-12-31T15:00",
        "message": "您好",
        "answer_by": "9999-12-30",
    }
    page = teacher.post(url("propose", cast.this_class.pk), sent).content.decode()
    assert "一年之内" in page and not Proposal.objects.exists()
