"""A migrated database of intake, empty at the beginning of each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from tests.databases import migrate_quickly


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("intake", database)
    migrate_quickly("intake", made)
    yield made
    made.dispose()
