"""What evaluation answers, and how each answer is made from what is known."""

import json
from collections.abc import Sequence
from dataclasses import asdict, field, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from services.evaluation.domain.callback import Callback, disagree
from services.evaluation.domain.period import Erratum, Period, PeriodState
from services.evaluation.domain.ranking import OVERALL
from services.evaluation.domain.rates import Rates, Tally, rates_of
from services.evaluation.domain.survey import Survey, SurveyState
from services.evaluation.schemas.charges import ChargeLine, LeadLine, charge_lines, lead_lines
from services.evaluation.storage.repository import EvaluationStore
from shared.bus.rpc.messages import reply
from shared.contracts.vocabulary import Asker, DispatchKind, Outcome, Solved
from shared.policy import Policy


@reply
class CallbackLine:
    """A completed round, or a self-check. What the hotline reported has its own round, dispatch and words."""

    asked_by: Asker
    is_self_check: bool
    dispatch_no: int
    round: int
    attempts: int
    unit_code: str
    asked_at: datetime
    completed_at: datetime
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = None
    solved_words: str = ""
    satisfaction_words: str = ""


@reply
class SurveyReply:
    """An order's survey as it stands. `disagrees`: the hotline and we heard different answers; the hotline's counts.

    `answer_by` is when a round that is under way ends by itself; `outcome` is how the order ended, empty until it has.
    """

    order_no: str
    issue_id: str
    unit_code: str
    dispatch_kind: DispatchKind
    state: SurveyState
    due_at: datetime
    asker: Asker
    asks_at: datetime | None = None
    answer_by: datetime | None = None
    round: int
    attempt: int
    outcome: Outcome | None = None
    disagrees: bool = False
    callbacks: list[CallbackLine] = field(default_factory=list)
    charges: list[ChargeLine] = field(default_factory=list)
    leads: list[LeadLine] = field(default_factory=list)


@reply
class CallbackDueLine:
    order_no: str
    issue_id: str
    unit_code: str
    round: int
    attempt: int
    asker: Asker
    asked_at: datetime
    answer_by: datetime


@reply
class CallbacksDueReply:
    """`next_after` is empty on the last page."""

    callbacks: list[CallbackDueLine] = field(default_factory=list)
    next_after: str = ""


@reply
class RatesLine:
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
    overall: RatesLine
    direct: RatesLine
    relayed: RatesLine


@reply
class EntryLine:
    """A unit's or organisation's place; no rank below the least number of samples. Wilson's intervals, [low, high]."""

    unit_code: str = ""
    organisation_id: str = ""
    name: str = ""
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


@reply
class RankingLine:
    """`group`: street, community (`within` one), department, enterprise; `dispatch_kind`: direct, relayed, overall."""

    group: str
    within: str = ""
    dispatch_kind: str
    entries: list[EntryLine] = field(default_factory=list)


@reply
class ClassesLine:
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
    rankings: list[RankingLine] = field(default_factory=list)
    classes: ClassesLine
    requests: dict[str, int] = field(default_factory=dict)


@reply
class ErratumLine:
    erratum_no: int
    reason: str
    correction: str
    sha256: str
    issued_at: datetime


@reply
class PeriodReply:
    """`result` is the canonical JSON whose UTF-8 bytes have the `sha256`; empty while the period is open.

    `rates` are those of all together, None while it is open.
    """

    period_id: str
    state: PeriodState
    starts_at: datetime
    ends_at: datetime
    samples: int
    sha256: str = ""
    result: str = ""
    frozen_at: datetime | None = None
    published_at: datetime | None = None
    rates: RatesLine | None = None
    errata: list[ErratumLine] = field(default_factory=list)


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


def survey_reply(work: EvaluationStore, survey: Survey, unit_code: str, policy: Policy) -> SurveyReply:
    """An order's survey with every answer so far, in the order in which they were given."""
    heard = sorted(work.callbacks.of(order_no=survey.order_no), key=attrgetter("completed_at", "id"))
    return SurveyReply(
        order_no=survey.order_no,
        issue_id=survey.issue_id,
        unit_code=unit_code,
        dispatch_kind=survey.dispatch_kind,
        state=survey.state,
        due_at=survey.due_at,
        asker=survey.asker,
        asks_at=survey.asks_at,
        answer_by=survey.answer_by,
        round=survey.round,
        attempt=survey.attempt,
        outcome=survey.outcome,
        disagrees=disagree(heard),
        callbacks=[_callback_line(one) for one in heard],
        charges=charge_lines(work, survey),
        leads=list(lead_lines(work, survey, policy)),
    )


