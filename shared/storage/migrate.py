"""Brings service databases to the newest migration, from whatever state they are in. Safe to run again."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

SERVICES_FOLDER = Path(__file__).resolve().parents[2] / "services"


def migrate(service: str, engine: Engine) -> tuple[str, str]:
    """Returns the revision before and after; both are the same if there was nothing to do."""
    config = _config(service)
    before = current_revision(engine)
    head = newest_revision(service)
    if before != head:
        with engine.connect() as connection:
            _lock(connection, service)
            config.attributes.update(connection=connection, schema=service)
            command.upgrade(config, "head")
            connection.commit()
    return before, head


def current_revision(engine: Engine) -> str:
    """The revision a database is at; empty for a new one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def newest_revision(service: str) -> str:
    return ScriptDirectory.from_config(_config(service)).get_current_head() or ""


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SERVICES_FOLDER / service / "storage" / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _lock(connection: object, service: str) -> None:
    """Two operators at once: the second waits. SQLite's own write lock does it there."""
    if connection.dialect.name == "postgresql":  # type: ignore[attr-defined]
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"migrate {service}"})  # type: ignore[attr-defined]
