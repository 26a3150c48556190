"""Callbacks 回访: having the caller of an order asked when its limit expires, and taking down the answer.

The hotline reports its own. We record ours: the callback itself where the hotline does not ask, else a self-check.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.evaluation.domain.callback import Answer, Callback
from services.evaluation.domain.charge import charge_id
from services.evaluation.domain.errors import NoCallbackOpen
from services.evaluation.domain.issue import Issue
from services.evaluation.domain.survey import Survey, SurveyState
from services.evaluation.schemas.replies import SurveyReply, survey_reply
from services.evaluation.schemas.requests import RecordCallback
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import judgements, leads, periods, surveys
from shared.bus.inbox.reading import NotYet
from shared.bus.moment import Moment
from shared.bus.timers.timers import Due
from shared.contracts.evaluation import CallbackCompletedV1, CallbackNotAskedV1, CallbackStartedV1
from shared.contracts.intake import CallbackReceivedV1
from shared.contracts.vocabulary import Asker

BY_TIME = "evaluation"
"""Who recorded a round that ended by itself."""


@dataclass(frozen=True)
class Call:
    """Who asked when, and who wrote it down; `round` and `dispatch_no` are the hotline's own where it asked."""

    id: str
    asked_by: Asker
    round: int
    asked_at: datetime
    recorded_by: str
    dispatch_no: int
    is_self_check: bool = False
    solved_words: str = ""
    satisfaction_words: str = ""


def go_on(work: EvaluationStore, due: Due, at: Moment) -> None:
    """A round that is over ends; else somebody is to ask now. Nothing, if the order has no issue at the moment."""
    survey = work.surveys.find_and_lock(due.ref)
    issue = work.issues.find_and_lock(survey.issue_id) if survey is not None else None
    if survey is None or issue is None:
        return
    if survey.end_round(now=at.now):
        _end_round(work, survey, issue, at)
    elif survey.start(within=at.policy.callback.answer_within(survey.asker), now=at.now):
        assert survey.answer_by is not None, "a round that is under way ends by itself"
        event = CallbackStartedV1(
            order_no=survey.order_no,
            issue_id=issue.id,
            unit_code=issue.unit_code,
            round=survey.round,
            attempt=survey.attempt,
            asker=survey.asker,
            answer_by=survey.answer_by,
            started_at=at.now,
        )
        work.outbox.add(event, at=at.now)
    surveys.arm(work, survey)


