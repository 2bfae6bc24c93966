"""A list of what stands below is shown for what is asked of it, and not for what a whole does."""

from django.urls import reverse

from gongyu.pages.queries.plan import current_plan
from gongyu.pages.queries.speaking import speaks_below, speaks_of


def test_nothing_is_said_below_a_whole(figures):
    duties = {duty.subject: duty for duty in current_plan().duties}
    wanted = {
        "child": {figures.city, figures.district, figures.school},
        "school": {figures.city, figures.district},
        "clue": {figures.city},
        "city": set(),
    }
    for subject, places in wanted.items():
        for place in (figures.city, figures.district, figures.school):
            assert speaks_below(place, duties[subject]) == (place in places), (subject, place)
            # Whoever has something below has something to say.
            assert speaks_of(place, duties[subject]) or not speaks_below(place, duties[subject])


def test_a_school_opens_with_what_its_classes_do(figures, browse):
    page = reverse("pages:school", args=[figures.school.pk])
    answer = browse(figures.head, page)
    assert answer.context["board"].chosen.duty.subject == "child"
    assert "不按班级计" not in answer.content.decode()
    asked = browse(figures.head, page, duty="open-day").content.decode()
    assert "这项职责的对象是学校，不按班级计。" in asked and "还没有数据的" not in asked


def test_a_district_is_not_named_again_beside_each_of_its_schools(figures, browse):
    for role, page in (("district_officer", "district"), ("city_officer", "city")):
        args = [figures.district.pk] if page == "district" else []
        board = browse(getattr(figures, role), reverse(f"pages:{page}", args=args)).context["board"]
        assert all(bool(row.district) == (page == "city") for row in board.help)
