"""What evaluation is asked. Nothing here changes anything.

An open period's figures are for those who work with them; the public sees what is published.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from services.evaluation.domain.errors import PeriodNotPublished
from services.evaluation.domain.period import Period, PeriodState
from services.evaluation.domain.result import canonical, tally_up
from services.evaluation.domain.survey import Survey, SurveyState
from services.evaluation.domain.waits import FREEZING, PUBLISHING, WAITS
from services.evaluation.schemas.replies import (
    CallbacksDueReply,
    PeriodReply,
    PeriodsReply,
    RankingReply,
    RatesReply,
    SurveyReply,
    VerifiedReply,
    callbacks_due_reply,
    period_rates_reply,
    period_reply,
    ranking_reply,
    short_period_reply,
    stretch_rates_reply,
    survey_reply,
    verified_reply,
)
from services.evaluation.schemas.requests import (
    GetPeriod,
    GetRanking,
    GetRates,
    GetSurvey,
    ListCallbacksDue,
    ListPeriods,
    VerifyPeriod,
)
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import periods
from shared.auth import OUTSIDE, Role
from shared.bus.moment import Moment
from shared.bus.rpc.my_work import ListMyWork, MyWorkReply, WaitPart, my_work, waits_for
from shared.contracts.vocabulary import Asker
from shared.errors import BadRequest
from shared.waits import Wait

SEES_PUBLISHED = OUTSIDE | {Role.OPERATOR}
"""Who has only these roles is shown published periods, and no others."""


def get_survey(work: EvaluationStore, request: GetSurvey, at: Moment) -> SurveyReply:
    """An order's survey with every answer so far. Raises UnknownOrder."""
    survey = work.surveys.get(request.order_no)
    issue = work.issues.find(survey.issue_id)
    unit_code = issue.unit_code if issue is not None else survey.charged_unit
    at.caller.must_act_in(unit_code)
    return survey_reply(work, survey, unit_code, at.policy)


def list_callbacks_due(work: EvaluationStore, request: ListCallbacksDue, at: Moment) -> CallbacksDueReply:
    """Whom somebody is to ask now; by default in the caller's own unit."""
    unit_code = request.unit_code or at.caller.unit or ""
    if unit_code:
        at.caller.must_act_in(unit_code)
    found = work.surveys.list_asking(
        _inside(work, unit_code, at), request.asker, after=request.after, most=request.most
    )
    work.issues.load(survey.issue_id for survey in found)
    return callbacks_due_reply(work, found, request.most)


def list_my_work(work: EvaluationStore, request: ListMyWork, at: Moment) -> MyWorkReply:
    """Whom the caller's people are to ask or have asked, in their unit and inside it; and periods to be published."""
    inside, waits = _inside(work, at.caller.unit or "", at), []
    for asker in Asker:
        wait = WAITS[SurveyState.ASKING, asker]
        if at.caller.is_any_of(wait.roles):
            found = work.surveys.list_answers_due(inside, asker, request.most)
            work.issues.load(survey.issue_id for survey in found)
            waits += [_asking(wait, survey, work.issues.get(survey.issue_id).unit_code) for survey in found]
    if at.caller.is_any_of(PUBLISHING.roles):
        waits += [
            _to_freeze(period, at) for period in work.periods.of(state=PeriodState.OPEN) if period.ends_at <= at.now
        ]
        waits += [_of_period(PUBLISHING, period) for period in work.periods.of(state=PeriodState.FROZEN)]
    return my_work(waits, request.most)


def _asking(wait: Wait, survey: Survey, unit_code: str) -> WaitPart:
    return waits_for(
        wait,
        about=survey.order_no,
        title=f"工单 {survey.order_no} 第 {survey.round} 轮回访",
        unit_code=unit_code,
        state=survey.state.value,
        due_at=survey.answer_by,
    )


def _to_freeze(period: Period, at: Moment) -> WaitPart:
    return _of_period(FREEZING, period, period.freezes_at(at.policy.period.freezes_after_days))


def _of_period(wait: Wait, period: Period, due_at: datetime | None = None) -> WaitPart:
    title = f"考评周期 {period.id}"
    return waits_for(wait, about=period.id, title=title, unit_code="", state=period.state.value, due_at=due_at)


def _inside(work: EvaluationStore, unit_code: str, at: Moment) -> Collection[str] | None:
    """All that is or was inside a unit; None for the whole district."""
    units = work.units(at.now)
    return units.ever_inside(unit_code) if unit_code not in ("", units.district) else None


def get_rates(work: EvaluationStore, request: GetRates, at: Moment) -> RatesReply:
    """The three rates of a period, or of a stretch of time. Raises UnknownPeriod, PeriodNotPublished."""
    if bool(request.period_id) == bool(request.from_at or request.to_at):
        raise BadRequest(
            "ask for a period_id, or for from_at and to_at", {"period_id": ["Give this or a stretch of time."]}
        )
    if not request.period_id:
        return _rates_of_stretch(work, request, at)
    period = _visible_period(work, request.period_id, at)
    return period_rates_reply(period, _result(work, period, at))


def get_ranking(work: EvaluationStore, request: GetRanking, at: Moment) -> RankingReply:
    """The rankings and classes; of an open period as they would be now. Raises UnknownPeriod, PeriodNotPublished."""
    period = _visible_period(work, request.period_id, at)
    return ranking_reply(period, _result(work, period, at))


def get_period(work: EvaluationStore, request: GetPeriod, at: Moment) -> PeriodReply:
    """The frozen result byte for byte, with its errata. Raises UnknownPeriod, PeriodNotPublished."""
    return period_reply(work, _visible_period(work, request.period_id, at))


def list_periods(work: EvaluationStore, request: ListPeriods, at: Moment) -> PeriodsReply:
    """The latest first; the public sees those that are published."""
    latest = work.periods.list_latest(request.most)
    return PeriodsReply(periods=[short_period_reply(period) for period in latest if _is_visible(period, at)])


def verify_period(work: EvaluationStore, request: VerifyPeriod, at: Moment) -> VerifiedReply:
    """Compute a frozen period again from the stored callbacks, and compare. Raises UnknownPeriod, PeriodNotFrozen."""
    period = work.periods.get(request.period_id)
    period.must_be_over()
    return verified_reply(period, hashlib.sha256(canonical(periods.compute(work, period, at))).hexdigest())


def _rates_of_stretch(work: EvaluationStore, request: GetRates, at: Moment) -> RatesReply:
    if at.caller.roles <= SEES_PUBLISHED:
        raise PeriodNotPublished("the public sees published periods")
    if request.from_at is None or request.to_at is None or request.from_at >= request.to_at:
        raise BadRequest("a stretch of time has a beginning and a later end", {"to_at": ["Must be after from_at."]})
    policy = at.policy_then(request.from_at)
    totals, _, _ = tally_up(work.callbacks.samples_between(request.from_at, request.to_at), policy)
    return stretch_rates_reply(request.from_at, request.to_at, totals, policy)


def _visible_period(work: EvaluationStore, period_id: str, at: Moment) -> Period:
    period = work.periods.get(period_id)
    if not _is_visible(period, at):
        raise PeriodNotPublished(f"period {period.id} is not published yet")
    return period


def _is_visible(period: Period, at: Moment) -> bool:
    return not at.caller.roles <= SEES_PUBLISHED or period.state is PeriodState.PUBLISHED


def _result(work: EvaluationStore, period: Period, at: Moment) -> dict[str, Any]:
    """As frozen, or as it would be now."""
    if period.result is None:
        return periods.compute(work, period, at)
    frozen: dict[str, Any] = json.loads(period.result)
    return frozen
