"""A migrated database of intake, empty at the beginning of each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from shared.storage.migrate import migrate


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("intake", database)
    migrate("intake", made)
    yield made
    made.dispose()
