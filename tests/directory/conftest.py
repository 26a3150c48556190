"""A migrated database of the directory with a few units, at the beginning of each test."""

import pytest
from sqlalchemy import Engine

from services.directory.service import DirectoryService
from tests.databases import engine_of
from tests.directory.builders import MONDAY
from tests.harness import Bus
from tests.told import tell_few

migrated = engine_of("directory")
engine = engine_of("directory", tell_few)


@pytest.fixture
def bus(engine: Engine) -> Bus:
    return Bus(engine, DirectoryService, MONDAY)
