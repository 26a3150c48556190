"""A migrated database of dispatch on SQLite and on PostgreSQL, which was told a few units, duties and desks."""

import pytest
from sqlalchemy import Engine

from tests.databases import engine_of
from tests.told import few_desks, few_duties, tell

untold = engine_of("dispatch")


@pytest.fixture
def engine(untold: Engine) -> Engine:
    tell(untold, *few_duties(), *few_desks())
    return untold
