"""What a unit of work writes at its end. On PostgreSQL it is one statement, of however many parts.

The rows of a part travel as one JSON parameter. A call has ten parts and a batch hundreds of rows: a round trip for
each part, or adapting each value of a row, would cost more than the database spends on them. All parts see what was
there before the statement, so a row may be in one part only. SQLite takes the parts one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Connection, Table, bindparam, delete, inspect, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from shared.storage.types import Instant, Words

Row = dict[str, Any]
_LEFT = (Instant, Words)


@dataclass(frozen=True)
class _Part:
    """One kind of change to one table. All rows have the same columns."""

    verb: str
    table: Table
    rows: Sequence[Row]
    unless_there: str = ""
    replace: str = ""
    only: str = ""

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.table.primary_key]

    @property
    def values(self) -> list[str]:
        """The columns of the rows that are not the key."""
        return [name for name in self.rows[0] if name not in self.key]


class Writes:
    """Collects parts; `flush` writes them, in the order they came where that matters to the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._parts: list[_Part] = []

    def insert(self, table: Table, rows: Sequence[Row], *, unless_there: str = "", replace: str = "") -> None:
        """`unless_there` and `replace` name the columns of a unique key: a row that is there already stays, or takes
        the new values."""
        if rows:
            self._parts.append(_Part("insert", table, rows, unless_there=unless_there, replace=replace))

    def update(self, table: Table, rows: Sequence[Row]) -> None:
        """Rows have their key and the columns that change."""
        if rows:
            self._parts.append(_Part("update", table, rows))

    def delete(self, table: Table, rows: Sequence[Row], *, only: str = "") -> None:
        """Rows have their key; `only` is a condition on what may go."""
        if rows:
            self._parts.append(_Part("delete", table, rows, only=only))

    def update_alike(self, table: Table, rows: Iterable[Row]) -> None:
        """As `update`, for rows of which each has its key and its own changes."""
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault(tuple(row), []).append(row)
        for some in alike.values():
            self.update(table, some)

    def take_changes(self, session: Session, kinds: tuple[type, ...]) -> None:
        """Take over from the session what changed in entities of these mapped classes; it lets go of them."""
        changed = [one for one in session.dirty if isinstance(one, kinds)]
        rows = [(inspect(one).mapper.local_table, _changed_row(one)) for one in changed]
        for one in changed:
            session.expunge(one)
        by_shape = sorted((found for found in rows if found[1]), key=_shape)
        for _, alike in groupby(by_shape, key=_shape):
            some = list(alike)
            self.update(some[0][0], [row for _, row in some])

    def flush(self) -> None:
        parts, self._parts = self._parts, []
        if not parts:
            return
        connection = self._connection
        if connection.dialect.name == "postgresql":
            sent = {f"rows_{n}": _as_json(connection, part) for n, part in enumerate(parts)}
            connection.execute(text(_statement(parts)), sent)
        else:
            for part in parts:
                connection.execute(_for_sqlite(part), list(_bound(part)))


def _changed_row(one: Any) -> Row:
    state = inspect(one)
    mapper = state.mapper
    changed = set(mapper.column_attrs.keys()) - state.unmodified
    if not changed:
        return {}
    key = {column.name: getattr(one, column.name) for column in mapper.primary_key}
    return key | {name: getattr(one, name) for name in sorted(changed)}


def _shape(found: tuple[Table, Row]) -> tuple[str, list[str]]:
    return found[0].name, sorted(found[1])


def _statement(parts: Sequence[_Part]) -> str:
    *before, last = (_words(part, f"rows_{n}") for n, part in enumerate(parts))
    first = ", ".join(f"part_{n} AS ({words})" for n, words in enumerate(before))
    return f"WITH {first} {last}" if first else last


def _words(part: _Part, parameter: str) -> str:
    table = f'"{part.table.name}"'
    given = f"json_populate_recordset(NULL::{table}, CAST(:{parameter} AS json))"
    same = " AND ".join(f'{table}."{name}" = given."{name}"' for name in part.key)
    if part.verb == "delete":
        only = f" AND {table}.{part.only}" if part.only else ""
        return f"DELETE FROM {table} USING {given} AS given WHERE {same}{only}"
    if part.verb == "update":
        changes = ", ".join(f'"{name}" = given."{name}"' for name in part.values)
        return f"UPDATE {table} SET {changes} FROM {given} AS given WHERE {same}"
    columns = ", ".join(f'"{name}"' for name in part.rows[0])
    conflict = f" ON CONFLICT ({part.unless_there}) DO NOTHING" if part.unless_there else ""
    if part.replace:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in part.rows[0])
        conflict = f" ON CONFLICT ({part.replace}) DO UPDATE SET {changes}"
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {given}{conflict}"


def _as_json(connection: Connection, part: _Part) -> str:
    """Names of columns are a kind of text of SQLAlchemy's own."""
    return orjson.dumps(_converted(connection, part), default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _converted(connection: Connection, part: _Part) -> Sequence[Row]:
    """What the services' own column types make of values; JSON takes instants and words as they are."""
    own: dict[str, Any] = {
        name: kind
        for name in part.rows[0]
        if isinstance(kind := part.table.columns[name].type, TypeDecorator) and not isinstance(kind, _LEFT)
    }
    if not own:
        return part.rows
    dialect = connection.dialect
    made = ({name: kind.process_bind_param(row[name], dialect) for name, kind in own.items()} for row in part.rows)
    return [row | own_values for row, own_values in zip(part.rows, made, strict=True)]


def _plain(value: Any) -> Any:
    return "\\x" + value.hex() if isinstance(value, bytes) else vars(value)


def _for_sqlite(part: _Part) -> Any:
    mine = [part.table.columns[name] == bindparam(f"key_{name}") for name in part.key]
    if part.verb == "delete":
        return delete(part.table).where(*mine, *([text(part.only)] if part.only else []))
    if part.verb == "update":
        return update(part.table).where(*mine).values({name: bindparam(f"new_{name}") for name in part.values})
    insert: Any = sqlite.insert(part.table)
    if part.unless_there:
        insert = insert.on_conflict_do_nothing(index_elements=_columns_of(part.unless_there))
    if part.replace:
        changed = {name: insert.excluded[name] for name in part.rows[0]}
        insert = insert.on_conflict_do_update(index_elements=_columns_of(part.replace), set_=changed)
    return insert


def _bound(part: _Part) -> Iterator[Row]:
    for row in part.rows:
        if part.verb == "insert":
            yield row
        else:
            yield {f"{'key' if name in part.key else 'new'}_{name}": value for name, value in row.items()}


def _columns_of(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]
