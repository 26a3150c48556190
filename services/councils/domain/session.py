"""A session 一次会议: one planned meeting on one issue, from the notice to its end. There is no cancelling."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.councils.domain.errors import NoDateLeft, SessionNotAhead
from services.councils.domain.invitation import Invitee
from services.councils.domain.postponement import Postponement
from shared.contracts.vocabulary import FailureReason, SessionKind


class SessionState(StrEnum):
    """Where a session stands. A session is planned and its notice published in one step."""

    NOTICE_PUBLISHED = "notice_published"
    POSTPONED = "postponed"
    OPEN = "open"
    CLOSED = "closed"
    INQUORATE = "inquorate"
    MOVED_UP = "moved_up"


AHEAD = frozenset({SessionState.NOTICE_PUBLISHED, SessionState.POSTPONED})
UNDECIDED = AHEAD | {SessionState.OPEN, SessionState.MOVED_UP}


@dataclass(eq=False)
class Session:
    """What deliberation reports about a session is a fact and is taken over, also after the issue moved on."""

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
    state: SessionState = SessionState.NOTICE_PUBLISHED
    postponements: list[Postponement] = field(default_factory=list)
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    failure_reason: FailureReason | None = None

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to be opened."""
        return self.state in AHEAD

    @property
    def people_ids(self) -> list[str]:
        return [invitee.person_id for invitee in (*self.deputies, *self.experts)]

    def must_be_ahead(self) -> None:
        if not self.is_ahead:
            raise SessionNotAhead(f"session {self.id} is {self.state}; only one that is still ahead can be postponed")

    def postpone(self, postponement: Postponement, *, latest: datetime) -> None:
        """Move to a later date, at the latest `latest`, which counts from the first date however often it moves."""
        self.must_be_ahead()
        if not self.starts_at < postponement.starts_at <= latest:
            raise NoDateLeft(f"session {self.id} can't move to {postponement.starts_at}; it must be held by {latest}")
        self.postponements = [*self.postponements, postponement]
        self.starts_at = postponement.starts_at
        self.state = SessionState.POSTPONED

    def move_up(self, at: datetime) -> bool:
        """The issue went to another holder first. Only a session that is still ahead is given up."""
        if not self.is_ahead:
            return False
        self.state, self.ended_at = SessionState.MOVED_UP, at
        return True

    def open(self, at: datetime) -> None:
        if self.state in AHEAD or self.state is SessionState.MOVED_UP:
            self.state, self.ended_at = SessionState.OPEN, None
        self.opened_at = at

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

    def _end(self, state: SessionState, at: datetime) -> bool:
        if self.state not in UNDECIDED:
            return False
        self.state, self.ended_at = state, at
        return True


def issue_of(session_id: str) -> str:
    """The issue that a session is on: the session's id without the last part."""
    return session_id.rpartition("/")[0]
