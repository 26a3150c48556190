"""Databases of an earlier version: what is in them outlives the migration, in both directions."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import MetaData, bindparam, select, text, update

from shared.bus.log.moving import close_segment
from shared.bus.log.reading import events_of
from shared.bus.tables import bus_tables
from shared.storage import migrate as storage_migrate
from shared.storage.engine import engine_for, engine_for_migrations, make_engine
from shared.storage.migrate import migrate
from shared.storage.types import Instant

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RECEIVED = (
    "INSERT INTO inbox (event_id, type, subject, status, received_at, attempts)"
    " VALUES ('e1', 'issue_raised.v1', 'I-1', 'handled', :now, 0)"
)
TO_BE_SENT = (
    "INSERT INTO outbox (event_id, exchange, routing_key, subject, body, headers, created_at)"
    " VALUES ('e2', 'dispatch.events', 'task_assigned.v1', 'I-1', :body, '{}', :now)"
)


def at_an_instant(statement):
    return text(statement).bindparams(bindparam("now", type_=Instant()))


@pytest.fixture
def engine(database):
    made = engine_for("dispatch")
    step(made, command.upgrade, "0001")
    with made.begin() as connection:
        connection.execute(at_an_instant(RECEIVED), {"now": NOW})
        connection.execute(at_an_instant(TO_BE_SENT), {"now": NOW, "body": b"{}"})
    return made


def step(engine, way, revision):
    config = storage_migrate._config("dispatch")
    with engine_for_migrations("dispatch", engine) as patient, patient.connect() as connection:
        config.attributes.update(connection=connection, schema="dispatch")
        way(config, revision)
        connection.commit()


def kept(engine):
    tables = bus_tables(MetaData())
    with engine.connect() as connection:
        received = [tuple(row) for row in connection.execute(text("SELECT position, event_id, status FROM inbox"))]
        unsent = connection.scalars(select(tables.outbox.c.event_id).where(tables.outbox.c.sent_at.is_(None))).all()
    return received, list(unsent)


def test_what_was_received_and_what_is_to_be_sent_outlive_the_way_up_and_down(engine):
    migrate("dispatch", engine)
    after = kept(engine)
    step(engine, command.downgrade, "0001")
    assert after == kept(engine) == ([(1, "e1", "handled")], ["e2"])


def test_rows_are_counted_on_from_where_they_were(engine):
    migrate("dispatch", engine)
    with engine.begin() as connection:
        connection.execute(at_an_instant(RECEIVED.replace("e1", "e3")), {"now": NOW})
    assert kept(engine)[0] == [(1, "e1", "handled"), (2, "e3", "handled")]


def test_the_migrations_of_a_folder_with_a_percent_sign_are_found(monkeypatch):
    monkeypatch.setattr(storage_migrate, "migrations_of", lambda service: f"/50%x/{service}")
    assert storage_migrate._config("dispatch").get_main_option("script_location") == "/50%x/dispatch"


def test_a_migration_waits_and_works_as_long_as_it_needs(postgres):
    engine = make_engine("dispatch", postgres.create_database("migrating"))
    with engine_for_migrations("dispatch", engine) as patient, patient.connect() as connection:
        settings = [connection.scalar(text(f"SHOW {name}")) for name in ("statement_timeout", "lock_timeout")]
        plans = [connection.scalar(text(f"SHOW enable_{way}")) for way in ("seqscan", "hashjoin", "mergejoin")]
    engine.dispose()
    assert (settings, plans) == (["0", "0"], ["on", "on", "on"])


def test_events_that_are_in_the_log_already_are_not_lost_on_the_way_down(engine):
    migrate("dispatch", engine)
    with engine.begin() as connection:
        connection.execute(update(bus_tables(MetaData()).outbox).values(sent_at=NOW))
        assert close_segment(connection, "dispatch", sent_before=NOW + timedelta(days=2), now=NOW) == 1
    with pytest.raises(RuntimeError, match="the event log has segments"):
        step(engine, command.downgrade, "0001")
    assert [event.event_id for event in events_of(engine)] == ["e2"]
