"""All tables of the board's database: both generations, which of them serves, the copy of the directory, the bus's."""

from sqlalchemy import Column, Integer, MetaData, Table

from services.board.storage.projections import GENERATIONS, projection_tables
from shared.bus.tables import bus_tables
from shared.directory.tables import directory_tables
from shared.storage.types import Instant

FIRST = 1
"""The generation that serves until it is said otherwise."""
metadata = MetaData()
bus = bus_tables(metadata)
directory = directory_tables(metadata)
generation = {number: projection_tables(metadata, number) for number in GENERATIONS}
"""The tables of each generation by its number."""

serving = Table(
    "serving",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)
"""One row: which generation is written and looked at. Who writes holds a lock on it until its transaction ends."""

heard = Table(
    "heard",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("until", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)
"""One row: when the last event that was written had happened, and when it was written."""
