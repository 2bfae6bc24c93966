"""Boards, figures and rows: every number opens, and the rows count to it."""

import io

import openpyxl
import pytest
from django.urls import reverse

from gongyu.ground.audit.models import Entry
from gongyu.pages.queries.maps import district_map
from gongyu.pages.queries.plan import current_plan
from tests.cast import CAST_DAY

DUTY = "homeroom-visit-each-student"
YEAR = "2026-2027"


def figure_url(place, name="figure") -> str:
    return reverse(f"pages:{name}", args=[DUTY, YEAR, place.pk])


def test_the_city_board_shows_seven_numbers_and_says_which_are_not_built(figures, browse):
    html = browse(figures.city_officer, reverse("pages:city")).content.decode()
    numbers = current_plan().numbers
    unbuilt = [duty for duty in numbers if not duty.built]
    assert all(duty.title in html for duty in numbers)
    assert f"另有 {len(unbuilt)} 个数字尚未建成，暂不显示" in html
    assert figure_url(figures.city) in html


def test_the_map_has_the_districts_and_says_that_it_is_a_sketch(figures, browse):
    html = browse(figures.city_officer, reverse("pages:city")).content.decode()
    assert html.count('class="map-shape') == 2 and "示意图" in html
    assert "渝中区" in html and "万州区" in html


def test_what_is_counted_and_not_judged_has_no_map_of_shares(figures, browse):
    board = browse(figures.city_officer, reverse("pages:city"), duty="subject-teacher-visits")
    assert board.context["board"].chosen.duty.id == "subject-teacher-visits"
    assert board.context["board"].map is None and "示意图" not in board.content.decode()


def test_a_map_draws_each_district_inside_its_box(figures):
    drawn = district_map(CAST_DAY, {}, {})
    _, _, width, height = map(int, drawn.view.split())
    for shape in drawn.shapes:
        numbers = [float(n) for n in shape.outline.replace("M", " ").replace("L", " ")
                   .replace("z", " ").split()]  # fmt: skip
        assert min(numbers) >= 0 and max(numbers[::2]) <= width and max(numbers[1::2]) <= height


@pytest.mark.parametrize(
    ("page", "place", "person"),
    [
        ("district", "district", "district_officer"),
        ("town", "town", "district_officer"),
        ("school", "school", "district_officer"),
        ("district", "district", "city_officer"),
        ("school", "school", "head"),
        ("school", "school", "moral_education_head"),
    ],
)
def test_a_place_has_its_board_for_those_who_answer_for_it(page, place, person, figures, browse):
    place = getattr(figures, place)
    answer = browse(getattr(figures, person), reverse(f"pages:{page}", args=[place.pk]))
    assert answer.status_code == 200 and place.name in answer.content.decode()


def test_a_neighbouring_officer_finds_no_page_of_the_district(figures, browse):
    officer = figures.neighbouring_officer
    for url in (
        reverse("pages:city"),
        reverse("pages:district", args=[figures.district.pk]),
        reverse("pages:town", args=[figures.town.pk]),
        reverse("pages:school", args=[figures.school.pk]),
        figure_url(figures.school),
        figure_url(figures.school, "figure-rows"),
        figure_url(figures.school, "figure-export"),
    ):
        assert browse(officer, url).status_code == 404, url


def test_a_figure_opens_to_its_rule_its_day_and_its_rows(figures, browse):
    html = browse(figures.city_officer, figure_url(figures.city)).content.decode()
    duty = current_plan().duty(DUTY)
    assert duty.quote in html and duty.reading_text in html
    assert duty.threshold.source.citation in html and "2026年11月4日" in html
    assert figure_url(figures.city, "figure-rows") in html


def test_inside_a_school_the_rows_have_names_and_count_to_the_number(figures, browse):
    answer = browse(figures.head, figure_url(figures.school, "figure-rows"))
    page = answer.context["page"]
    assert page.single and page.page.paginator.count == page.figure.subjects
    assert "杨小雨" in answer.content.decode()
    assert Entry.objects.filter(verb="figure.read", place_id=figures.school.pk).count() == 1


def test_above_the_school_the_rows_are_schools_and_no_names(figures, browse):
    for officer, place in (("district_officer", "district"), ("city_officer", "city")):
        answer = browse(
            getattr(figures, officer), figure_url(getattr(figures, place), "figure-rows")
        )
        html = answer.content.decode()
        assert "石板坡小学" in html and "杨小雨" not in html
        assert not answer.context["page"].single


