"""A school's registers: enter, replace, end, review, and the facts they prove."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from gongyu.ground.audit.models import Entry as AuditEntry
from gongyu.ground.ledger.queries import standing_facts
from gongyu.shared_work.registers import actions, facts, queries, rules
from gongyu.shared_work.registers.models import Entry, Review
from tests.cast import CAST_DAY, YEAR_FROM, sign_in


@pytest.fixture
def rules_of_visits(cast):
    return actions.enter(
        cast.school,
        "visiting_rules",
        title="石板坡小学家访制度",
        from_on=YEAR_FROM,
        responsible=cast.head.staff,
        by=cast.head.actor,
    )


def standing(kind, source, pk):
    return standing_facts().filter(kind=kind, source_model=source, source_id=pk)


def test_entering_proves_that_it_is_valid_and_that_the_document_was_delivered(
    cast, rules_of_visits
):
    valid = standing("register.valid", facts.ENTRY_SOURCE, rules_of_visits.pk).get()
    assert (valid.place_id, valid.on_date, valid.until_date) == (cast.school.pk, YEAR_FROM, None)
    assert valid.detail == "visiting_rules"
    delivered = standing("document.delivered", facts.ENTRY_SOURCE, rules_of_visits.pk).get()
    assert delivered.on_date == YEAR_FROM
    audit = AuditEntry.objects.get(verb="register.enter")
    assert (audit.staff_id, audit.place_id) == (cast.head.staff.pk, cast.school.pk)


def test_a_second_entry_for_the_same_days_is_refused_with_the_way_out(cast, rules_of_visits):
    with pytest.raises(rules.RegisterFault, match="换新版") as fault:
        actions.enter(
            cast.school,
            "visiting_rules",
            title="又一份",
            from_on=CAST_DAY,
            responsible=cast.head.staff,
            by=cast.head.actor,
        )
    assert fault.value.field == "from_on"
    assert Entry.objects.count() == 1


def test_an_unknown_kind_and_a_kind_of_another_place_are_refused(cast):
    for place, kind in ((cast.school, "parking_rules"), (cast.district, "visiting_rules")):
        with pytest.raises(rules.RegisterFault):
            actions.enter(
                place,
                kind,
                title="x",
                from_on=CAST_DAY,
                responsible=cast.head.staff,
                by=cast.head.actor,
            )


def test_a_new_version_ends_the_old_one_on_its_day_and_keeps_it(cast, rules_of_visits):
    fresh = actions.replace(
        rules_of_visits,
        title="家访制度(修订)",
        from_on=CAST_DAY,
        responsible=cast.moral_education_head.staff,
        by=cast.head.actor,
    )
    rules_of_visits.refresh_from_db()
    assert rules_of_visits.until_on == CAST_DAY
    assert rules_of_visits.replaced_by == fresh
    old = standing("register.valid", facts.ENTRY_SOURCE, rules_of_visits.pk).get()
    new = standing("register.valid", facts.ENTRY_SOURCE, fresh.pk).get()
    assert (old.until_date, new.on_date, new.until_date) == (CAST_DAY, CAST_DAY, None)
    lines, _reviews = queries.history_of(fresh, CAST_DAY)
    assert [line.state for line in lines] == ["valid", "replaced"]


def test_a_new_version_cannot_start_before_the_old_one(cast, rules_of_visits):
    with pytest.raises(rules.RegisterFault):
        actions.replace(
            rules_of_visits,
            title="x",
            from_on=YEAR_FROM,
            responsible=cast.head.staff,
            by=cast.head.actor,
        )


def test_ending_needs_a_reason_and_supersedes_the_fact(cast, rules_of_visits):
    with pytest.raises(rules.RegisterFault) as fault:
        actions.end(rules_of_visits, until_on=CAST_DAY, reason=" ", by=cast.head.actor)
    assert fault.value.field == "reason"
    actions.end(rules_of_visits, until_on=CAST_DAY, reason="并入章程", by=cast.head.actor)
    assert (
        standing("register.valid", facts.ENTRY_SOURCE, rules_of_visits.pk).get().until_date
        == CAST_DAY
    )
    page = queries.registers_of(cast.school, CAST_DAY)
    assert "visiting_rules" in [shelf.key for shelf in page.missing]
    with pytest.raises(rules.RegisterFault):
        actions.end(rules_of_visits, until_on=CAST_DAY, reason="再一次", by=cast.head.actor)


def test_a_review_is_due_when_the_year_is_round_and_moves_the_next_one(cast, rules_of_visits):
    a_year_on = date(2027, 9, 1)
    page = queries.registers_of(cast.school, a_year_on - timedelta(days=31))
    assert [s.key for s in page.due] == []
    page = queries.registers_of(cast.school, a_year_on - timedelta(days=30))
    assert [s.key for s in page.due] == ["visiting_rules"]
    review = actions.review(
        rules_of_visits,
        reviewed_on=a_year_on,
        outcome="kept",
        on=a_year_on,
        by=cast.head.actor,
    )
    fact = standing("register.reviewed", facts.REVIEW_SOURCE, review.pk).get()
    assert (fact.on_date, fact.detail, fact.status) == (a_year_on, "visiting_rules", "kept")
    assert queries.registers_of(cast.school, a_year_on).due == []


def test_an_entry_of_29_february_is_due_on_1_march(cast):
    assert Entry(kind="visiting_rules", from_on=date(2028, 2, 29)).review_due_on(None) == date(
        2029, 3, 1
    )


def test_a_plan_of_one_school_year_is_never_due_for_review(cast):
    entry = Entry(kind="visit_plan", from_on=YEAR_FROM, until_on=date(2027, 9, 1))
    assert entry.review_due_on(None) is None


def test_a_review_is_neither_in_the_future_nor_outside_the_days_nor_twice(cast, rules_of_visits):
    def review(day):
        actions.review(
            rules_of_visits, reviewed_on=day, outcome="kept", on=CAST_DAY, by=cast.head.actor
        )

    for day in (CAST_DAY + timedelta(days=1), YEAR_FROM - timedelta(days=1)):
        with pytest.raises(rules.RegisterFault):
            review(day)
    review(CAST_DAY)
    with pytest.raises(rules.RegisterFault):
        review(CAST_DAY)
    assert Review.objects.count() == 1


def test_the_database_refuses_two_open_entries_of_one_kind(cast, rules_of_visits):
    twin = Entry(
        kind="visiting_rules",
        place=cast.school,
        title="x",
        from_on=CAST_DAY,
        responsible=cast.head.staff,
        entered_at=rules_of_visits.entered_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_who_may_read_is_who_sees_and_who_may_keep_are_the_schools_own(cast, rules_of_visits):
    for name, person in cast.people().items():
        seen = rules.entries_visible_to(person.actor, CAST_DAY).exists()
        assert rules.may_read_entry(person.actor, rules_of_visits, CAST_DAY) == seen, name
    keepers = {
        name
        for name, person in cast.people().items()
        if rules.may_keep_registers(person.actor, cast.school.pk, CAST_DAY)
    }
    assert keepers == {"head", "moral_education_head", "school_leader"}
    assert not rules.may_read_entry(cast.neighbouring_officer.actor, rules_of_visits, CAST_DAY)
    assert rules.may_read_entry(cast.district_officer.actor, rules_of_visits, CAST_DAY)


def test_the_head_enters_reviews_replaces_and_ends_through_the_pages(cast, client, at_the_cast_day):
    sign_in(client, cast.head)
    home = reverse("registers:place", args=[cast.school.pk])
    assert client.get(reverse("registers:index")).url == home
    assert "还缺 5 项" in client.get(home).content.decode()
    told = {
        "kind": "visiting_rules",
        "title": "家访制度",
        "from_on": "2026-09-01",
        "responsible": cast.head.staff.pk,
    }
    enter = reverse("registers:enter", args=[cast.school.pk])
    assert client.get(enter).status_code == 200
    assert client.post(enter, told).url == home
    again = client.post(enter, told)
    assert "换新版" in again.content.decode()
    entry = Entry.objects.get()
    assert "还缺 4 项" in client.get(home).content.decode()
    for name in ("replace", "review", "end"):
        assert client.get(reverse(f"registers:{name}", args=[entry.pk])).status_code == 200
    client.post(
        reverse("registers:review", args=[entry.pk]),
        {"reviewed_on": "2026-11-04", "outcome": "kept"},
    )
    client.post(
        reverse("registers:replace", args=[entry.pk]),
        {
            "title": "家访制度二",
            "from_on": "2026-11-01",
            "last_on": "2027-08-31",
            "responsible": cast.head.staff.pk,
        },
    )
    fresh = Entry.objects.get(title="家访制度二")
    assert fresh.until_on == date(2027, 9, 1)
    client.post(
        reverse("registers:end", args=[fresh.pk]), {"until_on": "2026-12-01", "reason": "试一试"}
    )
    history = client.get(reverse("registers:history", args=[fresh.pk])).content.decode()
    assert "家访制度二" in history and "继续有效" in history and "试一试" in history


def test_out_of_scope_every_page_of_a_register_is_a_404(
    cast, client, rules_of_visits, at_the_cast_day
):
    sign_in(client, cast.head_elsewhere)
    pages = [reverse("registers:place", args=[cast.school.pk])]
    pages += [
        reverse(f"registers:{name}", args=[rules_of_visits.pk])
        for name in ("history", "replace", "review", "end")
    ]
    assert {client.get(page).status_code for page in pages} == {404}


def test_a_place_page_needs_few_queries(
    cast, client, rules_of_visits, at_the_cast_day, django_assert_max_num_queries
):
    sign_in(client, cast.head)
    with django_assert_max_num_queries(20):
        client.get(reverse("registers:place", args=[cast.school.pk]))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_edges_of_the_calendar_are_slips_of_the_pen(cast, client, at_the_cast_day, day):
    sign_in(client, cast.head)
    sent = {
        "kind": "visiting_rules",
        "title": "家访制度",
        "from_on": day,
        "last_on": day,
        "responsible": cast.head.staff.pk,
    }
    page = client.post(reverse("registers:enter", args=[cast.school.pk]), sent)
    assert "请核对年份" in page.content.decode() and not Entry.objects.exists()


def mechanism(cast, **channels):
    told = {"telephone": (cast.moral_education_head.staff.pk, "工作日 8:00–17:00"), **channels}
    return actions.enter(
        cast.school,
        "contact_mechanism",
        title="家校沟通制度",
        from_on=YEAR_FROM,
        responsible=cast.head.staff,
        channels=told,
        by=cast.head.actor,
    )


def test_a_contact_mechanism_names_its_channels_and_whom_to_ask(cast):
    entry = mechanism(cast, home_visit=(cast.class_teacher.staff.pk, ""))
    assert [(c.label, c.ask.name) for c in entry.channels.order_by("kind")] == [
        ("家访", "周晓兰"),
        ("电话", "陈静"),
    ]
    fact = standing("register.valid", facts.ENTRY_SOURCE, entry.pk).get()
    assert fact.attrs == {"channels": ["home_visit", "telephone"]}
    actions.end(entry, until_on=CAST_DAY, reason="换新版", by=cast.head.actor)
    fact = standing("register.valid", facts.ENTRY_SOURCE, entry.pk).get()
    assert fact.attrs == {"channels": ["home_visit", "telephone"]}, "kept when it is shortened"


@pytest.mark.parametrize("channels", [{}, {"pigeons": (1, "")}])
def test_a_mechanism_without_a_known_channel_is_refused(cast, channels):
    with pytest.raises(rules.RegisterFault, match="渠道"):
        actions.enter(
            cast.school,
            "contact_mechanism",
            title="x",
            from_on=YEAR_FROM,
            responsible=cast.head.staff,
            channels=channels,
            by=cast.head.actor,
        )
    assert not Entry.objects.exists()


def test_the_database_refuses_a_channel_named_twice(cast):
    entry = mechanism(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.channels.create(kind="telephone", ask=cast.head.staff)


def test_channels_are_entered_and_carried_into_the_next_version_through_the_pages(
    cast, client, at_the_cast_day
):
    sign_in(client, cast.head)
    enter = reverse("registers:enter", args=[cast.school.pk])
    assert "ask_telephone" in client.get(f"{enter}?kind=contact_mechanism").content.decode()
    assert "ask_telephone" not in client.get(f"{enter}?kind=visiting_rules").content.decode()
    told = {
        "kind": "contact_mechanism",
        "title": "家校沟通制度",
        "from_on": "2026-09-01",
        "responsible": cast.head.staff.pk,
    }
    refused = client.post(enter, told).content.decode()
    assert (
        "请至少写明一个渠道" in refused and "ask_telephone" in refused and "家校沟通制度" in refused
    )
    told |= {"ask_telephone": cast.head.staff.pk, "how_telephone": "023-0000"}
    client.post(enter, told)
    entry = Entry.objects.get()
    home = client.get(reverse("registers:place", args=[cast.school.pk])).content.decode()
    assert "找 何敏" in home and "023-0000" in home
    page = client.get(reverse("registers:replace", args=[entry.pk])).content.decode()
    assert "023-0000" in page
