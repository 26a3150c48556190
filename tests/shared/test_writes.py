"""Writes on both databases: everything at once, each kind of change, and only what changed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, event, select
from sqlalchemy.exc import IntegrityError

from shared.storage import Instant, Json, Writes
from shared.storage.engine import engine_for

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
metadata = MetaData()
halls = Table(
    "halls",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("seats", Integer),
    Column("opened_at", Instant),
    Column("facts", Json),
    Column("plan", LargeBinary),
)
visits = Table("visits", metadata, Column("hall", String(20), primary_key=True), Column("count", Integer))
FULL = {"name": '议事厅 "甲"', "seats": 40, "opened_at": NOON, "facts": {"open": [9, 17]}, "plan": b"\x00\xff"}


@pytest.fixture
def engine(database):
    engine = engine_for("public")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(halls.insert(), [{"id": name} | FULL for name in ("H1", "H2", "H3")])
    return engine


def rows(engine, table, *columns):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*table.primary_key))]


def test_a_row_comes_back_as_it_was_given(engine):
    with engine.begin() as connection:
        writes = Writes(connection)
        writes.insert(halls, [{"id": "H4"} | FULL])
        writes.flush()

    assert rows(engine, halls, *halls.c)[-1] == ("H4", *FULL.values())


def test_all_kinds_of_changes_are_made_together(engine):
    with engine.begin() as connection:
        writes = Writes(connection)
        writes.insert(visits, [{"hall": "H1", "count": 1}], unless_there="hall")
        writes.update(halls, [{"id": "H1", "seats": 50}, {"id": "H2", "seats": 60}])
        writes.delete(halls, [{"id": "H3"}])
        writes.flush()
        writes.insert(visits, [{"hall": "H1", "count": 7}], unless_there="hall")
        writes.delete(halls, [{"id": "H1"}], only="seats IS NULL")
        writes.flush()
        writes.insert(visits, [{"hall": "H1", "count": 9}, {"hall": "H2", "count": 2}], replace="hall")
        writes.flush()

    assert rows(engine, halls, halls.c.id, halls.c.seats) == [("H1", 50), ("H2", 60)]
    assert rows(engine, visits, *visits.c) == [("H1", 9), ("H2", 2)]


def test_nothing_is_written_when_one_part_fails(engine):
    def fail():
        with engine.begin() as connection:
            writes = Writes(connection)
            writes.update(halls, [{"id": "H2", "seats": 60}])
            writes.insert(halls, [{"id": "H1"} | FULL])
            writes.flush()

    with pytest.raises(IntegrityError):
        fail()

    assert rows(engine, halls, halls.c.seats) == [(40,)] * 3


def test_postgresql_gets_one_statement(engine):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    with engine.begin() as connection:
        writes = Writes(connection)
        writes.insert(visits, [{"hall": "H1", "count": 1}])
        writes.update(halls, [{"id": "H1", "seats": 50}])
        writes.flush()

    written = [statement for statement in seen if not statement.startswith("BEGIN")]
    assert len(written) == (1 if engine.dialect.name == "postgresql" else 2)
