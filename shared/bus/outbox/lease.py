"""Who may publish for a database: one process at a time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text

from shared.settings import settings


@contextmanager
def lease(database: str, engine: Engine) -> Iterator[bool]:
    """Whether this process may publish for the database now. Ends with the process, however it ends."""
    if engine.dialect.name == "sqlite":
        folder = settings().var_folder / "data"
        with (folder / f"{database}.relay").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        lock = {"name": f"relay {database}"}
        held = bool(connection.scalar(text("SELECT pg_try_advisory_lock(hashtext(:name))"), lock))
        try:
            yield held
        finally:
            if held and not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(hashtext(:name))"), lock)
