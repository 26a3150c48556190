"""What every service relies on in its database: waiting that lets others work, and conditions over many values."""

import os
import subprocess
import sys

import pytest
from psycopg.pq import TransactionStatus
from sqlalchemy import MetaData, select, text

from shared.bus.tables import bus_tables
from shared.storage.engine import READS, engine_for, make_engine
from shared.storage.many import is_any

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
