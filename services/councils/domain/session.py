"""A session 一次会议: one planned meeting on one issue, from the notice to its end. There is no cancelling.

Who must move while it is not over, and what happens when nobody does, stands in `waits.py`.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.councils.domain.errors import AmountUnclear, NoDateLeft, PostponedTooOften, SessionNotAhead
from services.councils.domain.invitation import Invitee
from services.councils.domain.postponement import Postponement
from shared.contracts.councils import AgendaItemPart
from shared.contracts.vocabulary import FailureReason, MoneySource, SessionKind


class SessionState(StrEnum):
    """Where a session stands. A session is planned and its notice published in one step."""

    NOTICE_PUBLISHED = "notice_published"
    POSTPONED = "postponed"
    OPEN = "open"
    CLOSED = "closed"
    INQUORATE = "inquorate"
    MOVED_UP = "moved_up"
    LAPSED = "lapsed"


AHEAD = frozenset({SessionState.NOTICE_PUBLISHED, SessionState.POSTPONED})
GIVEN_UP = frozenset({SessionState.MOVED_UP, SessionState.LAPSED})
UNDECIDED = AHEAD | GIVEN_UP | {SessionState.OPEN}


@dataclass(eq=False)
class Session:
    """What deliberation reports about a session is a fact and is taken over, also after the issue moved on.

    `due_at` is by when somebody must move: open it while it is ahead, close it while it is open; None once it is over.
    `replaces` is the session that lapsed, of which this is the new date.
    """

    id: str
    issue_id: str
    unit_code: str
    number: int
    kind: SessionKind
    title: str
    category: str
    hall_id: str
    hall_name: str
    starts_at: datetime
    first_starts_at: datetime
    deputies: list[Invitee]
    experts: list[Invitee]
    scheduled_at: datetime
    due_at: datetime | None
    replaces: str = ""
    state: SessionState = SessionState.NOTICE_PUBLISHED
    postponements: list[Postponement] = field(default_factory=list)
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    failure_reason: FailureReason | None = None
    agenda: list[AgendaItemPart] = field(default_factory=list)

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to be opened."""
        return self.state in AHEAD

    @property
    def lapses_at(self) -> datetime:
        """From when on nobody can open it any more. Only while it is ahead."""
        assert self.due_at is not None, "a session that is ahead is due"
        return self.due_at

    @property
    def people_ids(self) -> list[str]:
        return [invitee.person_id for invitee in (*self.deputies, *self.experts)]

    def put_on_agenda(self, matter: str, amount_fen: int, money: MoneySource) -> None:
        """One more item beside the issue itself. What is on the agenda stays on it."""
        self.must_be_ahead()
        if (money is MoneySource.NONE) != (amount_fen == 0) and money is not MoneySource.OWNERS:
            raise AmountUnclear(fields={"amount_fen": [f"{amount_fen} fen do not go with money of {money}."]})
        item = AgendaItemPart(number=len(self.agenda) + 1, matter=matter, amount_fen=amount_fen, money=money)
        self.agenda = [*self.agenda, item]

    def must_be_ahead(self) -> None:
        if not self.is_ahead:
            raise SessionNotAhead(f"session {self.id} is {self.state}; only one that is still ahead can be postponed")

    def must_be_postponable(self, times: int) -> None:
        """While it is ahead, and no more often than so many times."""
        self.must_be_ahead()
        if len(self.postponements) >= times:
            raise PostponedTooOften(f"session {self.id} was put off {times} times, as often as the policy allows")

    def postpone(self, postponement: Postponement, *, latest: datetime, due_at: datetime) -> None:
        """Move to a later date, at the latest `latest`, which counts from the first date however often it moves."""
        self.must_be_ahead()
        if not self.starts_at < postponement.starts_at <= latest:
            raise NoDateLeft(f"session {self.id} can't move to {postponement.starts_at}; it must be held by {latest}")
        self.postponements = [*self.postponements, postponement]
        self.starts_at, self.due_at = postponement.starts_at, due_at
        self.state = SessionState.POSTPONED

    def word(self, title: str) -> bool:
        """By these words it is spoken of; what was held keeps those under which it was.

        Whether its notice, which had others, is to go out again.
        """
        is_new = self.title != title and (self.is_ahead or self.state is SessionState.OPEN)
        if is_new:
            self.title = title
        return is_new and self.is_ahead

    def move_up(self, at: datetime) -> bool:
        """The issue went to another holder first. Only a session that is still ahead is given up."""
        return self.is_ahead and self._end(SessionState.MOVED_UP, at)

    def lapse(self, at: datetime) -> bool:
        """Nobody opened it in time. Says whether that is so now."""
        return self.is_ahead and self._is_overdue(at) and self._end(SessionState.LAPSED, at)

    def is_left_open(self, at: datetime) -> bool:
        """Whether it should have been closed by now."""
        return self.state is SessionState.OPEN and self._is_overdue(at)

    def open(self, at: datetime, *, due_at: datetime) -> bool:
        """What had lapsed or moved up was held after all. Says whether it is open now, and was not before."""
        is_new = self.state in AHEAD | GIVEN_UP
        if is_new:
            self.state, self.ended_at, self.due_at = SessionState.OPEN, None, due_at
        self.opened_at = at
        return is_new

    def close(self, at: datetime) -> bool:
        return self._end(SessionState.CLOSED, at)

    def end_inquorate(self, at: datetime) -> bool:
        return self._end(SessionState.INQUORATE, at)

    def fail(self, reason: FailureReason, at: datetime) -> bool:
        """It came to nothing. A failure counts once."""
        if self.failure_reason is not None:
            return False
        self.failure_reason = reason
        inquorate = reason is FailureReason.INQUORATE_TWICE
        self._end(SessionState.INQUORATE if inquorate else SessionState.CLOSED, at)
        return True

    def _is_overdue(self, at: datetime) -> bool:
        return self.due_at is not None and self.due_at <= at

    def _end(self, state: SessionState, at: datetime) -> bool:
        if self.state not in UNDECIDED:
            return False
        self.state, self.ended_at, self.due_at = state, at, None
        return True


def issue_of(session_id: str) -> str:
    """The issue that a session is on: the session's id without the last part."""
    return session_id.rpartition("/")[0]
