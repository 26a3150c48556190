"""The survey of an order: when its caller is asked, how often it was tried, and what the last answer was.

Asking begins when the order's limit expires (Art. 23), not when it is closed. An order keeps its survey whatever
issue it is linked to. A completed round becomes a `Callback`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.evaluation.domain.callback import Answer
from services.evaluation.domain.errors import NoCallbackOpen
from shared.contracts.vocabulary import DispatchKind, Solved


class SurveyState(StrEnum):
    """Waits for the limit; somebody is to ask; was not reached and is tried again; was asked."""

    WAITING = "waiting"
    ASKING = "asking"
    MISSED = "missed"
    ASKED = "asked"


@dataclass
class Survey:
    """`asks_at`: when the next attempt is due, None while one is under way or none is planned.

    As a request it counts for `rank_unit`, which stood in the ranks for the unit it first went to. `issue_id` is empty
    between an undone link and the next. `reached` and `solved` are the last round's.
    """

    order_no: str
    issue_id: str
    origin_unit: str
    rank_unit: str
    dispatch_kind: DispatchKind
    dispatched_at: datetime
    due_at: datetime
    linked_at: datetime
    period_id: str
    asks_at: datetime | None
    state: SurveyState = SurveyState.WAITING
    round: int = 0
    attempt: int = 0
    began_at: datetime | None = None
    asked_at: datetime | None = None
    completed_at: datetime | None = None
    reached: bool | None = None
    solved: Solved | None = None

    @property
    def limit(self) -> timedelta:
        """The order's original limit."""
        return self.due_at - self.dispatched_at

    def link(self, issue_id: str, *, at: datetime) -> bool:
        """Belong to this issue from now on. False for old news, which change nothing."""
        if at < self.linked_at or issue_id == self.issue_id:
            return False
        self.issue_id, self.linked_at = issue_id, at
        return True

    def correct(self, unit_code: str, rank_unit: str, *, due_at: datetime) -> None:
        """It was for another unit from the start. Who was not asked yet is asked when the right limit expires."""
        self.origin_unit, self.rank_unit = unit_code, rank_unit
        if self.state is SurveyState.WAITING and self.asks_at is not None:
            self.asks_at = due_at
        self.due_at = due_at

    def unlink(self, issue_id: str) -> bool:
        """Leave this issue. False if it belongs to another by now."""
        if self.issue_id != issue_id:
            return False
        self.issue_id = ""
        return True

    def start(self, *, now: datetime) -> bool:
        """Begin the attempt that is due, of a new round or of the one under way. False if none is due."""
        if self.asks_at is None or self.asks_at > now:
            return False
        if self.state is SurveyState.MISSED:
            self.attempt += 1
        else:
            self.round, self.attempt, self.began_at = self.round + 1, 1, now
        self.state, self.asked_at, self.asks_at = SurveyState.ASKING, now, None
        return True

    def record(self, answer: Answer, *, tries: int, within: timedelta, now: datetime) -> bool:
        """Take down what the attempt came to; True if that completes the round. Raises NoCallbackOpen.

        Not reached: the next attempt follows, until the tries are used up. A caller who was missed may ring back.
        """
        if self.state is not SurveyState.ASKING and not (self.state is SurveyState.MISSED and answer.reached):
            raise NoCallbackOpen(f"order {self.order_no} is {self.state.value}: nobody is to be asked about it now")
        if self.state is SurveyState.MISSED:
            self.asked_at = now
        if not answer.reached and self.attempt < tries:
            assert self.asked_at is not None, "an attempt that is under way has begun"
            self.state, self.asks_at = SurveyState.MISSED, max(now, self.asked_at + within / tries)
            return False
        self.state, self.asks_at, self.completed_at = SurveyState.ASKED, None, now
        self.reached, self.solved = answer.reached, answer.solved
        return True

    def was_asked_since(self, instant: datetime) -> bool:
        """Whether the last round is over and its caller was asked then or later."""
        return self.state is SurveyState.ASKED and self.asked_at is not None and self.asked_at >= instant

    def ask_again(self, *, since: datetime, now: datetime) -> bool:
        """Plan another round now, if the last answer is about a time before `since`. True if it does."""
        if self.state is not SurveyState.ASKED or self.asks_at is not None or self.was_asked_since(since):
            return False
        self.asks_at = now
        return True
