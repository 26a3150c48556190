"""Databases as the migrations make them, quickly: migrated once for each service and kind, then by the same statements.

That the migrations make what the code needs is held by a guard; here Alembic's own time is saved, in hundreds of tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from shared.storage.migrate import migrate

_scripts: dict[tuple[str, str], list[tuple[str, Any]]] = {}


def migrate_quickly(service: str, engine: Engine) -> None:
    """Bring an empty database to the newest version."""
    kind = (service, engine.dialect.name)
    if kind in _scripts:
        with engine.begin() as connection:
            for statement, values in _scripts[kind]:
                connection.exec_driver_sql(statement, values)
        return
    with recorded() as statements:
        migrate(service, engine)
    _scripts[kind] = [(words, values) for words, values in statements if changes(words)]


def changes(statement: str) -> bool:
    return not statement.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))


@contextmanager
def recorded() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that any engine of this process executes meanwhile."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        statements.append((statement, values or None))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
