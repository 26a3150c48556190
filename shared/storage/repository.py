"""Finding and keeping, in one way for all services: read once in a unit of work, written at its end.

Nobody says that something changed: a repository remembers what it read and compares at the end. Two rules follow. What
stands in one column is replaced as a whole, never changed inside; and what a transaction is going to change it locks
before it looks, because others change it too.
"""

import dataclasses
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import Column, ColumnElement, Row, Select, Table, select

from shared.storage.many import is_any_of
from shared.storage.work import Work
from shared.storage.writes import Writes

T = TypeVar("T")
Values = tuple[Any, ...]


class Repository(Generic[T]):
    """Entities of one class in one table, whose columns are named as the entity's fields.

    `movable` names the columns in `of` whose values may change while an entity lives. Repositories of things that are
    only added, read in lists and never changed by somebody else (`key` of several columns) need no locks.
    """

    entity: ClassVar[type[Any]]
    table: ClassVar[Table]
    movable: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "table" in cls.__dict__:
            cls._shape()

    @classmethod
    def _shape(cls) -> None:
        fields = {field.name for field in dataclasses.fields(cls.entity)}
        cls._names = [name for name in cls.table.columns.keys() if name in fields]  # noqa: SIM118
        cls._select = select(*(cls.table.columns[name] for name in cls._names))
        cls._values_of = staticmethod(_getter(cls._names))
        key = [column.name for column in cls.table.primary_key if column.name in fields]
        cls.key_of = staticmethod(attrgetter(*key))
        cls._key_column = cls.table.columns[key[0]]
        cls._by_column = {}
        cls._to_lock = cls._by(key[0]).order_by(cls._key_column).with_for_update()

    @classmethod
    def _by(cls, name: str) -> Select[Any]:
        """Those whose column has one of `values`. Made once: building a statement costs more than running it."""
        if name not in cls._by_column:
            cls._by_column[name] = cls._select.where(is_any_of(cls.table.columns[name], "values"))
        return cls._by_column[name]

    _names: ClassVar[list[str]]
    _select: ClassVar[Select[Any]]
    _values_of: ClassVar[Any]
    key_of: ClassVar[Any]
    """The key of an entity: a text, or a tuple where several columns make it up."""
    _key_column: ClassVar[Column[Any]]
    _by_column: ClassVar[dict[str, Select[Any]]]
    _to_lock: ClassVar[Select[Any]]

    def __init__(self, work: Work) -> None:
        self.connection = work.connection
        self._kept: dict[Any, T | None] = {}  # None: known not to be there
        self._stored: dict[Any, Values] = {}  # as the database has it
        self._locked: set[Any] = set()
        self._of: dict[str, dict[Any, dict[Any, T]]] = {}
        self._before: dict[Any, Values | None] = {}
        work.parts.append(self)

    # one

    def find(self, key: str) -> T | None:
        """To look at."""
        if key not in self._kept:
            self.load([key])
        return self._seen(key)

    def get(self, key: str) -> T:
        """To look at. Raises the error for what is not there."""
        return self._known(key, self.find(key))

    def find_and_lock(self, key: str) -> T | None:
        """To be changed; nobody else changes it until this transaction ends."""
        if key not in self._locked:
            self.lock_all([key])
        return self._seen(key)

    def lock(self, key: str) -> T:
        """To be changed, as `find_and_lock`. Raises the error for what is not there."""
        return self._known(key, self.find_and_lock(key))

    def add(self, one: T) -> None:
        """Keep something new. It is written at the end, as it is by then."""
        key = self.key_of(one)
        if self._kept.get(key) is not None:
            raise ValueError(f"{self.entity.__name__} {key} is there already")
        self._before.setdefault(key, None)
        self._kept[key] = one
        self._locked.add(key)
        for name, by_value in self._of.items():
            if (value := getattr(one, name)) in by_value:
                by_value[value][key] = one

    # many

    def load(self, keys: Iterable[str]) -> None:
        """Read many at once, so that `find` asks no more."""
        if wanted := {key for key in keys if key not in self._kept}:
            self._kept.update(dict.fromkeys(wanted))
            self._read(self._by(self._key_column.name), values=wanted)

    def lock_all(self, keys: Iterable[str]) -> None:
        """Lock many at once, in the order of their keys, so that two transactions never wait for each other."""
        wanted = {key for key in keys if key not in self._locked}
        self._locked |= wanted
        if self.connection.dialect.name == "sqlite":  # its transactions have the whole database
            self.load(wanted)
        elif wanted:
            self._kept.update({key: None for key in wanted if key not in self._kept})
            self._read(self._to_lock, values=wanted, afresh=True)

    def load_of(self, name: str, values: Iterable[Any], *only: ColumnElement[bool]) -> None:
        """Read at once all that have one of these values in a column; of many, `only` those that are asked for ever."""
        by_value = self._of.setdefault(name, {})
        if wanted := {value for value in values if value not in by_value}:
            by_value.update((value, {}) for value in wanted)
            for key, one in self._kept.items():
                if one is not None and (value := getattr(one, name)) in wanted:
                    by_value[value][key] = one
            for one in self._read(self._by(name).where(*only) if only else self._by(name), values=wanted):
                by_value.get(getattr(one, name), {})[self.key_of(one)] = one

    def none_of(self, name: str, value: Any) -> None:
        """What has this value is still to come, because the value itself is new: `of` need not ask."""
        self._of.setdefault(name, {}).setdefault(value, {})

    def of(self, **equal: Any) -> list[T]:
        """All that have these values, those not written yet among them, by key. The first name is looked up."""
        name, value = next(iter(equal.items()))
        self.load_of(name, [value])
        kept: Iterable[tuple[Any, T | None]] = self._of[name][value].items()
        if name in self.movable:  # one may have come from anywhere
            kept = [(key, one) for key, one in self._kept.items() if getattr(one, name, None) == value]
        found = [key for key, one in kept if one is not None and _has(one, equal)]
        return [one for key in sorted(found) if (one := self._seen(key)) is not None]

    def look_up(self, query: Select[Any]) -> list[T]:
        """What a query finds, in its order; begin it with `select_from_here()`. It sees what is written, no more."""
        return [one for one in self._read(query) if one is not None]

    def select_from_here(self) -> Select[Any]:
        """The beginning of a query for `look_up`: the columns of an entity."""
        return self._select

    # a part of a unit of work

    def mark(self) -> None:
        self._before = {}

    def restore(self) -> None:
        for key, values in self._before.items():
            one = self._kept[key]
            if values is not None:
                vars(one).update(zip(self._names, values, strict=True))
                continue
            self._kept[key] = None
            for by_value in self._of.values():
                for found in by_value.values():
                    found.pop(key, None)
        self._before = {}

    def flush(self, writes: Writes) -> None:
        new, changed = [], {}
        for key, one in self._kept.items():
            if one is None:
                continue
            values, stored = self._values_of(one), self._stored.get(key)
            if stored is None:
                new.append(dict(zip(self._names, values, strict=True)))
            elif values != stored:
                changed[key] = self._change(one, stored, values)
            self._stored[key] = values
        writes.insert(self.table, new)
        writes.update_alike(self.table, changed.values())

    # for repositories of a service

    def unknown(self, key: str) -> Exception:
        """The error for a key that nothing has."""
        raise NotImplementedError(f"{type(self).__name__} has no error for what is not there")

    def completed(self, some: Sequence[T]) -> None:
        """Give entities that were just read what does not stand in their own row."""

    # inside

    def _known(self, key: str, one: T | None) -> T:
        if one is None:
            raise self.unknown(key)
        return one

    def _seen(self, key: Any) -> T | None:
        """Whoever gets an entity may change it: remember what it was."""
        one = self._kept[key]
        if one is not None and key not in self._before:
            self._before[key] = self._values_of(one)
        return one

    def _read(self, query: Select[Any], *, values: Iterable[Any] = (), afresh: bool = False) -> list[T]:
        """The entities of a query. One that was read before stays the same object; `afresh` takes over what is new."""
        given = {"values": list(values)} if values else {}
        found: list[T] = []
        made: list[T] = []
        for row in self.connection.execute(query, given):
            one = self._make(row)
            key = self.key_of(one)
            known = self._kept.get(key)
            if known is None:
                self._kept[key], self._stored[key] = one, tuple(row)
                made.append(one)
            elif afresh:
                self._take_over(key, known, row)
            found.append(known or one)
        if made:
            self.completed(made)
        return found

    def _take_over(self, key: Any, known: T, row: Row[Any]) -> None:
        """It was read without a lock before; what it is under the lock holds."""
        if self._values_of(known) != self._stored[key]:
            raise AssertionError(f"{self.entity.__name__} {key} was changed before it was locked")
        vars(known).update(zip(self._names, row, strict=True))
        self._stored[key] = tuple(row)

    def _make(self, row: Row[Any]) -> T:
        one: T = object.__new__(self.entity)
        vars(one).update(zip(self._names, row, strict=True))
        return one

    def _change(self, one: T, stored: Values, values: Values) -> dict[str, Any]:
        pairs = zip(self._names, stored, values, strict=True)
        change = {name: now for name, before, now in pairs if now is not before and now != before}
        return {column.name: getattr(one, column.name) for column in self.table.primary_key} | change


def _getter(names: Sequence[str]) -> Any:
    """`attrgetter` of one name alone gives no tuple."""
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda one: (get(one),)


def _has(one: Any, equal: dict[str, Any]) -> bool:
    return all(getattr(one, name) == value for name, value in equal.items())
