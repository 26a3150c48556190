"""A migrated database of supervision, empty at the beginning of each test, on SQLite and on PostgreSQL."""

from tests.databases import engine_of

engine = engine_of("supervision")
