"""Things of the councils service to test with: policy, listings, sessions, halls, people and events."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from services.councils.domain.council import Council
from services.councils.domain.invitation import Invitee, Seating
from services.councils.domain.listing import Listing
from services.councils.domain.session import Session
from services.councils.storage.council_file import CouncilBook, council_book
from services.councils.storage.repository import CouncilsStore
from services.councils.use_cases import events, sessions
from shared.bus.timers.timers import Due
from shared.clock import SHANGHAI
from shared.contracts.deliberation import (
    DeliberationFailedV1,
    ResolutionAdoptedV1,
    ResolvedTaskPart,
    SessionClosedV1,
    SessionInquorateV1,
    SessionOpenedV1,
)
from shared.contracts.directory import DeputyPart, EntryPart, HallPart, UnitPart
from shared.contracts.directory_words import DeputyRole, HallKind
from shared.contracts.intake import IssueListedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import (
    DeputyCategory,
    EscalationReason,
    FailureReason,
    ListingReason,
    Outcome,
    Route,
    SessionKind,
)
from shared.directory.copy import DirectoryCopy
from shared.policy import Policy
from tests.fakes import a_moment, a_work_of
from tests.told import a_copy, an_entry, few_units

DISTRICT, STREET, COMMUNITY, GRID = "110105", "110105001", "110105001002", "110105001002001"
ISSUE = "I-20260302001"
MONDAY_9AM = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI).astimezone(UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def the_book() -> CouncilBook:
    return council_book()


def the_policy(unit: str | None = None) -> Policy:
    return a_moment(MONDAY_9AM).policy_in(unit)


def shanghai(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI).astimezone(UTC)  # type: ignore[misc,arg-type]


def a_seating(kind: SessionKind = SessionKind.ORDINARY) -> Seating:
    quorum = the_policy().quorum
    return Seating(the_book().mix, quorum.council_least_deputies, quorum.affected_residents, kind)


def a_listing(**changed: Any) -> Listing:
    return Listing(**{"issue_id": ISSUE, "unit_code": COMMUNITY, "title": "楼道堆物", "category": "x"} | changed)


def a_listed(**changed: Any) -> Listing:
    listing = a_listing(**changed)
    assert listing.enlist(listing.unit_code, MONDAY_9AM)
    return listing


def a_session(**changed: Any) -> Session:
    starts_at = changed.get("starts_at", MONDAY_9AM + 4 * DAY)
    usual = {
        "id": f"{ISSUE}/S1",
        "issue_id": ISSUE,
        "unit_code": COMMUNITY,
        "number": 1,
        "kind": SessionKind.ORDINARY,
        "title": "楼道堆物",
        "category": "x",
        "hall_id": f"{COMMUNITY}/community-1",
        "hall_name": "南郎家园社区议事厅",
        "starts_at": starts_at,
        "first_starts_at": starts_at,
        "deputies": [Invitee("D1", "王芳", "residents_delegate"), Invitee("D2", "李伟", "lane_chief")],
        "experts": [Invitee("X1", "张静", "lawyer")],
        "scheduled_at": MONDAY_9AM,
        "due_at": starts_at + HOUR,
    }
    return Session(**usual | changed)


def a_hall(
    number: int = 1, kind: HallKind = HallKind.COMMUNITY, unit_code: str = COMMUNITY, **changed: Any
) -> HallPart:
    facts = {"name": "议事厅", "unit": unit_code, "kind": kind, "address": "东里1号", "contact": "联络员"}
    made: HallPart = an_entry(
        HallPart, f"{unit_code}/{kind}-{number}", **(facts | {"opening_hours": "周一至周日 9:00-21:00"} | changed)
    )
    return made


def a_deputy(number: int, category: str, unit_code: str = COMMUNITY, **changed: Any) -> DeputyPart:
    person = f"D{number:03}" if unit_code == COMMUNITY else f"{unit_code}/D{number:03}"
    facts = {"person": person, "person_name": f"王{number}", "unit": unit_code, "category": category}
    made: DeputyPart = an_entry(DeputyPart, f"{unit_code}/deputy-{number}", **(facts | changed))
    return made


def some_deputies(
    count: int, *, categories: list[DeputyCategory] | None = None, unit_code: str = COMMUNITY
) -> list[DeputyPart]:
    kinds = categories or list(DeputyCategory)
    return [a_deputy(number, kinds[number % len(kinds)].value, unit_code) for number in range(count)]


def some_experts(count: int, unit_code: str = STREET) -> list[DeputyPart]:
    fields = ["negotiator", "lawyer", "psychologist", "respected_elder"]
    return [
        a_deputy(number, fields[number % 4], unit_code, person=f"{unit_code}/X{number:02}", role=DeputyRole.EXPERT)
        for number in range(100, 100 + count)
    ]


def a_council(
    halls: Sequence[HallPart], deputies: Sequence[DeputyPart], experts: Sequence[DeputyPart] = (), **changed: Any
) -> Council:
    return Council(halls, deputies, experts, open_for=the_book().halls.open_for, **changed)


@cache
def the_directory() -> Sequence[EntryPart]:
    """Halls and people of a district, one of its streets, a community there and its first grid."""
    kinds = [(GRID, HallKind.GRID, 1), (COMMUNITY, HallKind.COMMUNITY, 1), (COMMUNITY, HallKind.COMPOUND, 2)]
    kinds += [(COMMUNITY, HallKind.ENTRANCE, 3), (COMMUNITY, HallKind.ONLINE, 2), (STREET, HallKind.STREET, 1)]
    kinds += [(DISTRICT, HallKind.DISTRICT, 4)]
    halls = [a_hall(number, kind, unit) for unit, kind, count in kinds for number in range(1, count + 1)]
    seats = [(COMMUNITY, 109), (STREET, 60), (DISTRICT, 80)]
    deputies = [one for unit, count in seats for one in some_deputies(count, unit_code=unit)]
    return [*halls, *deputies, *some_experts(9, STREET), *some_experts(9, DISTRICT)]


def a_work(*entries: EntryPart, units: Sequence[UnitPart] | None = None) -> CouncilsStore:
    """A unit of work without a database, to which the directory has told these entries; or the usual ones."""
    work = a_work_of(CouncilsStore)
    work.directory = a_copy(*entries, units=units) if entries or units else _usual_copy()
    return work


@cache
def _usual_copy() -> DirectoryCopy:
    return a_copy(*the_directory())


def units_where(ended: str, at: datetime, *successors: str) -> list[UnitPart]:
    """The few units, but one of them ends at an instant, and these come after it."""
    return [
        replace(one, valid_to=at, replaced_by=list(successors), revision=2) if one.id == ended else one
        for one in few_units()
    ]


def listed(at: datetime = MONDAY_9AM, unit: str = COMMUNITY, issue: str = ISSUE) -> IssueListedV1:
    return IssueListedV1(
        issue_id=issue, unit_code=unit, category="x", title="楼道堆物", reason=ListingReason.GROUP, listed_at=at
    )


def escalated(
    at: datetime, to: str = STREET, route: Route = Route.DELIBERATE, issue: str = ISSUE, rung: int = 1
) -> IssueEscalatedV1:
    return IssueEscalatedV1(
        escalation_id=f"{issue}/E{rung}",
        issue_id=issue,
        rung=rung,
        from_unit=COMMUNITY,
        to_unit=to,
        to_tier="street",
        reason=EscalationReason.UNRESOLVED,
        explanation="",
        route=route,
        title="楼道堆物",
        category="x",
        due_at=at + 30 * DAY,
        escalated_by="supervision",
        escalated_at=at,
    )


def undone(at: datetime) -> EscalationUndoneV1:
    return EscalationUndoneV1(
        escalation_id=f"{ISSUE}/E1",
        issue_id=ISSUE,
        from_unit=STREET,
        to_unit=COMMUNITY,
        title="楼道照明",
        category="lighting",
        reason="消息迟到",
        held_since=MONDAY_9AM,
        handled_at=MONDAY_9AM,
        undone_at=at,
    )


def returned_down(at: datetime, to: str = COMMUNITY, route: Route = Route.DELIBERATE) -> IssueReturnedDownV1:
    return IssueReturnedDownV1(
        issue_id=ISSUE,
        from_unit=STREET,
        to_unit=to,
        reason="社区可以解决",
        route=route,
        title="楼道堆物",
        category="x",
        due_at=at + 15 * DAY,
        returned_by="supervisor",
        returned_at=at,
    )


def reopened(at: datetime, to: str = STREET, route: Route = Route.DELIBERATE) -> IssueReopenedV1:
    return IssueReopenedV1(
        issue_id=ISSUE,
        from_unit=COMMUNITY,
        to_unit=to,
        to_tier="street",
        relapse=1,
        reason="反弹",
        route=route,
        title="楼道堆物",
        category="x",
        due_at=at + 30 * DAY,
        reopened_at=at,
    )


def closed_case(at: datetime) -> IssueClosedV1:
    return IssueClosedV1(issue_id=ISSUE, unit_code=COMMUNITY, outcome=Outcome.SOLVED, closed_at=at)


def opened(session: Session) -> SessionOpenedV1:
    return SessionOpenedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        chair="P-chair",
        clerks=["P-clerk"],
        present=7,
        opened_at=session.starts_at,
    )


def ended(session: Session) -> SessionClosedV1:
    return SessionClosedV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        motions=1,
        carried=0,
        closed_at=session.starts_at + HOUR,
    )


def inquorate(session: Session) -> SessionInquorateV1:
    return SessionInquorateV1(
        session_id=session.id,
        issue_id=session.issue_id,
        unit_code=session.unit_code,
        kind=session.kind,
        present=3,
        needed=5,
        closed_at=session.starts_at,
    )


def failed(
    session: Session, failures: int = 1, reason: FailureReason = FailureReason.NO_MAJORITY
) -> DeliberationFailedV1:
    return DeliberationFailedV1(
        issue_id=session.issue_id,
        session_id=session.id,
        unit_code=session.unit_code,
        kind=session.kind,
        reason=reason,
        failures=failures,
        failed_at=session.starts_at + HOUR,
    )


def adopted(session: Session, at: datetime | None = None) -> ResolutionAdoptedV1:
    at = at or session.starts_at + HOUR
    task = ResolvedTaskPart(what="清理楼道", leader="王主任", department="城管科", person="李明", due_at=at + 7 * DAY)
    return ResolutionAdoptedV1(
        resolution_id=f"{session.id}/R1",
        issue_id=session.issue_id,
        session_id=session.id,
        unit_code=session.unit_code,
        motion="清理楼道",
        tasks=[task],
        adopted_at=at,
    )


def listed_and_planned(work: CouncilsStore) -> Session:
    """The first session on an issue that has just come onto its unit's list."""
    events.list_issue(work, listed(), a_moment(MONDAY_9AM))
    sessions.plan_session(work, Due("plan", ISSUE, MONDAY_9AM), a_moment(MONDAY_9AM))
    return work.sessions.get(f"{ISSUE}/S1")
