"""A migrated database of councils, empty at the beginning of each test, on SQLite and on PostgreSQL."""

from tests.databases import engine_of

engine = engine_of("councils")
