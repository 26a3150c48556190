"""The tables on SQLite and PostgreSQL: what comes out is what went in, and some rows never change."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as Database

from services.deliberation import use_cases
from services.deliberation.domain.session import SessionState
from services.deliberation.storage.append_only import APPEND_ONLY
from services.deliberation.storage.repository import DeliberationStore
from services.deliberation.storage.tables import metadata
from tests.deliberation.builders import CHAIR, EVERYBODY, ISSUE, TUESDAY, Hall, a_moved_up, a_postponed, a_scheduled


@pytest.fixture
def store(engine):
    with Database(engine) as database:
        yield DeliberationStore(database)


def committed(store):
    store.flush()
    store.session.commit()
    store.session.expunge_all()
    store.outbox.rows.clear()


def a_whole_session(store):
    hall = Hall(store)
    hall.open()
    hall.carry()
    hall.ask("close_session")
    committed(store)
    return hall


def test_a_whole_session_comes_back_as_it_was(store):
    hall = a_whole_session(store)
    session, motions = use_cases.get_session(store, hall.session.id, by=CHAIR)
    motion, vote, ballots = use_cases.get_motion(store, motions[0].id, by=CHAIR)

    assert (session.state, session.closed_at, session.deputies[0].name) == (SessionState.CLOSED, TUESDAY, "代表1")
    assert session.attendance.present_at(TUESDAY) == set(EVERYBODY)
    assert (motion.seconders, motion.opinions[0].speaker, motion.resolution_id) == (("P-2",), "X-1", f"{ISSUE}/S1/R1")
    assert (vote.votes_for, len(ballots)) == (7, 9)


def test_the_record_read_from_the_database_is_whole(store):
    hall = a_whole_session(store)
    _, entries, faults = use_cases.get_record(store, hall.session.id, by=CHAIR)

    assert faults == []
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_itself_refuses_to_change_what_is_append_only(store, table, statement):
    a_whole_session(store)
    column = metadata.tables[table].primary_key.columns.keys()[0]

    with pytest.raises(DatabaseError, match="append-only"):
        store.session.execute(text(statement.format(table, column)))


def test_events_about_one_session_may_come_in_one_transaction(store):
    use_cases.call_session(store, a_scheduled())
    use_cases.postpone_session(store, a_postponed())
    use_cases.postpone_session(store, a_postponed())
    use_cases.move_up_session(store, a_moved_up())
    committed(store)
    session = store.sessions.get(f"{ISSUE}/S1")

    assert (session.state, session.starts_at) == (SessionState.MOVED_UP, TUESDAY + timedelta(days=3))
    assert use_cases.get_record(store, session.id, by=CHAIR)[2] == []


def test_failures_and_inquorate_sessions_are_counted_by_issue_and_unit(store):
    for number in (1, 2):
        hall = Hall(store, number, starts_at=TUESDAY + timedelta(days=number))
        hall.open(present=EVERYBODY[:3])
        committed(store)
    second = store.sessions.get(f"{ISSUE}/S2")
    third = Hall(store, 3, starts_at=TUESDAY + timedelta(days=9)).session

    assert second.failure == "inquorate_twice"
    assert store.sessions.count_failed_before(third) == 1
    assert [session.number for session in store.sessions.list_before(third)] == [2, 1]


def test_the_migrations_make_the_tables_that_the_code_knows(engine):
    found = inspect(engine)
    for table in metadata.sorted_tables:
        names = {column["name"] for column in found.get_columns(table.name)}
        assert names == {column.name for column in table.columns}, table.name
        indexed = {index["name"] for index in found.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexed, table.name
