"""Events, surveys, samples and callers as the tests of evaluation need them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.evaluation.domain.rates import Sample
from services.evaluation.domain.survey import Survey
from services.evaluation.schemas.requests import RecordCallback
from shared.auth import Caller, Role
from shared.contracts.dispatch import IssueHandledV1
from shared.contracts.intake import ComplaintCorrectedV1, ComplaintLinkedV1, ComplaintUnlinkedV1
from shared.contracts.supervision import (
    EscalationUndoneV1,
    IssueClosedV1,
    IssueEscalatedV1,
    IssueReassignedV1,
    IssueReopenedV1,
    IssueReturnedDownV1,
)
from shared.contracts.vocabulary import (
    Asker,
    DispatchKind,
    EscalationReason,
    Outcome,
    RequestKind,
    Route,
    SlaClass,
    Solved,
)
from tests.fakes import POLICIES

COMMUNITY, STREET, DISTRICT = "110105017003", "110105017", "110105"
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POLICY = POLICIES.at(MONDAY)
AGENT = Caller("agent-1", frozenset({Role.CALLBACK_AGENT}), DISTRICT)
EVALUATOR = Caller("evaluator-1", frozenset({Role.EVALUATOR}), DISTRICT)
PUBLIC = Caller("anyone", frozenset({Role.PUBLIC}), None)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    return timedelta(days=count)


LIMIT_OVER = MONDAY + days(7)


def linked(order_no: str = "A", issue_id: str = "I-A", **changes: Any) -> ComplaintLinkedV1:
    """By default somebody came in person, so that we ask by ourselves."""
    plain = {
        "order_no": order_no,
        "issue_id": issue_id,
        "unit_code": COMMUNITY,
        "category": "noise",
        "request_kind": RequestKind.COMPLAINT,
        "sla_class": SlaClass.GENERAL,
        "dispatch_kind": DispatchKind.DIRECT,
        "dispatched_at": MONDAY,
        "due_at": LIMIT_OVER,
        "channel": "visit",
        "linked_at": MONDAY,
        "linked_by": "intake",
    }
    return ComplaintLinkedV1(**(plain | changes))


def unlinked(order_no: str = "A", issue_id: str = "I-A", at: datetime = MONDAY) -> ComplaintUnlinkedV1:
    return ComplaintUnlinkedV1(
        order_no=order_no, issue_id=issue_id, reason="另一件事", unlinked_at=at, unlinked_by="clerk-1"
    )


def handled(at: datetime, unit: str = COMMUNITY, issue_id: str = "I-A") -> IssueHandledV1:
    return IssueHandledV1(issue_id=issue_id, unit_code=unit, result="已清理", handled_at=at)


def escalated(
    at: datetime, to_unit: str = STREET, issue_id: str = "I-A", *, was_handled: bool = False
) -> IssueEscalatedV1:
    return IssueEscalatedV1(
        escalation_id=f"{issue_id}/E1",
        issue_id=issue_id,
        rung=1,
        from_unit=COMMUNITY,
        to_unit=to_unit,
        to_tier="street",
        reason=EscalationReason.UNRESOLVED,
        explanation="未解决",
        route=Route.HANDLE,
        title="夜间噪声",
        category="noise",
        due_at=at + days(15),
        was_handled=was_handled,
        escalated_by="supervision",
        escalated_at=at,
    )


def undone(at: datetime, handled_at: datetime, issue_id: str = "I-A") -> EscalationUndoneV1:
    return EscalationUndoneV1(
        escalation_id=f"{issue_id}/E1",
        issue_id=issue_id,
        from_unit=STREET,
        to_unit=COMMUNITY,
        title="噪声",
        category="noise",
        reason="消息迟到",
        held_since=MONDAY,
        handled_at=handled_at,
        undone_at=at,
    )


def returned_down(at: datetime, to_unit: str = COMMUNITY, issue_id: str = "I-A") -> IssueReturnedDownV1:
    return IssueReturnedDownV1(
        issue_id=issue_id,
        from_unit=STREET,
        to_unit=to_unit,
        reason="可在社区解决",
        route=Route.HANDLE,
        title="夜间噪声",
        category="noise",
        due_at=at + days(7),
        returned_by="leader-1",
        returned_at=at,
    )


def reopened(at: datetime, to_unit: str = STREET, issue_id: str = "I-A", *, order_no: str = "") -> IssueReopenedV1:
    return IssueReopenedV1(
        issue_id=issue_id,
        from_unit=COMMUNITY,
        to_unit=to_unit,
        to_tier="street",
        relapse=1,
        reason="反弹",
        order_no=order_no,
        route=Route.HANDLE,
        title="夜间噪声",
        category="noise",
        due_at=at + days(15),
        reopened_at=at,
    )


def closed(at: datetime, issue_id: str = "I-A") -> IssueClosedV1:
    return IssueClosedV1(issue_id=issue_id, unit_code=COMMUNITY, outcome=Outcome.SOLVED, closed_at=at)


def said(
    solved: Solved = Solved.YES, order_no: str = "A", *, satisfaction: int = 5, contacted: bool = True, key: str = "k"
) -> RecordCallback:
    return RecordCallback(
        order_no=order_no,
        reached=True,
        contacted=contacted,
        solved=solved,
        satisfaction=satisfaction,
        idempotency_key=key,
    )


def nobody_answered(order_no: str = "A") -> RecordCallback:
    return RecordCallback(order_no=order_no, reached=False, idempotency_key="k")


def a_survey(**changes: Any) -> Survey:
    plain = {
        "order_no": "A",
        "issue_id": "I-A",
        "origin_unit": COMMUNITY,
        "rank_unit": STREET,
        "dispatch_kind": DispatchKind.DIRECT,
        "dispatched_at": MONDAY,
        "due_at": LIMIT_OVER,
        "linked_at": MONDAY,
        "period_id": "2026-03",
        "asks_at": LIMIT_OVER,
        "asker": Asker.OWN,
    }
    return Survey(**(plain | changes))


def a_sample(order_no: str = "A", unit: str = STREET, **changes: Any) -> Sample:
    plain = {
        "dispatch_kind": DispatchKind.DIRECT,
        "asked_by": Asker.OWN,
        "reached": True,
        "contacted": True,
        "solved": Solved.YES,
        "satisfaction": 5,
    }
    return Sample(order_no=order_no, rank_unit=unit, **({"community": "", "charged": ()} | plain | changes))


def not_reached(order_no: str, unit: str = STREET) -> Sample:
    return a_sample(order_no, unit, reached=False, contacted=None, solved=None, satisfaction=None)


def corrected(at: datetime, to_unit: str, order_no: str = "A", issue_id: str = "I-A", **changes: Any) -> Any:
    plain = {
        "order_no": order_no,
        "issue_id": issue_id,
        "from_unit": COMMUNITY,
        "to_unit": to_unit,
        "from_category": "noise",
        "category": "noise",
        "from_class": SlaClass.GENERAL,
        "sla_class": SlaClass.GENERAL,
        "title": "夜间噪声",
        "route": Route.HANDLE,
        "due_at": MONDAY + days(7),
        "reason": "属该街道",
        "corrected_by": "zhao",
        "corrected_at": at,
    }
    return ComplaintCorrectedV1(**(plain | changes))


def reassigned(at: datetime, to_unit: str, issue_id: str = "I-A") -> IssueReassignedV1:
    return IssueReassignedV1(
        issue_id=issue_id,
        from_unit=COMMUNITY,
        to_unit=to_unit,
        title="夜间噪声",
        category="noise",
        sla_class=SlaClass.GENERAL,
        route=Route.HANDLE,
        reason="属该街道",
        due_at=MONDAY + days(7),
        reassigned_by="zhao",
        reassigned_at=at,
    )
