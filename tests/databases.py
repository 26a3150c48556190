"""Databases as the migrations make them, quickly: migrated once in each process of tests, then copied or emptied.

That the migrations make what the code needs is held by a guard; here their own time is saved, in hundreds of tests.
"""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine

from services.cli.servers.postgres import PostgresServer
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for, make_engine
from shared.storage.migrate import migrate

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count()
Fill = Callable[[Engine], None]
"""Puts into a service's database what its tests find there at the beginning: the directory's copy."""
_kept: dict[tuple[Fill | None, tuple[str, ...]], "Kept"] = {}
DISCONNECT_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')"
TOUCHED = """
SELECT nspname, one.relname FROM pg_class AS one JOIN pg_namespace AS home ON home.oid = one.relnamespace
WHERE nspname = ANY(%s) AND one.relkind = 'r' AND one.relname <> 'alembic_version' AND (
    pg_relation_size(one.oid) > 0 OR EXISTS (
        SELECT 1 FROM pg_depend JOIN pg_class AS numbers ON numbers.oid = objid
        WHERE refobjid = one.oid
        AND CASE numbers.relkind WHEN 'S' THEN pg_sequence_last_value(numbers.oid) IS NOT NULL END
    )
)
"""
"""Tables in which something was written, and those of which a number was drawn."""
OF_THE_COPY = ("directory_periods", "directory_state")
SHAPE = " UNION ALL ".join(
    f"SELECT '{catalog}', count(*), max(xmin::text::bigint) FROM {catalog}"
    for catalog in ("pg_attribute", "pg_constraint", "pg_trigger", "pg_proc")
)
"""Changes with whatever is altered in a database besides its rows."""


class Filled:
    """The rows that a table was filled with, to be put back into it."""

    def __init__(self, connection: psycopg.Connection[Any], names: tuple[str, str]) -> None:
        self.names = names
        with connection.cursor().copy(self.said("COPY {} TO STDOUT (FORMAT BINARY)")) as copy:
            self._rows = b"".join(copy)
        self._mark = self.mark(connection)

    def is_changed(self, connection: psycopg.Connection[Any]) -> bool:
        return self.mark(connection) != self._mark

    def put_back(self, connection: psycopg.Connection[Any]) -> None:
        """Into the table, which is empty."""
        with connection.cursor().copy(self.said("COPY {} FROM STDIN (FORMAT BINARY)")) as copy:
            copy.write(self._rows)
        self._mark = self.mark(connection)

    def mark(self, connection: psycopg.Connection[Any]) -> Any:
        """Another one after any change of a row."""
        return connection.execute(self.said("SELECT count(*), max(xmin::text::bigint) FROM {}")).fetchone()

    def said(self, statement: LiteralString) -> sql.Composed:
        return sql.SQL(statement).format(sql.Identifier(*self.names))


