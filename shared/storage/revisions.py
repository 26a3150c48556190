"""Which version of its tables a database has, and which this program needs. Told without Alembic, for a quick start."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from shared.settings import PROJECT_FOLDER


def migrations_of(service: str) -> Path:
    """The folder of a service's Alembic migrations."""
    return PROJECT_FOLDER / "services" / service / "storage" / "migrations"


def current_revision(engine: Engine) -> str:
    """The revision a database is at; empty for a new one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return ""
        return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def newest_revision(service: str) -> str:
    """A migration's file begins with its revision, and they are numbered in order: 0001_initial.py."""
    return max(path.name.partition("_")[0] for path in (migrations_of(service) / "versions").glob("[0-9]*_*.py"))
