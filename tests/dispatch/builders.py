"""Issues, tasks, events and callers as the tests of dispatch need them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.dispatch.domain.assignment import FiveThings
from services.dispatch.domain.desk import Offices
from services.dispatch.domain.issue import Issue
from services.dispatch.domain.organisations import Organisations
from services.dispatch.domain.roster import Roster
from services.dispatch.domain.task import Evidence, Task
from services.dispatch.storage.repository import DispatchStore
from shared.auth import Caller, Role
from shared.calendars import shipped
from shared.contracts.deliberation import FundingSharePart, ResolutionAdoptedV1, ResolvedTaskPart
from shared.contracts.directory import ActingPart, DeskPart, EntryPart, OrganisationPart, ShiftPart, UnitPart
from shared.contracts.evaluation import RedoOrderedV1
from shared.contracts.intake import ComplaintLinkedV1, IssueListedV1, IssueRaisedV1
from shared.contracts.requests import RequestReason
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueExtendedV1,
    IssuePendedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
    OrderDuePart,
)
from shared.contracts.vocabulary import MoneySource, SlaClass, TaskOrigin
from shared.directory.duty_list import DutyList
from shared.directory.periods import holds
from shared.directory.units import units_from
from shared.policy import PolicyBook
from tests.fakes import a_work_of
from tests.staff import first_office
from tests.told import few_desks, few_duties, few_units

GRID, COMMUNITY, STREET, DISTRICT = "110105017003005", "110105017003", "110105017", "110105"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUTIES = DutyList(few_duties())
POLICY = PolicyBook.load().at(MONDAY)
SHA = "a" * 64


def issue_extended(added: timedelta, issue_id: str = "I-1") -> IssueExtendedV1:
    return IssueExtendedV1(
        request_id=f"{issue_id}/Q1",
        issue_id=issue_id,
        unit_code=GRID,
        added_seconds=int(added.total_seconds()),
        orders=[OrderDuePart(order_no="1001", dispatch_no=1, due_at=MONDAY + days(14))],
        reason=RequestReason.WEATHER,
        words="连日降雨",
        extended_by="wang",
        extended_at=MONDAY + days(1),
    )


def issue_pended(review_at: datetime, issue_id: str = "I-1") -> IssuePendedV1:
    return IssuePendedV1(
        request_id=f"{issue_id}/Q1",
        issue_id=issue_id,
        unit_code=GRID,
        reason=RequestReason.PLANNING,
        plan="先报规划",
        owner="O-1",
        interim_reply="已列入计划",
        order_nos=["1001"],
        review_at=review_at,
        approved_by="wang",
        pended_at=MONDAY,
    )


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def offices(now: datetime = MONDAY, entries: Sequence[EntryPart] | None = None) -> Offices:
    """The directory as of an instant, if it holds the few units and duties and these entries."""
    some = few_desks() if entries is None else entries
    units, organisations, shifts, acting = (
        [one for one in some if isinstance(one, part)] for part in (UnitPart, OrganisationPart, ShiftPart, ActingPart)
    )
    rosters: dict[str, list[Roster]] = defaultdict(list)
    for desk in some:
        if isinstance(desk, DeskPart):
            rosters[desk.organisation].append(Roster(desk, [one for one in shifts if one.desk == desk.id], acting))
    return Offices(
        units_from(units or few_units(), now),
        DUTIES,
        Organisations(one for one in organisations if holds(one, now)),
        rosters.__getitem__,
        shipped(),
        now,
    )


USUAL = offices()


def a_work() -> Any:
    """Dispatch's unit of work without a database, told the few units, duties and desks."""
    work: Any = a_work_of(DispatchStore)
    work.units = lambda now: USUAL.units
    work.offices = lambda now: USUAL
    return work


def a_handler(unit: str = DISTRICT) -> Caller:
    return Caller("handler-1", frozenset({Role.HANDLER}), unit, first_office(unit))


def a_leader(unit: str = DISTRICT) -> Caller:
    return Caller("leader-1", frozenset({Role.LEADER}), unit)


def five_things(**changes: Any) -> FiveThings:
    things = {
        "leader": "王建国",
        "department": "网格服务组",
        "person": "李明",
        "co_units": ["网格巡查组"],
        "due_at": MONDAY + days(7),
        "organisation_id": first_office(GRID),
        "desk_id": f"{first_office(GRID)}/desk",
    }
    return FiveThings(**(things | changes))


def an_issue(**changes: Any) -> Issue:
    plain = {
        "id": "I-1",
        "unit_code": GRID,
        "category": "sanitation",
        "title": "垃圾没有清运",
        "sla_class": SlaClass.GENERAL,
        "raised_at": MONDAY,
        "due_at": MONDAY + days(7),
    }
    return Issue(**(plain | changes))


def a_task(issue: Issue | None = None, *, at: datetime = MONDAY, **things: Any) -> Task:
    """A task of an issue, just assigned."""
    return (issue or an_issue()).assign(
        five_things(**things),
        unit_code=GRID,
        origin=TaskOrigin.COMPLAINT,
        what="清运垃圾",
        returns=POLICY.returns,
        at=at,
    )


def finished(task: Task, result: str = "已清运") -> Task:
    task.sign_for()
    task.finish(result, [Evidence("https://example.org/1.jpg", SHA)])
    return task


