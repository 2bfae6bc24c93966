"""Neither the ledger, nor the audit, nor their seals let a row be changed, replaced or removed."""

import pytest
from django.db import IntegrityError, connection, transaction

from gongyu.ground.audit.actions import record
from gongyu.ground.audit.actors import SYSTEM
from gongyu.ground.audit.models import Entry
from gongyu.ground.ledger.actions import append
from gongyu.ground.ledger.models import Fact
from gongyu.ground.ledger.tests.test_appending import visit
from gongyu.ground.seal.models import Block, Seal


@pytest.fixture
def rows(db):
    first = append(visit(1), by=SYSTEM)
    append(visit(1, supersedes_id=first.seq), by=SYSTEM)
    record("child.read", by=SYSTEM, subject=("child", 1))
    seal = Seal.objects.create(
        table_name="ledger_fact", number=1, first_seq=1, last_seq=2, row_count=2
    )
    Block.objects.create(seal=seal, number=0, runs="1-2", prints=b"")
    # PostgreSQL checks foreign keys at the end otherwise, and refuses TRUNCATE for that alone.
    connection.check_constraints()


def refused(statement: str) -> bool:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    return True


@pytest.mark.usefixtures("rows")
@pytest.mark.parametrize(
    ("model", "column"),
    [(Fact, "quantity"), (Entry, "user_id"), (Seal, "row_count"), (Block, "number")],
)
def test_no_row_is_changed_or_deleted(model, column):
    before = model.objects.count()
    table = model._meta.db_table
    assert refused(f"UPDATE {table} SET {column} = 5")
    assert refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        assert refused(f"TRUNCATE {table} CASCADE")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.all().delete()
    assert model.objects.count() == before > 0


@pytest.mark.usefixtures("rows")
def test_no_row_is_replaced():
    fact = Fact.objects.order_by("seq").last()
    names = ", ".join(field.column for field in Fact._meta.concrete_fields)
    others = names.replace("seq, ", "", 1)
    if connection.vendor == "sqlite":
        copy = f"SELECT {names} FROM ledger_fact WHERE seq = {fact.seq}"
        assert refused(f"INSERT OR REPLACE INTO ledger_fact ({names}) {copy}")
        copy = f"SELECT {others} FROM ledger_fact WHERE seq = {fact.seq}"
        assert refused(f"INSERT OR REPLACE INTO ledger_fact ({others}) {copy}")
    else:
        copy = f"SELECT {names} FROM ledger_fact WHERE seq = {fact.seq}"
        doubled = (
            f"INSERT INTO ledger_fact ({names}) {copy} ON CONFLICT (seq) DO UPDATE SET kind = ''"
        )
        assert refused(doubled)
    assert Fact.objects.get(seq=fact.seq).source_id == fact.source_id


@pytest.mark.django_db(transaction=True)
def test_after_the_tables_were_emptied_for_a_test_they_are_append_only_again():
    from django.core.management import call_command

    with transaction.atomic():
        append(visit(1), by=SYSTEM)
    call_command("flush", interactive=False, verbosity=0)
    assert not Fact.objects.exists()
    with transaction.atomic():
        append(visit(1), by=SYSTEM)
    assert refused("DELETE FROM ledger_fact")
