"""Things that are only ever added: written in bulk, never found by a key, never changed."""

from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Table

from shared.storage.work import Work
from shared.storage.writes import Row, Writes

T = TypeVar("T")


class Appending(Generic[T]):
    """Takes rows or entities whose fields are named as the columns. With `once`, a key that is there stays as it is."""

    table: ClassVar[Table]
    columns: ClassVar[list[str]]
    once: ClassVar[str] = ""
    """The columns of a unique key, as in an index."""

    def __init__(self, work: Work) -> None:
        self.connection = work.connection
        self._new: list[Row] = []
        self._marked = 0
        work.parts.append(self)

    def add(self, one: T) -> None:
        self._new.append({name: getattr(one, name) for name in self.columns})

    def mark(self) -> None:
        self._marked = len(self._new)

    def restore(self) -> None:
        del self._new[self._marked :]

    def flush(self, writes: Writes) -> None:
        rows: list[Any] = self._new
        self._new, self._marked = [], 0
        writes.insert(self.table, rows, unless_there=self.once)
