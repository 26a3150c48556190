"""A clock 时限: a ledger, whose time it counts, and what it says on the way: warned, breached, ordered, met.

Each mark is made once in a clock's life, whatever is paused, extended or reopened in between. A clock only ever changes
its ledger for one with one more entry (see `ledger`), so that a resident's clock can't be reset.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.supervision.domain.ledger import NOTHING, Ledger, SegmentKind
from shared.contracts.vocabulary import ClockKind, SlaClass

AWAITING_CALLER = "本件诉求先行办结后等待回访评价"
"""Why the clock of one order rests that was handled alone: it is its caller's turn, whatever becomes of the issue."""


class Mark(StrEnum):
    """What a clock says when it gets there, each once in its life."""

    YELLOW = "yellow"
    RED = "red"
    BREACH = "breach"
    ORDER = "order"


class ClockState(StrEnum):
    """Counting ⇄ paused → met or breached; ended when the holder changed before either."""

    COUNTING = "counting"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How far along its marks lie: shares of the allowance, and how long after the breach an order 督办 follows."""

    yellow_ratio: float
    red_ratio: float
    overdue: timedelta | None

    def at(self, mark: Mark, allowance: timedelta) -> timedelta | None:
        """The counted time at which a mark lies; None where the clock has no such mark."""
        if mark is Mark.ORDER:
            return None if self.overdue is None else allowance + self.overdue
        return allowance * {Mark.YELLOW: self.yellow_ratio, Mark.RED: self.red_ratio, Mark.BREACH: 1.0}[mark]


@dataclass(kw_only=True)
class Clock:
    """A time limit of an issue: the resident's, or that of the tier that holds it.

    A resident's is that of one dispatch of one order (none for an issue that began without any). Once that dispatch has
    ended at `dispatch_ended_at`, as the order left the issue or went out again, nothing makes it count any more.
    `joined_at` is when its order came into the issue, and `late_at` when it arrived, if its time was over by then.
    """

    id: str
    issue_id: str
    unit_code: str
    kind: ClockKind
    ledger: Ledger
    order_no: str = ""
    dispatch_no: int | None = None
    sla_class: SlaClass | None = None
    joined_at: datetime | None = None
    dispatch_ended_at: datetime | None = None
    yellow_at: datetime | None = None
    red_at: datetime | None = None
    breached_at: datetime | None = None
    ordered_at: datetime | None = None
    met_at: datetime | None = None
    late_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether its order came when its time was over, and has not been given more: then it says nothing else."""
        return self.late_at is not None and self.due_at <= self.late_at

    @property
    def runs_until(self) -> datetime:
        """From when on more time is given: where it was over on arrival, from the arrival."""
        return max(self.due_at, self.late_at or self.due_at)

    @property
    def started_at(self) -> datetime:
        return self.ledger.started_at

    @property
    def due_at(self) -> datetime:
        return self.ledger.due_at

    @property
    def is_over(self) -> bool:
        """Whether it has been closed, perhaps until a relapse."""
        return self.ledger.current.kind is SegmentKind.CLOSED

    @property
    def is_handled_alone(self) -> bool:
        """Whether it rests because its order was handled before its issue: no plan and no delay concern it any more."""
        return self.ledger.current.reason == AWAITING_CALLER

    def is_after(self, handled_at: datetime) -> bool:
        """Whether its order came into the issue, or went out again, after that: what was done by then is not for it."""
        return self.joined_at is not None and handled_at < self.joined_at

    @property
    def state(self) -> ClockState:
        if self.breached_at is not None:
            return ClockState.BREACHED
        if self.is_over:
            return ClockState.MET if self.met_at else ClockState.ENDED
        return ClockState.COUNTING if self.ledger.is_counting else ClockState.PAUSED

    def next_mark_at(self, marks: Marks) -> datetime | None:
        """When there will next be something to say; None while it does not count, and after the last mark."""
        if self.is_late or not self.ledger.is_counting:
            return None
        ahead = (marks.at(mark, self.ledger.allowance) for mark in Mark if not self._made_at(mark))
        return min((self.ledger.reached_at(counted) for counted in ahead if counted is not None), default=None)

    def strike(self, now: datetime, marks: Marks) -> list[Mark]:
        """Make and return the marks reached by `now` and not made before. The second call returns none of them."""
        if self.is_late:
            return []
        counted = self.ledger.counted(now)
        reached = []
        for mark in Mark:
            bar = marks.at(mark, self.ledger.allowance)
            if bar is not None and counted >= bar and not self._made_at(mark):
                setattr(self, _MADE_AT[mark], now)
                reached.append(mark)
        return reached

    def missed(self, since: datetime) -> bool:
        """Whether it called a breach without having heard of something that happened before its time was over."""
        return self.breached_at is not None and since < self.breached_at and since <= self.due_at

    def take_back(self, since: datetime, marks: Marks) -> list[Mark]:
        """Unmake, and return, what was made after `since` but not reached by then: news of that instant came late."""
        counted = self.ledger.counted(since)
        gone = []
        for mark in Mark:
            bar, made_at = marks.at(mark, self.ledger.allowance), self._made_at(mark)
            if made_at is not None and made_at > since and bar is not None and counted <= bar:
                setattr(self, _MADE_AT[mark], None)
                gone.append(mark)
        return gone

    def correct(self, budget: timedelta, *, now: datetime, marks: Marks) -> list[Mark]:
        """Count with another budget. Unmakes, and returns, the marks that are not reached by that."""
        self.ledger = self.ledger.correct(budget)
        counted, gone = self.ledger.counted(now), []
        for mark in Mark:
            bar = marks.at(mark, self.ledger.allowance)
            if self._made_at(mark) is not None and (bar is None or counted < bar):
                setattr(self, _MADE_AT[mark], None)
                gone.append(mark)
        return gone

    def begun_again(self, clock_id: str) -> "Clock":
        """The clock of the same holder that goes on where this one was ended, as if it had not been."""
        return replace(self, id=clock_id, ledger=self.ledger.before_closing())

    def pause(self, *, at: datetime, by: str, reason: str) -> bool:
        """On hold. Says whether that changed anything: a clock on hold or closed stays as it is."""
        before = self.ledger
        self.ledger = before.pause(at=at, by=by, reason=reason)
        return self.ledger is not before

    def resume(self, *, at: datetime, by: str, reason: str = "") -> bool:
        """Count again after a pause. Says whether that changed anything: only a clock on hold does."""
        if self.ledger.current.kind is not SegmentKind.PAUSED:
            return False
        self.ledger = self.ledger.go_on(at=at, by=by, reason=reason)
        return True

    def meet(self, *, at: datetime, by: str, reason: str) -> bool:
        """What it waited for came. Says whether that was in time; a breach stays one, and so does being late."""
        if self.is_over:
            return False
        self.ledger = self.ledger.close(at=at, by=by, reason=reason)
        if self.breached_at is None and not self.is_late:
            self.met_at = at
        return self.met_at is not None

    def end(self, *, at: datetime, by: str, reason: str) -> None:
        """It has no more to say: the issue left the tier it was for."""
        self.ledger = self.ledger.close(at=at, by=by, reason=reason)

    def end_dispatch(self, *, at: datetime, by: str, reason: str) -> None:
        """Its order is no more for this issue to answer, or not by this limit."""
        self.dispatch_ended_at = at
        self.end(at=at, by=by, reason=reason)

    def relapse(self, *, at: datetime, by: str, reason: str) -> None:
        """The matter came back: count on from where it was met; the closed time does not count."""
        self.ledger = self.ledger.go_on(at=at, by=by, reason=reason)
        self.met_at = None

    def extend_to(self, due_at: datetime, *, at: datetime, by: str, reason: str) -> bool:
        """Move the due time to a later instant. Never to an earlier one, nor once the clock ran out or was closed."""
        if self.breached_at or self.is_over or due_at <= self.due_at:
            return False
        self.ledger = self.ledger.extend(due_at - self.due_at, at=at, by=by, reason=reason)
        return True

    def has_run_out(self, since: datetime) -> bool:
        """Whether nothing gives it other time any more: it was closed, or used up by that instant."""
        return self.breached_at is not None or self.is_over or self.ledger.remaining(since) <= NOTHING

    def wait_until(self, until: datetime, *, since: datetime, by: str, reason: str) -> bool:
        """What its holder waits for ends at `until`. Says whether it is due later by that; not once it ran out."""
        if self.has_run_out(since):
            return False
        before = self.due_at
        self.ledger = self.ledger.wait_until(until, since=since, by=by, reason=reason)
        return self.due_at > before

    def need_of(self, holder: Ledger, contact: timedelta) -> timedelta | None:
        """How long an order lets its holder count: to its limit, or until `contact` after it came. None is no bound.

        It sets none once its clock is over, while it alone rests, nor where its limit was over when it came to the
        holder. What breaches under a holder binds it still. Where the holder alone rests, the bound waits with it.
        """
        came_at = max(holder.started_at, self.started_at, self.joined_at or self.started_at)
        left = self.ledger.remaining(came_at)
        rests_alone = holder.is_counting and not self.ledger.is_counting
        if self.is_over or rests_alone or left <= NOTHING:
            return None
        alone = sum((holder.counted(ends) - holder.counted(begins) for begins, ends in self._rests(came_at)), NOTHING)
        return holder.counted(came_at) + max(left, contact) + alone

    def fit(self, needs: Collection[timedelta], *, since: datetime) -> bool:
        """Give the holder no more than the longest of these. Says whether it is due at another instant by that.

        Never less than is counted by `since`, when they changed. Nothing, where it had run out by then.
        """
        if self.has_run_out(since):
            return False
        before = self.due_at
        needed = max(needs, default=None)
        self.ledger = self.ledger.fit(None if needed is None else max(needed, self.ledger.counted(since)))
        return self.due_at != before

    def _rests(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it did not count and does again, from then on."""
        for one in self.ledger.segments:
            if one.kind is not SegmentKind.COUNTING and one.ends_at is not None and one.ends_at > since:
                yield max(one.begins_at, since), one.ends_at

    def _made_at(self, mark: Mark) -> datetime | None:
        made: datetime | None = getattr(self, _MADE_AT[mark])
        return made


_MADE_AT = {Mark.YELLOW: "yellow_at", Mark.RED: "red_at", Mark.BREACH: "breached_at", Mark.ORDER: "ordered_at"}
