"""A migrated database of councils with a few units, halls and people, at the beginning of each test."""

import pytest
from sqlalchemy import Engine

from tests.councils.builders import the_directory
from tests.databases import engine_of
from tests.told import tell

migrated = engine_of("councils")


@pytest.fixture
def engine(migrated: Engine) -> Engine:
    tell(migrated, *the_directory())
    return migrated
