"""A migrated database of evaluation with a few units, at the beginning of each test, on SQLite and on PostgreSQL."""

from tests.databases import engine_of
from tests.told import tell_few

engine = engine_of("evaluation", tell_few)
