"""A migrated database of dispatch, empty at the beginning of each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from tests.databases import migrate_quickly


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("dispatch", database)
    migrate_quickly("dispatch", made)
    yield made
    made.dispose()
