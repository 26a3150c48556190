"""What stands in a generation of the board, table by table, so that two can be compared."""

from typing import Any

from sqlalchemy import Engine, select

from services.board.storage import tables
from services.board.storage.repository import serving

Dump = dict[str, list[tuple[Any, ...]]]


def dump(engine: Engine, generation: int = 0) -> Dump:
    """All rows by key; of the generation that serves, if none is named."""
    with engine.connect() as connection:
        shelf = tables.generation[generation or serving(connection)]
        return {
            name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for name, table in zip(shelf._fields, shelf, strict=True)
        }
