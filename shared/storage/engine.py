"""Connections to a service's database: one SQLite file per service, or one PostgreSQL schema per service.

SQLite blocks the whole process while it waits for a lock, so that all writing in one process goes through one lock
of ours first, and write transactions take SQLite's lock at their beginning. Nothing may yield inside one for long.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

os.environ["PSYCOPG_WAIT_FUNC"] = "wait_select"  # waits where eventlet can see it; wait_c stops every green thread

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from shared.settings import settings
from shared.storage.concealing import conceal_values

READS = {"reads": True}
CONNECTIONS_OF_A_PROCESS = 5
"""The most a process opens to PostgreSQL; whoever wants another one waits. Two copies of all stay below 100."""
FEWER_CONNECTIONS = {"board": 3, "gateway": 2}
"""The board sends nothing and does no commands; of the gateway each worker has as many, to its own database."""
CONNECTIONS_OF_A_WEB_WORKER = 4
"""To its own database and to the board's."""
_STATEMENT_TIMEOUT = "60s"
_LOCK_TIMEOUT = "10s"
_IDLE_IN_TRANSACTION_TIMEOUT = "15s"
"""A process that stands still inside a transaction keeps its locks no longer than this."""
_KEEPALIVES = {
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
_SERVER_KEEPALIVES = (
    "-ctcp_keepalives_idle=5 -ctcp_keepalives_interval=5 -ctcp_keepalives_count=2 -ctcp_user_timeout=10s"
)
"""So that either side notices within 15 s that the other is cut off."""
_BY_INDEX = "-cenable_seqscan=off -cenable_hashjoin=off -cenable_mergejoin=off -cjit=off"
"""A prepared statement keeps the plan of its first runs, when tables may still be empty. Reading a whole table is the
best plan then, and a ruinous one an hour later; looking up by index is right at any size."""


@cache
def engine_for(service: str) -> Engine:
    """The engine of a service's own database, as the settings say. One per process and service."""
    engine = make_engine(service, settings().database)
    _made.append(engine)
    return engine


_made: list[Engine] = []


def close_engines() -> None:
    """Close what `engine_for` made in this process, and make anew what is asked for after: the settings changed."""
    while _made:
        _made.pop().dispose()
    engine_for.cache_clear()


def connections_of(service: str) -> int:
    """The most that a process of the service opens."""
    return FEWER_CONNECTIONS.get(service, CONNECTIONS_OF_A_PROCESS)


def make_engine(service: str, database: str, connections: int = 0) -> Engine:
    """An engine on `sqlite` (a file below the var folder) or on a PostgreSQL address (the service's schema)."""
    most = connections or connections_of(service)
    engine = _sqlite(service) if database == "sqlite" else _postgres(service, database, most)
    conceal_values(engine)
    return engine


@contextmanager
def engine_for_migrations(service: str, engine: Engine) -> Iterator[Engine]:
    """The same database without what suits short work only: time limits, and looking up by index alone."""
    if engine.dialect.name == "sqlite":
        yield engine
        return
    patient = create_engine(
        engine.url,
        hide_parameters=True,
        poolclass=NullPool,
        connect_args={
            "options": f"-csearch_path={service}",
            "connect_timeout": 5,
            "application_name": f"gongshang-{service}-migrations",
            **_KEEPALIVES,
        },
    )
    conceal_values(patient)
    yield patient
    patient.dispose()


class LostRace(Exception):
    """Another transaction was faster; the same work will see what it did when it is done again."""


_PASSES = {  # the first two letters of SQLSTATE
    "08",  # connection lost or refused
    "28",  # not let in: a password or a right is being changed
    "40",  # rolled back: a race lost, a deadlock
    "53",  # the server lacks memory, disk or connections
    "57",  # cancelled by a time limit, shutting down, starting up
    "58",  # the server's disk or system
}
_PASSES_ALONE = {"25006", "25P03", "55006", "55P03"}  # a standby that still only reads; stood still; in use; locked
_NEVER_PASSES = {"40002"}  # a constraint that was checked at the end
_SQLITE_PASSES = {"BUSY", "LOCKED", "NOMEM", "READONLY", "INTERRUPT", "IOERR", "FULL", "CANTOPEN", "PROTOCOL", "SCHEMA"}


def is_transient(error: BaseException) -> bool:
    """Whether the same work may succeed when simply done again: database away, locked, deadlock, lost race.

    The database's own code decides. An operational error without one comes from the driver: it lost the connection, or
    had none. Others with that name pass never, such as a value that is too large for an index.
    """
    if isinstance(error, (ConnectionError, LostRace, PoolExhausted)):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    said = getattr(error, "orig", None) or error
    state, name = getattr(said, "sqlstate", None), getattr(said, "sqlite_errorname", None)
    if state is not None:
        return state not in _NEVER_PASSES and (state[:2] in _PASSES or state in _PASSES_ALONE)
    if name is not None:
        return name.removeprefix("SQLITE_").partition("_")[0] in _SQLITE_PASSES
    return isinstance(error, (OperationalError, InterfaceError))


@contextmanager
def streaming(connection: Connection) -> Iterator[None]:
    """Around a query that is read row by row: its cursor needs a transaction, which a look on PostgreSQL has not."""
    if connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT":
        yield
        return
    driver: Any = connection.connection.driver_connection
    with driver.transaction():
        yield


@contextmanager
def writing(engine: Engine) -> Iterator[None]:
    """Hold the process's write lock on a SQLite database; nothing on PostgreSQL, which has its own."""
    if engine.dialect.name != "sqlite":
        yield
        return
    with _write_lock(str(engine.url)):
        yield


@cache
def _write_lock(_url: str) -> Any:
    return threading.BoundedSemaphore(1)


def _sqlite(service: str) -> Engine:
    folder = settings().var_folder / "data"
    folder.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{folder / service}.sqlite",
        hide_parameters=True,
        connect_args={"timeout": 5, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see below
        for pragma in ("journal_mode=WAL", f"synchronous={_flushing()}", "foreign_keys=ON", "cache_size=-8000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads")
        connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")

    return engine


def _flushing() -> str:
    """What is played on a stepped clock need not outlive a power cut; that a process is killed it outlives as well."""
    return "NORMAL" if settings().clock.kind == "stepped" else "FULL"


def _postgres(service: str, database: str, connections: int) -> Engine:
    """Connections aren't tried before use: what fails with a lost one is done again on a new one (`is_transient`)."""
    timeouts = (
        f"-cstatement_timeout={_STATEMENT_TIMEOUT} -clock_timeout={_LOCK_TIMEOUT}"
        f" -cidle_in_transaction_session_timeout={_IDLE_IN_TRANSACTION_TIMEOUT} {_SERVER_KEEPALIVES}"
    )
    engine = create_engine(
        make_url(database),
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,  # the connection that was used last has its statements prepared
        connect_args={
            "options": f"-csearch_path={service} {timeouts} {_BY_INDEX}",
            "connect_timeout": 5,
            "application_name": f"gongshang-{service}",
            **_KEEPALIVES,
            "prepare_threshold": 3,
        },
    )

    @event.listens_for(engine, "set_connection_execution_options")
    def look(_connection: Connection, options: dict[str, Any]) -> None:
        if options.get("reads"):  # each statement by itself: no round trips for BEGIN and ROLLBACK
            options["isolation_level"] = "AUTOCOMMIT"

    return engine
