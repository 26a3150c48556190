"""A database of councils from before the directory: who was invited where outlives the way up, and down again."""

import pytest
from alembic import command
from sqlalchemy import inspect, text

from services.councils.storage.repository import CouncilsStore
from shared.bus.work import transaction
from shared.storage import migrate as storage_migrate
from shared.storage.engine import engine_for, engine_for_migrations
from shared.storage.migrate import migrate
from tests.councils.builders import ISSUE, MONDAY_9AM, a_session

LISTED = (
    "INSERT INTO listings (issue_id, unit_code, title, category, state, failures, sessions, awaits_session, next_kind)"
    " VALUES ('I-20260302001', '110105001002', 'x', 'x', 'listed', 0, 1, false, 'ordinary')"
)


@pytest.fixture
def engine(database):
    made = engine_for("councils")
    step(made, command.upgrade, "0003")
    with made.begin() as connection:
        connection.execute(text(LISTED))
    with transaction(made, CouncilsStore) as work:
        work.sessions.add(a_session())
        work.bookings.book(a_session())
    return made


def step(engine, way, revision):
    config = storage_migrate._config("councils")
    with engine_for_migrations("councils", engine) as patient, patient.connect() as connection:
        config.attributes.update(connection=connection, schema="councils")
        way(config, revision)
        connection.commit()


def test_sessions_listings_and_what_is_booked_outlive_the_old_directory(engine):
    migrate("councils", engine)

    assert not {"halls", "people"} & set(inspect(engine).get_table_names())
    with transaction(engine, CouncilsStore) as work:
        session, listing = work.sessions.get(a_session().id), work.listings.find(ISSUE)
        assert (session.hall_name, session.deputies) == (a_session().hall_name, a_session().deputies)
        assert listing.passed_on == []
        taken = work.bookings.taken([session.hall_id], ["D1"], MONDAY_9AM, session.starts_at)
        assert taken == {(session.hall_id, session.starts_at), ("D1", session.starts_at)}


def test_an_id_of_the_directory_may_be_as_long_as_the_directory_lets_it(engine):
    migrate("councils", engine)
    long = "H" * 120

    with transaction(engine, CouncilsStore) as work:
        work.sessions.add(a_session(id="I-2/S1", hall_id=long, starts_at=MONDAY_9AM))
        work.bookings.book(a_session(id="I-2/S1", hall_id=long, starts_at=MONDAY_9AM))
    with transaction(engine, CouncilsStore) as work:
        assert work.sessions.get("I-2/S1").hall_id == long


def test_the_way_down_makes_the_old_tables_again_and_keeps_the_sessions(engine):
    migrate("councils", engine)
    step(engine, command.downgrade, "0003")

    assert {"halls", "people"} <= set(inspect(engine).get_table_names())
    with transaction(engine, CouncilsStore) as work:
        assert work.sessions.get(a_session().id).hall_name == a_session().hall_name
