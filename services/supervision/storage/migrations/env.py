"""Alembic's way in; `shared.storage.migrations` does the work."""

from services.supervision.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
