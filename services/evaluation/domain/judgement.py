"""What the answers about a handled issue come to: solved, done again once, or unsolved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.evaluation.domain.survey import Survey
from shared.contracts.vocabulary import Outcome, Solved


@dataclass(frozen=True)
class Judgement:
    """`redo_for` is the order for whose caller it is done again; None where the outcome stands."""

    outcome: Outcome
    asked: int
    reached: int
    solved: int
    redo_for: Survey | None = None


def judge(surveys: Sequence[Survey], *, handled_at: datetime, may_redo: bool) -> Judgement | None:
    """None until every caller has been asked since the issue was handled; orders whose limit still runs are waited for.

    One "no" is enough to do it again, and the second time to call it unsolved. Of several, the order with the
    shortest limit sets the redo's. Nobody reached is never called solved.
    """
    if not surveys or not all(survey.was_asked_since(handled_at) for survey in surveys):
        return None
    reached = [survey for survey in surveys if survey.reached]
    unsolved = [survey for survey in reached if survey.solved is Solved.NO]
    outcome = Outcome.UNSOLVED if unsolved else Outcome.SOLVED if reached else Outcome.NOT_REACHED
    redo_for = min(unsolved, key=lambda one: (one.limit, one.order_no)) if unsolved and may_redo else None
    solved = sum(survey.solved is Solved.YES for survey in reached)
    return Judgement(outcome, asked=len(surveys), reached=len(reached), solved=solved, redo_for=redo_for)
