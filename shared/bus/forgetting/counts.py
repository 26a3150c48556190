"""How many rows of a type were taken out of a table: whoever counts all that was heard and said adds them."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, MetaData
from sqlalchemy.dialects import postgresql, sqlite

from shared.bus.tables import bus_tables
from shared.contracts import EVENTS

OTHER = "other"
"""What outsiders called something that we don't know: theirs are too many names for a table of sums."""

_forgotten = bus_tables(MetaData()).forgotten


def count(connection: Connection, table: str, types: Iterable[str]) -> None:
    """Add to the sums, in the transaction that takes the rows out."""
    counted = Counter(one if one in EVENTS else OTHER for one in types)
    rows = [{"name": table, "type": one, "number": number} for one, number in sorted(counted.items())]
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    insert = dialect.insert(_forgotten)
    summed = _forgotten.c.number + insert.excluded.number
    connection.execute(insert.on_conflict_do_update(index_elements=["name", "type"], set_={"number": summed}), rows)
