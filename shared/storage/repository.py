"""The common part of repositories: things by their key, found once per unit of work, also before they are written."""

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.storage.many import is_any

T = TypeVar("T")


class Repository(Generic[T]):
    """Entities of one mapped class with a single-column key.

    `preload` answers for a whole batch with one query; what it did not find is remembered as absent.
    """

    entity: type[T]
    key = "id"

    def __init__(self, session: Session) -> None:
        self.session = session
        self._known: dict[str, T | None] = {}

    def add(self, one: T) -> None:
        self._known[getattr(one, self.key)] = one
        self.session.add(one)

    def find(self, key: str) -> T | None:
        if key not in self._known:
            self._known[key] = self.session.get(self.entity, key)
        return self._known[key]

    def preload(self, keys: Iterable[str]) -> None:
        """Fetch many at once, so that `find` and `add` need no query of their own."""
        wanted = {key for key in keys if key not in self._known}
        if not wanted:
            return
        column: Any = getattr(self.entity, self.key)
        rows = self.session.scalars(select(self.entity).where(is_any(column, wanted)))
        found = {getattr(one, self.key): one for one in rows}
        self._known.update({key: found.get(key) for key in wanted})
