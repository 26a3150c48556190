"""A migrated database of the board with a few units, at the beginning of each test, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import Engine

from tests.databases import engine_of
from tests.told import tell

migrated = engine_of("board")


@pytest.fixture
def engine(migrated: Engine) -> Engine:
    tell(migrated)
    return migrated
