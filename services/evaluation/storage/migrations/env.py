"""Alembic's way in."""

from services.evaluation.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
