"""Finds and keeps sessions, motions, votes, resolutions, minutes and the record. Votes and the record only grow."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session as Database

from services.deliberation.domain.errors import UnknownMotion, UnknownSession
from services.deliberation.domain.journal import Entry
from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.motion import Motion
from services.deliberation.domain.session import Session
from services.deliberation.domain.vote import Ballot, Vote
from services.deliberation.storage import tables
from shared.bus import Store


class Repository:
    """What all of them can: keep something new."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, entity: Any) -> None:
        self.database.add(entity)


class SessionRepository(Repository):
    def add(self, entity: Session) -> None:
        """Written at once: the entries of its record refer to it."""
        super().add(entity)
        self.database.flush()

    def get(self, session_id: str) -> Session:
        """Locks the session to the end of the transaction, so that its record has one order. Raises UnknownSession."""
        session = self.find(session_id)
        if session is None:
            raise UnknownSession(f"there is no session {session_id}", {"session_id": ["Unknown session."]})
        return session

    def find(self, session_id: str) -> Session | None:
        return self.database.get(Session, session_id, with_for_update=True)

    def read(self, session_id: str) -> Session:
        """Without a lock, for questions. Raises UnknownSession."""
        session = self.database.get(Session, session_id)
        if session is None:
            raise UnknownSession(f"there is no session {session_id}", {"session_id": ["Unknown session."]})
        return session

    def list_before(self, session: Session) -> Sequence[Session]:
        """Earlier sessions on the issue at the same unit, the newest first."""
        at = tables.sessions.c
        return self.database.scalars(
            select(Session)
            .where(at.issue_id == session.issue_id, at.unit_code == session.unit_code, at.number < session.number)
            .order_by(at.number.desc())
        ).all()

    def count_failed_before(self, session: Session) -> int:
        """How often deliberation failed before on the issue at the same unit."""
        at = tables.sessions.c
        found = self.database.scalar(
            select(func.count())
            .select_from(tables.sessions)
            .where(at.issue_id == session.issue_id, at.unit_code == session.unit_code, at.number < session.number)
            .where(at.failure.is_not(None))
        )
        return found or 0


class MotionRepository(Repository):
    def get(self, motion_id: str) -> Motion:
        """Raises UnknownMotion."""
        motion = self.database.get(Motion, motion_id)
        if motion is None:
            raise UnknownMotion(f"there is no motion {motion_id}", {"motion_id": ["Unknown motion."]})
        return motion

    def list_of_session(self, session_id: str) -> Sequence[Motion]:
        """In the order they were stated."""
        at = tables.motions.c
        found = select(Motion).where(at.session_id == session_id).order_by(at.stated_at, func.length(at.id), at.id)
        return self.database.scalars(found).all()

    def list_of_issue(self, issue_id: str, unit_code: str) -> Sequence[Motion]:
        """Every motion on the issue at this unit, of any session."""
        at = tables.motions.c
        return self.database.scalars(
            select(Motion).where(at.issue_id == issue_id, at.unit_code == unit_code).order_by(at.id)
        ).all()


class VoteRepository(Repository):
    def hold(self, vote: Vote, ballots: Iterable[Ballot]) -> None:
        """Keep a vote and every ballot of it."""
        self.database.add(vote)
        self.database.add_all(ballots)

    def find(self, motion_id: str) -> Vote | None:
        return self.database.get(Vote, motion_id)

    def list_ballots(self, motion_id: str) -> Sequence[Ballot]:
        at = tables.ballots.c
        return self.database.scalars(select(Ballot).where(at.motion_id == motion_id).order_by(at.person_id)).all()


class ResolutionRepository(Repository):
    def count_of_session(self, session_id: str) -> int:
        at = tables.resolutions.c
        found = select(func.count()).select_from(tables.resolutions).where(at.session_id == session_id)
        return self.database.scalar(found) or 0


class MinutesRepository(Repository):
    def find(self, session_id: str) -> Minutes | None:
        return self.database.get(Minutes, session_id)


class JournalRepository(Repository):
    def list_of_session(self, session_id: str) -> Sequence[Entry]:
        at = tables.journal.c
        return self.database.scalars(select(Entry).where(at.session_id == session_id).order_by(at.number)).all()


class DeliberationStore(Store):
    """The unit of work of the deliberation service."""

    def __init__(self, session: Database) -> None:
        super().__init__(session)
        self.sessions = SessionRepository(session)
        self.motions = MotionRepository(session)
        self.votes = VoteRepository(session)
        self.resolutions = ResolutionRepository(session)
        self.minutes = MinutesRepository(session)
        self.journal = JournalRepository(session)
