"""Numbers that grow and shrink: added up in memory, written at the end of a transaction as they are by then."""

from collections.abc import Mapping

from sqlalchemy import Table, select

from shared.storage.many import is_any
from shared.storage.work import Work
from shared.storage.writes import Row, Writes


class Counting:
    """The rows of a table by their `id`, which says all of a row but its `number`. One that comes to nothing goes."""

    def __init__(self, work: Work, table: Table) -> None:
        self._connection, self._table = work.connection, table
        self._rows: dict[str, Row] = {}
        self._added: dict[str, int] = {}
        work.parts.append(self)

    def add(self, number: int, **about: object) -> None:
        """So many more, or fewer, of what these columns say."""
        id = "|".join(map(str, about.values()))
        self._rows.setdefault(id, about)
        self._added[id] = self._added.get(id, 0) + number

    def mark(self) -> None:
        """Nothing here is undone: no command changes a number."""

    def restore(self) -> None:
        """As above."""

    def flush(self, writes: Writes) -> None:
        changed = {id: number for id, number in self._added.items() if number}
        if not changed:
            return
        before = self._numbers(changed)
        after = {id: before.get(id, 0) + number for id, number in changed.items()}
        kept = [{"id": id, **self._rows[id], "number": number} for id, number in after.items() if number]
        writes.insert(self._table, kept, replace="id")
        writes.delete(self._table, [{"id": id} for id, number in after.items() if not number and id in before])

    def _numbers(self, ids: Mapping[str, int]) -> dict[str, int]:
        of = self._table.c
        return {
            row.id: row.number for row in self._connection.execute(select(of.id, of.number).where(is_any(of.id, ids)))
        }
