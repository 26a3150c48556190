"""A migrated database of the directory with a few units, at the beginning of each test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from services.directory.service import DirectoryService
from shared.storage.engine import make_engine
from tests.databases import migrate_quickly
from tests.directory.builders import MONDAY
from tests.harness import Bus
from tests.told import tell


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("directory", database)
    migrate_quickly("directory", made)
    tell(made)
    yield made
    made.dispose()


@pytest.fixture
def bus(engine: Engine) -> Bus:
    return Bus(engine, DirectoryService, MONDAY)
