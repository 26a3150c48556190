"""What supervision and the escalation RPC answer, and how each answer is made from what is known."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from services.supervision.domain.case import Case
from services.supervision.domain.clock import Clock
from services.supervision.domain.escalation import Escalation
from services.supervision.domain.incident import DECISIONS, Incident
from services.supervision.domain.look_back import LookBack
from services.supervision.domain.timeline import TimelineEntry
from services.supervision.storage.repository import SupervisionStore
from shared.bus.rpc.messages import reply
from shared.contracts.requests import RequestReason
from shared.contracts.vocabulary import ClockKind, EscalationReason, IncidentKind, SlaClass
from shared.requests.request import Request


@reply
class ClockLine:
    """A clock in short. While it is on hold, `due_at` is the earliest it can be.

    A resident's is that of a dispatch of an order; a tier's of none.
    """

    clock_id: str
    kind: ClockKind
    unit_code: str
    state: str
    started_at: datetime
    due_at: datetime
    remaining_seconds: float
    late_on_arrival: bool
    order_no: str
    dispatch_no: int | None


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
    tried: str
    escalated_by: str
    escalated_at: datetime
    due_at: datetime
    withdrawn_at: datetime | None


@reply
class IncidentLine:
    """`unit_code` must see to it; `decisions` are those by which it can be settled: where none, it ends by itself."""

    incident_id: str
    issue_id: str
    unit_code: str
    kind: IncidentKind
    about: str
    reason: str
    opened_at: datetime
    settled_at: datetime | None
    settled_by: str
    decision: str
    remark: str
    decisions: list[str]


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
    sla_class: SlaClass
    unit_code: str
    tier: str
    route: str
    state: str
    outcome: str
    rung: int
    relapses: int
    held_since: datetime


@reply
class PendingLine:
    """An issue on the pending list: why, what is planned, who sees to it, what callers were told, who approved it."""

    issue_id: str
    title: str
    category: str
    unit_code: str
    request_id: str
    reason: RequestReason
    plan: str
    owner: str
    owner_name: str
    interim_reply: str
    approved_by: str
    approved_at: datetime | None
    review_at: datetime | None


@reply
class CaseReply:
    """The whole file, but for its timeline. `pending`: how it stands on the pending list, if it is on it."""

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
    pending: PendingLine | None
    case_url: str


@reply
class PendingReply:
    issues: list[PendingLine]


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


def case_reply(work: SupervisionStore, case: Case, now: datetime) -> CaseReply:
    """The whole file of a case."""
    issue_id = case.issue_id
    return CaseReply(
        case=case_line(case),
        order_no=case.order_no,
        origin_unit=case.origin_unit,
        came_from=case.came_from,
        raised_at=case.raised_at,
        handled_at=case.handled_at,
        closed_at=case.closed_at,
        clocks=clock_lines(work.clocks.of(issue_id=issue_id), now),
        escalations=[_escalation_line(one) for one in work.escalations.of(issue_id=issue_id)],
        incidents=[_incident_line(one) for one in work.incidents.of(issue_id=issue_id)],
        look_backs=[_look_back_line(one) for one in work.look_backs.of(issue_id=issue_id)],
        pending=pending_line(case, work.requests.get(case.pending)) if case.is_pending else None,
        case_url=case_url(issue_id),
    )


def case_line(case: Case) -> CaseLine:
    return CaseLine(
        issue_id=case.issue_id,
        title=case.title,
        category=case.category,
        sla_class=case.sla_class,
        unit_code=case.unit_code,
        tier=case.tier.value,
        route=case.route.value,
        state=case.state.value,
        outcome=case.outcome.value if case.outcome else "",
        rung=case.rung,
        relapses=case.relapses,
        held_since=case.held_since,
    )


def pending_line(case: Case, request: Request) -> PendingLine:
    return PendingLine(
        issue_id=case.issue_id,
        title=case.title,
        category=case.category,
        unit_code=case.unit_code,
        request_id=request.id,
        reason=request.reason,
        plan=request.facts["plan"],
        owner=request.facts["owner"],
        owner_name=request.facts["owner_name"],
        interim_reply=request.facts["reply"],
        approved_by=request.decided_by,
        approved_at=request.decided_at,
        review_at=case.review_at,
    )


def clock_reply(clock: Clock, now: datetime) -> ClockReply:
    ledger = clock.ledger
    return ClockReply(
        clock=clock_line(clock, now),
        budget_seconds=ledger.budget.total_seconds(),
        counted_seconds=ledger.counted(now).total_seconds(),
        rule_version=ledger.rule_version,
        calendar_version=ledger.calendar_version,
        segments=[
            SegmentLine(kind=one.kind.value, begins_at=one.begins_at, ends_at=one.ends_at, by=one.by, reason=one.reason)
            for one in ledger.segments
        ],
        extensions=[
            ExtensionLine(at=one.at, length_seconds=one.length.total_seconds(), by=one.by, reason=one.reason)
            for one in ledger.extensions
        ],
    )


def clock_lines(clocks: list[Clock], now: datetime) -> list[ClockLine]:
    """The resident's first, then the tiers' in the order in which they began."""
    return [clock_line(clock, now) for clock in sorted(clocks, key=lambda one: (one.kind, one.started_at, one.id))]


def clock_line(clock: Clock, now: datetime) -> ClockLine:
    return ClockLine(
        clock_id=clock.id,
        kind=clock.kind,
        unit_code=clock.unit_code,
        state=clock.state.value,
        started_at=clock.started_at,
        due_at=clock.due_at,
        remaining_seconds=clock.ledger.remaining(now).total_seconds(),
        late_on_arrival=clock.late_at is not None,
        order_no=clock.order_no,
        dispatch_no=clock.dispatch_no,
    )


def case_url(issue_id: str) -> str:
    """Where people find the case, below the address of the console."""
    return f"/cases/{quote(issue_id, safe='')}"


def _escalation_line(one: Escalation) -> EscalationLine:
    return EscalationLine(
        escalation_id=one.id,
        rung=one.rung,
        from_unit=one.from_unit,
        to_unit=one.to_unit,
        reason=one.reason,
        explanation=one.explanation,
        tried=one.tried,
        escalated_by=one.escalated_by,
        escalated_at=one.escalated_at,
        due_at=one.due_at,
        withdrawn_at=one.withdrawn_at,
    )


def _incident_line(one: Incident) -> IncidentLine:
    return IncidentLine(
        incident_id=one.id,
        issue_id=one.issue_id,
        unit_code=one.unit_code,
        kind=one.kind,
        about=one.about,
        reason=one.reason,
        opened_at=one.opened_at,
        settled_at=one.settled_at,
        settled_by=one.settled_by,
        decision=one.decision.value if one.decision else "",
        remark=one.remark,
        decisions=[decision.value for decision in DECISIONS[one.kind]],
    )


def _look_back_line(one: LookBack) -> LookBackLine:
    return LookBackLine(
        number=one.number,
        due_at=one.due_at,
        announced_at=one.announced_at,
        done_at=one.done_at,
        has_relapsed=one.has_relapsed,
        remark=one.remark,
    )


def escalate_reply(work: SupervisionStore, escalation: Escalation, to_tier: str, now: datetime) -> EscalateReply:
    issue_id = escalation.issue_id
    return EscalateReply(
        escalation_id=escalation.id,
        to_unit=escalation.to_unit,
        to_tier=to_tier,
        due_at=escalation.due_at,
        clocks=clock_lines(work.clocks.of(issue_id=issue_id), now),
        case_url=case_url(issue_id),
    )


def timeline_line(one: TimelineEntry) -> TimelineLine:
    return TimelineLine(at=one.at, kind=one.kind, actor=one.actor, unit_code=one.unit_code, facts=one.facts)
