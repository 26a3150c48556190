"""The service's own database, migrated, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import engine_for
from tests.databases import migrate_quickly


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = engine_for("councils")
    migrate_quickly("councils", made)
    yield made
    made.dispose()
