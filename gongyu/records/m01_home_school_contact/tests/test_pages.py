"""The pages: the teacher's phone, the record form, the head's desk."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.records.m01_home_school_contact.forms import CorrectionForm, RecordForm
from gongyu.records.m01_home_school_contact.models import Decline, Draft, FollowUp, Visit
from gongyu.records.m01_home_school_contact.queries.records import record_sheet
from gongyu.records.m01_home_school_contact.urls import urlpatterns
from tests.cast import CAST_DAY, YESTERDAY, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")


def url(name, *args):
    return reverse(f"visits:{name}", args=args)


def told(cast, **changes):
    """What the record form sends."""
    form = {
        "key": "form-1",
        "visited_on": CAST_DAY.isoformat(),
        "met_carers": [cast.grandmother.pk],
        "met_other": "",
        "setting": "home",
        "asked": "希望孩子多读书",
        "follows_text": "借两本书",
        "follows_due": "2026-11-11",
        "follows_owner": cast.class_teacher.staff.pk,
    }
    return form | changes


def test_the_record_form_asks_six_questions_at_most(cast, brother):
    sheet = record_sheet(cast.pupil, CAST_DAY)
    assert len(sheet.children) == 2
    form = RecordForm(sheet)
    asked = [field.name for field in form.visible_fields()]
    assert asked == ["children", "visited_on", "met", "setting", "asked", "follows"]
    correction = [field.name for field in CorrectionForm(sheet).visible_fields()]
    assert set(correction) - set(asked) == {"reason"}


def test_no_form_asks_for_a_photo_a_place_fix_or_income(cast, teacher):
    page = teacher.get(url("record-child", cast.pupil.pk)).content.decode()
    assert 'type="file"' not in page and "geolocation" not in page
    names = set(re.findall(r'name="([^"]+)"', page))
    assert not {n for n in names if re.search("photo|image|lat|lng|gps|income", n)}


def test_a_visit_is_recorded_on_one_page_and_the_list_moves_on(cast, teacher):
    page = teacher.get(url("class", cast.this_class.pk)).content.decode()
    assert "杨小雨" in page and "还有 2 名没约" in page
    form = teacher.get(url("record-child", cast.pupil.pk)).content.decode()
    assert "吴秀英（祖母/外祖母" in form and "杨勇" not in form
    answer = teacher.post(url("record-child", cast.pupil.pk), told(cast), follow=True)
    page = answer.content.decode()
    assert "已记录" in page and "已家访 1 名学生" in page
    assert FollowUp.objects.get().what == "借两本书"


def test_a_double_tap_is_one_visit(cast, teacher):
    for _tap in range(2):
        teacher.post(url("record-child", cast.pupil.pk), told(cast))
    assert Visit.objects.count() == 1


def test_bad_input_loses_nothing_and_says_where(cast, teacher):
    bad = told(cast, visited_on="2026-12-24", met_carers=[])
    page = teacher.post(url("record-child", cast.pupil.pk), bad).content.decode()
    assert "不能晚于今天" in page
    assert "希望孩子多读书" in page and "借两本书" in page and 'value="2026-12-24"' in page
    page = teacher.post(
        url("record-child", cast.pupil.pk), told(cast, visited_on="昨天")
    ).content.decode()
    assert "2026-11-04 这样的形式" in page and "希望孩子多读书" in page
    assert not Visit.objects.exists()


def test_sensitive_words_give_a_hint_once_and_never_a_no(cast, teacher):
    words = told(cast, asked="家里收入不高")
    page = teacher.post(url("record-child", cast.pupil.pk), words).content.decode()
    assert "多半不用写" in page and "收入" in page and 'name="sure" value="on"' in page
    assert not Visit.objects.exists()
    teacher.post(url("record-child", cast.pupil.pk), words | {"sure": "on"})
    assert Visit.objects.get().asked == "家里收入不高"


def test_a_note_of_harm_is_answered_with_the_way_to_report(cast, teacher):
    words = told(cast, asked="孩子手臂有伤痕")
    page = teacher.post(url("record-child", cast.pupil.pk), words, follow=True).content.decode()
    assert "110" in page
    assert Visit.objects.count() == 1


def test_siblings_are_recorded_in_one_form_with_a_note_each(cast, teacher, brother):
    page = teacher.get(url("record-child", cast.pupil.pk)).content.decode()
    assert "谭丽老师同去" in page
    form = told(cast) | {
        f"children_{cast.pupil.pk}": "on",
        f"children_{cast.pupil.pk}_note": "爱画画",
        f"children_{brother.pk}": "on",
        f"children_{brother.pk}_note": "怕黑",
    }
    teacher.post(url("record-child", cast.pupil.pk), form)
    rows = Visit.objects.get().children.all()
    assert {(row.child, row.note) for row in rows} == {(cast.pupil, "爱画画"), (brother, "怕黑")}


def test_a_draft_is_kept_for_its_writer_alone_and_fills_the_form_again(cast, teacher, client):
    half = told(cast, asked="写到一半")
    kept = teacher.post(url("draft", cast.pupil.pk), half, headers={"HX-Request": "true"})
    assert kept.status_code == 204
    teacher.post(url("draft", cast.pupil.pk), half | {"asked": "写到一半多"})
    assert Draft.objects.count() == 1
    page = teacher.get(url("record-child", cast.pupil.pk)).content.decode()
    assert "写到一半多" in page and "借两本书" in page
    sign_in(client, cast.head)
    assert "写到一半多" not in client.get(url("record-child", cast.pupil.pk)).content.decode()
    sign_in(client, cast.class_teacher)
    client.post(url("record-child", cast.pupil.pk), told(cast))
    assert not Draft.objects.exists()


def test_a_failed_attempt_is_two_taps(cast, teacher):
    page = teacher.get(url("attempt", cast.pupil.pk)).content.decode()
    fields = dict(re.findall(r'name="(key|visited_on)" value="([^"]+)"', page))
    assert fields["visited_on"] == CAST_DAY.isoformat()
    # The second tap is one of two buttons; everything else is on the page already.
    teacher.post(url("attempt", cast.pupil.pk), fields | {"outcome": "not_found"})
    assert Visit.objects.get().outcome == "not_found"
    again = teacher.post(url("attempt", cast.pupil.pk), fields | {"outcome": "x", "key": "2"})
    assert again.status_code == 200 and Visit.objects.count() == 1


def test_the_list_can_be_sorted_by_road_and_swapped_without_the_frame(cast, teacher):
    page = teacher.get(url("class", cast.this_class.pk), {"by": "road"}).content.decode()
    assert "七星岗街道 兴隆街社区" in page and "<html" in page
    part = teacher.get(
        url("class", cast.this_class.pk), {"by": "road"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "兴隆街社区" in part and "<html" not in part
    assert part.strip() in page.replace("\r", "")


def test_a_subject_teacher_sees_the_class_without_reasons_and_wishes(cast, client, proposal):
    sign_in(client, cast.subject_teacher)
    page = client.get(url("class", cast.this_class.pk)).content.decode()
    assert "杨小雨" in page
    assert "家访过" not in page and "是一家" not in page and "按路线排" not in page


def test_a_visit_is_read_corrected_and_taken_back_with_its_history(cast, teacher, record):
    visit = record()
    page = teacher.get(url("visit", visit.pk)).content.decode()
    assert "希望孩子多读书" in page and "更正经过" not in page
    assert "希望孩子多读书" in teacher.get(url("correct", visit.pk)).content.decode()
    teacher.post(
        url("correct", visit.pk),
        told(cast, key="form-2", asked="希望多运动", reason="家长指出有一处不对"),
    )
    fresh = Visit.objects.get(status="standing")
    history = teacher.get(url("history", fresh.pk)).content.decode()
    assert "希望多运动" in history and "希望孩子多读书" in history and "家长指出" in history
    page = teacher.post(url("retract", fresh.pk), {"reason": ""}, follow=True).content.decode()
    assert "没有撤销" in page
    page = teacher.post(
        url("retract", fresh.pk), {"reason": "记错人"}, follow=True
    ).content.decode()
    assert "已撤销" in page
    assert teacher.get(url("correct", fresh.pk)).status_code == 404


def test_a_visit_whose_enrolment_was_undone_is_taken_back_instead_of_corrected(
    cast, teacher, record
):
    visit = record(visited_on=YESTERDAY)
    cast.pupil.enrolments.update(from_on=CAST_DAY)
    page = teacher.get(url("correct", visit.pk), follow=True).content.decode()
    assert "请撤销后重记" in page


def test_a_failed_attempt_is_corrected_too(cast, teacher, record):
    attempt = record(outcome="not_found")
    assert teacher.get(url("correct", attempt.pk)).status_code == 200
    form = {
        "key": "c",
        "outcome": "refused",
        "visited_on": CAST_DAY.isoformat(),
        "reason": "其实是谢绝",
    }
    teacher.post(url("correct", attempt.pk), form)
    assert Visit.objects.get(status="standing").outcome == "refused"


def test_reading_leaves_audit_rows(cast, teacher, record):
    visit = record()
    for name, pk in (
        ("visit", visit.pk),
        ("child", cast.pupil.pk),
        ("class", cast.this_class.pk),
        ("record-child", cast.pupil.pk),
    ):
        before = AuditEntry.objects.count()
        teacher.get(url(name, pk))
        rows = AuditEntry.objects.order_by("-seq")[: AuditEntry.objects.count() - before]
        assert [row.verb.endswith(".read") for row in rows] == [True], name
        assert rows[0].staff_id == cast.class_teacher.staff.pk


def test_the_familys_wishes_are_kept_and_shown(cast, teacher):
    teacher.get(url("preference", cast.pupil.pk))
    teacher.post(
        url("preference", cast.pupil.pk),
        {"prefers": "elsewhere", "times": "周末上午", "language": "重庆话", "asked_on": ""},
    )
    page = teacher.get(url("class", cast.this_class.pk)).content.decode()
    assert "周末上午" in page and "重庆话" in page
    assert "周末上午" in teacher.get(url("child", cast.pupil.pk)).content.decode()


def test_a_follow_up_is_done_handed_over_or_dropped(cast, teacher):
    teacher.post(url("record-child", cast.pupil.pk), told(cast))
    task = FollowUp.objects.get()
    assert "借两本书" in teacher.get(url("follow-ups")).content.decode()
    page = url("follow-up", task.pk)
    assert teacher.get(page).status_code == 200
    answer = teacher.post(page, {"step": "do", "do-done_on": "2026-12-01"})
    assert "不能晚于今天" in answer.content.decode()
    teacher.post(
        page,
        {
            "step": "hand_over",
            "hand-owner": cast.subject_teacher.staff.pk,
            "hand-due_on": "2026-11-20",
        },
    )
    fresh = FollowUp.objects.get(owner=cast.subject_teacher.staff)
    assert "没有待办" in teacher.get(url("follow-ups")).content.decode()
    assert teacher.get(url("follow-up", fresh.pk)).status_code == 404
    sign_in(teacher, cast.subject_teacher)
    teacher.post(url("follow-up", fresh.pk), {"step": "drop", "drop-reason": "家里买了"})
    fresh.refresh_from_db()
    assert fresh.status == "dropped"


def test_the_head_acknowledges_sends_back_and_withdraws(cast, client, record):
    record(outcome="not_found", visited_on=YESTERDAY)
    record(outcome="refused")
    sign_in(client, cast.head)
    page = client.get(url("declines")).content.decode()
    assert "杨小雨" in page and "没遇到人" in page and "周晓兰" in page
    decline = Decline.objects.get()
    client.post(url("acknowledge", decline.pk))
    assert "本学年已确认的" in client.get(url("declines")).content.decode()
    page = client.post(url("withdraw-decline", decline.pk), {"reason": ""}, follow=True)
    assert "请写明为什么取消" in page.content.decode()
    client.post(url("withdraw-decline", decline.pk), {"reason": "家长来电"})
    decline.refresh_from_db()
    assert decline.status == "withdrawn"
    page = client.post(url("return-decline", decline.pk), {"reason": "x"}, follow=True)
    assert "已经处理过" in page.content.decode()


def test_the_sheet_has_the_rows_no_words_and_a_plain_name(cast, teacher, record):
    record()
    record(outcome="not_found", notes={cast.classmate.pk: ""})
    response = teacher.get(url("export", cast.this_class.pk))
    assert re.search(r'filename="visits-\d+-2026-11-04\.xlsx"', response["Content-Disposition"])
    sheet = load_workbook(BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[0] for row in rows] == ["杨小雨", "郑一凡"]
    assert rows[0][2:6] == ["周晓兰", "班主任", "已家访", "家中"]
    assert "希望孩子多读书" not in str([[c.value for c in row] for row in sheet.iter_rows()])
    audit = AuditEntry.objects.get(verb="export.make")
    assert audit.detail == {"what": "visits", "rows": 2}


def test_the_list_prints_by_road(cast, teacher):
    page = teacher.get(url("print", cast.this_class.pk)).content.decode()
    assert "杨小雨" in page and "兴隆街社区" in page


def test_whoever_has_one_class_is_led_to_it_and_a_head_chooses(cast, client):
    sign_in(client, cast.class_teacher)
    assert client.get(url("index")).url == url("class", cast.this_class.pk)
    assert client.get(url("record")).url == url("class", cast.this_class.pk)
    sign_in(client, cast.head)
    page = client.get(url("index")).content.decode()
    assert "三年级1班" in page and "三年级2班" in page and "八年级1班" not in page


@pytest.mark.parametrize(
    "who",
    [
        "class_teacher_elsewhere",
        "head_elsewhere",
        "head_of_secondary_school",
        "teacher_who_left_yesterday",
        "teacher_without_approval",
        "class_teacher_of_parallel_class",
        "registrar",
        "district_officer",
        "neighbouring_officer",
        "city_officer",
        "auditor",
        "administrator",
    ],
)
def test_out_of_scope_every_page_is_a_404(cast, client, proposal, record, who):
    record(outcome="not_found", visited_on=YESTERDAY)
    record(outcome="refused")
    visit = Visit.objects.first()
    things = {
        "class": cast.this_class.pk,
        "propose": cast.this_class.pk,
        "slips": cast.this_class.pk,
        "print": cast.this_class.pk,
        "export": cast.this_class.pk,
        "child": cast.pupil.pk,
        "record-child": cast.pupil.pk,
        "attempt": cast.pupil.pk,
        "preference": cast.pupil.pk,
        "visit": visit.pk,
        "history": visit.pk,
        "correct": visit.pk,
        "proposal": proposal.pk,
    }
    sign_in(client, getattr(cast, who))
    for name, pk in things.items():
        assert client.get(url(name, pk)).status_code == 404, name
    posted = {
        "draft": cast.pupil.pk,
        "retract": visit.pk,
        "link": proposal.pk,
        "answer-for-family": proposal.pk,
        "withdraw-proposal": proposal.pk,
        "acknowledge": Decline.objects.get().pk,
        "return-decline": Decline.objects.get().pk,
        "withdraw-decline": Decline.objects.get().pk,
    }
    for name, pk in posted.items():
        assert client.post(url(name, pk)).status_code == 404, name


def test_whoever_is_signed_out_is_led_to_sign_in_everywhere_but_on_the_familys_page(cast, client):
    for pattern in urlpatterns:
        if pattern.name == "answer":
            continue
        args = [1] if "<int:pk>" in str(pattern.pattern) else []
        method = client.post if pattern.name in POSTED else client.get
        response = method(url(pattern.name, *args))
        assert response.status_code == 302, pattern.name
        assert "sign-in" in response.url, pattern.name


POSTED = {
    "draft",
    "retract",
    "link",
    "answer-for-family",
    "withdraw-proposal",
    "acknowledge",
    "return-decline",
    "withdraw-decline",
}


def test_no_address_or_file_name_holds_a_name(cast, teacher, proposal):
    assert "杨" not in "".join(str(p.pattern) for p in urlpatterns)
    page = teacher.get(url("class", cast.this_class.pk)).content.decode()
    assert not [a for a in re.findall(r'href="([^"]+)"', page) if "杨" in a or "%E6%9D%A8" in a]
    assert proposal.proposed_on - CAST_DAY == timedelta(0)
