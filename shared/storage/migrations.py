"""Runs a service's Alembic migrations; each service's `env.py` is two lines that call `run`."""

from alembic import context
from sqlalchemy import Connection, MetaData, text


def run(metadata: MetaData) -> None:
    """Migrate on the connection that the caller put into the Alembic config's attributes."""
    connection: Connection = context.config.attributes["connection"]
    if connection.dialect.name == "postgresql":
        schema = context.config.attributes["schema"]
        connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
