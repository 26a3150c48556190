"""Writes many new rows in one statement.

On PostgreSQL they travel as one JSON parameter: adapting each value of an `executemany` costs more than the database
spends on its row. SQLite takes an `executemany` as it is.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, TextClause, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeDecorator

from shared.storage.types import Instant, Words

Row = dict[str, Any]
_LEFT = (Instant, Words)


def insert_rows(
    session: Session, table: Table, rows: Sequence[Row], *, unless_there: str = "", replace: str = ""
) -> None:
    """Insert rows of values as the columns' types take them.

    `unless_there` and `replace` name the columns of a unique key: a row that is there already stays, or takes the new
    values. All rows must have the same columns.
    """
    if not rows:
        return
    if session.get_bind().dialect.name == "postgresql":
        sent = json.dumps(_converted(session, table, rows), default=_plain, ensure_ascii=False, separators=(",", ":"))
        session.execute(_from_json(table, tuple(rows[0]), unless_there, replace), {"rows": sent})
        return
    insert: Any = sqlite.insert(table)
    if unless_there:
        insert = insert.on_conflict_do_nothing(index_elements=_columns_of(unless_there))
    if replace:
        changed = {name: insert.excluded[name] for name in rows[0]}
        insert = insert.on_conflict_do_update(index_elements=_columns_of(replace), set_=changed)
    session.connection().execute(insert, list(rows))


def _from_json(table: Table, names: tuple[str, ...], unless_there: str, replace: str) -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    conflict = f" ON CONFLICT ({unless_there}) DO NOTHING" if unless_there else ""
    if replace:
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in names)
        conflict = f" ON CONFLICT ({replace}) DO UPDATE SET {changes}"
    return text(
        f'INSERT INTO "{table.name}" ({columns}) '
        f'SELECT {columns} FROM json_populate_recordset(NULL::"{table.name}", CAST(:rows AS json)){conflict}'
    )


def _converted(session: Session, table: Table, rows: Sequence[Row]) -> Sequence[Row]:
    """What the services' own column types make of values; instants and words are left to `_plain`."""
    own = [one for one in table.columns if isinstance(one.type, TypeDecorator) and not isinstance(one.type, _LEFT)]
    if not own:
        return rows
    dialect = session.get_bind().dialect
    made: dict[str, Any] = {one.name: one.type for one in own}
    return [row | {name: kind.process_bind_param(row[name], dialect) for name, kind in made.items()} for row in rows]


def _columns_of(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return vars(value)
