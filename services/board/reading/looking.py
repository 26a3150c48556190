"""One look at the board: a read-only connection, the generation that serves, the units as of now, and names."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Select,
    String,
    UnaryExpression,
    cast,
    select,
    true,
)
from sqlalchemy import func as fn

from services.board.reading.shapes import UnitName
from services.board.storage import tables
from services.board.storage.projections import Tables
from shared.contracts.directory import OrganisationPart, StaffPart
from shared.directory.copy import DirectoryCopy, NotTold
from shared.directory.dated import DatedUnits
from shared.directory.units import units_as_of
from shared.errors import BadRequest
from shared.storage.engine import READS
from shared.storage.many import is_any
from shared.units import BadUnitCode, tier_of

PAGE = 25
Key = Column[Any] | UnaryExpression[Any]
"""A column by which a list is sorted, up or down."""


@dataclass(frozen=True)
class Look:
    """What every query of one look shares."""

    connection: Connection
    shelf: Tables
    directory: DirectoryCopy
    units: DatedUnits
    now: datetime

    def name(self, code: str) -> UnitName:
        """A unit as a page names it; of one that has ended, what holds now what it held."""
        unit = self.units.find(code) or self.units.find(self.units.heir_of(code) if code else "")
        if unit is not None:
            return UnitName(unit.code, unit.name, unit.tier)
        with suppress(BadUnitCode):
            return UnitName(code, code, tier_of(code))
        return UnitName(code, code, None)

    def inside(self, unit: str) -> list[str] | None:
        """The unit and all inside it, also what has ended; None where that is everything."""
        return None if unit in ("", self.units.district) else self.units.ever_inside(unit)

    def sees(self, unit_code: str, duty_in: str) -> bool:
        """Whether who has a duty there is shown what is not public in a unit."""
        return bool(duty_in) and self.units.is_within(self.units.heir_of(unit_code), duty_in)

    def organisations(self, ids: Sequence[str]) -> dict[str, str]:
        """Their names by id, of those that are known."""
        return {one.id: one.name for one in self.directory.find_all(OrganisationPart, list(ids), self.now)}

    def staff_of(self, unit_code: str, at: datetime) -> dict[str, str]:
        """The names of who worked in a unit or above it at an instant, by their person ids."""
        posts = self.directory.list_in(StaffPart, self.units.lineage_of(self.units.heir_of(unit_code)), at)
        return {one.person: one.person_name for one in posts}

    def rows(self, query: Select[Any]) -> Sequence[Any]:
        return self.connection.execute(query).all()


@contextmanager
def looking(engine: Engine, now: datetime) -> Iterator[Look]:
    """One look. It waits for no writer."""
    with engine.connect().execution_options(**READS) as connection:
        yield look_at(connection, now)


def look_at(connection: Connection, now: datetime) -> Look:
    serving = connection.scalar(select(tables.serving.c.generation)) or tables.FIRST
    copy = DirectoryCopy(connection)
    units = DatedUnits([], {}, {})
    with suppress(NotTold):
        units = units_as_of(copy, now)
    return Look(connection, tables.generation[serving], copy, units, now)


def first_of_each(
    look: Look, query: Select[Any], column: ColumnElement[str], units: list[str], order: Sequence[Key], most: int
) -> Select[Any]:
    """The first of what is in these units, sorted: from each unit so many by index, and of these the first.

    A list of a street is as fast among a million as among a hundred. SQLite, which has few, takes them all.
    """
    if look.connection.dialect.name == "sqlite":
        return query.where(is_any(column, units)).order_by(*order).limit(most)
    codes = fn.unnest(cast(units, ARRAY(String))).table_valued("code").render_derived()
    each = query.where(column == codes.c.code).order_by(*order).limit(most).lateral()
    picked = [_named(key, each) for key in order]
    return select(*each.c).select_from(codes.join(each, true())).order_by(*picked).limit(most)


def _named(key: Key, each: FromClause) -> ColumnElement[Any]:
    """The same key of what was picked."""
    if isinstance(key, UnaryExpression):
        return each.c[key.element.name].desc()  # type: ignore[attr-defined]
    return each.c[key.name]


def to_cursor(*keys: object) -> str:
    """Where a page ends, to be given back as it is."""
    plain = [key.astimezone(UTC).isoformat() if isinstance(key, datetime) else key for key in keys]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def from_cursor(cursor: str, *kinds: type) -> list[Any]:
    """The keys of a cursor. Raises BadRequest for one that was not made here."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        keys = json.loads(base64.urlsafe_b64decode(padded))
        read = [_read(key, kind) for key, kind in zip(keys, kinds, strict=True)]
    except (ValueError, TypeError):
        raise BadRequest(
            "this is no place in a list", {"cursor": ["Give back the cursor of a page as it is."]}
        ) from None
    return read


def _read(key: object, kind: type) -> object:
    if kind is datetime:
        instant = datetime.fromisoformat(str(key))
        if instant.tzinfo is None:
            raise ValueError("an instant says its offset")
        return instant
    if not isinstance(key, kind):
        raise ValueError(f"{key!r} is no {kind.__name__}")
    return key
