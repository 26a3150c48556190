"""The tables of the directory beside the bus's own: all periods of all entries, and the journal of changes."""

from sqlalchemy import Column, Index, MetaData, String, Table, Text

from services.directory.domain.change import Action, ChangeState
from shared.bus.tables import bus_tables
from shared.directory.tables import directory_tables
from shared.storage import Instant, Json, Words

metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)

changes = Table(
    "changes",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("entry_id", String(120), nullable=False),
    Column("unit_code", String(15), nullable=False),
    Column("action", Words(Action), nullable=False),
    Column("facts", Json, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Column("replaced_by", Json, nullable=False),
    Column("why", Text, nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("asked_person", String(200), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("decide_by", Instant),
    Column("state", Words(ChangeState), nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("decided_at", Instant),
    Column("reason", Text, nullable=False),
    Index("changes_by_entry", "kind", "entry_id", "asked_at"),
    Index("changes_by_state", "state", "unit_code", "id"),
)
