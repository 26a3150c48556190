"""What a new directory begins with: what ships, and in a world of its own the people of an exercise.

Looked at with each migration, and loaded only when it is needed.
"""

import getpass
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

from shared.settings import settings
from shared.storage.engine import READS, engine_for, engine_for_migrations

if TYPE_CHECKING:
    from services.directory.storage.repository import DirectoryStore

HAS_UNITS = text("SELECT 1 FROM directory_periods WHERE kind = 'unit' LIMIT 1")


def fill_directory() -> int:
    """Put in what ships where the directory has no units; says how many entries. Safe again, and by two at once."""
    engine = engine_for("directory")
    with engine.connect().execution_options(**READS) as connection:
        if connection.execute(HAS_UNITS).first():
            return 0

    from services.directory.storage.shipped_files import read_shipped
    from services.directory.use_cases.shipping import ship
    from shared.bus.moment import Moments

    with in_bulk() as work:
        return ship(work, read_shipped(settings().units_file, settings().duties_file), Moments().now())


def make_exercise(seed: int, *, full: bool = False) -> Counter[str]:
    """People, desks and halls from a seed; says how many entries of each kind changed."""
    from services.directory.storage.duty_file import read_duties
    from services.directory.storage.exercise_file import exercise_plan
    from services.directory.use_cases.generating import Wanted, generate
    from shared.bus.moment import Moments

    wanted = Wanted(exercise_plan(), read_duties(settings().duties_file), seed, full, getpass.getuser())
    with in_bulk() as work:
        return generate(work, wanted, Moments().now())


def snapshot() -> int:
    """Tell every service all of the directory again; says how many entries that are."""
    from services.directory.use_cases.telling import tell_all
    from shared.bus.moment import Moments

    with in_bulk() as work:
        return tell_all(work, Moments().now())


@contextmanager
def in_bulk() -> Iterator["DirectoryStore"]:
    """A transaction on the directory that may take its time: also a minute in which it asks nothing of the database."""
    from services.directory.storage.repository import DirectoryStore
    from shared.bus.work import transaction

    engine = engine_for("directory")
    with engine_for_migrations("directory", engine) as patient, transaction(patient, DirectoryStore) as work:
        yield work


def has_learned(service: str) -> bool:
    """Whether a service that listens to the directory has heard all that it has told so far."""
    told = _number("directory", "SELECT count(*) FROM outbox WHERE routing_key = 'directory_told.v1'")
    return _number(service, "SELECT changes FROM directory_state WHERE kind = 'all'") >= told


def _number(service: str, asked: str) -> int:
    with engine_for(service).connect().execution_options(**READS) as connection:
        return int(connection.execute(text(asked)).scalar() or 0)
