"""What intake 集 tells of orders after they came in: what the hotline or the caller made of them, and their end."""

from dataclasses import field
from datetime import datetime

from shared.contracts.base import Event, Part, checked, event, part
from shared.contracts.dispatch import EvidencePart
from shared.contracts.intake import PUBLIC_WORDING, RESPONDENTS
from shared.contracts.requests import RequestReason, Want
from shared.contracts.vocabulary import DispatchKind, EmergencyLine, HandoverOutcome, Outcome, Route, SlaClass


@event(publisher="intake", subject="issue_id")
class ComplaintRedispatchedV1(Event):
    """The hotline sent the order out again: `dispatch_no` is in hand now, by `due_at`, and the one before has ended.

    Clocks, charges and callbacks are the dispatch's: the unit of the one before is charged with nothing that comes
    after. `to_unit` has it; where that is another unit than before, the issue is the order's own.
    """

    order_no: str
    dispatch_no: int
    issue_id: str
    from_unit: str
    to_unit: str
    category: str
    sla_class: SlaClass
    dispatch_kind: DispatchKind
    title: str = checked(says=PUBLIC_WORDING)
    respondents: list[str] = field(default_factory=list, metadata=RESPONDENTS)
    route: Route
    reason: str
    dispatched_at: datetime
    due_at: datetime
    redispatched_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintMergedV1(Event):
    """The hotline merged the order into another one: it belongs to no issue of its own any more."""

    order_no: str
    first_order_no: str = checked(says="The order with which it is answered.")
    issue_id: str
    merged_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintRecalledV1(Event):
    """The hotline took its dispatch back: nobody here has the order, until it is dispatched again."""

    order_no: str
    dispatch_no: int
    recalled_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintWithdrawnV1(Event):
    """The caller took the order back: it is out of hand, and nobody is asked about it."""

    order_no: str
    withdrawn_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintAmendedV1(Event):
    """The order says something else, or more, than before; whoever has the duty reads it there. Its time goes on."""

    order_no: str
    issue_id: str = checked(says="Empty where it belongs to none.")
    is_supplement: bool
    number: int
    amended_at: datetime


@part
class MatterEndPart(Part):
    """How one matter of an order ended; `order_no` is its own number. `outcome` is null where nobody was asked."""

    order_no: str
    state: str
    outcome: Outcome | None = None


@event(publisher="intake", subject="order_no")
class OrderEndedV1(Event):
    """All matters of an order of several have ended, each as it was told. An order of one matter has no such event."""

    order_no: str
    matters: list[MatterEndPart]
    ended_at: datetime


@event(publisher="intake", subject="order_no")
class ComplaintHandedOverV1(Event):
    """An emergency was handed over to 110, 119 or 120. The order goes on.

    By `follow_by` somebody says what came of it.
    """

    order_no: str
    issue_id: str = checked(says="Empty where it belongs to none yet.")
    line: EmergencyLine | None = checked(default=None, says="Null where the hotline put the caller through itself.")
    reference: str = checked(default="", says="Under which the emergency line has it.")
    follow_by: datetime
    handed_by: str
    handed_at: datetime


@event(publisher="intake", subject="order_no")
class HandoverFollowedV1(Event):
    """What came of handing an order over. Its own task goes on, whatever it was."""

    order_no: str
    issue_id: str
    line: EmergencyLine | None = None
    outcome: HandoverOutcome
    followed_by: str
    followed_at: datetime


@event(publisher="intake", subject="order_no")
class HandoverMissedV1(Event):
    """Nobody said in time what came of it: an incident in `unit_code`, whose desk should have."""

    order_no: str
    issue_id: str
    unit_code: str
    line: EmergencyLine | None = None
    handed_at: datetime
    missed_at: datetime


@event(publisher="intake", subject="order_no")
class OrderRequestAskedV1(Event):
    """A unit asks for what only the hotline decides: that its dispatch is returned, the order is left out of the rates,
    or its caller is called again. The hotline says `order_request_answered.v1` by `answer_by`, or all stays as it is.
    """

    request_id: str
    order_no: str
    dispatch_no: int
    unit_code: str
    wants: Want
    reason: RequestReason
    words: str
    appeals: str = checked(default="", says="The request whose refusal this appeals against; empty for the first.")
    evidence: list[EvidencePart] = field(default_factory=list)
    answer_by: datetime
    asked_by: str
    asked_at: datetime


@event(publisher="intake", subject="order_no")
class OrderRequestDecidedV1(Event):
    """The hotline's answer, or that it gave none in time (`is_default`)."""

    request_id: str
    order_no: str
    issue_id: str = checked(says="Empty where the order belonged to none when it was asked.")
    wants: Want
    granted: bool
    is_default: bool
    answer: str
    decided_by: str
    decided_at: datetime
