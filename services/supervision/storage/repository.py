"""Finding and keeping cases and what hangs on them. The lock on a case guards all of it."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Connection, select

from services.supervision.domain.case import Case, CaseState
from services.supervision.domain.clock import Clock, ClockState
from services.supervision.domain.errors import UnknownClock, UnknownIncident, UnknownIssue
from services.supervision.domain.escalation import Escalation
from services.supervision.domain.incident import Incident
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.timeline import TimelineEntry
from services.supervision.storage import tables
from shared.bus.work import Store
from shared.contracts.vocabulary import ClockKind, IncidentKind
from shared.requests.tables import RequestRepository
from shared.storage import Appending, Repository, is_any


class CaseRepository(Repository[Case]):
    """Cases by issue id."""

    entity, table = Case, tables.cases

    def unknown(self, key: str) -> UnknownIssue:
        return UnknownIssue(f"no issue has the id {key!r}", {"issue_id": ["Unknown issue."]})

    def ids_left_in(self, unit_codes: Collection[str], most: int) -> list[str]:
        """Open cases that one of these units holds, so many at most."""
        at = tables.cases.c
        held = select(at.issue_id).where(is_any(at.unit_code, unit_codes), at.state == CaseState.OPEN)
        return list(self.connection.scalars(held.limit(most)))

    def list_in(self, unit_codes: Iterable[str], state: CaseState | None, most: int) -> list[Case]:
        """Those held by these units, the longest held first."""
        at = tables.cases.c
        wanted = self.select_from_here().where(is_any(at.unit_code, unit_codes))
        if state is not None:
            wanted = wanted.where(at.state == state)
        return self.look_up(wanted.order_by(at.held_since, at.issue_id).limit(most))

    def list_pending_in(self, unit_codes: Collection[str], most: int, *, until: datetime | None = None) -> list[Case]:
        """What these units have on the pending list, by day of review; or only what is to be reviewed by an instant."""
        at = tables.cases.c
        wanted = self.select_from_here().where(tables.is_pending, is_any(at.unit_code, unit_codes))
        if until is not None:
            wanted = wanted.where(at.review_at <= until)
        return self.look_up(wanted.order_by(at.review_at, at.issue_id).limit(most))


class ClockRepository(Repository[Clock]):
    entity, table = Clock, tables.clocks

    def unknown(self, key: str) -> UnknownClock:
        return UnknownClock(
            f"no clock has the id {key!r}", {"clock_id": ["Unknown clock: get_case names those of an issue."]}
        )

    def list_counting(self, issue_ids: Iterable[str]) -> list[Clock]:
        """The tiers' clocks of these issues that count now."""
        at = tables.clocks.c
        wanted = self.select_from_here().where(is_any(at.issue_id, list(issue_ids)), at.kind == ClockKind.TIER)
        return [clock for clock in self.look_up(wanted) if clock.state is ClockState.COUNTING]


class EscalationRepository(Repository[Escalation]):
    entity, table = Escalation, tables.escalations


class IncidentRepository(Repository[Incident]):
    entity, table = Incident, tables.incidents

    def unknown(self, key: str) -> UnknownIncident:
        return UnknownIncident(f"no incident has the id {key!r}", {"incident_id": ["Unknown incident."]})

    def list_open_in(self, unit_codes: Collection[str], kinds: Collection[IncidentKind], most: int) -> list[Incident]:
        """Open ones of these kinds that these units must see to, the longest open first."""
        at = tables.incidents.c
        wanted = self.select_from_here().where(is_any(at.unit_code, unit_codes), at.settled_at.is_(None))
        wanted = wanted.where(at.kind.in_(kinds))
        return self.look_up(wanted.order_by(at.opened_at, at.id).limit(most))


class LookBackRepository(Repository[LookBack]):
    entity, table = LookBack, tables.look_backs

    def list_due_in(self, unit_codes: Collection[str], most: int) -> list[LookBack]:
        """Those that were announced and not done, of cases in these units, the longest due first."""
        at, case = tables.look_backs.c, tables.cases.c
        wanted = self.select_from_here().join(tables.cases, case.issue_id == at.issue_id)
        wanted = wanted.where(is_any(case.unit_code, unit_codes), at.done_at.is_(None), at.dropped_at.is_(None))
        wanted = wanted.where(at.announced_at.is_not(None)).order_by(at.due_at, at.id).limit(most)
        return self.look_up(wanted)


class RequestsOfCases(RequestRepository):
    table = tables.requests


class TimelineRepository(Appending[TimelineEntry]):
    """The same entry a second time changes nothing."""

    table, once = tables.timeline, "key"
    columns = [field.name for field in fields(TimelineEntry)]  # noqa: RUF012

    def list_of(self, issue_id: str, most: int) -> list[TimelineEntry]:
        """From the first on; of entries of one instant, in the order in which they were heard."""
        at = tables.timeline.c
        wanted = select(*(at[name] for name in self.columns)).where(at.issue_id == issue_id)
        rows = self.connection.execute(wanted.order_by(at.at, at.position).limit(most))
        return [TimelineEntry(**row._mapping) for row in rows]


class SupervisionStore(Store):
    """The unit of work that supervision's use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.cases = CaseRepository(self)
        self.clocks = ClockRepository(self)
        self.escalations = EscalationRepository(self)
        self.incidents = IncidentRepository(self)
        self.look_backs = LookBackRepository(self)
        self.requests = RequestsOfCases(self)
        self.timeline = TimelineRepository(self)
