"""What supervision 督 tells: the case's holder and clocks, escalations and the end."""

from dataclasses import field
from datetime import datetime

from shared.contracts.base import Event, Part, checked, event, part
from shared.contracts.dispatch import EvidencePart
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import (
    ClockKind,
    EscalationReason,
    Outcome,
    Publicity,
    Route,
    SlaClass,
    WarningLevel,
)

WHOSE = "The order whose dispatch `dispatch_no` the clock is of; of a tier's, and of an issue without orders, empty."

WHOM = "The organisation that is asked and answers, where it is not the people of a unit who decide."


@event(publisher="supervision", subject="issue_id")
class ClockStartedV1(Event):
    """A clock 时限 began to count. `due_at` is what its ledger gives now and may move later."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    started_at: datetime
    due_at: datetime
    rule_version: str = checked(default="", says="Of the policy that set its limit.")


@event(publisher="supervision", subject="issue_id")
class ClockPausedV1(Event):
    """A clock was put on hold, by whom and why."""

    clock_id: str
    issue_id: str
    reason: str
    paused_by: str
    paused_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockResumedV1(Event):
    """A paused clock counts again, or one that had ended, as the matter came back; the time between moved `due_at`."""

    clock_id: str
    issue_id: str
    resumed_by: str
    resumed_at: datetime
    due_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockExtendedV1(Event):
    """A clock got more time 延期, approved one tier up."""

    clock_id: str
    issue_id: str
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    reason: str
    extended_by: str
    extended_at: datetime
    due_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockFittedV1(Event):
    """A holder's clock is due at another instant, sooner or later: what the orders of the issue need has changed."""

    clock_id: str
    issue_id: str
    reason: str
    order_no: str = checked(
        default="", says="Which order came, went or has another limit; empty where it is no single one."
    )
    fitted_at: datetime
    due_at: datetime


@event(publisher="supervision", subject="issue_id")
class RequestAskedV1(Event):
    """Somebody who works on an issue asks for what others decide: in `decided_in`, by `decide_by`, or by the policy."""

    request_id: str
    issue_id: str
    unit_code: str
    wants: Want
    reason: RequestReason
    words: str
    whom: str = checked(default="", says=WHOM)
    appeals: str = checked(default="", says="The request whose refusal this appeals against; empty for the first.")
    decided_in: str
    decide_by: datetime
    asked_by: str
    asked_at: datetime


@event(publisher="supervision", subject="issue_id")
class RequestDecidedV1(Event):
    """It was granted or refused, with reasons, by somebody else; or by the policy, where nobody did (`is_default`)."""

    request_id: str
    issue_id: str
    unit_code: str
    wants: Want
    whom: str = checked(default="", says=WHOM)
    granted: bool
    is_default: bool
    answer: str
    decided_by: str
    decided_at: datetime


@part
class OrderDuePart(Part):
    """By when an order is to be answered now."""

    order_no: str
    dispatch_no: int
    due_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueExtendedV1(Event):
    """An extension 延期 was granted: by this one decision all of the issue has more time.

    Each of the `orders`, whose limit still ran, has its own limit once more, up to the policy's most; the holder the
    most of these, `added_seconds`; a task no more than its own limit.
    """

    request_id: str
    issue_id: str
    unit_code: str
    orders: list[OrderDuePart]
    added_seconds: int
    reason: RequestReason
    words: str
    extended_by: str
    extended_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssuePendedV1(Event):
    """It can't be solved now and stands on the pending list 疑难挂账, until `review_at` at first; again when it moves.

    The interim reply 阶段性答复 meets the limits of these orders; they are asked about when it is handled.
    """

    request_id: str
    issue_id: str
    unit_code: str
    reason: RequestReason
    plan: str
    owner: str = checked(says="The organisation that sees to the plan.")
    interim_reply: str
    order_nos: list[str] = checked(says="The orders that this reply answers; none where only the day of review moves.")
    review_at: datetime
    approved_by: str
    pended_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueUnpendedV1(Event):
    """It is off the pending list: handled, closed, or its limits count on."""

    issue_id: str
    unit_code: str
    reason: str
    unpended_by: str
    unpended_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockWarnedV1(Event):
    """A clock reached its yellow or red share 预警; the holder is told."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    level: WarningLevel
    due_at: datetime
    warned_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockBreachedV1(Event):
    """A clock ran out 超期."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    due_at: datetime
    breached_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockCorrectedV1(Event):
    """News of what was done in time came late: what the clock had said since is `withdrawn`, mark by mark."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    withdrawn: list[str]
    reason: str
    corrected_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockMetV1(Event):
    """What the clock waited for came in time."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    met_at: datetime


@event(publisher="supervision", subject="issue_id")
class ClockEndedV1(Event):
    """A clock stops and was not met: another unit holds the issue, its dispatch has ended, or it was over before."""

    clock_id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    order_no: str = checked(default="", says=WHOSE)
    dispatch_no: int | None = None
    reason: str
    ended_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueEscalatedV1(Event):
    """The issue climbed exactly one holder 提级, with its whole file; `rung` counts from 1.

    Its tasks go on, but for the unfinished ones of a unit that says that it can't do it itself. `was_handled`: callers
    were being asked, and what was done is not enough; otherwise a handling heard after it stands.
    """

    escalation_id: str
    issue_id: str
    rung: int
    from_unit: str
    to_unit: str
    to_tier: str
    reason: EscalationReason
    explanation: str
    tried: str = checked(default="", says="What the lower unit tried, and what came of it.")
    evidence: list[EvidencePart] = field(default_factory=list)
    route: Route
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    due_at: datetime
    was_handled: bool = False
    escalated_by: str
    escalated_at: datetime


@event(publisher="supervision", subject="issue_id")
class EscalationUndoneV1(Event):
    """It climbed because its time was over, and had been handled in time, as was heard later: as if it had not climbed.

    `to_unit` has held it since `held_since`; `from_unit`, which the climb had given it to, has no more to do with it.
    """

    escalation_id: str
    issue_id: str
    from_unit: str
    to_unit: str
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    reason: str
    held_since: datetime
    handled_at: datetime
    undone_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueReturnedDownV1(Event):
    """The higher unit gave the issue back 退回下级, with advice."""

    issue_id: str
    from_unit: str
    to_unit: str
    reason: str
    route: Route
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    due_at: datetime
    returned_by: str
    returned_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueReassignedV1(Event):
    """A correction moved the issue to the right unit 改派, or gave it another category or class where it was; or the
    hotline dispatched its only order again, to another unit.

    `from_unit` has no more to do with it. `due_at` is the resident's limit: that of the dispatch, which goes on.
    """

    issue_id: str
    from_unit: str
    to_unit: str
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    sla_class: SlaClass
    route: Route
    reason: str
    due_at: datetime
    reassigned_by: str
    reassigned_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueClosedV1(Event):
    """The people concerned were asked, and the case is closed. It can relapse."""

    issue_id: str
    unit_code: str
    outcome: Outcome
    closed_at: datetime


@event(publisher="supervision", subject="issue_id")
class IssueReopenedV1(Event):
    """A relapse 反弹: the matter came back, and is opened again one tier up (the district keeps its own).

    `order_no` is the order whose caller came back: that one is open again, and no other. Empty where nobody called.
    """

    issue_id: str
    from_unit: str
    to_unit: str
    to_tier: str
    relapse: int
    reason: str
    order_no: str = ""
    route: Route
    title: str
    publicity: Publicity = Publicity.PUBLIC
    respondents: list[str] = field(default_factory=list)
    category: str
    due_at: datetime
    reopened_at: datetime
