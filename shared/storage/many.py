"""Many values as one parameter, so that a statement stays the same however many they are.

`column.in_(values)` writes a statement of its own for every count of values: built, parsed and planned anew each time;
and of pairs of values PostgreSQL makes so long a condition that it reads all there is rather than look up each.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Dialect, Subquery, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeDecorator, TypeEngine


def is_any(column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """Whether the column has one of the values; texts and whole numbers only."""
    return _IsAny(column, bindparam(None, list(values), type_=_Many(column.type), unique=True))


def is_any_of(column: Any, name: str) -> ColumnElement[bool]:
    """As `is_any`, for a statement made once: the values are given under this name when it is executed."""
    return _IsAny(column, bindparam(name, type_=_Many(column.type)))


def given(rows: Iterable[Sequence[str]], *columns: str, on: Dialect) -> Subquery:
    """A table of these texts, to be joined with; its columns have the names given."""
    if on.name == "postgresql":
        typed = ", ".join(f"{name} text" for name in columns)
        words = f"SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS rows ({typed})"
    else:
        read = ", ".join(f"json_extract(value, '$.{name}') AS {name}" for name in columns)
        words = f"SELECT {read} FROM json_each(:rows)"
    sent = json.dumps([dict(zip(columns, row, strict=True)) for row in rows])
    return text(words).bindparams(rows=sent).columns(**dict.fromkeys(columns, Text)).subquery()


class _Many(TypeDecorator[list[Any]]):
    """An array in PostgreSQL, a JSON text in SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, member: TypeEngine[Any]) -> None:
        super().__init__()
        self.member = member

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.member) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


class _IsAny(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """A condition already: for SQLite it would be compared with 1 else, and no index used."""
        return self


@compiles(_IsAny, "postgresql")
def _as_array(condition: _IsAny, compiler: Any, **kwargs: Any) -> str:
    column, values = (compiler.process(clause, **kwargs) for clause in condition.clauses)
    return f"{column} = ANY ({values})"


@compiles(_IsAny, "sqlite")
def _as_json(condition: _IsAny, compiler: Any, **kwargs: Any) -> str:
    column, values = (compiler.process(clause, **kwargs) for clause in condition.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"