class Kept:
    """A database on PostgreSQL with some services' newest tables, filled or empty, for one test after the other.

    It is made anew when a test has altered more than rows, or its account may not pass by triggers.
    """

    def __init__(self, server: PostgresServer, services: Sequence[str], fill: Fill | None) -> None:
        self.server, self.services, self.fill = server, list(services), fill
        self.make()

    def make(self) -> None:
        self.name = f"test_{os.getpid()}_{next(_numbers)}"
        self.url = self.server.create_database(self.name)
        for service in self.services:
            engine = make_engine(service, self.url)
            migrate(service, engine)
            if self.fill is not None:
                self.fill(engine)
            engine.dispose()
        with self.connected() as connection:
            self.shape = connection.execute(SHAPE).fetchall()
            filled = itertools.product(self.services, OF_THE_COPY) if self.fill else ()
            self.filled = [Filled(connection, names) for names in filled]

    def clear(self) -> None:
        """Take out what a test has left."""
        try:
            with self.connected() as connection:
                connection.execute(DISCONNECT_OTHERS)
                self.drop_added_schemas(connection)
                self.empty_tables(connection)
                is_as_made = connection.execute(SHAPE).fetchall() == self.shape
        except psycopg.errors.InsufficientPrivilege:
            is_as_made = False
        if not is_as_made:
            self.server.drop_database(self.name)
            self.make()

    def drop_added_schemas(self, connection: psycopg.Connection[Any]) -> None:
        for (schema,) in connection.execute(SCHEMAS).fetchall():
            if schema not in self.services:
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))

    def empty_tables(self, connection: psycopg.Connection[Any]) -> None:
        """Of those that were filled only what a test has changed, and that is filled again."""
        changed = [one for one in self.filled if one.is_changed(connection)]
        left_alone = {one.names for one in self.filled if one not in changed}
        found = [names for names in connection.execute(TOUCHED, [self.services]) if names not in left_alone]
        if found:
            connection.execute("SET session_replication_role = replica")  # some tables let nobody take rows out
            tables = sql.SQL(", ").join(sql.Identifier(*names) for names in found)
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
        for one in changed:
            one.put_back(connection)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[Any]]:
        address = self.url.replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            yield connection


def runs_on(kind: str = "postgresql") -> Sequence[str]:
    """Where a running suite goes through a story or a campaign: the short form on one, EVERY_DATABASE=1 on each.

    What reads and writes is tested on each by itself.
    """
    return KINDS if os.environ.get("EVERY_DATABASE") else (kind,)


@contextmanager
def lent(request: pytest.FixtureRequest, *services: str, fill: Fill | None = None) -> Iterator[str]:
    """A place for databases, those of some services migrated and filled or empty, as GONGSHANG_DATABASE names it.

    Settings and engines made meanwhile lie there; everything is gone afterwards. For fixtures with KINDS as `params`.
    """
    patch, folder = request.getfixturevalue("monkeypatch"), request.getfixturevalue("tmp_path")
    if request.param == "sqlite":
        copy_migrated(services, folder, fill)
        with settled(patch, folder, "sqlite"):
            yield "sqlite"
        return
    server = request.getfixturevalue("postgres")
    if (fill, services) not in _kept:
        _kept[fill, services] = Kept(server, services, fill)
    kept = _kept[fill, services]
    with settled(patch, folder, kept.url):
        yield kept.url
    kept.clear()


@contextmanager
def settled(patch: pytest.MonkeyPatch, folder: Path, url: str) -> Iterator[None]:
    """Settings and engines made meanwhile belong there."""
    patch.setenv("GONGSHANG_VAR", str(folder))
    patch.setenv("GONGSHANG_DATABASE", url)
    settings.cache_clear()
    close_engines()
    yield
    patch.undo()
    settings.cache_clear()
    close_engines()


def copy_migrated(services: Sequence[str], folder: Path, fill: Fill | None = None) -> None:
    """SQLite files of services into a var folder."""
    for service in services:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        shutil.copy(_migrated_file(service, fill), folder / "data")


@cache
def _migrated_file(service: str, fill: Fill | None) -> Path:
    folder = settings().var_folder / "migrated" / (fill.__name__ if fill else "empty")
    with pytest.MonkeyPatch.context() as patch, settled(patch, folder, "sqlite"):
        migrate(service, engine_for(service))
        if fill is not None:
            fill(engine_for(service))
    return folder / "data" / f"{service}.sqlite"


def engine_of(service: str, fill: Fill | None = None, *, kinds: Sequence[str] = KINDS) -> Callable[..., Any]:
    """A fixture: a migrated database of the service, filled or empty at the beginning of each test, on each kind."""

    @pytest.fixture(params=kinds)
    def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
        with lent(request, service, fill=fill) as url:
            made = make_engine(service, url)
            yield made
            made.dispose()

    return engine


def drop_kept() -> None:
    while _kept:
        _, kept = _kept.popitem()
        kept.server.drop_database(kept.name)
