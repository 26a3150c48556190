"""What evaluation 评 tells: what the people concerned answered, and what the periods came to."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from shared.contracts.base import Event, Part, checked, event, part
from shared.contracts.vocabulary import Asker, DispatchKind, Outcome, Solved


@event(publisher="evaluation", subject="issue_id")
class CallbackStartedV1(Event):
    """The time limit of an order ran out, or a redo was finished: its caller is asked (Art. 23).

    `asker` is to do it by `answer_by`, or it ends as not asked.
    """

    order_no: str
    issue_id: str
    unit_code: str
    round: int
    attempt: int
    asker: Asker
    answer_by: datetime
    started_at: datetime


@event(publisher="evaluation", subject="issue_id")
class CallbackCompletedV1(Event):
    """What the caller said. Not reached after the policy's tries is no sample, and never counts as satisfied.

    `is_self_check`: we asked beside the hotline, and it is no sample of the rates. The hotline's `round` is its own.
    """

    order_no: str
    issue_id: str
    unit_code: str
    dispatch_kind: DispatchKind
    asked_by: Asker
    is_self_check: bool
    round: int
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = checked(validate.Range(min=1, max=5), default=None)
    completed_at: datetime


@event(publisher="evaluation", subject="issue_id")
class CallbackNotAskedV1(Event):
    """Nobody asked the caller by the time: no sample, an incident for `asker`, and the issue goes on without it.

    `unit_code` is the unit whose people should have asked, or should have asked the hotline.
    """

    order_no: str
    issue_id: str
    unit_code: str
    asker: Asker
    round: int
    began_at: datetime
    ended_at: datetime


@event(publisher="evaluation", subject="issue_id")
class RedoOrderedV1(Event):
    """Callers said "not solved": once, it is done again at half the limit, for these orders.

    Of several, `order_no` is the one whose limit is the shortest, and sets the redo's. Said again of one `handled_at`,
    the handling that was not enough, it is for callers who say so while it is being done again: for them as well.
    """

    issue_id: str
    unit_code: str
    order_no: str
    order_nos: list[str]
    handled_at: datetime | None = None
    due_at: datetime
    ordered_at: datetime


@part
class OrderOutcomePart(Part):
    """How one order ended, by what its own caller said."""

    order_no: str
    outcome: Outcome


@event(publisher="evaluation", subject="issue_id")
class OrderEvaluatedV1(Event):
    """An order that was handled alone ends by what its own caller said; its issue goes on."""

    order_no: str
    issue_id: str
    unit_code: str
    outcome: Outcome
    handled_at: datetime
    evaluated_at: datetime


@event(publisher="evaluation", subject="issue_id")
class IssueEvaluatedV1(Event):
    """A handled issue was judged by those who were asked. Unsolved after a redo climbs one tier.

    `orders` end with it, each by its own outcome; `newcomers` joined the issue after it was handled, and are still
    to be worked on: it is not over while there are any.
    """

    issue_id: str
    unit_code: str
    outcome: Outcome
    asked: int
    reached: int
    solved: int
    orders: list[OrderOutcomePart] = field(default_factory=list)
    newcomers: int
    handled_at: datetime
    evaluated_at: datetime


@event(publisher="evaluation", subject="period_id")
class PeriodFrozenV1(Event):
    """The period's samples are fixed; `sha256` is that of the canonical result."""

    period_id: str
    samples: int
    sha256: str
    frozen_at: datetime


@part
class RankPart(Part):
    """A unit's (by its code) or an organisation's place; none below the least number of samples. Ratios lie between 0
    and 1, null where nobody was reached; intervals are Wilson's, [low, high]."""

    code: str
    name: str = checked(default="", says="Of an organisation.")
    rank: int | None = None
    asked: int
    samples: int
    response_ratio: float | None = None
    resolution_ratio: float | None = None
    satisfaction_ratio: float | None = None
    composite_ratio: float | None = None
    response_interval: list[float] | None = None
    resolution_interval: list[float] | None = None
    satisfaction_interval: list[float] | None = None


@part
class RankingPart(Part):
    """`group`: street, community (`within` a street), department, enterprise; `dispatch_kind` or overall."""

    group: str
    within: str = ""
    dispatch_kind: str
    entries: list[RankPart]


@part
class ClassesPart(Part):
    """先进、进步、整改、治理: streets by their codes."""

    advanced: list[str] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)
    rectify: list[str] = field(default_factory=list)
    governance: list[str] = field(default_factory=list)


@event(publisher="evaluation", subject="period_id")
class PeriodPublishedV1(Event):
    """The period's rates and rankings are public, and these are the rankings; `sha256` is that of the whole result."""

    period_id: str
    starts_at: datetime
    ends_at: datetime
    samples: int
    policy_version: str
    rankings: list[RankingPart]
    classes: ClassesPart
    sha256: str
    published_at: datetime


@event(publisher="evaluation", subject="period_id")
class ErratumIssuedV1(Event):
    """A published period was wrong; the correction stands beside it, in public."""

    period_id: str
    erratum_no: int
    reason: str
    correction: str
    sha256: str
    issued_at: datetime
