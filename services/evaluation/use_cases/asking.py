"""Asking the callers, and what their answers lead to: a redo, or the issue's evaluation."""

from datetime import datetime
from typing import Any

from services.evaluation.domain.callback import Answer, Callback
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.judgement import Judgement, judge
from services.evaluation.domain.survey import Survey
from services.evaluation.schemas import RecordCallback, SurveyReply
from services.evaluation.use_cases.lookup import survey_reply
from services.evaluation.use_cases.periods import counting_period
from shared.auth import Caller
from shared.contracts.evaluation import CallbackCompletedV1, CallbackStartedV1, IssueEvaluatedV1, RedoOrderedV1

CALLBACK = "callback"


def start_callback(work: Any, order_no: str, *, now: datetime) -> None:
    """Somebody is to ask the caller now. Nothing, if no attempt is due or the order has no issue at the moment."""
    work.surveys.preload_due(now)
    survey: Survey | None = work.surveys.find(order_no)
    issue = work.issues.find(survey.issue_id) if survey is not None else None
    if survey is None or issue is None or not survey.start(now=now):
        return
    event = CallbackStartedV1(
        order_no=order_no,
        issue_id=issue.id,
        unit_code=issue.unit_code,
        round=survey.round,
        attempt=survey.attempt,
        started_at=now,
    )
    work.outbox.add(event, at=now)


def record_callback(work: Any, request: RecordCallback, *, by: Caller, policies: Any, now: datetime) -> SurveyReply:
    """Take down what the caller said, or that nobody answered; the issue is judged when everybody has been asked."""
    answer = Answer.of(
        reached=request.reached,
        contacted=request.contacted,
        solved=request.solved,
        satisfaction=request.satisfaction,
    )
    survey = work.surveys.get_to_change(request.order_no)
    issue = work.issues.find(survey.issue_id)
    by.must_act_in(issue.unit_code)
    policy = policies.at(now).callback
    if survey.record(answer, tries=policy.tries, within=policy.within, now=now):
        _complete(work, survey, issue, answer, by=by, policies=policies, now=now)
        settle(work, issue, policies=policies, now=now)
    if survey.asks_at is not None:
        work.timers.set(CALLBACK, survey.order_no, survey.asks_at)
    return survey_reply(survey, issue.unit_code, work.callbacks.of_order(survey.order_no))


def settle(work: Any, issue: Issue, *, policies: Any, now: datetime) -> None:
    """Once the holder has handled it: ask again whoever was asked before, and judge when all have been asked."""
    handled_at = issue.handling_to_judge
    if handled_at is None:
        return
    surveys = work.surveys.of_issue(issue.id)
    for survey in surveys:
        if survey.ask_again(since=handled_at, now=now):
            work.timers.set(CALLBACK, survey.order_no, now)
    judgement = judge(surveys, handled_at=handled_at, may_redo=issue.redos < policies.at(now).redo.times)
    if judgement is not None:
        issue.note_judged(is_redo=judgement.redo_for is not None)
        _announce(work, issue, judgement, policies=policies, now=now)


def _complete(
    work: Any, survey: Survey, issue: Issue, answer: Answer, *, by: Caller, policies: Any, now: datetime
) -> None:
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
        "completed_at": now,
    }
    callback = Callback(
        id=f"{survey.order_no}/C{survey.round}",
        period_id=counting_period(work, now, policies=policies).id,
        attempts=survey.attempt,
        began_at=survey.began_at,
        asked_at=survey.asked_at,
        recorded_by=by.subject,
        **said,
    )
    work.callbacks.add(callback)
    work.outbox.add(CallbackCompletedV1(**said), at=now)


def _announce(work: Any, issue: Issue, judgement: Judgement, *, policies: Any, now: datetime) -> None:
    order = judgement.redo_for
    if order is not None:
        due_at = now + order.limit * policies.at(now).redo.share
        event: Any = RedoOrderedV1(
            issue_id=issue.id, unit_code=issue.unit_code, order_no=order.order_no, due_at=due_at, ordered_at=now
        )
    else:
        event = IssueEvaluatedV1(
            issue_id=issue.id,
            unit_code=issue.unit_code,
            outcome=judgement.outcome,
            asked=judgement.asked,
            reached=judgement.reached,
            solved=judgement.solved,
            evaluated_at=now,
        )
    work.outbox.add(event, at=now)