def record_callback(work: EvaluationStore, request: RecordCallback, at: Moment) -> SurveyReply:
    """Take down what the caller said, or that nobody answered; where the hotline asks, it is a self-check.

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
    if survey.asker is Asker.HOTLINE:
        _note_self_check(work, survey, issue, answer, at)
        return survey_reply(work, survey, issue.unit_code, at.policy)
    rule = at.policy.callback
    if survey.record(answer, tries=rule.tries, within=rule.within, now=at.now):
        _keep_own(work, survey, issue, answer, at, by=at.caller.subject)
        judgements.settle_by(work, issue, survey, at)
    surveys.arm(work, survey)
    return survey_reply(work, survey, issue.unit_code, at.policy)


def take_callback(work: EvaluationStore, event: CallbackReceivedV1, at: Moment) -> None:
    """The hotline's result: a sample of the rates, whenever it comes, and what judges the handling before it.

    One about an earlier dispatch counts for the unit of that, and judges nothing any more. Raises NotYet where the
    order's link, or that dispatch, was not heard of yet.
    """
    survey = work.surveys.find_and_lock(event.order_no)
    if survey is None or survey.dispatch_no < event.dispatch_no:
        raise NotYet(f"a callback about dispatch {event.dispatch_no} of order {event.order_no} came before that")
    issue = work.issues.find_and_lock(survey.issue_id) or work.issues.lock(event.issue_id)
    key = f"{survey.order_no}/H{event.dispatch_no}-{event.round}"
    if work.callbacks.find(key) is not None:
        return
    answer = Answer.of(
        reached=event.reached, contacted=event.contacted, solved=event.solved, satisfaction=event.satisfaction
    )
    is_of_latest = event.dispatch_no == survey.dispatch_no
    is_open = issue.closed_at is None
    is_taken = is_of_latest and survey.take(answer, called_at=event.called_at, is_issue_open=is_open, now=at.now)
    call = Call(
        key,
        Asker.HOTLINE,
        event.round,
        event.called_at,
        Asker.HOTLINE.value,
        event.dispatch_no,
        solved_words=event.solved_words,
        satisfaction_words=event.satisfaction_words,
    )
    _keep(work, survey, issue, answer, call, at)
    if is_taken:
        surveys.arm(work, survey)
        judgements.settle_by(work, issue, survey, at)


def _note_self_check(work: EvaluationStore, survey: Survey, issue: Issue, answer: Answer, at: Moment) -> None:
    """Kept beside what the hotline hears. Raises NoCallbackOpen before there is anything to ask and after the tries."""
    if survey.handled_at is None and survey.state is SurveyState.WAITING:
        raise NoCallbackOpen(f"order {survey.order_no}: its limit runs, and it is not handled yet")
    checks = [one for one in work.callbacks.of(order_no=survey.order_no) if one.is_self_check]
    if sum(one.round == survey.round for one in checks) >= at.policy.callback.tries:
        raise NoCallbackOpen(f"order {survey.order_no} was called {at.policy.callback.tries} times in this round")
    key = f"{survey.order_no}/S{len(checks) + 1}"
    call = Call(key, Asker.OWN, survey.round, at.now, at.caller.subject, survey.dispatch_no, is_self_check=True)
    _keep(work, survey, issue, answer, call, at)


def _end_round(work: EvaluationStore, survey: Survey, issue: Issue, at: Moment) -> None:
    """Who was tried was not reached; whom nobody tried was not asked, which is an incident and holds up nothing."""
    if survey.state is SurveyState.ASKED:
        _keep_own(work, survey, issue, Answer(reached=False), at, by=BY_TIME)
    else:
        assert survey.began_at is not None, "a round that is over has begun"
        event = CallbackNotAskedV1(
            order_no=survey.order_no,
            issue_id=issue.id,
            unit_code=issue.unit_code,
            asker=survey.asker,
            round=survey.round,
            began_at=survey.began_at,
            ended_at=at.now,
        )
        work.outbox.add(event, at=at.now)
    judgements.settle_by(work, issue, survey, at)


def _keep_own(work: EvaluationStore, survey: Survey, issue: Issue, answer: Answer, at: Moment, *, by: str) -> None:
    assert survey.asked_at is not None, "a round that is over has begun"
    key = f"{survey.order_no}/C{survey.round}"
    call = Call(key, Asker.OWN, survey.round, survey.asked_at, by, survey.dispatch_no)
    _keep(work, survey, issue, answer, call, at)


def _keep(work: EvaluationStore, survey: Survey, issue: Issue, answer: Answer, call: Call, at: Moment) -> None:
    """Write a callback down, which counts in the period that is open now, and tell it."""
    earlier = charge_id(survey.order_no, call.dispatch_no)
    charge = work.charges.find(earlier) if call.dispatch_no < survey.dispatch_no else None
    dispatched_at = charge.since if charge is not None else survey.dispatched_at
    said: dict[str, Any] = {
        "order_no": survey.order_no,
        "issue_id": issue.id,
        "unit_code": issue.unit_code,
        "dispatch_kind": (charge or survey).dispatch_kind,
        "asked_by": call.asked_by,
        "is_self_check": call.is_self_check,
        "round": call.round,
        "reached": answer.reached,
        "contacted": answer.contacted,
        "solved": answer.solved,
        "satisfaction": answer.satisfaction,
        "completed_at": at.now,
    }
    callback = Callback(
        id=call.id,
        rank_unit=charge.rank_unit if charge is not None else survey.charged_rank_unit,
        community=charge.community if charge is not None else survey.charged_community,
        charged=[[*map(str, one)] for one in leads.charged_for(work, issue.id, dispatched_at, at)],
        period_id=periods.counting_period(work, at).id,
        is_late=(charge or survey).is_late,
        dispatch_no=call.dispatch_no,
        attempts=max(1, survey.attempt),
        began_at=survey.began_at or call.asked_at,
        asked_at=call.asked_at,
        recorded_by=call.recorded_by,
        solved_words=call.solved_words,
        satisfaction_words=call.satisfaction_words,
        **said,
    )
    work.callbacks.add(callback)
    work.outbox.add(CallbackCompletedV1(**said), at=at.now)
