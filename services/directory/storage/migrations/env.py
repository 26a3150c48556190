"""Runs the migrations of the directory."""

from services.directory.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
