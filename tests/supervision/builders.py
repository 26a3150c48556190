"""Events, clocks and cases of one issue, as its story needs them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock, Marks
from services.supervision.domain.ledger import Ledger
from shared.auth import Caller, Role
from shared.contracts import councils, deliberation, dispatch, evaluation, intake
from shared.contracts.vocabulary import (
    ClockKind,
    DispatchKind,
    FailureReason,
    ListingReason,
    Outcome,
    RequestKind,
    Route,
    SessionKind,
    SlaClass,
)
from shared.directory.units import units_from
from tests.told import few_units

DISTRICT, STREET, COMMUNITY, GRID = "110105", "110105017", "110105017003", "110105017003005"
OTHER_STREET = "110105018"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""9 o'clock in Shanghai."""
ISSUE = "I-1001"
UNITS = units_from(few_units(), MONDAY)
MARKS = Marks(yellow_ratio=0.75, red_ratio=1.0, overdue=None)

STREET_SYSTEM = Caller(subject="balizhuang-system", roles=frozenset({Role.STREET_SYSTEM}), unit=STREET)
STREET_SUPERVISOR = Caller(subject="li", roles=frozenset({Role.SUPERVISOR}), unit=STREET)
DISTRICT_SUPERVISOR = Caller(subject="wang", roles=frozenset({Role.SUPERVISOR}), unit=DISTRICT)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


A_DAYS_WORK = hours(8)


def a_ledger(*, at: datetime = MONDAY, budget: timedelta = A_DAYS_WORK) -> Ledger:
    return Ledger.begin(at=at, budget=budget, rule_version="1", by="supervision")


def a_clock(
    *, started_at: datetime = MONDAY, budget: timedelta = A_DAYS_WORK, kind: ClockKind = ClockKind.TIER
) -> Clock:
    ledger = a_ledger(at=started_at, budget=budget)
    return Clock(id=f"{ISSUE}/tier-1", issue_id=ISSUE, unit_code=COMMUNITY, kind=kind, ledger=ledger)


def a_case(**given: Any) -> Case:
    values: dict[str, Any] = {
        "issue_id": ISSUE,
        "order_no": "1001",
        "title": "楼道堆物",
        "category": "road",
        "request_kind": RequestKind.COMPLAINT,
        "sla_class": SlaClass.GENERAL,
        "dispatch_kind": DispatchKind.DIRECT,
        "origin_unit": COMMUNITY,
        "unit_code": COMMUNITY,
        "route": Route.HANDLE,
        "raised_at": MONDAY,
        "held_since": MONDAY,
    }
    return Case(**(values | given))


def issue_raised(**given: Any) -> intake.IssueRaisedV1:
    values: dict[str, Any] = {
        "issue_id": ISSUE,
        "order_no": "1001",
        "unit_code": COMMUNITY,
        "category": "road",
        "title": "楼道堆物",
        "request_kind": RequestKind.COMPLAINT,
        "sla_class": SlaClass.GENERAL,
        "dispatch_kind": DispatchKind.DIRECT,
        "route": Route.HANDLE,
        "dispatched_at": MONDAY,
        "due_at": MONDAY + days(7),
        "raised_at": MONDAY,
    }
    return intake.IssueRaisedV1(**(values | given))


def complaint_linked(unit_code: str = COMMUNITY, order_no: str = "1001") -> intake.ComplaintLinkedV1:
    return intake.ComplaintLinkedV1(
        order_no=order_no,
        issue_id=ISSUE,
        unit_code=unit_code,
        category="road",
        request_kind=RequestKind.COMPLAINT,
        sla_class=SlaClass.GENERAL,
        dispatch_kind=DispatchKind.DIRECT,
        dispatched_at=MONDAY,
        due_at=MONDAY + days(7),
        linked_at=MONDAY,
        linked_by="intake",
    )


def complaint_urged(at: datetime, order_no: str = "1002") -> intake.ComplaintUrgedV1:
    return intake.ComplaintUrgedV1(order_no=order_no, first_order_no="1001", issue_id=ISSUE, urged_at=at)


