"""Callbacks 回访: asking the caller of an order when its limit expires, and taking down the answer."""

from typing import Any

from services.evaluation.domain.callback import Answer, Callback
from services.evaluation.domain.errors import NoCallbackOpen
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.survey import Survey
from services.evaluation.schemas.replies import SurveyReply, survey_reply
from services.evaluation.schemas.requests import RecordCallback
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import judgements, periods, surveys
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.evaluation import CallbackCompletedV1, CallbackStartedV1


def start_callback(work: EvaluationStore, due: Due, at: Moment) -> None:
    """Somebody is to ask the caller now. Nothing, if no attempt is due or the order has no issue at the moment."""
    survey = work.surveys.find_and_lock(due.ref)
    issue = work.issues.find_and_lock(survey.issue_id) if survey is not None else None
    if survey is None or issue is None or not survey.start(now=at.now):
        return
    event = CallbackStartedV1(
        order_no=survey.order_no,
        issue_id=issue.id,
        unit_code=issue.unit_code,
        round=survey.round,
        attempt=survey.attempt,
        started_at=at.now,
    )
    work.outbox.add(event, at=at.now)


def record_callback(work: EvaluationStore, request: RecordCallback, at: Moment) -> SurveyReply:
    """Take down what the caller said, or that nobody answered; the issue is judged when everybody has been asked.

    Raises UnknownOrder, NoCallbackOpen, IncompleteAnswer.
    """
    answer = Answer.of(
        reached=request.reached,
        contacted=request.contacted,
        solved=request.solved,
        satisfaction=request.satisfaction,
    )
    survey = work.surveys.lock(request.order_no)
    issue = work.issues.find_and_lock(survey.issue_id)
    if issue is None:
        raise NoCallbackOpen(f"order {survey.order_no} belongs to no issue at the moment")
    at.caller.must_act_in(issue.unit_code)
    rule = at.policy.callback
    if survey.record(answer, tries=rule.tries, within=rule.within, now=at.now):
        _complete(work, survey, issue, answer, at)
        judgements.settle(work, issue, at)
    surveys.arm(work, survey)
    return survey_reply(work, survey, issue.unit_code)


def _complete(work: EvaluationStore, survey: Survey, issue: Issue, answer: Answer, at: Moment) -> None:
    """Keep the round as a callback, which counts in the period that is open now, and tell it."""
    assert survey.began_at is not None, "a round that is over has begun"
    assert survey.asked_at is not None, "a round that is over has begun"
    said: dict[str, Any] = {
        "order_no": survey.order_no,
        "issue_id": issue.id,
        "unit_code": issue.unit_code,
        "dispatch_kind": survey.dispatch_kind,
        "round": survey.round,
        "reached": answer.reached,
        "contacted": answer.contacted,
        "solved": answer.solved,
        "satisfaction": answer.satisfaction,
        "completed_at": at.now,
    }
    callback = Callback(
        id=f"{survey.order_no}/C{survey.round}",
        rank_unit=issue.rank_unit,
        period_id=periods.counting_period(work, at).id,
        attempts=survey.attempt,
        began_at=survey.began_at,
        asked_at=survey.asked_at,
        recorded_by=at.caller.subject,
        **said,
    )
    work.callbacks.add(callback)
    work.outbox.add(CallbackCompletedV1(**said), at=at.now)
