"""What supervision and the escalation RPC can be asked, and what they answer."""

from dataclasses import field
from datetime import datetime
from typing import Any

from marshmallow import validate

from services.supervision.domain.incident import Decision
from shared.bus import reply, request
from shared.contracts.base import checked, each, text
from shared.contracts.dispatch import EvidencePart
from shared.contracts.hotline import UNIT_CODE
from shared.contracts.vocabulary import ClockKind, EscalationReason

MOST_EVIDENCE = 50


def _unit() -> Any:
    return checked(UNIT_CODE)


def _units() -> Any:
    return field(default_factory=list, metadata={"validate": each(UNIT_CODE, most=50)})


def _evidence() -> Any:
    return field(default_factory=list, metadata={"validate": validate.Length(max=MOST_EVIDENCE)})


@request
class Escalate:
    """`units_concerned` helps for `cross_area`, where the case does not know of all of them."""

    issue_id: str = text(longest=120)
    from_unit: str = _unit()
    reason: EscalationReason
    explanation: str = text(longest=2000)
    evidence: list[EvidencePart] = _evidence()
    units_concerned: list[str] = _units()
    idempotency_key: str = text(longest=100)


@request
class Preview:
    """As `Escalate`, without the key: nothing is changed."""

    issue_id: str = text(longest=120)
    from_unit: str = _unit()
    reason: EscalationReason
    explanation: str = text(shortest=0, longest=2000, default="")
    evidence: list[EvidencePart] = _evidence()
    units_concerned: list[str] = _units()


@request
class Status:
    issue_id: str = text(longest=120)


@request
class Withdraw:
    escalation_id: str = text(longest=140)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class GetCase:
    issue_id: str = text(longest=120)


@request
class ListCases:
    """Cases held by the unit or inside it; `state` is open, closed or empty for both."""

    unit_code: str = _unit()
    state: str = checked(validate.OneOf(["", "open", "closed"]), default="open")
    most: int = checked(validate.Range(min=1, max=1000), default=100)


@request
class GetTimeline:
    issue_id: str = text(longest=120)
    most: int = checked(validate.Range(min=1, max=5000), default=1000)


@request
class ExplainClock:
    clock_id: str = text(longest=140)


@request
class PauseClock:
    clock_id: str = text(longest=140)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class ResumeClock:
    clock_id: str = text(longest=140)
    reason: str = text(shortest=0, longest=2000, default="")
    idempotency_key: str = text(longest=100)


@request
class ExtendClock:
    """How much more time there is, is for the policy to say."""

    clock_id: str = text(longest=140)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class RecordLookBack:
    issue_id: str = text(longest=120)
    relapsed: bool
    remark: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class ReturnDown:
    issue_id: str = text(longest=120)
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@request
class SettleIncident:
    incident_id: str = text(longest=140)
    decision: Decision
    reason: str = text(longest=2000)
    idempotency_key: str = text(longest=100)


@reply
class ClockLine:
    """A clock in short. While it is on hold, `due_at` is the earliest it can be."""

    clock_id: str
    kind: ClockKind
    unit_code: str
    state: str
    started_at: datetime
    due_at: datetime
    remaining_seconds: float


@reply
class SegmentLine:
    kind: str
    begins_at: datetime
    ends_at: datetime | None
    by: str
    reason: str


@reply
class ExtensionLine:
    at: datetime
    length_seconds: float
    by: str
    reason: str


@reply
class ClockReply:
    """A clock with its whole ledger."""

    clock: ClockLine
    budget_seconds: float
    counted_seconds: float
    rule_version: str
    calendar_version: str
    segments: list[SegmentLine]
    extensions: list[ExtensionLine]


@reply
class ExplainClockReply:
    """The ledger in words, a sentence for each entry."""

    clock: ClockLine
    words: list[str]


@reply
class EscalateReply:
    """What an escalation came to; a preview has no `escalation_id`."""

    escalation_id: str
    to_unit: str
    to_tier: str
    due_at: datetime
    clocks: list[ClockLine]
    case_url: str


@reply
class EscalationLine:
    escalation_id: str
    rung: int
    from_unit: str
    to_unit: str
    reason: EscalationReason
    explanation: str
    escalated_by: str
    escalated_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None


@reply
class IncidentLine:
    incident_id: str
    reason: str
    opened_at: datetime
    settled_at: datetime | None
    decision: str


@reply
class LookBackLine:
    number: int
    due_at: datetime
    announced_at: datetime | None
    done_at: datetime | None
    has_relapsed: bool | None
    remark: str


@reply
class CaseLine:
    """A case in short."""

    issue_id: str
    title: str
    category: str
    unit_code: str
    tier: str
    route: str
    state: str
    outcome: str
    rung: int
    relapses: int
    held_since: datetime


@reply
class CaseReply:
    """The whole file, but for its timeline."""

    case: CaseLine
    order_no: str
    origin_unit: str
    came_from: list[str]
    raised_at: datetime
    handled_at: datetime | None
    closed_at: datetime | None
    clocks: list[ClockLine]
    escalations: list[EscalationLine]
    incidents: list[IncidentLine]
    look_backs: list[LookBackLine]
    case_url: str


@reply
class CasesReply:
    cases: list[CaseLine]


@reply
class TimelineLine:
    at: datetime
    kind: str
    actor: str
    unit_code: str
    facts: dict[str, Any]


@reply
class TimelineReply:
    entries: list[TimelineLine]
