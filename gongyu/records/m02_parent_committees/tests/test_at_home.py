"""The committee on the family's own pages: what a link opens, without a link; secret as behind one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.people.actions import bar_carer
from gongyu.records.m02_parent_committees import actions
from gongyu.records.m02_parent_committees.models import Candidate, FamilyLink, Urn, Voter
from tests.cast import CAST_DAY, come_in

from .conftest import count
from .test_family_pages import ballot
from .test_matters import AFTER, RECEIPT, agreed, matter, member  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_cast_day")]


def of(child) -> str:
    return reverse("committees:at-home", args=[child.pk])


@pytest.fixture
def home(families):
    """(her child's page, its mother's browser, the mother), the first family of the class."""
    (child, *_more), mother, _father = families[0]
    return of(child), come_in(Client(), mother, by_number=False), mother


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_family_votes_once_on_its_own_page_and_the_audit_does_not_say_who(home, voting):
    address, client, mother = home
    assert "家委会选举，一家一票" in seen(client, "/family/") and address in seen(
        client, "/family/"
    )
    assert "一家一票，不记名" in seen(client, address)
    rows = Entry.objects.count()
    done = client.post(address, ballot(voting, 1), follow=True)
    assert "谁也看不到" in done.content.decode() and "您家这一票已经投了" in done.content.decode()
    # One row came of opening, voting and being led back, and it names nobody.
    row = Entry.objects.order_by("-seq").first()
    assert (Entry.objects.count(), row.verb) == (rows + 1, "ballot.cast")
    assert str(mother.pk) not in str(row.detail) and "by_carer" not in row.detail
    assert "家委会选举" not in seen(client, "/family/")
    client.post(address, ballot(voting, 0))
    assert Voter.objects.filter(voted=True).count() == 1


def test_a_family_has_one_vote_by_its_slip_and_at_home_together(home, voting, links):
    address, client, _mother = home
    child_id = int(address.rstrip("/").split("/")[-1])
    actions.cast(links[child_id], voting.poll_id, {0}, on=CAST_DAY)
    sealed = Urn.objects.get(poll=voting.poll_id).sealed
    assert "您家这一票已经投了" in seen(client, address)
    client.post(address, ballot(voting, 1))
    assert Urn.objects.get(poll=voting.poll_id).sealed == sealed


def test_what_was_voted_at_home_is_counted(cast, families, voting, time_machine_at):
    for (child, *_more), mother, _father in families[:5]:
        client = come_in(Client(), mother, by_number=False)
        client.post(of(child), ballot(voting, 1))
    count(cast, voting)
    assert Candidate.objects.get(election=voting, number=1).votes == 5


def test_a_ballot_that_is_not_valid_comes_back(home, voting):
    address, client, _mother = home
    answer = client.post(address, ballot(voting))
    assert "还没有选" in answer.content.decode()
    assert Voter.objects.filter(voted=True).count() == 0


def test_a_carer_stands_and_names_somebody_at_home(home, election):
    address, client, mother = home
    told = {"committee": election.committee_id}
    client.post(address, {**told, "step": "stand", "statement": "愿意出力"})
    assert Candidate.objects.get(carer=mother).status == "standing"
    client.post(address, {**told, "step": "name", "name": "某某妈妈"})
    assert Candidate.objects.filter(said_name="某某妈妈").count() == 1


def test_a_matter_is_answered_and_its_settlement_stands_open_with_its_receipt(
    cast,
    home,
    agreed,  # noqa: F811
    families,
):
    address, client, _mother = home
    kept = actions.note_collection(agreed, collected=Decimal("900"), on=AFTER)
    actions.add_expense(
        kept, what="大巴", amount=Decimal("900"), receipt=RECEIPT, key="k", on=AFTER
    )
    text = seen(client, address)
    assert "900" in text and "大巴" in text and families[0][1].name in text
    picture = text.split('href="' + address + "pictures/")[1].split('"')[0]
    answer = client.get(f"{address}pictures/{picture}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    stranger = come_in(Client(), cast.mother)
    assert stranger.get(f"{of(cast.sister)}pictures/{picture}").status_code == 404


def test_a_matter_that_waits_stands_on_the_week_page_and_is_answered_in_secret(home, matter):  # noqa: F811
    address, client, _mother = home
    assert f"家委会问：{matter.title}" in seen(client, "/family/")
    poll = matter.poll_id
    told = {"step": "vote", "committee": matter.committee_id, "poll": poll, f"p{poll}-chosen": "1"}
    client.post(address, told)
    assert "您家已经答复了" in seen(client, address)
    assert "家委会问" not in seen(client, "/family/")


def test_another_family_a_barred_carer_and_a_guessed_child_find_nothing(cast, families, voting):
    (child, *_more), _mother, father = families[0]
    barred = come_in(Client(), cast.barred_father)
    assert barred.get(of(cast.pupil)).status_code == 302
    other = come_in(Client(), families[1][1], by_number=False)
    for address in (of(child), of(cast.pupil), reverse("committees:at-home", args=[99_999])):
        assert other.get(address).status_code == 404
        assert other.post(address, ballot(voting, 0)).status_code == 404
    bar_carer(child, father, CAST_DAY, "裁定", by=SYSTEM)
    assert come_in(Client(), father, by_number=False).get(of(child)).status_code == 302
    assert Voter.objects.filter(voted=True).count() == 0


def test_whoever_is_barred_from_one_twin_speaks_for_neither(families, voting):
    twins, _mother, father = families[5]
    bar_carer(twins[0], father, CAST_DAY, "裁定", by=SYSTEM)
    client = come_in(Client(), father, by_number=False)
    assert "家委会选举" not in seen(client, "/family/")
    assert "名册里没有您家" in seen(client, of(twins[1]))
    assert "名册里没有您家" in client.post(of(twins[1]), ballot(voting, 0)).content.decode()
    assert Voter.objects.filter(voted=True).count() == 0


def test_with_one_child_its_committee_opens_at_once_and_no_link_is_written(cast, home, families):
    address, client, _mother = home
    assert client.get(reverse("committees:at-home-children")).url == address
    assert "学校还没有设立家长委员会" in seen(come_in(Client(), cast.mother), of(cast.sister))
    choice = seen(come_in(Client(), cast.mother), reverse("committees:at-home-children"))
    assert cast.pupil.name in choice and cast.sister.name in choice
    assert FamilyLink.objects.count() == 0


def test_the_page_is_light(home, voting, django_assert_max_num_queries):
    address, client, _mother = home
    with django_assert_max_num_queries(30):
        text = seen(client, address)
    assert len(text.encode()) < 100_000 and "htmx" not in text.split("</head>")[1]
