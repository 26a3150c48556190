"""Finding and keeping cases and what hangs on them. Whoever changes an issue locks its case first."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from services.supervision.domain.case import Case, CaseState
from services.supervision.domain.clock import Clock
from services.supervision.domain.escalation import Escalation
from services.supervision.domain.incident import Incident
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.timeline import TimelineEntry
from services.supervision.storage import tables
from shared.bus import Store
from shared.storage import Repository, Row, Writes, is_any

T = TypeVar("T")

_CASE_WITH_CLOCKS = (
    select(Case, Clock)
    .join(Clock, tables.clocks.c.issue_id == tables.cases.c.issue_id, isouter=True)
    .where(tables.cases.c.issue_id == bindparam("issue_id"))
)


class CaseRepository(Repository[Case]):
    """Cases by issue id. `find` and `preload` lock what they find until the transaction ends; `look_up` does not."""

    entity = Case
    key = "issue_id"

    def __init__(self, session: Session, clocks: "ClockRepository") -> None:
        super().__init__(session)
        self._clocks = clocks
        self._aside: list[Case] = []

    def add(self, one: Case) -> None:
        """Written in bulk at the end of the unit of work, as it is by then."""
        self._known[one.issue_id] = one
        self._aside.append(one)

    def write_aside(self, writes: Writes) -> None:
        aside, self._aside = self._aside, []
        writes.insert(tables.cases, [row_of(case, tables.cases) for case in aside])

    def find(self, key: str) -> Case | None:
        if key not in self._known:
            self._known[key] = self.session.get(Case, key, with_for_update=True)
        return self._known[key]

    def preload(self, keys: Iterable[str]) -> None:
        """In the order of their ids, so that two transactions never wait for each other."""
        wanted = {key for key in keys if key not in self._known}
        if not wanted:
            return
        query = select(Case).where(is_any(tables.cases.c.issue_id, wanted)).order_by(tables.cases.c.issue_id)
        found = {case.issue_id: case for case in self.session.scalars(query.with_for_update())}
        self._known.update({key: found.get(key) for key in wanted})

    def look_up(self, issue_id: str) -> Case | None:
        """With its clocks, in one query: nearly all who look at a case look at them too."""
        rows = self.session.execute(_CASE_WITH_CLOCKS, {"issue_id": issue_id}).all()
        self._clocks.remember(issue_id, [clock for _, clock in rows if clock is not None])
        return rows[0][0] if rows else None

    def list_in(self, unit_code: str, state: CaseState | None, most: int) -> list[Case]:
        """Those held by the unit or inside it, the longest held first."""
        column = tables.cases.c.unit_code
        wanted = select(Case).where(column.between(unit_code, unit_code.ljust(15, "9")))
        if state is not None:
            wanted = wanted.where(tables.cases.c.state == state)
        ordered = wanted.order_by(tables.cases.c.held_since, tables.cases.c.issue_id)
        return list(self.session.scalars(ordered.limit(most)))


class OfIssue(Repository[T], Generic[T]):
    """Things that belong to an issue. Those kept aside by `set_aside` are written at the end of the unit of work."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._aside: list[T] = []
        self._asked: set[str] = set()

    def set_aside(self, one: T) -> None:
        """Add, to be written in bulk and as it is by then: much quicker where a batch has hundreds."""
        self._known[getattr(one, self.key)] = one
        self._aside.append(one)

    def write_aside(self, writes: Writes, table: Table) -> None:
        aside, self._aside = self._aside, []
        writes.insert(table, [row_of(one, table) for one in aside])

    def remember(self, issue_id: str, found: Iterable[T]) -> None:
        """All that the database has of an issue; it need not be asked again."""
        self._known.update({getattr(one, self.key): one for one in found})
        self._asked.add(issue_id)

    def of_issue(self, issue_id: str) -> list[T]:
        """All of them, by id; the database is asked once. One that was added in this unit of work is among them."""
        if issue_id not in self._asked:
            column: Any = self.entity.issue_id  # type: ignore[attr-defined]
            self.remember(issue_id, self.session.scalars(select(self.entity).where(column == issue_id)))
        known: list[Any] = [one for one in self._known.values() if one is not None]
        return sorted((one for one in known if one.issue_id == issue_id), key=lambda one: one.id)


class ClockRepository(OfIssue[Clock]):
    entity = Clock

    def add(self, one: Clock) -> None:
        self.set_aside(one)


class EscalationRepository(OfIssue[Escalation]):
    entity = Escalation

    def add(self, one: Escalation) -> None:
        self.set_aside(one)


class IncidentRepository(OfIssue[Incident]):
    entity = Incident


class LookBackRepository(OfIssue[LookBack]):
    entity = LookBack


class TimelineRepository:
    """Takes entries in bulk at the end of the unit of work; the same entry a second time changes nothing."""

    def __init__(self, session: Session, writes: Writes) -> None:
        self.session = session
        self._writes = writes
        self._waiting: list[TimelineEntry] = []

    def add(self, entry: TimelineEntry) -> None:
        self._waiting.append(entry)

    def flush(self) -> None:
        rows = [{name: getattr(entry, name) for name in _ENTRY} for entry in self._waiting]
        self._waiting.clear()
        self._writes.insert(tables.timeline, rows, unless_there="key")

    def of_issue(self, issue_id: str, most: int) -> list[TimelineEntry]:
        """From the first on; of entries of one instant, in the order in which they were heard."""
        self.flush()
        self._writes.flush()
        columns = tables.timeline.c
        wanted = select(*(columns[name] for name in _ENTRY)).where(columns.issue_id == issue_id)
        rows = self.session.execute(wanted.order_by(columns.at, columns.position).limit(most))
        return [TimelineEntry(**row._mapping) for row in rows]


_ENTRY = [field.name for field in fields(TimelineEntry)]


class SupervisionStore(Store):
    """The unit of work that supervision's handlers see."""

    changed_in_bulk = (Case, Clock)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.clocks = ClockRepository(session)
        self.cases = CaseRepository(session, self.clocks)
        self.escalations = EscalationRepository(session)
        self.incidents = IncidentRepository(session)
        self.look_backs = LookBackRepository(session)
        self.timeline = TimelineRepository(session, self.writes)

    def flush(self, **how: Any) -> None:
        """What was kept aside, in bulk, and then the rest; `how` is the bus's to say."""
        self.cases.write_aside(self.writes)
        self.clocks.write_aside(self.writes, tables.clocks)
        self.escalations.write_aside(self.writes, tables.escalations)
        self.timeline.flush()
        super().flush(**how)


def row_of(one: Any, table: Table) -> Row:
    return {column.name: getattr(one, column.name) for column in table.columns}
