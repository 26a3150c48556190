"""Finding and keeping entries and the journal of their changes. What says who somebody is lies sealed."""

import base64
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, or_, select

from services.directory.domain.agreement import NAMES
from services.directory.domain.change import Change, ChangeState
from services.directory.domain.entry import Entry
from services.directory.domain.errors import UnknownChange
from services.directory.domain.kinds import PRIVATE
from services.directory.storage import tables
from shared.bus.work import Store
from shared.contracts.directory import EntryPart
from shared.directory.copy import PERIODS, DirectoryCopy
from shared.directory.kinds import Kind
from shared.sealing import opened, sealed
from shared.storage import Repository, is_any


class Entries(DirectoryCopy):
    """The entries themselves: what everybody else has copies of, and the people that nobody else has."""

    def load(self, kind: Kind, ids: Collection[str]) -> dict[str, Entry]:
        """For each id its entry, with all its periods; one that is new has none."""
        found = {id: Entry(kind, id) for id in ids}
        return _filled(found, kind, self.periods_of(kind, ids))

    def all_of(self, kind: Kind) -> list[Entry]:
        """Every entry of a kind."""
        return list(_filled({}, kind, self.periods(kind, self.select_all(kind))).values())

    def all_in(self, kind: Kind, units: Iterable[str]) -> list[Entry]:
        """Every entry of a kind in these units themselves."""
        wanted = self.select_all(kind).where(is_any(PERIODS.unit_code, units))
        return list(_filled({}, kind, self.periods(kind, wanted)).values())

    def save(self, entries: Sequence[Entry]) -> None:
        """Put down what became of them; all of one kind."""
        periods = [period for entry in entries for period in entry.periods]
        if periods:
            self.replace(entries[0].kind, periods)

    def lock(self) -> None:
        """Nobody else changes any entry until this transaction ends. In SQLite nobody does anyhow."""
        if self.connection.dialect.name == "postgresql":
            self.connection.exec_driver_sql("LOCK TABLE directory_periods IN SHARE ROW EXCLUSIVE MODE")

    def has_any(self, kind: Kind) -> bool:
        return self.connection.scalar(select(PERIODS.id).where(PERIODS.kind == kind.name).limit(1)) is not None

    def ids_of(self, kind: Kind) -> list[str]:
        ids = select(PERIODS.id).where(PERIODS.kind == kind.name).distinct().order_by(PERIODS.id)
        return list(self.connection.scalars(ids))

    def version(self) -> int:
        """A number that grows with every change of any entry."""
        return int(self.connection.scalar(select(func.sum(tables.directory.state.c.changes))) or 0)

    def page_in(
        self, kind: Kind, units: Iterable[str], at: datetime, *, after: str = "", most: int | None = None
    ) -> list[EntryPart]:
        """Those that hold at an instant in these units, by id; a desk's shifts where the desk is. Of duties all."""
        wanted = self.select_all(kind).where(PERIODS.id > after, PERIODS.valid_from <= at)
        wanted = wanted.where(or_(PERIODS.valid_to.is_(None), PERIODS.valid_to > at))
        if kind.unit:
            wanted = wanted.where(is_any(PERIODS.id if kind.name == "unit" else PERIODS.unit_code, units))
        elif kind.about in NAMES:
            beside = tables.directory.periods.alias().c
            there = select(beside.id).where(beside.kind == NAMES[kind.about], is_any(beside.unit_code, units))
            wanted = wanted.where(PERIODS.about.in_(there))
        return self.periods(kind, wanted.order_by(PERIODS.id).limit(most))

    def must_be_told(self) -> None:
        """Here is where everything is told from."""

    def facts_to_keep(self, kind: Kind, period: EntryPart) -> dict[str, Any]:
        plain = super().facts_to_keep(kind, period)
        if kind.name not in PRIVATE:
            return plain
        return {"sealed": base64.b64encode(sealed(orjson.dumps(plain))).decode()}

    def facts_kept(self, kind: Kind, kept: dict[str, Any]) -> dict[str, Any]:
        if kind.name not in PRIVATE:
            return kept
        plain: dict[str, Any] = orjson.loads(opened(base64.b64decode(kept["sealed"])))
        return plain


def _filled(found: dict[str, Entry], kind: Kind, periods: Iterable[EntryPart]) -> dict[str, Entry]:
    for period in sorted(periods, key=lambda one: one.valid_from):
        found.setdefault(period.id, Entry(kind, period.id)).periods.append(period)
    return found


class ChangeRepository(Repository[Change]):
    entity, table = Change, tables.changes

    def unknown(self, key: str) -> UnknownChange:
        return UnknownChange(f"no change has the id {key!r}", {"change_id": ["Unknown change."]})

    def list_of(
        self, units: Iterable[str] | None, state: ChangeState | None, kind: str, entry_id: str, after: str, most: int
    ) -> list[Change]:
        """By id; `units` None means all."""
        at = tables.changes.c
        wanted = self.select_from_here().where(at.id > after)
        if units is not None:
            wanted = wanted.where(is_any(at.unit_code, units))
        if state is not None:
            wanted = wanted.where(at.state == state)
        if kind:
            wanted = wanted.where(at.kind == kind)
        if entry_id:
            wanted = wanted.where(at.entry_id == entry_id)
        return self.look_up(wanted.order_by(at.id).limit(most))


class DirectoryStore(Store):
    """The unit of work that the directory's use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.directory: Entries = Entries(connection)
        self.entries = self.directory
        self.changes = ChangeRepository(self)
