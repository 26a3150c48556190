"""Alembic's way into intake's migrations."""

from services.intake.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
