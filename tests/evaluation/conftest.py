"""Evaluation's database, made by its migrations."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shared.storage.engine import make_engine
from tests.databases import migrate_quickly


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine("evaluation", database)
    migrate_quickly("evaluation", made)
    yield made
    made.dispose()
