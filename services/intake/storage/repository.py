"""What intake's use cases load and save, built for batches: what one needs is loaded at once, then kept current here.

New rows are written in bulk when the unit of work is flushed; until then they are found in memory. After a flush
everything is loaded afresh, so that nothing stale is ever changed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Subquery, Table, and_, func, select, true
from sqlalchemy.orm import Session

from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.issue import Issue
from services.intake.domain.likeness import Gist, OpenIssue
from services.intake.domain.reading import Readings
from services.intake.domain.rejection import Rejection, UndoneLink
from services.intake.domain.repeat import Earlier
from services.intake.storage import tables
from services.intake.storage.seal import Seal, has_personal_data, seal_in
from shared.bus import Store
from shared.contracts.hotline import CallerPart
from shared.storage import Row, Writes, given, is_any

BEGINNING = 500  # characters of an earlier order's content that are loaded to compare it
Matter = tuple[str, str]
"""Unit code and category code."""


class ComplaintRepository:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: dict[str, Complaint] = {}
        self._fingerprints: dict[str, str | None] = {}
        self._earlier: dict[str, list[Earlier]] = {}
        self._of_issue: dict[str, list[Complaint]] = {}

    def load_known(self, order_nos: Iterable[str]) -> None:
        """Look up in one query which of these orders are known."""
        missing = set(order_nos) - self._fingerprints.keys()
        if not missing:
            return
        self._fingerprints.update(dict.fromkeys(missing))
        table = tables.complaints.c
        rows = self._session.execute(select(table.order_no, table.fingerprint).where(is_any(table.order_no, missing)))
        self._fingerprints.update((order_no, fingerprint) for order_no, fingerprint in rows)

    def fingerprint_of(self, order_no: str) -> str | None:
        """None for an unknown order."""
        if order_no not in self._fingerprints:
            self.load_known([order_no])
        return self._fingerprints[order_no]

    def load_earlier(self, caller_refs: Iterable[str], *, since: datetime) -> None:
        """Look up in one query what these callers filed since then and was not answered on the spot."""
        missing = set(caller_refs) - self._earlier.keys() - {""}
        if not missing:
            return
        self._earlier.update((caller_ref, []) for caller_ref in missing)
        c = tables.complaints.c
        columns = (c.caller_ref, c.order_no, c.first_order_no, c.issue_id, c.category, c.unit_code, c.title, c.filed_at)
        rows = self._session.execute(
            select(*columns, func.substr(c.content, 1, BEGINNING))
            .where(is_any(c.caller_ref, missing), c.filed_at >= since, c.state != ComplaintState.ANSWERED)
            .order_by(c.filed_at, c.order_no)
        )
        for caller_ref, order_no, first, issue_id, category, unit_code, title, filed_at, beginning in rows:
            earlier = Earlier(order_no, first or order_no, issue_id, category, unit_code, title, beginning, filed_at)
            self._earlier[caller_ref].append(earlier)

    def earlier_of(self, caller_ref: str, *, since: datetime) -> Sequence[Earlier]:
        """What this caller filed before; nothing for a caller nobody knows."""
        if caller_ref not in self._earlier:
            self.load_earlier([caller_ref], since=since)
        return self._earlier.get(caller_ref, ())

    def load_of_issues(self, issue_ids: Iterable[str]) -> None:
        """Load in one query the orders linked to these issues."""
        missing = set(issue_ids) - self._of_issue.keys()
        if not missing:
            return
        self._of_issue.update((issue_id, []) for issue_id in missing)
        linked = (is_any(tables.complaints.c.issue_id, missing), tables.complaints.c.linked_at.is_not(None))
        found = self._session.scalars(
            select(tables.StoredComplaint).where(*linked).order_by(tables.complaints.c.order_no)
        )
        for complaint in [*found, *self._new.values()]:
            if complaint.issue_id in missing and complaint.is_linked:
                self._of_issue[complaint.issue_id].append(complaint)

    def of_issue(self, issue_id: str) -> list[Complaint]:
        """The orders linked to an issue, by number; not those that only urged."""
        if issue_id not in self._of_issue:
            self.load_of_issues([issue_id])
        return list(self._of_issue[issue_id])

    def urging(self, order_no: str) -> list[Complaint]:
        """The orders that only urged this one."""
        self._session.flush()
        return list(
            self._session.scalars(select(tables.StoredComplaint).where(tables.complaints.c.first_order_no == order_no))
        )

    def find(self, order_no: str) -> Complaint | None:
        return self._new.get(order_no) or self._session.get(tables.StoredComplaint, order_no)

    def add(self, complaint: Complaint) -> None:
        self._new[complaint.order_no] = complaint
        self._fingerprints[complaint.order_no] = complaint.fingerprint
        if complaint.caller_ref in self._earlier and complaint.state is not ComplaintState.ANSWERED:
            self._earlier[complaint.caller_ref].append(_as_earlier(complaint))
        if complaint.is_linked and complaint.issue_id in self._of_issue:
            self._of_issue[complaint.issue_id].append(complaint)

    def moved(self, complaint: Complaint, from_issue: str) -> None:
        """Tell that a complaint belongs to another issue than before."""
        for issue_id in (from_issue, complaint.issue_id):
            self._of_issue.pop(issue_id, None)

    def flush(self, writes: Writes) -> None:
        writes.insert(tables.complaints, _rows_of(tables.complaints, self._new.values()))
        for kept in (self._new, self._fingerprints, self._earlier, self._of_issue):
            kept.clear()


class IssueRepository:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: dict[str, Issue] = {}
        self._held: dict[str, Issue] = {}  # the session alone would let go of what nobody changed
        self._open: dict[Matter, list[OpenIssue]] = {}

    def load(self, issue_ids: Iterable[str]) -> None:
        """Load these issues in one query."""
        missing = set(issue_ids) - self._held.keys() - self._new.keys()
        if missing:
            found = self._session.scalars(select(tables.StoredIssue).where(is_any(tables.issues.c.id, missing)))
            self._held.update((issue.id, issue) for issue in found)

    def find(self, issue_id: str) -> Issue | None:
        issue = self._new.get(issue_id) or self._held.get(issue_id) or self._session.get(tables.StoredIssue, issue_id)
        if issue is not None:
            self._held[issue_id] = issue
        return issue

    def load_open(self, matters: Iterable[Matter], *, most: int) -> None:
        """Load the newest open issues of these matters; raised at the unit, or held by it now."""
        missing = set(matters) - self._open.keys()
        if not missing:
            return
        self._open.update((matter, []) for matter in missing)
        c = tables.issues.c
        dialect = self._session.get_bind().dialect
        wanted = given(missing, "unit_code", "category", on=dialect)
        for unit, condition in ((c.origin_unit, true()), (c.unit_code, c.unit_code != c.origin_unit)):
            for row in self._session.execute(_newest_open(wanted, unit, condition, most, on=dialect)):
                self._open[row.unit_code, row.category].append(
                    OpenIssue(row.id, Gist(row.title_gist, row.beginning_gist))
                )

    def open_of(self, matter: Matter, *, most: int) -> Sequence[OpenIssue]:
        """The newest open issues of a unit and category, the oldest of them first."""
        if matter not in self._open:
            self.load_open([matter], most=most)
        return self._open[matter][-most:]

    def listed_at(self, unit_code: str) -> list[Issue]:
        """A unit's deliberation list, longest listed first."""
        c = tables.issues.c
        return list(
            self._session.scalars(
                select(tables.StoredIssue).where(c.listed_unit == unit_code).order_by(c.listed_at, c.id)
            )
        )

    def add(self, issue: Issue) -> None:
        self._new[issue.id] = issue
        matter = (issue.origin_unit, issue.category)
        if matter in self._open:
            self._open[matter].append(OpenIssue(issue.id, issue.gist))

    def changed(self, issue: Issue, *, from_unit: str = "") -> None:
        """Tell that an issue moved, closed or opened again, so that this batch links to it rightly."""
        for unit_code in {issue.origin_unit, from_unit, issue.unit_code}:
            kept = self._open.get((unit_code, issue.category))
            if kept is None:
                continue
            kept[:] = [one for one in kept if one.issue_id != issue.id]
            if issue.is_open and unit_code in (issue.origin_unit, issue.unit_code):
                kept.append(OpenIssue(issue.id, issue.gist))

    def flush(self, writes: Writes) -> None:
        writes.insert(tables.issues, _rows_of(tables.issues, self._new.values()))
        self._new.clear()
        self._open.clear()
        self._held.clear()


