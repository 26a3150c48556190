"""What every service's database has in common: column types, finding and keeping, writing in bulk, migrations."""

from shared.storage.appending import Appending
from shared.storage.engine import LostRace, streaming
from shared.storage.many import given, is_any
from shared.storage.repository import Repository
from shared.storage.types import Instant, Json, Words
from shared.storage.within import is_within
from shared.storage.writes import Row, Writes

__all__ = [
    "Appending",
    "Instant",
    "Json",
    "LostRace",
    "Repository",
    "Row",
    "Words",
    "Writes",
    "given",
    "is_any",
    "is_within",
    "streaming",
]