def issue_listed(unit_code: str = COMMUNITY) -> intake.IssueListedV1:
    return intake.IssueListedV1(
        issue_id=ISSUE,
        unit_code=unit_code,
        category="road",
        title="楼道堆物",
        reason=ListingReason.GROUP,
        listed_at=MONDAY,
    )


def session_scheduled(starts_at: datetime, unit_code: str = COMMUNITY) -> councils.SessionScheduledV1:
    return councils.SessionScheduledV1(
        session_id=f"{ISSUE}/S1",
        issue_id=ISSUE,
        unit_code=unit_code,
        number=1,
        kind=SessionKind.ORDINARY,
        title="楼道堆物",
        category="road",
        hall_id="H1",
        hall_name="社区议事厅",
        starts_at=starts_at,
        deputies=[],
        lapses_at=starts_at,
        scheduled_at=MONDAY,
    )


def resolution_adopted(due_at: datetime, unit_code: str = COMMUNITY) -> deliberation.ResolutionAdoptedV1:
    task = deliberation.ResolvedTaskPart(what="清理", leader="张", department="城管", person="赵", due_at=due_at)
    return deliberation.ResolutionAdoptedV1(
        resolution_id=f"{ISSUE}/S1/R1",
        issue_id=ISSUE,
        session_id=f"{ISSUE}/S1",
        unit_code=unit_code,
        motion="清理楼道",
        tasks=[task],
        adopted_at=MONDAY,
    )


def deliberation_failed(kind: SessionKind, failures: int = 1, unit_code: str = COMMUNITY, at: datetime = MONDAY) -> Any:
    return deliberation.DeliberationFailedV1(
        issue_id=ISSUE,
        session_id=f"{ISSUE}/S{failures}",
        unit_code=unit_code,
        kind=kind,
        reason=FailureReason.NO_MAJORITY,
        failures=failures,
        failed_at=at,
    )


def task_signed_for(unit_code: str = COMMUNITY, signed_at: datetime = MONDAY) -> dispatch.TaskSignedForV1:
    return dispatch.TaskSignedForV1(
        task_id=f"{ISSUE}/T1", issue_id=ISSUE, unit_code=unit_code, signed_by="赵", signed_at=signed_at
    )


def task_taken_over(to_unit: str = STREET) -> dispatch.TaskTakenOverV1:
    return dispatch.TaskTakenOverV1(
        task_id=f"{ISSUE}/T1",
        issue_id=ISSUE,
        unit_code=COMMUNITY,
        to_unit=to_unit,
        reason="由街道直接办理",
        taken_over_by="王",
        taken_over_at=MONDAY + days(16),
    )


def issue_handled(at: datetime, unit_code: str = COMMUNITY) -> dispatch.IssueHandledV1:
    return dispatch.IssueHandledV1(issue_id=ISSUE, unit_code=unit_code, result="已清理", handled_at=at)


def handling_failed(at: datetime, unit_code: str = COMMUNITY) -> dispatch.HandlingFailedV1:
    return dispatch.HandlingFailedV1(
        issue_id=ISSUE, unit_code=unit_code, task_id=f"{ISSUE}/T1", reason="居民不同意", failed_by="赵", failed_at=at
    )


def redo_ordered(at: datetime, unit_code: str = COMMUNITY) -> evaluation.RedoOrderedV1:
    return evaluation.RedoOrderedV1(
        issue_id=ISSUE, unit_code=unit_code, order_no="1001", order_nos=["1001"], due_at=at + days(3), ordered_at=at
    )


def issue_evaluated(
    outcome: Outcome, at: datetime, unit_code: str = COMMUNITY, *, newcomers: int = 0
) -> evaluation.IssueEvaluatedV1:
    return evaluation.IssueEvaluatedV1(
        issue_id=ISSUE,
        unit_code=unit_code,
        outcome=outcome,
        asked=1,
        reached=1,
        solved=0,
        newcomers=newcomers,
        handled_at=at,
        evaluated_at=at,
    )
