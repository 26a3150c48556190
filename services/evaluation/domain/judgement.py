"""What the answers about a handled issue come to: each order by its own caller's, the issue by the policy's rule.

Only those who were asked are counted. Who joined after the handling, or whose limit runs still, never keeps others from
being heard: a verdict of "not solved" waits for nobody whom the rule does not need. An order that was handled alone,
and its issue not since, is judged by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.evaluation.domain.survey import Survey
from shared.contracts.vocabulary import Outcome, Solved
from shared.policy.evaluations import Redo


@dataclass(frozen=True)
class Judgement:
    """`ended` are the orders that end by it, `sent_back` those it is done again for, or by the next holder."""

    outcome: Outcome
    asked: int
    reached: int
    solved: int
    ended: list[Survey]
    sent_back: list[Survey]
    newcomers: int


def sets_the_limit(sent_back: Sequence[Survey]) -> Survey:
    """Of several orders that are done again, the one with the shortest limit sets the redo's."""
    return min(sent_back, key=lambda one: (one.limit, one.order_no))


def judge(
    surveys: Sequence[Survey], rule: Redo, *, handled_at: datetime, judged_since: datetime | None, is_sent_back: bool
) -> Judgement | None:
    """None while nothing can be said: somebody is being asked on whom it depends, or a limit still runs.

    Where all have ended before, and nobody is left for whom it was kept open, it is said once more, of none of them.
    Where the handling `is_sent_back` already, whoever else says no joins those it is done again for.
    """
    together = [survey for survey in surveys if not survey.is_ahead_of(handled_at)]
    heard = [survey for survey in together if survey.concerns(judged_since)]
    answered = [survey for survey in heard if survey.is_answered]
    noes = [survey for survey in answered if survey.says_no]
    under_way = [survey for survey in heard if not survey.is_answered and not survey.is_waiting_for_limit]
    for survey in answered:
        if survey.outcome is None and survey not in noes:
            survey.settle()
    if noes and (is_sent_back or rule.unsolved.is_met_by(len(noes), len(answered) + len(under_way))):
        return _judgement(Outcome.UNSOLVED, answered, noes, surveys, handled_at)
    if surveys and all(survey.is_evaluated for survey in surveys):
        return replace(_judgement(_outcome_of(surveys), surveys, [], surveys, handled_at), ended=[])
    if not answered or under_way:
        return None
    for survey in noes:
        survey.settle()
    if len(heard) > len(answered) or any(survey.is_sent_back for survey in together):
        return None
    return _judgement(_outcome_of(answered), answered, [], surveys, handled_at)


def _outcome_of(answered: Sequence[Survey]) -> Outcome:
    """Nobody reached is never called solved, and nobody asked never called not reached."""
    outcomes = {survey.outcome for survey in answered}
    if outcomes & {Outcome.SOLVED, Outcome.UNSOLVED}:
        return Outcome.SOLVED
    return Outcome.NOT_REACHED if Outcome.NOT_REACHED in outcomes else Outcome.NOT_ASKED


def _judgement(
    outcome: Outcome, answered: Sequence[Survey], noes: list[Survey], surveys: Sequence[Survey], handled_at: datetime
) -> Judgement:
    return Judgement(
        outcome,
        asked=sum(survey.outcome is not Outcome.NOT_ASKED for survey in answered),
        reached=sum(survey.reached is True for survey in answered),
        solved=sum(survey.solved is Solved.YES for survey in answered),
        ended=[survey for survey in answered if survey.outcome is not None],
        sent_back=noes,
        newcomers=sum(survey.is_newcomer(handled_at) for survey in surveys),
    )
