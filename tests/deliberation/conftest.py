"""A migrated database of deliberation, empty at the beginning of each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from tests.databases import migrate_quickly


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("deliberation", database)
    migrate_quickly("deliberation", made)
    yield made
    made.dispose()
