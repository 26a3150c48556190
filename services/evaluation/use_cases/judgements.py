"""Judging a handled issue by what its callers say: solved, done again once, or unsolved."""

from services.evaluation.domain.issue import Issue
from services.evaluation.domain.judgement import Judgement, judge
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import surveys
from shared.bus.moment import Moment
from shared.contracts.evaluation import IssueEvaluatedV1, OrderOutcomePart, RedoOrderedV1
from shared.contracts.vocabulary import Outcome


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
        _order_redo(work, issue, judgement, at)
    elif not is_told:
        _evaluate(work, issue, judgement, at)


def _order_redo(work: EvaluationStore, issue: Issue, judgement: Judgement, at: Moment) -> None:
    """Also for who says so while it is being done again."""
    order = judgement.sets_the_limit
    event = RedoOrderedV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        order_no=order.order_no,
        order_nos=sorted(survey.order_no for survey in judgement.sent_back),
        handled_at=issue.handled_at,
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
