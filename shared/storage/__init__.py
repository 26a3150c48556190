"""What every service's database has in common: column types, the bus's tables, the unit of work's parts, migrations."""

from shared.storage.bus_tables import BusTables, bus_tables, bus_tables_v1
from shared.storage.engine import streaming
from shared.storage.many import given, is_any
from shared.storage.repository import Repository
from shared.storage.store import Due, Outbox, Store, Timers
from shared.storage.types import Instant, Json, Words
from shared.storage.writes import Row, Writes

__all__ = [
    "BusTables",
    "Due",
    "Instant",
    "Json",
    "Outbox",
    "Repository",
    "Row",
    "Store",
    "Timers",
    "Words",
    "Writes",
    "bus_tables",
    "bus_tables_v1",
    "given",
    "is_any",
    "streaming",
]
