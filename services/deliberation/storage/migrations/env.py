from services.deliberation.storage.tables import metadata
from shared.storage.migrations import run

run(metadata)
