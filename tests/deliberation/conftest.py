"""A migrated database of deliberation, empty at the beginning of each test, on SQLite and on PostgreSQL."""

from tests.databases import engine_of
from tests.told import tell_few

engine = engine_of("deliberation", tell_few)
