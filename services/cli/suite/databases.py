"""All services' databases at once, to the newest version or compared with it. One database per service."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import Engine, MetaData, select
from sqlalchemy.exc import SQLAlchemyError

from services import SERVICES
from services.cli.folders import in_var
from services.cli.output import in_settings
from services.cli.servers.broker_files import write_privately
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite.filling import fill_directory
from shared.bus.tables import bus_tables
from shared.clock import begins_at
from shared.settings import REMEMBERED_DATABASE, settings
from shared.storage import migrate as storage_migrate
from shared.storage.engine import engine_for
from shared.storage.revisions import current_revision, migrations_of, newest_revision

_said = bus_tables(MetaData()).outbox.c


@dataclass(frozen=True)
class Migrated:
    """What a migration run did to one service's database. A database that is new had no version before."""

    service: str
    before: str
    after: str


def has_migrations(service: str) -> bool:
    return (migrations_of(service) / "env.py").exists()


def migrate(services: Sequence[str]) -> list[Migrated]:
    """Each service's database to its newest version; made, and filled with what ships, if it isn't there.

    Run again, it changes nothing.
    """
    with one_at_a_time():
        return [migrate_one(service) for service in services if has_migrations(service)]


def migrate_one(service: str) -> Migrated:
    engine = engine_for(service)
    try:
        migrated = Migrated(service, *storage_migrate.migrate(service, engine))
        if service == "directory":
            fill_directory()
        return migrated
    except SQLAlchemyError as trouble:
        raise NodeUnavailable(f"The database of {service} could not be migrated: {first_line(trouble)}") from trouble
    finally:
        engine.dispose()


def versions(service: str) -> tuple[str, str]:
    """A database's version and the newest there is. Raises SQLAlchemyError when the database is away."""
    engine = engine_for(service)
    if not is_made(engine):
        return "", newest_revision(service)
    try:
        return current_revision(engine), newest_revision(service)
    finally:
        engine.dispose()


def most_connections() -> int | None:
    """How many PostgreSQL lets in who are no superusers; None where it is not used, or away."""
    engine = engine_for(SERVICES[0])
    if engine.dialect.name == "sqlite":
        return None
    asked = "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    try:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql(asked).scalar_one())
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def is_made(engine: Engine) -> bool:
    """Looking into a SQLite file that isn't there would make it."""
    return engine.dialect.name != "sqlite" or Path(str(engine.url.database)).exists()


def directory_must_be_made() -> None:
    """Raises ClickException where there is no directory to look into."""
    if not is_made(engine_for("directory")):
        demo = in_var("demo")
        played = f" For the demo set GONGSHANG_VAR={demo}." if demo.exists() else ""
        raise click.ClickException(f"The directory has no database yet. Run ./gongshang migrate first.{played}")


def clock_must_go_on(services: Sequence[str]) -> None:
    """Raises ClickException where a clock that is set to an instant would begin before what is recorded."""
    begins = begins_at(settings())
    if begins is None:
        return
    latest = max(filter(None, (_last_said_at(one) for one in SERVICES if one in services)), default=begins)
    if begins < latest:
        raise click.ClickException(
            f"GONGSHANG_CLOCK never goes back: it would begin at {in_settings(begins)}, and what is recorded here "
            f"goes on to {in_settings(latest)}. Name a later instant, or another folder as GONGSHANG_VAR."
        )


def _last_said_at(service: str) -> datetime | None:
    engine = engine_for(service)
    try:
        with engine.connect() as connection:
            found: datetime | None = connection.scalar(
                select(_said.created_at).order_by(_said.position.desc()).limit(1)
            )
            return found
    finally:
        engine.dispose()


def first_line(trouble: Exception) -> str:
    return str(trouble).splitlines()[0]


def remember_database() -> None:
    """For commands in other shells, which may not have the setting that `up` was given."""
    file = in_var("supervisor", REMEMBERED_DATABASE)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_privately(file, settings().database)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two programs on this machine; on PostgreSQL the server itself keeps machines apart."""
    in_var().mkdir(parents=True, exist_ok=True)
    with in_var("migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
