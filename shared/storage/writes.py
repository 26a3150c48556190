"""What a unit of work writes at its end. On PostgreSQL it is one statement, of however many parts.

The rows of a part travel as one JSON parameter. A call has ten parts and a batch hundreds of rows: a round trip for
each part, or adapting each value of a row, would cost more than the database spends on them. All parts see what was
there before the statement, so a row may be in one part only. SQLite takes the parts one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Table, TextClause, bindparam, delete, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

from shared.storage.types import Instant, Words

Row = dict[str, Any]
_LEFT = (Instant, Words)


class _Shape(NamedTuple):
    """One kind of change to one table. What it takes is made once for each shape: rows are all that differs."""

    verb: str
    table: Table
    names: tuple[str, ...]
    unless_there: str = ""
    replace: str = ""
    only: str = ""

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.table.primary_key]

    @property
    def values(self) -> list[str]:
        """The columns that are not the key."""
        return [name for name in self.names if name not in self.key]


class Writes:
    """Collects parts; `flush` writes them, in the order they came where that matters to the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._parts: list[tuple[_Shape, Sequence[Row]]] = []

    def insert(self, table: Table, rows: Sequence[Row], *, unless_there: str = "", replace: str = "") -> None:
        """`unless_there` and `replace` name the columns of a unique key: a row that is there already stays, or takes
        the new values."""
        if rows:
            self._add(rows, "insert", table, unless_there=unless_there, replace=replace)

    def update(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows have their key and the columns that change."""
        if rows:
            self._add(rows, "update", table)

    def delete(self, table: Table, rows: Sequence[Row], *, only: str = "") -> None:
        """Rows have their key; `only` is a condition on what may go."""
        if rows:
            self._add(rows, "delete", table, only=only)

    def update_alike(self, table: Table, rows: Iterable[Row]) -> None:
        """As `update`, for rows of which each has its key and its own changes."""
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault(tuple(row), []).append(row)
        for some in alike.values():
            self.update(table, some)

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        if not parts:
            return
        connection = self._connection
        if connection.dialect.name == "postgresql":
            sent = {f"rows_{n}": _as_json(connection, shape, rows) for n, (shape, rows) in enumerate(parts)}
            connection.execute(_statement(tuple(shape for shape, _ in parts)), sent)
        else:
            for shape, rows in parts:
                connection.execute(_for_sqlite(shape), list(_bound(shape, rows)))

    def _add(self, rows: Sequence[Row], verb: str, table: Table, **more: str) -> None:
        """All rows have the same columns."""
        self._parts.append((_Shape(verb, table, tuple(rows[0]), **more), rows))


@lru_cache(maxsize=1000)
def _statement(parts: tuple[_Shape, ...]) -> TextClause:
    *before, last = (_words(part, f"rows_{n}") for n, part in enumerate(parts))
    first = ", ".join(f"part_{n} AS ({words})" for n, words in enumerate(before))
    return text(f"WITH {first} {last}" if first else last)


def _words(part: _Shape, parameter: str) -> str:
    table = f'"{part.table.name}"'
    given = f"json_populate_recordset(NULL::{table}, CAST(:{parameter} AS json))"
    same = " AND ".join(f'{table}."{name}" = given."{name}"' for name in part.key)
    if part.verb == "delete":
        only = f" AND {table}.{part.only}" if part.only else ""
        return f"DELETE FROM {table} USING {given} AS given WHERE {same}{only}"
    if part.verb == "update":
        changes = ", ".join(f'"{name}" = given."{name}"' for name in part.values)
        return f"UPDATE {table} SET {changes} FROM {given} AS given WHERE {same}"
    columns = ", ".join(f'"{name}"' for name in part.names)
    conflict = f" ON CONFLICT ({part.unless_there}) DO NOTHING" if part.unless_there else ""
    if part.replace:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in part.names)
        conflict = f" ON CONFLICT ({part.replace}) DO UPDATE SET {changes}"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {given}{conflict}"


def _as_json(connection: Connection, part: _Shape, rows: Sequence[Row]) -> str:
    """Names of columns are a kind of text of SQLAlchemy's own."""
    converted = _converted(connection, part, rows)
    return orjson.dumps(converted, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _converted(connection: Connection, part: _Shape, rows: Sequence[Row]) -> Sequence[Row]:
    """What the services' own column types make of values; JSON takes instants and words as they are."""
    own = _own_types(part.table, part.names)
    if not own:
        return rows
    dialect = connection.dialect
    made = ({name: kind.process_bind_param(row[name], dialect) for name, kind in own.items()} for row in rows)
    return [row | own_values for row, own_values in zip(rows, made, strict=True)]


@cache
def _own_types(table: Table, names: tuple[str, ...]) -> dict[str, TypeDecorator[Any]]:
    kinds = {name: table.columns[name].type for name in names}
    own = {name: kind for name, kind in kinds.items() if isinstance(kind, TypeDecorator)}
    return {name: kind for name, kind in own.items() if not isinstance(kind, _LEFT)}


def _plain(value: Any) -> Any:
    return "\\x" + value.hex() if isinstance(value, bytes) else vars(value)


@cache
def _for_sqlite(part: _Shape) -> Any:
    mine = [part.table.columns[name] == bindparam(f"key_{name}") for name in part.key]
    if part.verb == "delete":
        return delete(part.table).where(*mine, *([text(part.only)] if part.only else []))
    if part.verb == "update":
        return update(part.table).where(*mine).values({name: bindparam(f"new_{name}") for name in part.values})
    insert: Any = sqlite.insert(part.table)
    if part.unless_there:
        insert = insert.on_conflict_do_nothing(index_elements=_columns_of(part.unless_there))
    if part.replace:
        changed = {name: insert.excluded[name] for name in part.names}
        insert = insert.on_conflict_do_update(index_elements=_columns_of(part.replace), set_=changed)
    return insert


def _bound(part: _Shape, rows: Sequence[Row]) -> Iterator[Row]:
    if part.verb == "insert":
        yield from rows
        return
    names = {name: f"{'key' if name in part.key else 'new'}_{name}" for name in part.names}
    for row in rows:
        yield {names[name]: value for name, value in row.items()}


def _columns_of(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
