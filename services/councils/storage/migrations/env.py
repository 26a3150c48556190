"""Runs the migrations of councils."""

from services.councils.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
