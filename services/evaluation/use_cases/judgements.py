"""Judging a handled issue by what its callers say: solved, done again once, or unsolved."""

from services.evaluation.domain.issue import Issue
from services.evaluation.domain.judgement import Judgement, judge
from services.evaluation.storage.repository import EvaluationStore
from services.evaluation.use_cases import surveys
from shared.bus.moment import Moment
from shared.contracts import Event
from shared.contracts.evaluation import IssueEvaluatedV1, RedoOrderedV1


def settle(work: EvaluationStore, issue: Issue, at: Moment) -> None:
    """Once the holder has handled it: ask again whoever was asked before, and judge when all have been asked."""
    handled_at = issue.handling_to_judge
    if handled_at is None:
        return
    asked = work.surveys.of(issue_id=issue.id)
    for survey in asked:
        if survey.ask_again(since=handled_at, now=at.now):
            surveys.arm(work, survey)
    judgement = judge(asked, handled_at=handled_at, may_redo=issue.redos < at.policy.redo.times)
    if judgement is not None:
        issue.note_judged(is_redo=judgement.redo_for is not None)
        work.outbox.add(_event(issue, judgement, at), at=at.now)


def _event(issue: Issue, judgement: Judgement, at: Moment) -> Event:
    order = judgement.redo_for
    if order is not None:
        due_at = at.now + order.limit * at.policy.redo.share
        return RedoOrderedV1(
            issue_id=issue.id, unit_code=issue.unit_code, order_no=order.order_no, due_at=due_at, ordered_at=at.now
        )
    return IssueEvaluatedV1(
        issue_id=issue.id,
        unit_code=issue.unit_code,
        outcome=judgement.outcome,
        asked=judgement.asked,
        reached=judgement.reached,
        solved=judgement.solved,
        evaluated_at=at.now,
    )
