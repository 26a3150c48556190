"""Alembic's way in."""

from services.dispatch.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
