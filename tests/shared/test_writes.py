"""Writes on both databases: everything at once, each kind of change, and only what changed."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, registry

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


class Hall:
    """A mapped class."""


registry(metadata=metadata).map_imperatively(Hall, halls)


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
    with Session(engine) as session:
        writes = Writes(session.connection())
        writes.insert(halls, [{"id": "H4"} | FULL])
        writes.flush()
        session.commit()

    assert rows(engine, halls, *halls.c)[-1] == ("H4", *FULL.values())


def test_all_kinds_of_changes_are_made_together(engine):
    with Session(engine) as session:
        writes = Writes(session.connection())
        writes.insert(visits, [{"hall": "H1", "count": 1}], unless_there="hall")
        writes.update(halls, [{"id": "H1", "seats": 50}, {"id": "H2", "seats": 60}])
        writes.delete(halls, [{"id": "H3"}])
        writes.flush()
        writes.insert(visits, [{"hall": "H1", "count": 7}], unless_there="hall")
        writes.delete(halls, [{"id": "H1"}], only="seats IS NULL")
        writes.flush()
        writes.insert(visits, [{"hall": "H1", "count": 9}, {"hall": "H2", "count": 2}], replace="hall")
        writes.flush()
        session.commit()

    assert rows(engine, halls, halls.c.id, halls.c.seats) == [("H1", 50), ("H2", 60)]
    assert rows(engine, visits, *visits.c) == [("H1", 9), ("H2", 2)]


def test_nothing_is_written_when_one_part_fails(engine):
    with Session(engine) as session:
        writes = Writes(session.connection())
        writes.update(halls, [{"id": "H2", "seats": 60}])
        writes.insert(halls, [{"id": "H1"} | FULL])
        with pytest.raises(IntegrityError):
            writes.flush()

    assert rows(engine, halls, halls.c.seats) == [(40,)] * 3


def test_only_the_columns_that_changed_are_written(engine):
    with Session(engine) as session:
        one, other = session.get(Hall, "H1"), session.get(Hall, "H2")
        one.seats, other.name = 50, "another"
        if engine.dialect.name == "postgresql":  # SQLite lets nobody else write meanwhile
            with engine.begin() as elsewhere:
                elsewhere.execute(halls.update().where(halls.c.id == "H1").values(name="meanwhile"))
        writes = Writes(session.connection())
        writes.take_changes(session, (Hall,))
        writes.flush()
        session.commit()

    name = "meanwhile" if engine.dialect.name == "postgresql" else FULL["name"]
    found = rows(engine, halls, halls.c.name, halls.c.seats)
    assert found == [(name, 50), ("another", 40), (FULL["name"], 40)]


def test_postgresql_gets_one_statement(engine):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *call: seen.append(call[2]))
    with Session(engine) as session:
        writes = Writes(session.connection())
        writes.insert(visits, [{"hall": "H1", "count": 1}])
        writes.update(halls, [{"id": "H1", "seats": 50}])
        writes.flush()
        session.commit()

    written = [statement for statement in seen if not statement.startswith("BEGIN")]
    assert len(written) == (1 if engine.dialect.name == "postgresql" else 2)
