"""The survey of an order: when its caller is asked, by whom and by when, what the answer was, and how the order ended.

Asking begins when the order's limit expires (Art. 23), not when it is closed. An order keeps its survey whatever
issue it is linked to. What one round came to becomes a `Callback`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.evaluation.domain.callback import Answer
from services.evaluation.domain.charge import Charge, charge_id
from services.evaluation.domain.errors import NoCallbackOpen
from shared.contracts.vocabulary import Asker, DispatchKind, Outcome, Solved


class SurveyState(StrEnum):
    """Waits for the limit; somebody is to ask; was not reached and is tried again; was asked; nobody asked in time."""

    WAITING = "waiting"
    ASKING = "asking"
    MISSED = "missed"
    ASKED = "asked"
    NOT_ASKED = "not_asked"


UNDER_WAY = frozenset({SurveyState.ASKING, SurveyState.MISSED})
OVER = frozenset({SurveyState.ASKED, SurveyState.NOT_ASKED})
"""Ends of a round. Another begins by itself when the matter is handled anew."""


class Dispatch(NamedTuple):
    """Another dispatch of an order, and when it was heard of."""

    number: int
    kind: DispatchKind
    at: datetime
    due_at: datetime
    heard_at: datetime
    arrived_at: datetime
    first_contact: timedelta

    @property
    def is_late(self) -> bool:
        """Whether its limit was over when it arrived."""
        return self.due_at <= self.arrived_at

    @property
    def asks_at(self) -> datetime:
        """When the limit is over; of one that was late on arrival once its unit had time to speak to the caller."""
        return self.arrived_at + self.first_contact if self.is_late else self.due_at


@dataclass
class Survey:
    """`asks_at`: when the next attempt is due, None while one is under way or none is planned.

    `answer_by`: when a round that is under way ends by itself. As a request it counts for `rank_unit`, which stood in
    the ranks for the unit it first went to; what its caller says counts for `charged_rank_unit`, that of its latest
    dispatch, and `charged_community` within it, or for nobody if the order was late on arrival (`is_late`);
    corrections `released` units, each at an instant. `issue_id` is empty between an undone link and the next.
    `reached` and `solved` are the last round's. `handled_at` is the handling that its caller is asked about; who says
    "no" is sent back, until it is handled anew; it `is_alone` where that was for this order and not for the issue.
    `outcome` is how the order ended; it is evaluated once that was told.
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
    asker: Asker
    state: SurveyState = SurveyState.WAITING
    round: int = 0
    attempt: int = 0
    began_at: datetime | None = None
    asked_at: datetime | None = None
    answer_by: datetime | None = None
    completed_at: datetime | None = None
    reached: bool | None = None
    solved: Solved | None = None
    handled_at: datetime | None = None
    is_sent_back: bool = False
    outcome: Outcome | None = None
    is_evaluated: bool = False
    extended_seconds: int = 0
    excluded_at: datetime | None = None
    dispatch_no: int = 1
    charged_unit: str = ""
    charged_rank_unit: str = ""
    charged_community: str = ""
    released: list[list[str]] = field(default_factory=list)
    is_late: bool = False
    is_alone: bool = False

    @property
    def limit(self) -> timedelta:
        """The order's original limit."""
        return self.due_at - self.dispatched_at - timedelta(seconds=self.extended_seconds)

    @property
    def wakes_at(self) -> datetime | None:
        """When something is to be done about it by itself: the next attempt, or the end of a round."""
        return min((at for at in (self.asks_at, self.answer_by) if at is not None), default=None)

    def link(self, issue_id: str, *, at: datetime) -> bool:
        """Belong to this issue from now on. False for old news, which change nothing."""
        if at < self.linked_at or issue_id == self.issue_id:
            return False
        self.issue_id, self.linked_at = issue_id, at
        self.handled_at, self.is_sent_back, self.is_alone = None, False, False
        self.outcome, self.is_evaluated = None, False
        return True

    def correct(self, unit_code: str, rank_unit: str, community: str, *, due_at: datetime, at: datetime) -> None:
        """It was for another unit from the start. Who was not asked yet is asked when the right limit expires.

        What the wrong one did for it alone is judged no more.
        """
        if unit_code != self.charged_unit:
            self.released = [*self.released, [self.charged_unit, at.isoformat()]]
            if self.is_alone and self.outcome is None:
                self.handled_at, self.is_sent_back, self.is_alone = None, False, False
        if self.dispatch_no == 1:
            self.origin_unit, self.rank_unit = unit_code, rank_unit
        self.charged_unit, self.charged_rank_unit, self.charged_community = unit_code, rank_unit, community
        self.is_late = self.is_late and due_at <= self.linked_at
        if self.state is SurveyState.WAITING and self.asks_at is not None and not self.is_late:
            self.asks_at = due_at
        self.due_at = due_at

    def extend(self, due_at: datetime, *, at: datetime) -> bool:
        """The order has more time, granted at that instant: its caller is asked when that is over.

        Also where asking had begun meanwhile, because the news came late, and nothing was recorded yet.
        """
        has_begun = self.began_at is not None and not (self.state is SurveyState.ASKING and self._began_after(at))
        if has_begun or due_at <= self.due_at:
            return False
        self.extended_seconds += int((due_at - self.due_at).total_seconds())
        self.due_at = self.asks_at = due_at
        if self.began_at is not None:
            self.state, self.round, self.began_at = SurveyState.WAITING, self.round - 1, None
            self.asked_at, self.answer_by = None, None
        return True

    def put_off(self) -> bool:
        """What it is about can't be solved now. False if its caller was asked already, or is not to be."""
        if self.state is not SurveyState.WAITING or self.asks_at is None:
            return False
        self.asks_at = None
        return True

    def ask_after_all(self, *, now: datetime) -> bool:
        """Of one that was put off: its caller is asked once the limit is over. False for any other."""
        if not self._is_put_off:
            return False
        self.asks_at = max(now, self.due_at)
        return True

    @property
    def _is_put_off(self) -> bool:
        return self.state is SurveyState.WAITING and self.asks_at is None

    def _began_after(self, at: datetime) -> bool:
        return self.round == 1 and self.attempt == 1 and self.began_at is not None and self.began_at > at

    def redispatch(self, dispatch: "Dispatch", unit_code: str, rank_unit: str, community: str, *, why: str) -> Charge:
        """It went out again, and its caller is asked by that limit, about what is done from now on.

        Returns the charge of the dispatch that has ended by it.
        """
        ended = Charge(
            id=charge_id(self.order_no, self.dispatch_no),
            order_no=self.order_no,
            dispatch_no=self.dispatch_no,
            unit_code=self.charged_unit,
            rank_unit=self.charged_rank_unit,
            community=self.charged_community,
            dispatch_kind=self.dispatch_kind,
            since=self.dispatched_at,
            until=dispatch.at,
            why=why,
            is_late=self.is_late,
        )
        self.dispatch_no, self.charged_unit, self.charged_rank_unit = dispatch.number, unit_code, rank_unit
        self.charged_community, self.released = community, []
        self.dispatch_kind, self.dispatched_at, self.due_at = dispatch.kind, dispatch.at, dispatch.due_at
        self.extended_seconds, self.is_late = 0, dispatch.is_late
        self.linked_at, self.handled_at = max(self.linked_at, dispatch.heard_at), None
        self.is_sent_back = self.is_alone = False
        self.outcome, self.is_evaluated = None, False
        self.state, self.attempt, self.asks_at, self.answer_by = SurveyState.WAITING, 0, dispatch.asks_at, None
        self.began_at = self.asked_at = self.completed_at = self.reached = self.solved = None
        return ended

    def unlink(self, issue_id: str) -> bool:
        """Leave this issue. False if it belongs to another by now."""
        if self.issue_id != issue_id:
            return False
        self.issue_id = ""
        return True

    def start(self, *, within: timedelta, now: datetime) -> bool:
        """Begin the attempt that is due, of a new round or of the one under way. False if none is due."""
        if self.asks_at is None or self.asks_at > now:
            return False
        if self.state is SurveyState.MISSED:
            self.attempt += 1
        else:
            self.round, self.attempt, self.began_at = self.round + 1, 1, now
            self.answer_by = now + within
        self.state, self.asked_at, self.asks_at = SurveyState.ASKING, now, None
        return True

    def record(self, answer: Answer, *, tries: int, within: timedelta, now: datetime) -> bool:
        """Take down what our own attempt came to; True if that completes the round. Raises NoCallbackOpen.

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
        self._complete(answer, now)
        return True

    def take(self, answer: Answer, *, called_at: datetime, is_issue_open: bool, now: datetime) -> bool:
        """Take the hotline's result. False if it is about a time before what is asked or known now: kept, and no more.

        An order that had ended otherwise, or as nobody had asked, is judged anew while its issue is open.
        """
        if self.handled_at is not None and called_at < self.handled_at:
            return False
        if self.state not in UNDER_WAY and self.asked_at is not None and called_at < self.asked_at:
            return False
        if self.outcome is not None and (ends_as := self._ends_as(answer)) is not self.outcome:
            self.outcome, self.is_evaluated = (None, False) if is_issue_open else (ends_as, True)
        self.asked_at = called_at
        self._complete(answer, now)
        return True

    def end_round(self, *, now: datetime) -> bool:
        """The round is over by itself: not reached if an attempt was recorded, else not asked. False if none is."""
        if self.answer_by is None or self.answer_by > now:
            return False
        has_tried = self.state is SurveyState.MISSED or self.attempt > 1
        self.state = SurveyState.ASKED if has_tried else SurveyState.NOT_ASKED
        self.asks_at, self.answer_by, self.completed_at = None, None, now
        self.reached, self.solved = (False if has_tried else None), None
        return True

    def is_answered_since(self, instant: datetime) -> bool:
        """Whether the last round is over and its caller was, or should have been, asked then or later."""
        return self.state in OVER and self.asked_at is not None and self.asked_at >= instant

    def take_up(self, handled_at: datetime, *, judged_since: datetime | None) -> bool:
        """This handling is what the caller is asked about from now on. False if it does not concern the order.

        Who joined later waits for the next one; who was asked about an earlier one, and is not sent back, is done with.
        Who said "no" after it, while it was not heard of yet, waits for what is done again.
        """
        is_before_no = self.is_sent_back and self.completed_at is not None and handled_at < self.completed_at
        if self.outcome is not None or handled_at < self.linked_at or is_before_no:
            return False
        if self.handled_at is not None and not (handled_at > self.handled_at and self._is_open_again(judged_since)):
            return False
        self.handled_at, self.is_sent_back, self.is_alone = handled_at, False, False
        return True

    def take_up_alone(self, handled_at: datetime) -> bool:
        """What was done for this order is what its caller is asked about, whatever becomes of the issue.

        False for old news, and of one that has ended.
        """
        is_known = self.handled_at is not None and handled_at <= self.handled_at
        if self.outcome is not None or handled_at < self.linked_at or is_known:
            return False
        self.handled_at, self.is_sent_back, self.is_alone = handled_at, False, True
        return True

    def is_ahead_of(self, handled_at: datetime | None) -> bool:
        """Whether it was handled alone, and its issue was not since: it is judged by itself."""
        if not self.is_alone or self.handled_at is None:
            return False
        return handled_at is None or self.handled_at > handled_at

    def concerns(self, judged_since: datetime | None) -> bool:
        """Whether what was done since then is to be judged by this caller, or was and is not told yet."""
        if self.outcome is not None:
            return not self.is_evaluated
        return self.handled_at is not None and not self._is_open_again(judged_since)

    def is_newcomer(self, handled_at: datetime) -> bool:
        """Whether it joined the issue after this handling, and still has to be worked on, or heard by itself."""
        is_open = self.outcome is None and (self.handled_at is None or self.is_ahead_of(handled_at))
        return is_open and self.linked_at > handled_at

    def ask_again(self, *, now: datetime) -> bool:
        """Plan another round, if the last answer is about a time before the handling. True if it does."""
        if self._is_put_off:
            return self.ask_after_all(now=now)
        if self.state not in OVER or self.asks_at is not None or self.is_answered:
            return False
        self.asks_at = max(now, self.due_at)
        return True

    @property
    def is_answered(self) -> bool:
        """Whether its caller was asked about the handling, or nobody did so in time."""
        return self.outcome is not None or (self.handled_at is not None and self.is_answered_since(self.handled_at))

    @property
    def says_no(self) -> bool:
        return self.outcome is None and self.is_answered and self.solved is Solved.NO

    @property
    def is_waiting_for_limit(self) -> bool:
        return self.state is SurveyState.WAITING

    def settle(self) -> Outcome:
        """End the order by what its caller said of the handling."""
        self.outcome = Outcome.NOT_ASKED if self.state is SurveyState.NOT_ASKED else self._ends_as(self)
        return self.outcome

    def send_back(self) -> None:
        """It is done again, or by the next holder: the caller is asked when it is handled anew."""
        self.is_sent_back = True

    def deny(self) -> bool:
        """The caller says after the order's end that it is not solved. False if it has not ended."""
        if self.outcome is None:
            return False
        self.outcome, self.is_evaluated, self.reached, self.solved = None, False, True, Solved.NO
        return True

    def reopen(self) -> None:
        """The matter came back: asked about when it is handled anew."""
        self.outcome, self.is_evaluated, self.is_sent_back = None, False, True

    def _is_open_again(self, judged_since: datetime | None) -> bool:
        """Whether the handling that was asked about is judged no more, or was not enough."""
        assert self.handled_at is not None
        is_too_old = not self.is_alone and judged_since is not None and self.handled_at < judged_since
        return self.is_sent_back or is_too_old

    def _complete(self, answer: Answer, now: datetime) -> None:
        self.state, self.asks_at, self.answer_by, self.completed_at = SurveyState.ASKED, None, None, now
        self.reached, self.solved = answer.reached, answer.solved

    @staticmethod
    def _ends_as(said: "Answer | Survey") -> Outcome:
        if not said.reached:
            return Outcome.NOT_REACHED
        return Outcome.UNSOLVED if said.solved is Solved.NO else Outcome.SOLVED
