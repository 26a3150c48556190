"""A migrated database of deliberation, empty at the beginning of each test, on SQLite and on PostgreSQL."""

import pytest

from services.deliberation.storage.repository import DeliberationStore
from tests.databases import engine_of
from tests.deliberation.builders import Hall
from tests.fakes import a_work_of
from tests.told import tell_few

engine = engine_of("deliberation", tell_few)


@pytest.fixture
def work():
    return a_work_of(DeliberationStore)


@pytest.fixture
def hall(work):
    return Hall(work)
