"""What a service knows of the directory: it learns from events, and answers as of any instant."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import Connection, MetaData, Pool, Select, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from shared.bus.inbox.reading import NotYet
from shared.contracts.base import Event
from shared.contracts.directory import DirectoryToldV1, EntryPart
from shared.directory.kinds import BY_EVENT, BY_NAME, BY_PART, ENTRY_FIELDS, Kind
from shared.directory.periods import holds
from shared.directory.tables import directory_tables
from shared.errors import Unavailable
from shared.storage.many import is_any, is_any_of
from shared.storage.writes import Writes

P = TypeVar("P", bound=EntryPart)

_periods, _state = directory_tables(MetaData())
PERIODS = _periods.c
_at = PERIODS
_ENTRY = [_at[name] for name in ENTRY_FIELDS]
_SELECT = select(*_ENTRY, _at.facts)
_BY_ID = _SELECT.where(_at.kind == bindparam("kind"), is_any_of(_at.id, "values"))
_BY_UNIT = _SELECT.where(_at.kind == bindparam("kind"), is_any_of(_at.unit_code, "values"))
_BY_ABOUT = _SELECT.where(_at.kind == bindparam("kind"), is_any_of(_at.about, "values"))
_LASTING_IN = select(_at.kind, *_ENTRY, _at.facts).where(
    is_any_of(_at.kind, "kinds"),
    is_any_of(_at.unit_code, "values"),
    _at.valid_to.is_(None) | (_at.valid_to > bindparam("since")),
)
ROWS_AT_ONCE = 2_000
WHOLE = "all"
"""The row of the state that says since when the copy is whole."""
_whole: WeakSet[Pool] = WeakSet()
"""Databases whose copy is known to be whole. It stays so."""


class NotTold(Unavailable, NotYet):
    """The directory has not been told to this service yet: events wait, and calls may be repeated later."""

    code = "directory_not_told"


class DirectoryCopy:
    """One transaction's look at the copy. Nothing is read before it is asked for."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._counted: Mapping[str, int] | None = None
        self.has_learned = False
        self.made: dict[tuple[object, datetime], Any] = {}  # by whom and as of when: what `AsOf` made of it

    # learning

    def learn(self, event: Event) -> None:
        """Take over what an event tells. Of an entry that is known in the same or a higher revision nothing changes."""
        if isinstance(event, DirectoryToldV1):
            self._count(WHOLE, told_at=event.told_at)
            return
        kind = BY_EVENT[type(event)]
        entries: Sequence[EntryPart] = vars(event)["entries"]
        known = self._revisions(kind, {one.id for one in entries})
        new = [one for one in entries if one.revision > known.get(one.id, 0)]
        if new:
            self.replace(kind, new)

    def replace(self, kind: Kind, periods: Sequence[EntryPart]) -> None:
        """Put these in the place of all periods of their entries."""
        ids = {one.id for one in periods}
        self.connection.execute(delete(_periods).where(_at.kind == kind.name, is_any(_at.id, ids)))
        writes = Writes(self.connection)
        for start in range(0, len(periods), ROWS_AT_ONCE):
            writes.insert(_periods, [self._row(kind, one) for one in periods[start : start + ROWS_AT_ONCE]])
            writes.flush()
        self._count(kind.name)

    def _revisions(self, kind: Kind, ids: Collection[str]) -> dict[str, int]:
        known = select(_at.id, func.max(_at.revision).label("revision")).where(
            _at.kind == kind.name, is_any(_at.id, ids)
        )
        return {row.id: row.revision for row in self.connection.execute(known.group_by(_at.id))}

    def _count(self, kind: str, *, told_at: datetime | None = None) -> None:
        self._counted, self.has_learned = None, True
        self.made.clear()
        dialect: Any = postgresql if self.connection.dialect.name == "postgresql" else sqlite
        row = dialect.insert(_state).values(kind=kind, changes=1, told_at=told_at)
        changed = {"changes": _state.c.changes + 1} | ({"told_at": told_at} if told_at else {})
        self.connection.execute(row.on_conflict_do_update(index_elements=["kind"], set_=changed))

    # asking

    def must_be_told(self) -> None:
        """Raises NotTold until all of the directory was told once. Costs nothing once that is known."""
        pool = self.connection.engine.pool
        if pool in _whole:
            return
        if self.connection.execute(select(_state.c.told_at).where(_state.c.kind == WHOLE)).scalar() is None:
            raise NotTold("the directory has not been told to this service yet")
        if not self.has_learned:  # what this transaction learned is not committed yet
            _whole.add(pool)

    def changes_of(self, part: type[P]) -> int:
        """A number that grows whenever an entry of the kind changes; 0 before the first.

        Looked up once in a transaction, for all kinds. What is made of later rows than these is made again next time.
        """
        if self._counted is None:
            rows = self.connection.execute(select(_state.c.kind, _state.c.changes))
            self._counted = {row.kind: int(row.changes) for row in rows}
        return self._counted.get(BY_PART[part].name, 0)

    def find(self, part: type[P], id: str, at: datetime) -> P | None:
        """What holds of an entry at an instant; None before it begins, after it ended, and where it is not known."""
        return next(iter(self.find_all(part, [id], at)), None)

    def find_all(self, part: type[P], ids: Collection[str], at: datetime) -> list[P]:
        """What holds of these at an instant, by id."""
        return _holding(self._read(part, _BY_ID, ids), at)

    def periods_of(self, kind: Kind, ids: Collection[str]) -> list[EntryPart]:
        """All periods of these entries."""
        return self.periods(kind, _BY_ID, ids)

    def list_in(self, part: type[P], unit_codes: Collection[str], at: datetime) -> list[P]:
        """What holds at an instant in these units themselves, by id; what lies in units inside them is not asked."""
        return _holding(self._read(part, _BY_UNIT, unit_codes), at)

    def lasting_in(
        self, parts: Collection[type[EntryPart]], unit_codes: Collection[str], since: datetime
    ) -> list[EntryPart]:
        """Of several kinds at once, all periods in these units themselves that have not ended by an instant."""
        given = {"kinds": [BY_PART[part].name for part in parts], "values": list(unit_codes), "since": since}
        return [self._made(BY_NAME[kind], row) for kind, *row in self.connection.execute(_LASTING_IN, given)]

    def list_about(self, part: type[P], about: Collection[str], at: datetime) -> list[P]:
        """What holds at an instant about these (see `kinds`: a desk's shifts, a login's posts), by id."""
        return _holding(self._read(part, _BY_ABOUT, about), at)

    def periods_about(self, part: type[P], about: Collection[str]) -> list[P]:
        """All periods about these, whenever they hold. For what is kept in memory."""
        return self._read(part, _BY_ABOUT, about)

    def periods_in(self, part: type[P], unit_codes: Collection[str]) -> list[P]:
        """All periods in these units themselves, whenever they hold. For what is kept in memory."""
        return self._read(part, _BY_UNIT, unit_codes)

    def list_all(self, part: type[P]) -> list[P]:
        """Every period of a kind. For what is kept in memory."""
        return self._read(part, self.select_all(BY_PART[part]))

    def facts_to_keep(self, kind: Kind, period: EntryPart) -> dict[str, Any]:
        """What stands in the column of a period's facts."""
        return {name: value for name, value in vars(period).items() if name not in ENTRY_FIELDS}

    def facts_kept(self, kind: Kind, kept: dict[str, Any]) -> dict[str, Any]:
        """The facts of such a column."""
        return kept

    def _read(self, part: type[P], query: Select[Any], values: Collection[str] | None = None) -> list[P]:
        return self.periods(BY_PART[part], query, values)  # type: ignore[return-value]

    def select_all(self, kind: Kind) -> Select[Any]:
        """The beginning of a query for `periods`."""
        return _SELECT.where(_at.kind == kind.name)

    def periods(self, kind: Kind, query: Select[Any], values: Collection[str] | None = None) -> list[EntryPart]:
        """What a query finds; `values` are for one of those made once, and may be none at all."""
        given = {} if values is None else {"kind": kind.name, "values": list(values)}
        return [self._made(kind, row) for row in self.connection.execute(query, given)]

    def _made(self, kind: Kind, row: Sequence[Any]) -> EntryPart:
        *entry, facts = row
        return kind.period(dict(zip(ENTRY_FIELDS, entry, strict=True)), self.facts_kept(kind, facts))

    def _row(self, kind: Kind, period: EntryPart) -> dict[str, Any]:
        values = vars(period)
        row = {name: values[name] for name in ENTRY_FIELDS}
        row |= {"kind": kind.name, "facts": self.facts_to_keep(kind, period)}
        row |= {"unit_code": first_of(values[kind.unit]) if kind.unit else ""}
        row |= {"about": values[kind.about] if kind.about else ""}
        return row


def _holding(periods: Iterable[P], at: datetime) -> list[P]:
    return sorted((one for one in periods if holds(one, at)), key=lambda one: one.id)


def first_of(codes: str | list[str]) -> str:
    """Of a place in several units the first one named."""
    return codes if isinstance(codes, str) else next(iter(codes), "")