def callbacks_due_reply(work: EvaluationStore, surveys: Sequence[Survey], most: int) -> CallbacksDueReply:
    """A page of at most so many, each with the unit that holds the issue now."""
    lines = [_callback_due_line(one, work.issues.get(one.issue_id).unit_code) for one in surveys]
    return CallbacksDueReply(callbacks=lines, next_after=lines[-1].order_no if len(lines) == most else "")


def period_rates_reply(period: Period, result: dict[str, Any]) -> RatesReply:
    return RatesReply(
        period_id=period.id,
        state=period.state.value,
        from_at=period.starts_at,
        to_at=period.ends_at,
        policy_version=result["policy_version"],
        **_rates_lines(result["rates"]),
    )


def stretch_rates_reply(from_at: datetime, to_at: datetime, totals: dict[str, Tally], policy: Policy) -> RatesReply:
    return RatesReply(
        from_at=from_at,
        to_at=to_at,
        policy_version=policy.version,
        **_rates_lines({kind: asdict(rates_of(tally, policy.weights)) for kind, tally in totals.items()}),
    )


def ranking_reply(period: Period, result: dict[str, Any]) -> RankingReply:
    return RankingReply(
        period_id=period.id,
        state=period.state,
        policy_version=result["policy_version"],
        rankings=[
            RankingLine(
                group=ranking["group"],
                within=ranking["within"],
                dispatch_kind=ranking["dispatch_kind"],
                entries=[EntryLine(**entry) for entry in ranking["entries"]],
            )
            for ranking in result["rankings"]
        ],
        classes=ClassesLine(**result["classes"]),
        requests=result["requests"],
    )


def period_reply(work: EvaluationStore, period: Period) -> PeriodReply:
    """With its result and its errata."""
    return replace(
        short_period_reply(period),
        result=period.result.decode() if period.result else "",
        errata=[_erratum_line(one) for one in work.errata.of(period_id=period.id)],
    )


def short_period_reply(period: Period) -> PeriodReply:
    return PeriodReply(
        period_id=period.id,
        state=period.state,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        samples=period.samples,
        sha256=period.sha256,
        frozen_at=period.frozen_at,
        published_at=period.published_at,
        rates=RatesLine(**json.loads(period.result)["rates"][OVERALL]) if period.result else None,
    )


def verified_reply(period: Period, computed_sha256: str) -> VerifiedReply:
    return VerifiedReply(
        period_id=period.id,
        sha256=period.sha256,
        computed_sha256=computed_sha256,
        is_same=computed_sha256 == period.sha256,
    )


def _callback_line(one: Callback) -> CallbackLine:
    return CallbackLine(
        asked_by=one.asked_by,
        is_self_check=one.is_self_check,
        dispatch_no=one.dispatch_no,
        round=one.round,
        attempts=one.attempts,
        unit_code=one.unit_code,
        asked_at=one.asked_at,
        completed_at=one.completed_at,
        reached=one.reached,
        contacted=one.contacted,
        solved=one.solved,
        satisfaction=one.satisfaction,
        solved_words=one.solved_words,
        satisfaction_words=one.satisfaction_words,
    )


def _callback_due_line(survey: Survey, unit_code: str) -> CallbackDueLine:
    assert survey.asked_at is not None, "an attempt that is under way has begun"
    assert survey.answer_by is not None, "a round that is under way ends by itself"
    return CallbackDueLine(
        order_no=survey.order_no,
        issue_id=survey.issue_id,
        unit_code=unit_code,
        round=survey.round,
        attempt=survey.attempt,
        asker=survey.asker,
        asked_at=survey.asked_at,
        answer_by=survey.answer_by,
    )


def _rates_lines(rates: dict[str, Any]) -> dict[str, Any]:
    """For all kinds of dispatch together and each by itself."""
    nothing = asdict(Rates(0, 0, None, None, None, None))
    kinds = (OVERALL, DispatchKind.DIRECT.value, DispatchKind.RELAYED.value)
    return {kind: RatesLine(**rates.get(kind, nothing)) for kind in kinds}


def _erratum_line(one: Erratum) -> ErratumLine:
    return ErratumLine(
        erratum_no=one.number,
        reason=one.reason,
        correction=one.correction,
        sha256=one.sha256,
        issued_at=one.issued_at,
    )
