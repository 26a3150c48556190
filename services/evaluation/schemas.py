"""Requests to evaluation and its replies. A request refuses fields it doesn't know; every command carries a key."""

from dataclasses import field
from datetime import datetime

from marshmallow import validate

from services.evaluation.domain.period import PeriodState
from services.evaluation.domain.survey import SurveyState
from shared.bus import reply, request
from shared.contracts.base import checked, part, text
from shared.contracts.vocabulary import DispatchKind, Solved


def _key() -> str:
    return text(longest=100, says="The same key gives the same reply, and the command is carried out once.")  # type: ignore[no-any-return]


def _period_id(default: str | None = None) -> str:
    rule = validate.Regexp(r"^(\d{4}-(0[1-9]|1[0-2]))?$", error="Must look like 2026-03.")
    needed = validate.Length(min=7, error="Must look like 2026-03.")
    return checked(rule, needed) if default is None else checked(rule, default=default)  # type: ignore[no-any-return]


@request
class RecordCallback:
    """回访: what the caller said. Reached: all three answers; not reached: none."""

    order_no: str = text(longest=100)
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = checked(validate.Range(min=1, max=5), default=None)
    idempotency_key: str = _key()


@request
class GetSurvey:
    order_no: str = text(longest=100)


@request
class ListCallbacksDue:
    """Of a unit and those inside it; `after` is the `next_after` of the page before."""

    unit_code: str = text(longest=15, shortest=0, default="")
    after: str = text(longest=100, shortest=0, default="")
    most: int = checked(validate.Range(min=1, max=500), default=100)


@request
class GetRates:
    """Of a period, or of a stretch of time: from `from_at` until just before `to_at`."""

    period_id: str = _period_id(default="")
    from_at: datetime | None = None
    to_at: datetime | None = None


@request
class GetRanking:
    period_id: str = _period_id()


@request
class GetPeriod:
    """The frozen result itself, byte for byte, with its errata."""

    period_id: str = _period_id()


@request
class ListPeriods:
    most: int = checked(validate.Range(min=1, max=120), default=24)


@request
class VerifyPeriod:
    """Compute a frozen period again from the stored callbacks, and compare."""

    period_id: str = _period_id()


@request
class PublishPeriod:
    period_id: str = _period_id()
    idempotency_key: str = _key()


@request
class IssueErratum:
    """更正: what was wrong in a published period, and what is right."""

    period_id: str = _period_id()
    reason: str = text(longest=2000)
    correction: str = text(longest=4000)
    idempotency_key: str = _key()


@part
class CallbackPart:
    """A completed round."""

    round: int
    attempts: int
    unit_code: str
    completed_at: datetime
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = None


@reply
class SurveyReply:
    """An order's survey as it stands."""

    order_no: str
    issue_id: str
    unit_code: str
    dispatch_kind: DispatchKind
    state: SurveyState
    due_at: datetime
    asks_at: datetime | None = None
    round: int
    attempt: int
    callbacks: list[CallbackPart] = field(default_factory=list)


@part
class CallbackDuePart:
    order_no: str
    issue_id: str
    unit_code: str
    round: int
    attempt: int
    asked_at: datetime


@reply
class CallbacksDueReply:
    """`next_after` is empty on the last page."""

    callbacks: list[CallbackDuePart] = field(default_factory=list)
    next_after: str = ""


@part
class RatesPart:
    """Ratios between 0 and 1, None where nobody was reached. `samples` are the callers reached."""

    asked: int
    samples: int
    response_ratio: float | None = None
    resolution_ratio: float | None = None
    satisfaction_ratio: float | None = None
    composite_ratio: float | None = None


@reply
class RatesReply:
    """三率. `state` and `period_id` are empty for a stretch of time; an open period's figures still move."""

    period_id: str = ""
    state: str = ""
    from_at: datetime
    to_at: datetime
    policy_version: str
    overall: RatesPart
    direct: RatesPart
    relayed: RatesPart


@part
class EntryPart:
    """One unit's place; no rank below the least number of samples. Intervals are Wilson's, [low, high]."""

    unit_code: str
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
class RankingPart:
    """`group` is street or department; `dispatch_kind` direct, relayed or overall."""

    group: str
    dispatch_kind: str
    entries: list[EntryPart] = field(default_factory=list)


@part
class ClassesPart:
    """先进、进步、整改、治理."""

    advanced: list[str] = field(default_factory=list)
    progress: list[str] = field(default_factory=list)
    rectify: list[str] = field(default_factory=list)
    governance: list[str] = field(default_factory=list)


@reply
class RankingReply:
    period_id: str
    state: PeriodState
    policy_version: str
    rankings: list[RankingPart] = field(default_factory=list)
    classes: ClassesPart
    requests: dict[str, int] = field(default_factory=dict)


@part
class ErratumPart:
    erratum_no: int
    reason: str
    correction: str
    sha256: str
    issued_at: datetime


@reply
class PeriodReply:
    """`result` is the canonical JSON whose UTF-8 bytes have the `sha256`; empty while the period is open."""

    period_id: str
    state: PeriodState
    starts_at: datetime
    ends_at: datetime
    samples: int
    sha256: str = ""
    result: str = ""
    frozen_at: datetime | None = None
    published_at: datetime | None = None
    errata: list[ErratumPart] = field(default_factory=list)


@reply
class PeriodsReply:
    """The latest first, without their results and errata."""

    periods: list[PeriodReply] = field(default_factory=list)


@reply
class VerifiedReply:
    period_id: str
    sha256: str
    computed_sha256: str
    is_same: bool
