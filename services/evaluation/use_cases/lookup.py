"""What evaluation can be asked. Nothing here changes anything.

An open period's figures are for those who work with them; the public sees what is published.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.evaluation import schemas
from services.evaluation.domain.callback import Callback
from services.evaluation.domain.errors import PeriodNotPublished
from services.evaluation.domain.period import Erratum, Period, PeriodState
from services.evaluation.domain.ranking import OVERALL
from services.evaluation.domain.rates import Rates, rates_of
from services.evaluation.domain.result import canonical, tally_up
from services.evaluation.domain.survey import Survey
from services.evaluation.use_cases.computing import compute
from shared.auth import Caller, Role
from shared.contracts.vocabulary import DispatchKind
from shared.errors import BadRequest
from shared.policy import Policy


def get_survey(work: Any, request: schemas.GetSurvey, *, by: Caller) -> schemas.SurveyReply:
    """An order's survey with every answer so far. Raises UnknownOrder."""
    survey = work.surveys.look_up(request.order_no)
    issue = work.issues.look_up(survey.issue_id)
    unit_code = issue.unit_code if issue is not None else survey.origin_unit
    by.must_act_in(unit_code)
    return survey_reply(survey, unit_code, work.callbacks.of_order(survey.order_no))


def list_callbacks_due(work: Any, request: schemas.ListCallbacksDue, *, by: Caller) -> schemas.CallbacksDueReply:
    """Whom somebody is to ask now; by default in the caller's own unit."""
    unit_code = request.unit_code or by.unit or ""
    if unit_code:
        by.must_act_in(unit_code)
    found = work.surveys.asking(unit_code, after=request.after, most=request.most)
    return schemas.CallbacksDueReply(
        callbacks=[
            schemas.CallbackDuePart(
                order_no=survey.order_no,
                issue_id=survey.issue_id,
                unit_code=held_by,
                round=survey.round,
                attempt=survey.attempt,
                asked_at=survey.asked_at,
            )
            for survey, held_by in found
        ],
        next_after=found[-1][0].order_no if len(found) == request.most else "",
    )


def get_rates(work: Any, request: schemas.GetRates, *, by: Caller, policies: Any) -> schemas.RatesReply:
    """The three rates of a period, or of a stretch of time. Raises UnknownPeriod, PeriodNotPublished."""
    if bool(request.period_id) == bool(request.from_at or request.to_at):
        raise BadRequest(
            "ask for a period_id, or for from_at and to_at", {"period_id": ["Give this or a stretch of time."]}
        )
    if request.period_id:
        return _rates_of_period(work, _visible_period(work, request.period_id, by), policies)
    return _rates_between(work, request, by, policies)


def get_ranking(work: Any, request: schemas.GetRanking, *, by: Caller, policies: Any) -> schemas.RankingReply:
    """The rankings and classes; of an open period as they would be now. Raises UnknownPeriod, PeriodNotPublished."""
    period = _visible_period(work, request.period_id, by)
    result = _result(work, period, policies)
    return schemas.RankingReply(
        period_id=period.id,
        state=period.state,
        policy_version=result["policy_version"],
        rankings=[
            schemas.RankingPart(
                group=ranking["group"],
                dispatch_kind=ranking["dispatch_kind"],
                entries=[schemas.EntryPart(**entry) for entry in ranking["entries"]],
            )
            for ranking in result["rankings"]
        ],
        classes=schemas.ClassesPart(**result["classes"]),
        requests=result["requests"],
    )


def get_period(work: Any, request: schemas.GetPeriod, *, by: Caller) -> schemas.PeriodReply:
    """The frozen result byte for byte, with its errata. Raises UnknownPeriod, PeriodNotPublished."""
    period = _visible_period(work, request.period_id, by)
    return period_reply(period, work.periods.errata_of(period.id))


def list_periods(work: Any, request: schemas.ListPeriods, *, by: Caller) -> schemas.PeriodsReply:
    """The latest first; the public sees those that are published."""
    every = work.periods.every(most=request.most)
    return schemas.PeriodsReply(periods=[period_reply(one, [], whole=False) for one in every if _is_visible(one, by)])


