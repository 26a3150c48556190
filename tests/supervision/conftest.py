"""A migrated database of supervision on SQLite and on PostgreSQL, which was told a few units and the duty list."""

import pytest
from sqlalchemy import Engine

from tests.databases import engine_of
from tests.told import few_duties, tell

untold = engine_of("supervision")


@pytest.fixture
def engine(untold: Engine) -> Engine:
    tell(untold, *few_duties())
    return untold