class CallerRepository:
    """Callers' personal data, sealed. Nothing else in this database says who called."""

    def __init__(self, session: Session, seal: Seal) -> None:
        self._session = session
        self._seal = seal
        self._new: list[dict[str, Any]] = []

    def pseudonym(self, caller: CallerPart) -> str:
        return self._seal.pseudonym(caller)

    def keep(self, order_no: str, caller: CallerPart, *, at: datetime) -> None:
        """Seal what was said; nothing is kept of a caller who said nothing."""
        if has_personal_data(caller):
            sealed = self._seal.close(caller, order_no)
            self._new.append({"order_no": order_no, "key_id": self._seal.key_id, "sealed": sealed, "kept_at": at})

    def flush(self, writes: Writes) -> None:
        writes.insert(tables.callers, self._new)
        self._new = []


class RejectionRepository:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._new: dict[str, Rejection] = {}

    def find(self, rejection_id: str) -> Rejection | None:
        return self._new.get(rejection_id) or self._session.get(Rejection, rejection_id)

    def add(self, rejection: Rejection) -> None:
        self._new[rejection.id] = rejection
        self._session.add(rejection)

    def of_order(self, order_no: str) -> list[Rejection]:
        c = tables.rejections.c
        return list(
            self._session.scalars(select(Rejection).where(c.order_no == order_no).order_by(c.rejected_at, c.id))
        )


class UndoneLinkRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, link: UndoneLink) -> None:
        self._session.add(link)

    def of_order(self, order_no: str) -> list[UndoneLink]:
        self._session.flush()
        c = tables.undone_links.c
        return list(
            self._session.scalars(select(UndoneLink).where(c.order_no == order_no).order_by(c.unlinked_at, c.id))
        )


class IntakeStore(Store):
    """Intake's unit of work."""

    changed_in_bulk = (tables.StoredComplaint, tables.StoredIssue)

    def __init__(self, session: Session, seal: Seal | None = None) -> None:
        super().__init__(session)
        session.autoflush = False
        self.complaints = ComplaintRepository(session)
        self.issues = IssueRepository(session)
        self.callers = CallerRepository(session, seal or seal_in())
        self.rejections = RejectionRepository(session)
        self.undone_links = UndoneLinkRepository(session)
        self.readings = Readings()

    def flush(self) -> None:
        """Intake's new rows first, in bulk; then as every store does."""
        for repository in (self.issues, self.complaints, self.callers):
            repository.flush(self.writes)
        super().flush()


def _newest_open(wanted: Subquery, unit: Any, condition: Any, most: int, *, on: Dialect) -> Any:
    """At most so many of each wanted unit and category, so that a batch stays as small as it is.

    PostgreSQL must be made to look up one matter after the other: left to itself it reads all open issues there are,
    as long as its statistics know of few. SQLite can't be, and need not.
    """
    c = tables.issues.c
    is_meant = and_(tables.is_open, unit == wanted.c.unit_code, c.category == wanted.c.category, condition)
    newest_first = (c.raised_at.desc(), c.id.desc())
    columns = (c.id, wanted.c.unit_code, wanted.c.category, c.title_gist, c.beginning_gist, c.raised_at)
    if on.name == "postgresql":
        newest: Any = select(*columns).where(is_meant).correlate(wanted).order_by(*newest_first).limit(most).lateral()
        return select(newest).select_from(wanted.join(newest, true())).order_by(newest.c.raised_at, newest.c.id)
    place = func.row_number().over(partition_by=(unit, c.category), order_by=newest_first).label("place")
    newest = select(*columns, place).join(wanted, is_meant).subquery()
    return select(newest).where(newest.c.place <= most).order_by(newest.c.raised_at, newest.c.id)


def _as_earlier(complaint: Complaint) -> Earlier:
    return Earlier(
        complaint.order_no,
        complaint.first_order_no or complaint.order_no,
        complaint.issue_id,
        complaint.category,
        complaint.unit_code,
        complaint.title,
        complaint.content[:BEGINNING],
        complaint.filed_at,
    )


def _rows_of(table: Table, objects: Iterable[Any]) -> list[Row]:
    names = [column.key for column in table.columns]
    return [{name: getattr(one, name) for name in names} for one in objects]