def verify_period(work: Any, request: schemas.VerifyPeriod, *, policies: Any) -> schemas.VerifiedReply:
    """Compute a frozen period again from the stored callbacks, and compare. Raises UnknownPeriod, PeriodNotFrozen."""
    period = work.periods.get(request.period_id)
    period.must_be_over()
    computed = hashlib.sha256(canonical(compute(work, period, policies=policies))).hexdigest()
    return schemas.VerifiedReply(
        period_id=period.id, sha256=period.sha256, computed_sha256=computed, is_same=computed == period.sha256
    )


def survey_reply(survey: Survey, unit_code: str, callbacks: Sequence[Callback]) -> schemas.SurveyReply:
    return schemas.SurveyReply(
        order_no=survey.order_no,
        issue_id=survey.issue_id,
        unit_code=unit_code,
        dispatch_kind=survey.dispatch_kind,
        state=survey.state,
        due_at=survey.due_at,
        asks_at=survey.asks_at,
        round=survey.round,
        attempt=survey.attempt,
        callbacks=[
            schemas.CallbackPart(
                round=callback.round,
                attempts=callback.attempts,
                unit_code=callback.unit_code,
                completed_at=callback.completed_at,
                reached=callback.reached,
                contacted=callback.contacted,
                solved=callback.solved,
                satisfaction=callback.satisfaction,
            )
            for callback in callbacks
        ],
    )


def period_reply(period: Period, errata: Sequence[Erratum], *, whole: bool = True) -> schemas.PeriodReply:
    return schemas.PeriodReply(
        period_id=period.id,
        state=period.state,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        samples=period.samples,
        sha256=period.sha256,
        result=period.result.decode() if whole and period.result else "",
        frozen_at=period.frozen_at,
        published_at=period.published_at,
        errata=[
            schemas.ErratumPart(
                erratum_no=erratum.number,
                reason=erratum.reason,
                correction=erratum.correction,
                sha256=erratum.sha256,
                issued_at=erratum.issued_at,
            )
            for erratum in errata
        ],
    )


def _is_visible(period: Period, by: Caller) -> bool:
    return by.role is not Role.PUBLIC or period.state is PeriodState.PUBLISHED


def _visible_period(work: Any, period_id: str, by: Caller) -> Period:
    period: Period = work.periods.get(period_id)
    if not _is_visible(period, by):
        raise PeriodNotPublished(f"period {period.id} is not published yet")
    return period


def _result(work: Any, period: Period, policies: Any) -> dict[str, Any]:
    """As frozen, or as it would be now."""
    if period.result is None:
        return compute(work, period, policies=policies)
    frozen: dict[str, Any] = json.loads(period.result)
    return frozen


def _rates_of_period(work: Any, period: Period, policies: Any) -> schemas.RatesReply:
    result = _result(work, period, policies)
    return schemas.RatesReply(
        period_id=period.id,
        state=period.state.value,
        from_at=period.starts_at,
        to_at=period.ends_at,
        policy_version=result["policy_version"],
        **_rates_parts(result["rates"]),
    )


def _rates_between(work: Any, request: schemas.GetRates, by: Caller, policies: Any) -> schemas.RatesReply:
    if by.role is Role.PUBLIC:
        raise PeriodNotPublished("the public sees published periods")
    if request.from_at is None or request.to_at is None or request.from_at >= request.to_at:
        raise BadRequest("a stretch of time has a beginning and a later end", {"to_at": ["Must be after from_at."]})
    policy: Policy = policies.at(request.from_at)
    totals, _ = tally_up(work.callbacks.samples_between(request.from_at, request.to_at), policy)
    return schemas.RatesReply(
        from_at=request.from_at,
        to_at=request.to_at,
        policy_version=policy.version,
        **_rates_parts({kind: asdict(rates_of(tally, policy.weights)) for kind, tally in totals.items()}),
    )


def _rates_parts(rates: dict[str, Any]) -> dict[str, Any]:
    nothing = asdict(Rates(0, 0, None, None, None, None))
    kinds = (OVERALL, DispatchKind.DIRECT.value, DispatchKind.RELAYED.value)
    return {kind: schemas.RatesPart(**rates.get(kind, nothing)) for kind in kinds}
