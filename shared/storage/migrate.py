"""Brings service databases to the newest migration, from whatever state they are in. Safe to run again.

Alembic is loaded only when there is something to do: it takes as long as everything else here.
"""

from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from shared.storage.engine import engine_for_migrations
from shared.storage.revisions import current_revision, migrations_of, newest_revision

if TYPE_CHECKING:
    from alembic.config import Config


def migrate(service: str, engine: Engine) -> tuple[str, str]:
    """Returns the revision before and after; both are the same if there was nothing to do."""
    before = current_revision(engine)
    head = newest_revision(service)
    if before != head:
        from alembic import command

        config = _config(service)
        with engine_for_migrations(service, engine) as patient, patient.connect() as connection:
            _lock(connection, service)
            config.attributes.update(connection=connection, schema=service)
            command.upgrade(config, "head")
            connection.commit()
    return before, head


def _config(service: str) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_of(service)).replace("%", "%%"))  # % begins an expansion
    config.set_main_option("path_separator", "os")
    return config


def _lock(connection: object, service: str) -> None:
    """Two operators at once: the second waits. SQLite's own write lock does it there."""
    if connection.dialect.name == "postgresql":  # type: ignore[attr-defined]
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"migrate {service}"})  # type: ignore[attr-defined]
