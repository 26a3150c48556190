"""What every service relies on in its database: waiting that lets others work, and conditions over many values."""

import os
import subprocess
import sys
from datetime import datetime

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import Column, MetaData, NullPool, QueuePool, Table, create_engine, select, text
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError, StatementError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from services import ANSWERING, home_of
from shared.bus.tables import bus_tables
from shared.settings import settings
from shared.storage.engine import (
    CONNECTIONS_OF_A_WEB_WORKER,
    READS,
    connections_of,
    engine_for,
    is_transient,
    make_engine,
)
from shared.storage.many import is_any
from shared.storage.types import Instant

WAITING = """
import eventlet
eventlet.monkey_patch()
import sys
from sqlalchemy import text
from shared.storage.engine import make_engine
def ask(engine):
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_sleep(1)"))
    seen.append("answered")
seen = []
asking = eventlet.spawn(ask, make_engine("intake", sys.argv[1]))
while not asking.dead:
    seen.append("worked")
    eventlet.sleep(0.05)
sys.stdout.write(" ".join(seen))
"""


def test_a_service_goes_on_working_while_postgresql_is_busy(postgres):
    url = postgres.create_database("waiting")

    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WAITING, url],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.split().count("worked") > 5
    assert ran.stdout.split()[-1] == "answered"


def test_a_look_opens_no_transaction_on_postgresql_and_the_next_user_of_its_connection_has_one(postgres):
    engine = make_engine("intake", postgres.create_database("looking"))
    with engine.connect().execution_options(**READS) as connection:
        connection.execute(text("SELECT 1"))
        look = connection.connection.driver_connection
        assert look.info.transaction_status == TransactionStatus.IDLE
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert connection.connection.driver_connection is look
        assert look.info.transaction_status == TransactionStatus.INTRANS
    engine.dispose()


@pytest.mark.parametrize(("values", "found"), [([], []), (["b"], ["b"]), (["c", "a", "nobody's"], ["a", "c"])])
def test_a_condition_over_many_values_finds_those_that_are_there(database, values, found):
    metadata = MetaData()
    sweeps = bus_tables(metadata).sweeps
    engine = engine_for("public")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sweeps.insert(), [{"name": name, "step": ord(name)} for name in "abc"])

        by_text = select(sweeps.c.name).where(is_any(sweeps.c.name, values)).order_by(sweeps.c.name)
        by_number = select(sweeps.c.name).where(is_any(sweeps.c.step, [ord(value[0]) for value in values]))

        assert list(connection.scalars(by_text)) == found
        assert set(connection.scalars(by_number)) == set(found)


@pytest.mark.parametrize(
    ("state", "passes"),
    [
        ("08006", True),  # connection failure
        ("40001", True),  # serialization failure
        ("40P01", True),  # deadlock
        ("53100", True),  # disk full
        ("53300", True),  # too many connections
        ("55P03", True),  # lock not available
        ("57014", True),  # statement timeout
        ("57P01", True),  # shutting down
        ("57P03", True),  # starting up
        ("58030", True),  # the server's disk
        ("28P01", True),  # a password is being changed
        ("25006", True),  # a standby that only reads
        ("25P03", True),  # stood still inside a transaction
        ("40002", False),  # a constraint
        ("54000", False),  # a value too large for an index
        ("54001", False),  # a statement too complex
        ("22001", False),  # a text too long
        ("23505", False),  # a key that is there
        ("42P01", False),  # no such table
        ("55000", False),  # not in that state
        ("XX000", False),  # a fault of the server's
    ],
)
def test_postgresqls_own_code_says_whether_trouble_passes(state, passes):
    said = psycopg.errors.lookup(state)("in its own words")
    kind = OperationalError if isinstance(said, psycopg.OperationalError) else ProgrammingError
    assert is_transient(kind("SELECT 1", {}, said)) is passes


def test_trouble_without_a_code_is_a_connection_that_is_not_there(postgres):
    gone = make_engine("intake", postgres.create_database("gone").replace("/gone", "/never_made"))
    with pytest.raises(OperationalError) as away, gone.connect():
        pass
    assert is_transient(away.value)


def test_sqlites_own_code_says_whether_trouble_passes(tmp_path):
    url = f"sqlite:///{tmp_path / 'one.sqlite'}"
    with create_engine(url, poolclass=NullPool, connect_args={"timeout": 0}).connect() as connection:
        with pytest.raises(OperationalError) as missing:
            connection.exec_driver_sql("SELECT * FROM nowhere")
        with create_engine(url, poolclass=NullPool).connect() as other:
            other.exec_driver_sql("BEGIN EXCLUSIVE")
            with pytest.raises(OperationalError) as locked:
                connection.exec_driver_sql("CREATE TABLE here (column_of_it)")
    assert (is_transient(missing.value), is_transient(locked.value)) == (False, True)


def test_waiting_in_vain_for_a_connection_of_the_pool_passes(tmp_path):
    engine = create_engine(
        f"sqlite:///{tmp_path / 'one.sqlite'}", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01
    )
    with engine.connect(), pytest.raises(PoolExhausted) as none_left:
        engine.connect()
    engine.dispose()
    assert is_transient(none_left.value)


def test_a_process_that_is_frozen_or_cut_off_keeps_no_lock_and_no_connection_for_long(postgres):
    engine = make_engine("intake", postgres.create_database("cut_off"))
    with engine.connect() as connection:
        names = ("idle_in_transaction_session_timeout", "tcp_user_timeout", "tcp_keepalives_idle")
        on_the_server = [connection.scalar(text(f"SHOW {name}")) for name in names]
        here = connection.connection.driver_connection.info.get_parameters()
    engine.dispose()
    assert on_the_server == ["15s", "10000", "5"]
    assert (here["tcp_user_timeout"], here["keepalives_idle"]) == ("10000", "5")


LET_IN = 100 - 3
"""PostgreSQL keeps three of its hundred for superusers."""


def test_two_copies_of_all_processes_leave_room_among_the_hundred_connections_of_postgresql():
    services = sum(connections_of(home_of(name)) for name in ANSWERING)
    pages = settings().web_workers * CONNECTIONS_OF_A_WEB_WORKER
    assert 2 * services + pages < LET_IN


def test_an_error_about_a_value_does_not_quote_it_whatever_is_in_it(postgres):
    engine = make_engine("intake", postgres.create_database("quoting"))
    for value in ("张翠花 13812345678", 'she said "翠花', "翠花\nsecond line", '"翠花"\n"翠花"'):
        with engine.connect() as connection, pytest.raises(DataError) as refused:
            connection.execute(text("SELECT CAST(CAST(:value AS text) AS integer)"), {"value": value})
        assert "invalid input syntax for type integer" in str(refused.value)
        assert "花" not in str(refused.value) + str(refused.value.orig)
    engine.dispose()


def test_an_error_about_a_value_that_no_driver_was_given_does_not_quote_it_either(database):
    engine, instants = engine_for("intake"), Table("instants", MetaData(), Column("at", Instant))
    naive = datetime(1987, 6, 5)  # noqa: DTZ001
    with engine.connect() as connection, pytest.raises(StatementError) as refused:
        connection.execute(instants.insert(), {"at": naive})
    assert "a naive instant can't be stored" in str(refused.value)
    assert "1987" not in str(refused.value)
