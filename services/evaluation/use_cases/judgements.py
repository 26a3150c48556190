"""Judging a handled issue by what its callers say: solved, done again once, or unsolved."""

from collections.abc import Sequence
from datetime import datetime

from services.evaluation.domain.issue import Issue
from services.evaluation.domain.judgement import Judgement, judge, sets_the_limit
from services.evaluation.domain.survey import Survey
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import surveys
from shared.bus.moment import Moment
from shared.contracts.evaluation import IssueEvaluatedV1, OrderEvaluatedV1, OrderOutcomePart, RedoOrderedV1
from shared.contracts.vocabulary import Outcome


def settle_by(work: EvaluationStore, issue: Issue, survey: Survey, at: Moment) -> None:
    """Something is new of one order: what was handled for it alone is judged by its caller, else the issue is."""
    if not survey.is_ahead_of(issue.handling):
        settle(work, issue, at)
    elif issue.closed_at is None:
        _settle_alone(work, issue, survey, at)


def settle(work: EvaluationStore, issue: Issue, at: Moment) -> None:
    """Once the holder has handled it: ask again whoever was asked before, and judge by those who were asked since."""
    handled_at = issue.handling
    if handled_at is None:
        return
    asked = work.surveys.of(issue_id=issue.id)
    for survey in asked:
        survey.take_up(handled_at, judged_since=issue.judged_since)
        if survey.concerns(issue.judged_since) and survey.ask_again(now=at.now):
            surveys.arm(work, survey)
    rule = at.policy.redo
    is_told = issue.is_sent_back
    judgement = judge(asked, rule, handled_at=handled_at, judged_since=issue.judged_since, is_sent_back=is_told)
    if judgement is None:
        return
    for survey in judgement.sent_back:
        survey.send_back()
    if judgement.outcome is not Outcome.UNSOLVED:
        _evaluate(work, issue, judgement, at)
        return
    if not is_told:
        issue.send_back()
    if issue.redos <= rule.times:
        _order_redo(work, issue, judgement.sent_back, handled_at, at)
    elif not is_told:
        _evaluate(work, issue, judgement, at)


def _settle_alone(work: EvaluationStore, issue: Issue, survey: Survey, at: Moment) -> None:
    """The order ends by what its caller says; for who says no it is done again, while the issue goes on anyway."""
    assert survey.handled_at is not None, "what is judged was handled"
    if survey.ask_again(now=at.now):
        surveys.arm(work, survey)
    if survey.is_sent_back or survey.outcome is not None or not survey.is_answered:
        return
    if survey.says_no:
        survey.send_back()
        _order_redo(work, issue, [survey], survey.handled_at, at)
        return
    event = OrderEvaluatedV1(
        order_no=survey.order_no,
        issue_id=issue.id,
        unit_code=issue.unit_code,
        outcome=survey.settle(),
        handled_at=survey.handled_at,
        evaluated_at=at.now,
    )
    work.outbox.add(event, at=at.now)


def _order_redo(
    work: EvaluationStore, issue: Issue, sent_back: Sequence[Survey], handled_at: datetime | None, at: Moment
) -> None:
    """Also for who says so while it is being done again."""
    order = sets_the_limit(sent_back)
    event = RedoOrderedV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        order_no=order.order_no,
        order_nos=sorted(survey.order_no for survey in sent_back),
        handled_at=handled_at,
        due_at=at.now + order.limit * at.policy.redo.share,
        ordered_at=at.now,
    )
    work.outbox.add(event, at=at.now)


def _evaluate(work: EvaluationStore, issue: Issue, judgement: Judgement, at: Moment) -> None:
    assert issue.handled_at is not None, "what is judged was handled"
    ended = []
    for survey in judgement.ended:
        assert survey.outcome is not None, "an order that ends has an outcome"
        survey.is_evaluated = True
        ended.append(OrderOutcomePart(order_no=survey.order_no, outcome=survey.outcome))
    event = IssueEvaluatedV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        outcome=judgement.outcome,
        asked=judgement.asked,
        reached=judgement.reached,
        solved=judgement.solved,
        orders=sorted(ended, key=lambda one: one.order_no),
        newcomers=judgement.newcomers,
        handled_at=issue.handled_at,
        evaluated_at=at.now,
    )
    work.outbox.add(event, at=at.now)
