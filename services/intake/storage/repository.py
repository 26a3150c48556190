"""Finding and keeping orders, their callers and their issues. The lock on an issue guards the orders linked to it."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from services.intake.domain.catalogue import Catalogue
from services.intake.domain.complaint import Complaint, ComplaintState
from services.intake.domain.errors import UnknownIssue, UnknownOrder
from services.intake.domain.handover import Handover
from services.intake.domain.history import HistoryEntry
from services.intake.domain.issue import Issue, IssueState
from services.intake.domain.likeness import Gist
from services.intake.domain.look import Look
from services.intake.domain.own_words import OwnWords
from services.intake.domain.public_wording import category_and_place
from services.intake.domain.reading import Reader, Readings
from services.intake.domain.rejection import Rejection, UndoneLink
from services.intake.domain.reported import Report
from services.intake.domain.respondent import Respondents
from services.intake.domain.settling import Unsettled
from services.intake.domain.update import ENDED
from services.intake.storage import tables
from services.intake.storage.candidates import Candidates
from services.intake.storage.catalogue import the_catalogue
from services.intake.storage.organisations import respondents_as_of
from services.intake.storage.places import places_as_of
from services.intake.storage.seal import has_personal_data, seal_in
from shared.bus.work import Store
from shared.calendars import Calendar, shipped
from shared.contracts.hotline import CallerPart
from shared.requests.tables import RequestRepository
from shared.storage import Appending, Repository, is_any
from shared.storage.work import Work

NEVER_TAKEN_UP = ENDED - {ComplaintState.CLOSED} | {ComplaintState.TO_SETTLE}
"""Nothing repeats what nobody is working on."""


class ComplaintRepository(Repository[Complaint]):
    """Orders by number."""

    entity, table = Complaint, tables.complaints
    movable = frozenset({"first_order_no"})

    def unknown(self, key: str) -> UnknownOrder:
        return UnknownOrder(f"no order has the number {key}", {"order_no": ["Unknown order."]})

    def linked_to(self, issue_id: str) -> list[Complaint]:
        """Those that belong to an issue in their own right, by number; not those that only urge.

        What came here from another issue is among the locked: who moves an order has locked it.
        """
        came = [key for key in self._locked if getattr(self._kept[key], "issue_id", None) == issue_id]
        found = {one.order_no: one for one in (*self.of(issue_id=issue_id), *map(self.get, came))}
        return [one for _, one in sorted(found.items()) if one.is_linked]

    def in_hand_in(
        self,
        unit_codes: Collection[str],
        states: Collection[ComplaintState],
        *,
        due_before: datetime | None,
        most: int,
    ) -> list[Complaint]:
        """Those in these states of open issues that began in these units, the soonest due first."""
        at, issue = tables.complaints.c, tables.issues.c
        wanted = self.select_from_here().join(tables.issues, issue.id == at.issue_id)
        wanted = wanted.where(is_any(issue.origin_unit, unit_codes), issue.state == IssueState.OPEN)
        wanted = wanted.where(at.state.in_(states))
        if due_before is not None:
            wanted = wanted.where(at.due_at < due_before)
        return self.look_up(wanted.order_by(at.due_at, at.order_no).limit(most))

    def unverified_in(
        self, unit_codes: Iterable[str], states: Collection[ComplaintState], most: int
    ) -> list[Complaint]:
        """Petitions in these states of which no clerk has said who signed them, the one that was filed first first."""
        at = tables.complaints.c
        wanted = self.select_from_here().where(tables.waits_for_signatures, is_any(at.unit_code, unit_codes))
        return self.look_up(wanted.where(at.state.in_(states)).order_by(at.filed_at, at.order_no).limit(most))

    def matters_of(self, complaint: Complaint) -> list[Complaint]:
        """All matters of an order, the first one first; a further matter is only itself."""
        further = self.of(of_order=complaint.order_no) if complaint.matters > 1 else []
        return [complaint, *sorted(further, key=lambda one: int(one.order_no.rpartition("/")[2]))]

    def further_of(self, order_nos: Iterable[str]) -> list[Complaint]:
        """The further matters of those of these orders that have several, read in one query for all."""
        several = [one.order_no for no in order_nos if (one := self.find(no)) is not None and one.matters > 1]
        self.load_of("of_order", several)
        return [matter for order_no in several for matter in self.of(of_order=order_no)]

    def lock_orders_of_several(self) -> None:
        """Of what was read and is one of several matters: lock the order, so that somebody sees the last one end."""
        orders = {one.order for one in self._kept.values() if one is not None and one.is_one_of_several}
        if orders:
            self.lock_all(orders)
            self.load_of("of_order", orders)

    def load_filed_by(self, caller_refs: Iterable[str], *, since: datetime) -> None:
        """Read in one query what these callers filed since then and was taken up."""
        c = tables.complaints.c
        known = (ref for ref in caller_refs if ref)
        self.load_of("caller_ref", known, c.filed_at >= since, c.state.not_in(NEVER_TAKEN_UP))

    def filed_by(self, caller_ref: str, *, since: datetime) -> list[Complaint]:
        """What a caller filed and was taken up; nothing for a caller nobody knows."""
        if not caller_ref:
            return []
        if caller_ref not in self._of.get("caller_ref", {}):
            self.load_filed_by([caller_ref], since=since)
        return [one for one in self.of(caller_ref=caller_ref) if one.state not in NEVER_TAKEN_UP]


class IssueRepository(Repository[Issue]):
    """Issues by id, and those among them that a new order may belong to."""

    entity, table = Issue, tables.issues
    movable = frozenset({"listed_unit"})

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.candidates = Candidates(work, self._kept)
        self.in_streets = Candidates(work, self._kept, by_street=True)

    def unknown(self, key: str) -> UnknownIssue:
        return UnknownIssue(f"no issue has the id {key}", {"issue_id": ["Unknown issue."]})

    def ids_held_by(self, unit_codes: Iterable[str], most: int) -> list[str]:
        """Open issues that one of these units holds, the oldest first, so many at most."""
        at = tables.issues.c
        held = select(at.id).where(tables.is_open, is_any(at.unit_code, unit_codes))
        return list(self.connection.scalars(held.order_by(at.raised_at, at.id).limit(most)))

    def ids_outside(self, street: str, origin_units: Iterable[str], most: int) -> list[str]:
        """Open issues raised at one of these units that stand in another street, the oldest first, so many at most."""
        at = tables.issues.c
        stands_elsewhere = at.street.not_in(["", street])
        raised = select(at.id).where(tables.is_open, stands_elsewhere, is_any(at.origin_unit, origin_units))
        return list(self.connection.scalars(raised.order_by(at.raised_at, at.id).limit(most)))

    def listed_at(self, unit_code: str) -> list[Issue]:
        """A unit's deliberation list, longest listed first."""
        return sorted(self.of(listed_unit=unit_code), key=lambda one: (one.listed_at, one.id))

    def waiting_for_words(self, unit_codes: Iterable[str], most: int) -> list[Issue]:
        """What is on the deliberation lists of these units and no clerk has worded, the longest listed first."""
        at = tables.issues.c
        waiting = self.select_from_here().where(tables.waits_for_words, is_any(at.listed_unit, unit_codes))
        return self.look_up(waiting.order_by(at.listed_at, at.id).limit(most))

    def find_and_lock(self, key: str) -> Issue | None:
        issue = super().find_and_lock(key)
        if issue is not None:
            self.touch(issue)
        return issue

    def add(self, one: Issue) -> None:
        super().add(one)
        self.touch(one)

    def touch(self, issue: Issue) -> None:
        """It may have come to another matter: who looks for open issues next finds it there."""
        self.candidates.touch(issue)
        self.in_streets.touch(issue)


