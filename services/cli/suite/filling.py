"""What a new directory begins with: what ships. Looked at with each migration, loaded only when it is needed."""

from sqlalchemy import text

from shared.settings import settings
from shared.storage.engine import READS, engine_for

HAS_UNITS = text("SELECT 1 FROM directory_periods WHERE kind = 'unit' LIMIT 1")


def fill_directory() -> int:
    """Put in what ships where the directory has no units; says how many entries. Safe again, and by two at once."""
    engine = engine_for("directory")
    with engine.connect().execution_options(**READS) as connection:
        if connection.execute(HAS_UNITS).first():
            return 0

    from services.directory.storage.repository import DirectoryStore
    from services.directory.storage.shipped_files import read_shipped
    from services.directory.use_cases.shipping import ship
    from shared.bus.moment import Moments
    from shared.bus.work import transaction

    with transaction(engine, DirectoryStore) as work:
        return ship(work, read_shipped(settings().units_file, settings().duties_file), Moments().now())