def issue_raised(issue_id: str = "I-1", **changes: Any) -> IssueRaisedV1:
    plain = {
        "issue_id": issue_id,
        "order_no": issue_id.removeprefix("I-"),
        "unit_code": GRID,
        "category": "sanitation",
        "title": "垃圾没有清运",
        "request_kind": "complaint",
        "sla_class": "general",
        "dispatch_kind": "direct",
        "route": "handle",
        "dispatched_at": MONDAY,
        "due_at": MONDAY + days(7),
        "raised_at": MONDAY,
    }
    return _read(IssueRaisedV1, plain | changes)


def an_order_joins(issue_id: str = "I-1", **changes: Any) -> ComplaintLinkedV1:
    plain = {
        "order_no": "2",
        "issue_id": issue_id,
        "unit_code": GRID,
        "category": "sanitation",
        "request_kind": "complaint",
        "sla_class": "general",
        "linked_by": "intake",
        "dispatch_kind": "direct",
        "dispatched_at": MONDAY + days(2),
        "due_at": MONDAY + days(9),
        "linked_at": MONDAY + days(2),
    }
    return _read(ComplaintLinkedV1, plain | changes)


def issue_listed(issue_id: str = "I-1", **changes: Any) -> IssueListedV1:
    plain = {
        "issue_id": issue_id,
        "unit_code": GRID,
        "category": "sanitation",
        "title": "垃圾没有清运",
        "reason": "group",
        "listed_at": MONDAY + hours(1),
    }
    return _read(IssueListedV1, plain | changes)


def a_resolved_task(**changes: Any) -> ResolvedTaskPart:
    plain = {
        "what": "加装垃圾桶",
        "leader": "赵永刚",
        "department": "社区居委会",
        "person": "孙丽",
        "co_units": ["物业公司"],
        "due_at": MONDAY + days(30),
    }
    return ResolvedTaskPart(**(plain | changes))


def a_share(payer: str, share_ratio: float) -> FundingSharePart:
    return FundingSharePart(payer=payer, share_ratio=share_ratio, money=MoneySource.PUBLIC)


def resolution_adopted(issue_id: str = "I-1", **changes: Any) -> ResolutionAdoptedV1:
    plain = {
        "resolution_id": f"{issue_id}/S1/R1",
        "issue_id": issue_id,
        "session_id": f"{issue_id}/S1",
        "unit_code": GRID,
        "motion": "加装垃圾桶",
        "tasks": [a_resolved_task()],
        "adopted_at": MONDAY + days(5),
    }
    return ResolutionAdoptedV1(**(plain | changes))


def redo_ordered(issue_id: str = "I-1", **changes: Any) -> RedoOrderedV1:
    plain = {
        "issue_id": issue_id,
        "unit_code": GRID,
        "order_no": "1",
        "order_nos": ["1"],
        "due_at": MONDAY + days(11),
        "ordered_at": MONDAY + days(7),
    }
    return _read(RedoOrderedV1, plain | changes)


def _moved(issue_id: str, **changes: Any) -> dict[str, Any]:
    plain = {
        "issue_id": issue_id,
        "from_unit": GRID,
        "to_unit": COMMUNITY,
        "reason": "unresolved",
        "route": "handle",
        "title": "垃圾没有清运",
        "category": "sanitation",
        "due_at": MONDAY + days(22),
    }
    return plain | changes


def issue_escalated(issue_id: str = "I-1", *, rung: int = 1, **changes: Any) -> IssueEscalatedV1:
    more = {
        "escalation_id": f"{issue_id}/E{rung}",
        "rung": rung,
        "to_tier": "community",
        "explanation": "",
        "escalated_by": "supervision",
        "escalated_at": MONDAY + days(7),
    }
    return _read(IssueEscalatedV1, _moved(issue_id, **(more | changes)))


def escalation_undone(issue_id: str = "I-1") -> EscalationUndoneV1:
    return EscalationUndoneV1(
        escalation_id=f"{issue_id}/E1",
        issue_id=issue_id,
        from_unit=COMMUNITY,
        to_unit=GRID,
        title="垃圾没有清运",
        category="sanitation",
        reason="消息迟到",
        held_since=MONDAY,
        handled_at=MONDAY + days(6),
        undone_at=MONDAY + days(8),
    )


def issue_returned_down(issue_id: str = "I-1", **changes: Any) -> IssueReturnedDownV1:
    more = {"returned_by": "supervisor-1", "returned_at": MONDAY + days(9)}
    return _read(IssueReturnedDownV1, _moved(issue_id, **(more | changes)))


def issue_reopened(issue_id: str = "I-1", **changes: Any) -> IssueReopenedV1:
    more = {"to_tier": "community", "relapse": 1, "reopened_at": MONDAY + days(40)}
    return _read(IssueReopenedV1, _moved(issue_id, **(more | changes)))


def issue_closed(issue_id: str = "I-1", **changes: Any) -> IssueClosedV1:
    plain = {"issue_id": issue_id, "unit_code": GRID, "outcome": "solved", "closed_at": MONDAY + days(10)}
    return _read(IssueClosedV1, plain | changes)


def _read(contract: Any, content: dict[str, Any]) -> Any:
    """As it comes off the wire, so that every field has its own type."""
    wire = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in content.items()}
    return contract.from_wire(wire)


def issue_reassigned(issue_id: str = "I-1", **changes: Any) -> IssueReassignedV1:
    more = {"reason": "属该街道", "sla_class": "general", "reassigned_by": "zhao", "reassigned_at": MONDAY + days(2)}
    return _read(IssueReassignedV1, _moved(issue_id, **(more | changes)))


def issue_of(work: Any) -> Any:
    """The one issue that tests of use cases are about."""
    return work.issues.find("I-1")


def kinds(work: Any) -> list[type]:
    """What was announced, in order."""
    return [type(event) for event in work.outbox.events]