class SealedCaller(NamedTuple):
    """What the caller of an order said of themselves, and the key that opens it."""

    order_no: str
    key_id: str
    sealed: bytes
    kept_at: datetime


class CallerRepository(Appending[SealedCaller]):
    """Callers' personal data, sealed. Nothing else in this database says who called."""

    table, columns = tables.callers, list(SealedCaller._fields)

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self._seal = seal_in()

    def pseudonym(self, caller: CallerPart) -> str:
        return self._seal.pseudonym(caller)

    def check_code(self, order_no: str) -> str:
        return self._seal.check_code(order_no)

    def is_check_code(self, code: str, order_no: str) -> bool:
        return self._seal.is_check_code(code, order_no)

    def keep(self, order_no: str, caller: CallerPart, *, at: datetime) -> None:
        """Seal what was said; nothing is kept of a caller who said nothing."""
        if has_personal_data(caller):
            self.add(SealedCaller(order_no, self._seal.key_id, self._seal.close(caller, order_no), at))

    def of(self, order_no: str) -> CallerPart:
        """Empty for a caller who said nothing of themselves. Raises WrongKey."""
        c = tables.callers.c
        sealed = self.connection.execute(select(c.sealed).where(c.order_no == order_no)).scalar()
        return CallerPart() if sealed is None else self._seal.open(bytes(sealed), order_no)


class WordsUnderSeal:
    """Residents' own words, which lie sealed with their orders."""

    def __init__(self) -> None:
        self._seal = seal_in()

    def close(self, words: OwnWords, order_no: str) -> bytes:
        return self._seal.close_words(words, order_no)

    def of(self, complaint: Complaint) -> OwnWords:
        """Raises WrongKey."""
        return self._seal.open_words(complaint.said, complaint.order_no)


