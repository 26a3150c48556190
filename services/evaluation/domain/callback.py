"""A completed callback 回访: one round of asking the caller of an order, by the hotline or by us. Written once.

The hotline's are the samples of the rates. Ours are where the hotline does not ask; beside it they are self-checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from services.evaluation.domain.errors import IncompleteAnswer
from shared.contracts.vocabulary import Asker, DispatchKind, Solved


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
    """`period_id` is the period it counts in, settled when it was recorded, and `rank_unit` for whom: the unit of the
    order's dispatch, whoever held the issue by then (`unit_code`), and the organisations `charged`.

    Nobody reached is no sample; no self-check is, nor what is said of an order that was late on arrival. `round` is
    the survey's; of the hotline's results it is the hotline's own, within the order's dispatch `dispatch_no`, with its
    words as they came.
    """

    id: str
    order_no: str
    issue_id: str
    unit_code: str
    rank_unit: str
    community: str
    charged: list[list[str]]
    dispatch_kind: DispatchKind
    period_id: str
    asked_by: Asker
    is_self_check: bool
    is_late: bool
    dispatch_no: int
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
    solved_words: str = ""
    satisfaction_words: str = ""


def disagree(callbacks: Sequence[Callback]) -> bool:
    """Whether the hotline and we last heard different answers to the same question, of one order."""
    said = {asker: _latest_solved(callbacks, asker) for asker in Asker}
    return None not in said.values() and said[Asker.HOTLINE] is not said[Asker.OWN]


def _latest_solved(callbacks: Sequence[Callback], asker: Asker) -> Solved | None:
    heard = [one for one in callbacks if one.asked_by is asker and one.reached]
    return max(heard, key=lambda one: (one.asked_at, one.id)).solved if heard else None
