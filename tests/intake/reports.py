"""What other services say of issue I-A1, as events."""

from shared.contracts import dispatch, evaluation, supervision
from shared.contracts.deliberation import ResolutionAdoptedV1
from shared.contracts.vocabulary import (
    Asker,
    DispatchKind,
    EscalationReason,
    Outcome,
    Route,
    SlaClass,
    Solved,
    TaskOrigin,
)
from tests.intake.builders import (
    COMMUNITY,
    NOW,
    STREET,
)


def closed(outcome=Outcome.SOLVED, issue_id="I-A1"):
    return supervision.IssueClosedV1(issue_id=issue_id, unit_code=COMMUNITY, outcome=outcome, closed_at=NOW)


def moved(route):
    return {
        "issue_id": "I-A1",
        "from_unit": COMMUNITY,
        "to_unit": STREET,
        "to_tier": "street",
        "route": route,
        "title": "t",
        "category": "parking",
        "due_at": NOW,
    }


def escalated(route=Route.HANDLE):
    return supervision.IssueEscalatedV1(
        **moved(route),
        escalation_id="I-A1/E1",
        rung=1,
        reason=EscalationReason.UNRESOLVED,
        explanation="",
        escalated_by="supervision",
        escalated_at=NOW,
    )


def reopened():
    return supervision.IssueReopenedV1(**moved(Route.HANDLE), relapse=1, reason="again", reopened_at=NOW)


def alone(order_no, result, at=NOW):
    return dispatch.OrderHandledV1(
        order_no=order_no, issue_id="I-A1", task_id="I-A1/T2", unit_code=COMMUNITY, result=result, handled_at=at
    )


def failed(at=NOW):
    return dispatch.HandlingFailedV1(
        issue_id="I-A1", unit_code=COMMUNITY, task_id="I-A1/T1", reason="无力解决", failed_by="h", failed_at=at
    )


def resolved():
    return ResolutionAdoptedV1(
        resolution_id="I-A1/S1/R1",
        issue_id="I-A1",
        session_id="I-A1/S1",
        unit_code=COMMUNITY,
        motion="m",
        tasks=[],
        adopted_at=NOW,
    )


def called_back(order_no):
    return evaluation.CallbackCompletedV1(
        order_no=order_no,
        issue_id="I-A1",
        unit_code=COMMUNITY,
        dispatch_kind=DispatchKind.DIRECT,
        asked_by=Asker.HOTLINE,
        is_self_check=False,
        round=1,
        reached=True,
        contacted=True,
        solved=Solved.YES,
        satisfaction=5,
        completed_at=NOW,
    )


def redo(order_no):
    return evaluation.RedoOrderedV1(
        issue_id="I-A1", unit_code=COMMUNITY, order_no=order_no, order_nos=[order_no], due_at=NOW, ordered_at=NOW
    )


def returned():
    held = moved(Route.HANDLE) | {"from_unit": STREET, "to_unit": COMMUNITY}
    del held["to_tier"]
    return supervision.IssueReturnedDownV1(**held, reason="职责内", returned_by="wang", returned_at=NOW)


def undone():
    return supervision.EscalationUndoneV1(
        escalation_id="I-A1/E1",
        issue_id="I-A1",
        from_unit=STREET,
        to_unit=COMMUNITY,
        title="路灯不亮",
        category="lighting",
        reason="消息迟到",
        held_since=NOW,
        handled_at=NOW,
        undone_at=NOW,
    )


def assigned(issue_id="I-A1", unit_code=COMMUNITY, organisation_id="O-1"):
    """A task was given to an organisation."""
    return dispatch.TaskAssignedV1(
        task_id=f"{issue_id}/T1",
        issue_id=issue_id,
        unit_code=unit_code,
        origin=TaskOrigin.COMPLAINT,
        what="停车",
        sla_class=SlaClass.GENERAL,
        leader="李主任",
        department="社区服务站",
        person="王明",
        organisation_id=organisation_id,
        desk_id=f"{organisation_id}/desk",
        due_at=NOW,
        attempt=1,
        forced=False,
        assigned_at=NOW,
    )
