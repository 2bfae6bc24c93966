"""The hand-written yearly visit on PostgreSQL, over the application's own tables."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from django.db import connection

from gongyu.indicators.reading import CLASS_COLUMNS, fact_columns
from gongyu.indicators.rule import Rule

from . import by_hand


class Plain:
    """The steps, and the tables that they read."""

    def __init__(self, rule: Rule, day: int, levels: Path) -> None:
        self.rule, self.day = rule, day
        table = pq.read_table(levels)
        columns = ", ".join(f"{name} bigint" for name in table.column_names)
        with connection.cursor() as cursor:
            # As much memory as DuckDB would take of this machine.
            cursor.execute("SET work_mem = '512MB'")
            cursor.execute("SET temp_buffers = '512MB'")
            cursor.execute(
                f"CREATE TEMP VIEW facts AS SELECT {fact_columns()} FROM ledger_fact f; "
                f"CREATE TEMP VIEW classes AS SELECT {CLASS_COLUMNS} FROM places_schoolclass; "
                f"CREATE TEMP TABLE levels ({columns})"
            )
            with cursor.copy("COPY levels FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)
            cursor.execute("ANALYZE levels")

    def run(self) -> None:
        """Every child's state in a table, and the figures of the five levels."""
        with connection.cursor() as cursor:
            for name in by_hand.tables(self.rule, self.day):
                cursor.execute(f"DROP TABLE IF EXISTS {name}")
            cursor.execute("DROP TABLE IF EXISTS placed")
            for step in by_hand.statements(self.rule, self.day):
                cursor.execute(step)
                # The planner must know the sizes of the steps, as DuckDB does.
                cursor.execute(f"ANALYZE {by_hand.name_of(step)}")
            cursor.execute(
                "CREATE TEMP TABLE placed AS SELECT a.*, l.class_id, l.school_id, l.town_id, "
                "l.district_id, l.city_id FROM answer a LEFT JOIN levels l ON "
                "l.place_id = a.place_id"
            )
            by_hand.figures(lambda step: cursor.execute(step) or cursor, "placed")

    def write(self, path: Path) -> None:
        """The states as Parquet, to be compared."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM placed")
            names = [column.name for column in cursor.description]
            columns = zip(*cursor.fetchall(), strict=True)
            arrays = [
                pa.array(column, pa.string() if isinstance(column[0], str) else pa.int64())
                for column in columns
            ]
        pq.write_table(pa.table(arrays, names=names), path)
