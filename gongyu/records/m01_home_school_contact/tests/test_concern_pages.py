"""The pages of a child who seems not well: two taps, the words that speak of harm, the first home."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localtime

from gongyu.ground.calendar.working_days import NamedDay
from gongyu.ground.holidays.actions import set_days
from gongyu.records.m01_home_school_contact.models_concerns import Anomaly, HandOver
from gongyu.shared_work.casework.models import Report
from tests.cast import CAST_DAY, CAST_MOMENT, sign_in

pytestmark = pytest.mark.usefixtures("at_the_cast_day")
NOTE = "/concerns/note/"


def sent(child, **changes) -> dict:
    known = {"key": "n", "child": child.pk, "kind": "mood", "words": "一直趴着",
             "noticed_at": "2026-11-04T09:50"}  # fmt: skip
    return known | changes


def noted(client, cast, **changes) -> Anomaly:
    client.post(NOTE, sent(cast.pupil, **changes))
    return Anomaly.objects.get()


def test_the_quiet_button_is_on_every_page_with_both_ways(cast, client):
    for name in ("class_teacher", "head", "registrar", "auditor", "city_officer"):
        page = sign_in(client, getattr(cast, name)).get("/").content.decode()
        assert "孩子有情况" in page and reverse("casework:report") in page, name
        assert (NOTE in page) == (name not in ("auditor", "city_officer")), name


def test_noted_and_first_thing_on_the_class_teachers_home(cast, client):
    subject = sign_in(client, cast.subject_teacher)
    page = subject.get(NOTE).content.decode()
    assert "杨小雨" in page and "谢安" not in page, "the own classes first"
    anomaly = noted(subject, cast)
    own = subject.get(reverse("concerns:anomaly", args=[anomaly.pk])).content.decode()
    assert "一直趴着" in own and "联系照护人" in own and "记下联系" not in own
    assert "孩子有情况，请先看" not in subject.get("/").content.decode()
    home = sign_in(client, cast.class_teacher).get("/").content.decode()
    assert "孩子有情况，请先看" in home and "请在 11月4日 21:00 前联系" in home
    assert home.index("孩子有情况，请先看") < home.index("还没家访的")


def test_a_child_is_looked_for_and_nothing_typed_is_lost(cast, client):
    head = sign_in(client, cast.moral_education_head)
    look = {"look": "1", "find": "小雨", "kind": "mood", "words": "眼睛红红的"}
    page = head.post(NOTE, look).content.decode()
    assert "杨小雨（三年级1班）" in page and "眼睛红红的" in page and "selected" in page
    assert "没有找到" in head.post(NOTE, look | {"find": "袁满"}).content.decode()
    assert not Anomaly.objects.exists()
    head.post(NOTE, sent(cast.pupil, find="小雨"))
    assert Anomaly.objects.get().child == cast.pupil


def test_words_of_harm_open_the_way_to_report_before_anything_is_kept(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    for words in ({"words": "手臂上有淤青"}, {"kind": "self_harm"}):
        page = teacher.post(NOTE, sent(cast.pupil, **words)).content.decode()
        assert reverse("casework:report") in page and "先打110" in page
        assert not Anomaly.objects.exists() and not Report.objects.exists()
    noted(teacher, cast, words="手臂上有淤青", sure="on")


def test_bad_input_is_answered_and_loses_nothing(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    page = teacher.post(NOTE, sent(cast.pupil, kind="", noticed_at="早上")).content.decode()
    assert "请选择是哪种情形" in page and "一直趴着" in page and "2026-11-04 15:00" in page
    page = teacher.post(NOTE, sent(cast.pupil, noticed_at="2026-11-05T09:50")).content.decode()
    assert "时间不能晚于现在" in page
    page = teacher.post(NOTE, sent(cast.child_elsewhere)).content.decode()
    assert "袁满" not in page and not Anomaly.objects.exists()


def test_the_clock_explains_its_days_and_says_who_moved_it(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    anomaly = noted(teacher, cast)
    address = reverse("concerns:anomaly", args=[anomaly.pk])
    page = teacher.get(address).content.decode()
    assert "11月4日 星期三" in page and "09:50–21:00" in page and "本系统的约定" in page
    Anomaly.objects.update(recorded_at=CAST_MOMENT.replace(hour=1))
    days = [NamedDay(CAST_DAY, False, "停课", "渝教〔2026〕8号"),
            NamedDay(date(2026, 12, 24), False, "无关", "文")]  # fmt: skip
    set_days(days, by=cast.city_officer.actor)
    page = teacher.get(address).content.decode()
    assert "请在 11月5日 星期四 21:00 前联系" in page
    assert "冉莉 11月4日 10:00 把 11月4日 改为" in page
    assert "由 11月4日 21:00 移到 11月5日 21:00" in page


def test_a_day_off_of_the_district_moves_the_clock_everywhere_and_says_so(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    anomaly = noted(teacher, cast)
    Anomaly.objects.update(recorded_at=CAST_MOMENT.replace(hour=1))
    address = reverse("concerns:anomaly", args=[anomaly.pk])
    day_off = NamedDay(CAST_DAY, False, "高温停课", "渝中教〔2026〕5号")
    set_days([day_off], district=cast.other_district.code, by=cast.neighbouring_officer.actor)
    assert "请在 11月4日 星期三 21:00 前联系" in teacher.get(address).content.decode()
    set_days([day_off], district=cast.district.code, by=cast.district_officer.actor)
    page = teacher.get(address).content.decode()
    assert "请在 11月5日 星期四 21:00 前联系" in page
    assert "唐文 11月4日 10:00 把 11月4日 改为“高温停课放假（渝中教〔2026〕5号）”" in page
    assert "由 11月4日 21:00 移到 11月5日 21:00" in page
    for listed in (reverse("concerns:index"), "/"):
        assert "请在 11月5日 21:00 前联系" in teacher.get(listed).content.decode()
    teacher.post(NOTE, sent(cast.pupil, key="another", kind="absent"))
    later = Anomaly.objects.get(kind="absent")
    assert localtime(later.due_at).date() == date(2026, 11, 5)


def test_contacted_handled_and_closed_on_one_page(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    anomaly = noted(teacher, cast)
    address = reverse("concerns:anomaly", args=[anomaly.pk])
    page = teacher.get(address).content.decode()
    assert "吴秀英" in page and "杨勇" not in page and "有 1 人在限制之列" in page
    answer = {
        "step_of": "contact",
        "contact-carer": cast.grandmother.pk,
        "contact-channel": "phone",
        "contact-words": "外婆来接",
        "contact-taken_at": "2026-11-04T09:55",
        "contact-next_on": "2026-11-06",
    }
    bad = teacher.post(address, answer | {"contact-carer": ""}).content.decode()
    assert "外婆来接" in bad and not anomaly.steps.exists()
    assert "外婆来接" in teacher.post(address, answer, follow=True).content.decode()
    handle = {"step_of": "handle", "handle-step": "handle", "handle-words": "谈了心"}
    assert "请定一个再看一看的日子" in teacher.post(address, handle).content.decode()
    close = handle | {"handle-step": "close", "handle-words": "好了"}
    assert "已了结" in teacher.post(address, close, follow=True).content.decode()
    assert "记下联系" not in teacher.get(address).content.decode()


def test_a_lawful_reason_is_shown_to_its_writer_alone(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    anomaly = noted(teacher, cast)
    address = reverse("concerns:anomaly", args=[anomaly.pk])
    excuse = {
        "step_of": "excuse",
        "excuse-excuse": "by_law",
        "excuse-next_on": "2026-11-06",
    }
    page = teacher.post(address, excuse, follow=True).content.decode()
    assert "只有您看得到：" in page
    page = sign_in(client, cast.head).get(address).content.decode()
    assert "按规定不另行联系家长" in page and "只有您看得到：" not in page


def test_a_slip_is_taken_back_with_its_reason(cast, client):
    teacher = sign_in(client, cast.class_teacher)
    anomaly = noted(teacher, cast)
    address = reverse("concerns:retract", args=[anomaly.pk])
    assert "请写明原因" in teacher.post(address, follow=True).content.decode()
    assert "已撤销" in teacher.post(address, {"words": "选错"}, follow=True).content.decode()


def test_a_hand_over_from_school_to_school(cast, client):
    Anomaly.objects.create(
        child=cast.child_who_moved_away, class_place=cast.this_class, school=cast.school,
        kind="family", noticed_at=CAST_MOMENT, noticer=cast.head.staff, due_at=CAST_MOMENT,
        key="h", recorded_at=CAST_MOMENT, changed_at=CAST_MOMENT,
    )  # fmt: skip
    child = cast.child_who_moved_away.pk
    head = sign_in(client, cast.head)
    assert "提出移交" in head.get(reverse("concerns:index")).content.decode()
    head.post(reverse("concerns:offer", args=[child]))
    made = HandOver.objects.get()
    assert head.post(reverse("concerns:accept", args=[made.pk])).status_code == 404
    head.post(reverse("concerns:withdraw", args=[made.pk]))
    head.post(reverse("concerns:offer", args=[child]))
    made = HandOver.objects.get(status="offered")
    far = sign_in(client, cast.head_elsewhere)
    assert "有 1 份其他学校移交的经过等接收" in far.get("/").content.decode()
    far.post(reverse("concerns:refuse", args=[made.pk]))
    sign_in(client, cast.head).post(reverse("concerns:offer", args=[child]))
    made = HandOver.objects.get(status="offered")
    far = sign_in(client, cast.head_elsewhere)
    page = far.post(reverse("concerns:accept", args=[made.pk]), follow=True).content.decode()
    assert "已接收" in page
    assert "家里有变故" in far.get(reverse("pages:child", args=[child])).content.decode()