class Charge(NamedTuple):
    """An organisation has, or had, a task of an issue in a unit."""

    issue_id: str
    unit_code: str
    organisation_id: str
    since: datetime


class ChargeRepository(Appending[Charge]):
    """Who was given tasks of an issue. The same a second time changes nothing."""

    table, columns, once = tables.in_charge, list(Charge._fields), "issue_id, unit_code, organisation_id"

    def of_issue(self, issue_id: str) -> list[Charge]:
        query = select(*(tables.in_charge.c[name] for name in self.columns)).where(
            tables.in_charge.c.issue_id == issue_id
        )
        return [Charge(*row) for row in self.connection.execute(query)]


class LookRepository(Repository[Look]):
    """Who read orders in their own words."""

    entity, table = Look, tables.who_saw

    def of_order(self, order_no: str) -> list[Look]:
        return sorted(self.of(order_no=order_no), key=lambda one: (one.looked_at, one.id))


class UnsettledRepository(Repository[Unsettled]):
    """Orders that wait, or waited, for a clerk to say which unit they are for."""

    entity, table = Unsettled, tables.unsettled

    def waiting_in(self, unit_codes: Iterable[str], most: int) -> list[Unsettled]:
        """What the order desks of these units have to settle, the most urgent first."""
        at = tables.unsettled.c
        waiting = self.select_from_here().where(tables.waits_for_clerk, is_any(at.unit_code, unit_codes))
        return self.look_up(waiting.order_by(at.due_at, at.order_no).limit(most))


class HandoverRepository(Repository[Handover]):
    """Emergencies that were handed over."""

    entity, table = Handover, tables.handovers

    def open_in(self, unit_codes: Iterable[str], most: int) -> list[Handover]:
        """What nobody has followed of the orders that these units have now, the most urgent first."""
        at, order = tables.handovers.c, tables.complaints.c
        theirs = select(order.order_no).where(is_any(order.unit_code, unit_codes))
        waiting = self.select_from_here().where(tables.to_follow, at.order_no.in_(theirs))
        return self.look_up(waiting.order_by(at.follow_by, at.id).limit(most))


class HistoryRepository(Repository[HistoryEntry]):
    """What was decided about orders."""

    entity, table = HistoryEntry, tables.history

    def of_order(self, complaint: Complaint) -> list[HistoryEntry]:
        """In order; nothing is looked up for an order about which nothing was decided."""
        found = self.of(order_no=complaint.order_no) if complaint.decisions else []
        return sorted(found, key=lambda one: one.number)


class RequestsOfOrders(RequestRepository):
    table = tables.requests


class RejectionRepository(Repository[Rejection]):
    entity, table = Rejection, tables.rejections


class ReportRepository(Repository[Report]):
    """What the hotline reported of orders, to know it again."""

    entity, table = Report, tables.reports


class UndoneLinkRepository(Appending[UndoneLink]):
    """The same a second time changes nothing."""

    table, once = tables.undone_links, "id"
    columns = [field.name for field in fields(UndoneLink)]  # noqa: RUF012


class IntakeStore(Store):
    """The unit of work that intake's use cases see."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.issues = IssueRepository(self)
        self.complaints = ComplaintRepository(self)
        self.callers = CallerRepository(self)
        self.words = WordsUnderSeal()
        self.in_charge = ChargeRepository(self)
        self.who_saw = LookRepository(self)
        self.unsettled = UnsettledRepository(self)
        self.handovers = HandoverRepository(self)
        self.history = HistoryRepository(self)
        self.requests = RequestsOfOrders(self)
        self.rejections = RejectionRepository(self)
        self.reports = ReportRepository(self)
        self.undone_links = UndoneLinkRepository(self)
        self.readings = Readings()

    @property
    def calendar(self) -> Calendar:
        """The working days, for how long the hotline has for its answer."""
        return shipped()

    @property
    def catalogue(self) -> Catalogue:
        return the_catalogue()

    def gist_of(self, complaint: Complaint) -> Gist:
        """What is compared of an order with others. Raises WrongKey."""
        return self.words.of(complaint).gist(self.catalogue.matching.likeness_characters)

    def wording(self, category: str, unit_code: str, now: datetime) -> str:
        """The public wording of what nobody has worded yet."""
        return category_and_place(self.catalogue.category_of(category, "", ""), unit_code, self.units(now))

    def reader(self, now: datetime) -> Reader:
        """Reads orders by the catalogue and the units of an instant. Raises NotTold before the units are known."""
        units = self.units(now)
        units.know_places(places_as_of(self.directory, now))
        return Reader(self.catalogue, units, lambda: self.respondents(now))

    def respondents(self, now: datetime) -> Respondents:
        """Whom an order may be against. Raises NotTold before the organisations are known."""
        return respondents_as_of(self.directory, now)
