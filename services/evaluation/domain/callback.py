"""A completed callback 回访: one round of asking the caller of an order. It is a sample, written once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.evaluation.domain.errors import IncompleteAnswer
from shared.contracts.vocabulary import DispatchKind, Solved


@dataclass(frozen=True)
class Answer:
    """What one attempt came to. Made by `reached_caller` or `nobody_reached`, or checked by `of`."""

    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = None

    @classmethod
    def of(cls, *, reached: bool, contacted: bool | None, solved: Solved | None, satisfaction: int | None) -> Self:
        """Raises IncompleteAnswer, which names each field: silence is no answer, and an answer is whole."""
        given = {"contacted": contacted, "solved": solved, "satisfaction": satisfaction}
        wrong = sorted(name for name, value in given.items() if (value is not None) is not reached)
        if wrong:
            fault = "Is asked of everybody reached." if reached else "Can't be known when nobody was reached."
            raise IncompleteAnswer(fields={name: [fault] for name in wrong})
        return cls(reached, contacted, solved, satisfaction)


@dataclass
class Callback:
    """`period_id` is the period it counts in, settled when it was recorded, and `rank_unit` for whom.

    Nobody reached is no sample.
    """

    id: str
    order_no: str
    issue_id: str
    unit_code: str
    rank_unit: str
    dispatch_kind: DispatchKind
    period_id: str
    round: int
    attempts: int
    began_at: datetime
    asked_at: datetime
    completed_at: datetime
    recorded_by: str
    reached: bool
    contacted: bool | None = None
    solved: Solved | None = None
    satisfaction: int | None = None
