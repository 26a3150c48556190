"""Alembic's way in."""

from services.board.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
