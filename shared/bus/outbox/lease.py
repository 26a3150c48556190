"""Who may publish for a database: one process at a time, and for no longer than it shows that it lives.

In PostgreSQL it is a row that its holder renews. It may be taken when its holder's session has ended, or has not
renewed it in time by the database's own clock: so a holder that is frozen or cut off is replaced as well. Each holder
has a higher fencing number than the one before, and what it changes in the outbox is changed only while the number is
still its own. Beside SQLite it is a file lock, which ends with its process, and not before.
"""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Update, bindparam, exists, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from shared.bus.tables import bus_tables
from shared.settings import settings
from shared.storage.engine import READS, writing

LEASE_SECONDS = 10
RENEW_SECONDS = 3

_leases = bus_tables(MetaData()).leases
_EXPIRY = func.now() + text(f"interval '{LEASE_SECONDS} seconds'")
_OWN = (_leases.c.name == "outbox") & (_leases.c.fence == bindparam("own_fence"))
_RENEW = update(_leases).where(_OWN).values(expires_at=_EXPIRY)
_GIVE_UP = update(_leases).where(_OWN).values(expires_at=func.now())
_TAKE = text(f"""
    UPDATE leases
    SET holder = pg_backend_pid()::text, fence = fence + 1, expires_at = now() + interval '{LEASE_SECONDS} seconds'
    WHERE name = 'outbox' AND (
        expires_at NOT BETWEEN now() AND now() + interval '{2 * LEASE_SECONDS} seconds'
        OR holder NOT IN (SELECT pid::text FROM pg_stat_activity WHERE pid IS NOT NULL)
    )
    RETURNING fence
""")
_MAKE = text(
    "INSERT INTO leases (name, holder, fence, expires_at) VALUES ('outbox', '', 0, now()) ON CONFLICT DO NOTHING"
)


class LeaseLost(Exception):
    """Another process may publish now; whatever was not marked is its business."""


class Lease:
    """The right to publish, held. All that its holder reads and changes goes through it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self) -> None:
        """To be called before publishing, and every second or so. Raises LeaseLost."""

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(**READS) as connection:
            yield connection

    def change(self, change: Update, values: dict[str, Any]) -> None:
        """Raises LeaseLost, and changes nothing, when the lease is another's."""
        with writing(self._engine), self._engine.begin() as connection:
            connection.execute(change, values)


class RowLease(Lease):
    """A lease in PostgreSQL, on a connection of its own: its holder is that session. Each change renews it."""

    def __init__(self, connection: Connection, fence: int, taken_at: float) -> None:
        super().__init__(connection.engine)
        self._connection = connection
        self._own = {"own_fence": fence}
        self._renewed_at = taken_at

    def keep(self) -> None:
        age = time.monotonic() - self._renewed_at
        if age > LEASE_SECONDS:
            raise LeaseLost(f"not renewed for {age:.0f} s")
        if age > RENEW_SECONDS:
            self._renew()

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        yield self._connection

    def change(self, change: Update, values: dict[str, Any]) -> None:
        asked_at = time.monotonic()
        if self._connection.execute(_while_held(change), values | self._own).rowcount:
            self._renewed_at = asked_at
        else:
            self._renew()

    def give_up(self) -> None:
        with suppress(SQLAlchemyError):  # it ends by itself
            self._connection.execute(_GIVE_UP, self._own)

    def _renew(self) -> None:
        asked_at = time.monotonic()
        if not self._connection.execute(_RENEW, self._own).rowcount:
            raise LeaseLost("another process has it")
        self._renewed_at = asked_at


@cache
def _while_held(change: Update) -> Update:
    """One statement: renews the lease, and makes the change only if there was one to renew."""
    held = _RENEW.returning(_leases.c.fence).cte("held")
    return change.where(exists(select(held.c.fence)))


@contextmanager
def lease(database: str, engine: Engine) -> Iterator[Lease | None]:
    """The right to publish for the database; None while another process has it."""
    taken = _file_lease(database, engine) if engine.dialect.name == "sqlite" else _row_lease(engine)
    with taken as one:
        yield one


@contextmanager
def _file_lease(database: str, engine: Engine) -> Iterator[Lease | None]:
    with (settings().var_folder / "data" / f"{database}.relay").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield Lease(engine)


@contextmanager
def _row_lease(engine: Engine) -> Iterator[RowLease | None]:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = _take(connection)
        try:
            yield taken
        finally:
            if taken is not None:
                taken.give_up()


def _take(connection: Connection) -> RowLease | None:
    asked_at = time.monotonic()
    fence = connection.scalar(_TAKE)
    if fence is None and connection.execute(_MAKE).rowcount:
        fence = connection.scalar(_TAKE)
    return None if fence is None else RowLease(connection, fence, asked_at)