def test_an_officer_sees_classes_of_a_school_and_no_names(figures, browse):
    answer = browse(figures.district_officer, figure_url(figures.school, "figure-rows"))
    html = answer.content.decode()
    assert answer.status_code == 200 and "杨小雨" not in html


def test_rows_are_narrowed_by_state(figures, browse):
    url = figure_url(figures.school, "figure-rows")
    everything = browse(figures.head, url).context["page"]
    state = everything.choices[0][0]
    narrowed = browse(figures.head, url, state=state).context["page"]
    assert narrowed.page.paginator.count == everything.figure.counts[state]
    assert {line.state for line in narrowed.lines} == {state}


def test_a_sheet_has_the_same_rows_says_what_it_is_and_leaves_a_trace(figures, browse):
    answer = browse(figures.head, figure_url(figures.school, "figure-export"))
    content = b"".join(answer.streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = list(sheet.values)
    assert rows[0][1] == "石板坡小学" and rows[1][1] == current_plan().duty(DUTY).quote
    names = [row[0] for row in rows[5:]]
    assert "杨小雨" in names and "袁满" not in names
    entry = Entry.objects.get(verb="export.make")
    assert entry.detail["rows"] == len(names) and entry.place_id == figures.school.pk
    assert "杨" not in answer["Content-Disposition"]


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "http://example.com", "mailto:a@b.c"])
def test_a_name_in_a_sheet_is_neither_formula_nor_address(figures, browse, name):
    type(figures.pupil).objects.filter(pk=figures.pupil.pk).update(name=name)
    answer = browse(figures.head, figure_url(figures.school, "figure-export"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == name]
    assert (cell.data_type, cell.hyperlink) in {("s", None), ("inlineStr", None)}


def test_the_sheet_of_a_district_has_no_names(figures, browse):
    answer = browse(figures.district_officer, figure_url(figures.district, "figure-export"))
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    words = " ".join(str(cell) for row in sheet.values for cell in row)
    assert "石板坡小学" in words and "杨小雨" not in words


def test_a_figure_of_a_duty_that_is_not_built_is_not_found(figures, browse):
    for duty in ("open-day", "no-such-duty"):
        url = reverse("pages:figure", args=[duty, YEAR, figures.city.pk])
        assert browse(figures.city_officer, url).status_code == 404


def test_places_stand_in_the_order_of_their_codes_and_never_by_their_numbers(figures, browse):
    board = browse(figures.city_officer, reverse("pages:city")).context["board"]
    assert [row.name for row in board.below] == ["万州区", "渝中区"]


@pytest.mark.parametrize(
    ("duty", "name"),
    [
        ("leader-leads-visits", "何敏"),
        ("home-visit-system", "石板坡小学"),
        ("homeroom-and-subject-duties", "三年级1班"),
    ],
)
def test_rows_name_whoever_the_duty_is_asked_of(duty, name, figures, browse):
    board = browse(figures.head, reverse("pages:school", args=[figures.school.pk])).context["board"]
    [card] = [card for card in board.others if card.duty.id == duty]
    key = card.figure.period_key
    url = reverse("pages:figure-rows", args=[duty, key, figures.school.pk])
    assert name in browse(figures.head, url).content.decode()


def test_an_officer_sees_which_school_lacks_visiting_rules_and_no_leaders_by_name(figures, browse):
    board = browse(figures.city_officer, reverse("pages:city")).context["board"]
    keys = {card.duty.id: card.figure.period_key for card in board.others}
    officer, city = figures.city_officer, figures.city.pk
    duty = "home-visit-system"
    url = reverse("pages:figure-rows", args=[duty, keys[duty], city])
    html = browse(officer, url).content.decode()
    assert "石板坡小学" in html and "尚未登记" in html
    duty = "leader-leads-visits"
    url = reverse("pages:figure-rows", args=[duty, keys[duty], city])
    assert "何敏" not in browse(officer, url).content.decode()


def test_the_trend_of_a_single_school_is_a_row_of_states_and_of_many_a_chart(figures, browse):
    """The open day of one school was in progress on each month's end: words, no line of noughts."""
    open_day = reverse("pages:figure", args=["open-day", "2026-2027-1", figures.school.pk])
    page = browse(figures.head, open_day)
    marks = page.context["page"].trend.marks
    assert len(marks) >= 2 and {mark.state for mark in marks} <= {
        "in_progress",
        "unknown",
        "not_due",
    }
    html = page.content.decode()
    assert 'class="marks"' in html and "data-chart" not in html and "charts.js" not in html
    assert html.count('class="state-badge"') >= len(marks)
    city = browse(figures.city_officer, figure_url(figures.city)).content.decode()
    assert "data-chart" in city and 'class="marks"' not in city
