"""Runs the migrations of the gateway."""

from services.gateway.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
