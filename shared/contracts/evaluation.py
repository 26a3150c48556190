"""What evaluation 评 tells: what the people concerned answered, and what the periods came to."""

from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, checked, event
from shared.contracts.vocabulary import DispatchKind, Outcome, Solved


@event(publisher="evaluation", subject="issue_id")
class CallbackStartedV1(Event):
    """The time limit of an order ran out, or a redo was finished: its caller is asked (Art. 23)."""

    order_no: str
    issue_id: str
    unit_code: str
    round: int
    attempt: int
    started_at: datetime


@event(publisher="evaluation", subject="issue_id")
class CallbackCompletedV1(Event):
    """What the caller said. Not reached after the policy's tries is no sample, and never counts as satisfied."""

    order_no: str
    issue_id: str
    unit_code: str
    dispatch_kind: DispatchKind
    round: int
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = checked(validate.Range(min=1, max=5), default=None)
    completed_at: datetime


@event(publisher="evaluation", subject="issue_id")
class RedoOrderedV1(Event):
    """A caller said "not solved": once, it is done again at half the limit."""

    issue_id: str
    unit_code: str
    order_no: str
    due_at: datetime
    ordered_at: datetime


@event(publisher="evaluation", subject="issue_id")
class IssueEvaluatedV1(Event):
    """Every caller of a handled issue was asked. Unsolved after a redo climbs one tier."""

    issue_id: str
    unit_code: str
    outcome: Outcome
    asked: int
    reached: int
    solved: int
    evaluated_at: datetime


@event(publisher="evaluation", subject="period_id")
class PeriodFrozenV1(Event):
    """The period's samples are fixed; `sha256` is that of the canonical result."""

    period_id: str
    samples: int
    sha256: str
    frozen_at: datetime


@event(publisher="evaluation", subject="period_id")
class PeriodPublishedV1(Event):
    """The period's rates and rankings are public."""

    period_id: str
    sha256: str
    published_at: datetime


@event(publisher="evaluation", subject="period_id")
class ErratumIssuedV1(Event):
    """A published period was wrong; the correction stands beside it, in public."""

    period_id: str
    erratum_no: int
    reason: str
    sha256: str
    issued_at: datetime
