"""Finding and keeping sessions and what happens in them. The lock on a session guards all of it.

Votes, ballots, resolutions and the journal are only added to: the database refuses to change them.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from services.deliberation.domain.display import Display
from services.deliberation.domain.errors import UnknownMotion, UnknownPoll, UnknownResolution, UnknownSession
from services.deliberation.domain.journal import Entry
from services.deliberation.domain.minutes import Minutes
from services.deliberation.domain.motion import Motion, MotionState
from services.deliberation.domain.poll import Check, Paper, Poll, PollState
from services.deliberation.domain.resolution import Resolution
from services.deliberation.domain.session import Session, SessionState
from services.deliberation.domain.tally import Tally
from services.deliberation.domain.vote import Ballot, Vote
from services.deliberation.domain.waits import OF_MOTIONS
from services.deliberation.storage import tables, terms
from shared.bus.work import Store
from shared.calendars import Calendar, shipped
from shared.storage import Repository, is_any


class SessionRepository(Repository[Session]):
    entity, table = Session, tables.sessions

    def unknown(self, key: str) -> UnknownSession:
        return UnknownSession(f"there is no session {key}", {"session_id": ["Unknown session."]})

    def list_before(self, session: Session) -> list[Session]:
        """Earlier sessions on the issue at the same unit, the newest first."""
        same = self.of(issue_id=session.issue_id, unit_code=session.unit_code)
        return sorted((one for one in same if one.number < session.number), key=lambda one: -one.number)

    def count_failed_before(self, session: Session) -> int:
        """How often deliberation failed before on the issue at the same unit."""
        return sum(one.failure is not None for one in self.list_before(session))


class MotionRepository(Repository[Motion]):
    entity, table = Motion, tables.motions

    def unknown(self, key: str) -> UnknownMotion:
        return UnknownMotion(f"there is no motion {key}", {"motion_id": ["Unknown motion."]})

    def list_in(self, session: Session) -> list[Motion]:
        """Those of the session, in the order they were stated."""
        stated = self.of(issue_id=session.issue_id, session_id=session.id)
        return sorted(stated, key=lambda one: (one.stated_at, len(one.id), one.id))

    def list_waiting_in(self, unit_codes: Iterable[str], most: int) -> list[Motion]:
        """Those without an end so far in open sessions of these units, by when these opened; and what polls carried."""
        at, held = tables.motions.c, tables.sessions.c
        wanted = self.select_from_here().join(tables.sessions, held.id == at.session_id)
        is_in_hand = or_(held.state == SessionState.OPEN, and_(at.poll_id != "", at.state == MotionState.CARRIED))
        wanted = wanted.where(is_in_hand, is_any(held.unit_code, unit_codes))
        wanted = wanted.where(at.state.in_(OF_MOTIONS), at.resolution_id == "")
        return self.look_up(wanted.order_by(held.opened_at, at.id).limit(most))


class VoteRepository(Repository[Vote]):
    """Votes by the id of their motion and their number."""

    entity, table = Vote, tables.votes


class BallotRepository(Repository[Ballot]):
    entity, table = Ballot, tables.ballots


class PollRepository(Repository[Poll]):
    entity, table = Poll, tables.polls

    def unknown(self, key: str) -> UnknownPoll:
        return UnknownPoll(f"there is no poll {key}", {"poll_id": ["Unknown poll."]})

    def list_open_in(self, unit_codes: Iterable[str], most: int) -> list[Poll]:
        """Those of these units that are to be counted, the soonest first."""
        at = tables.polls.c
        wanted = self.select_from_here().where(at.state == PollState.OPEN, is_any(at.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.due_at, at.id).limit(most))

    def list_over_in(self, unit_codes: Iterable[str], most: int) -> list[Poll]:
        """Those of these units that are counted or withdrawn, the latest first."""
        at = tables.polls.c
        wanted = self.select_from_here().where(at.state != PollState.OPEN, is_any(at.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.due_at.desc(), at.id).limit(most))


class PaperRepository(Repository[Paper]):
    """Papers by their poll and number."""

    entity, table = Paper, tables.papers


class CheckRepository(Repository[Check]):
    """Checks by the poll and number of their paper."""

    entity, table = Check, tables.checks


class TallyRepository(Repository[Tally]):
    """Tallies by the id of their poll."""

    entity, table = Tally, tables.tallies


class ResolutionRepository(Repository[Resolution]):
    entity, table = Resolution, tables.resolutions

    def unknown(self, key: str) -> UnknownResolution:
        return UnknownResolution(f"there is no resolution {key}", {"resolution_id": ["Unknown resolution."]})

    def list_in(self, unit_codes: Iterable[str], displayed_after: datetime | None, most: int) -> list[Resolution]:
        """Those of these units, the latest first; on display after that instant or contested, if one is named."""
        at, shown = tables.resolutions.c, tables.displays.c
        wanted = self.select_from_here().where(is_any(at.unit_code, unit_codes))
        if displayed_after is not None:
            contested = select(shown.resolution_id).where(shown.due_at.is_not(None))
            wanted = wanted.where(or_(at.displayed_until > displayed_after, at.id.in_(contested)))
        return self.look_up(wanted.order_by(at.adopted_at.desc(), at.id).limit(most))


class DisplayRepository(Repository[Display]):
    """Displays by the id of their resolution, of those that somebody objected to."""

    entity, table = Display, tables.displays

    def list_contested_in(self, unit_codes: Iterable[str], most: int) -> list[Display]:
        """Those of these units that wait for an answer, the soonest due first."""
        at = tables.displays.c
        wanted = self.select_from_here().where(at.due_at.is_not(None), is_any(at.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.due_at, at.resolution_id).limit(most))


class MinutesRepository(Repository[Minutes]):
    """Minutes by the id of their session."""

    entity, table = Minutes, tables.minutes

    def list_unsigned_in(self, unit_codes: Iterable[str], most: int) -> list[Minutes]:
        """Those of sessions in these units that somebody must move, the soonest due first."""
        at, held = tables.minutes.c, tables.sessions.c
        wanted = self.select_from_here().join(tables.sessions, held.id == at.session_id)
        wanted = wanted.where(at.due_at.is_not(None), is_any(held.unit_code, unit_codes))
        return self.look_up(wanted.order_by(at.due_at, at.session_id).limit(most))


class JournalRepository(Repository[Entry]):
    """The entries of each session's record, by their number."""

    entity, table = Entry, tables.journal


class DeliberationStore(Store):
    """The unit of work that deliberation's use cases see. What refers to a session or a motion comes after it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.sessions = SessionRepository(self)
        self.motions = MotionRepository(self)
        self.votes = VoteRepository(self)
        self.ballots = BallotRepository(self)
        self.polls = PollRepository(self)
        self.papers = PaperRepository(self)
        self.checks = CheckRepository(self)
        self.tallies = TallyRepository(self)
        self.resolutions = ResolutionRepository(self)
        self.displays = DisplayRepository(self)
        self.minutes = MinutesRepository(self)
        self.journal = JournalRepository(self)

    def seat(self, session: Session, now: datetime) -> None:
        """Note whose term is over at an instant, of the deputies who were invited."""
        session.former = terms.over(self.directory, [one.person_id for one in session.deputies], now)

    @property
    def calendar(self) -> Calendar:
        """The working days, for how long a resolution is displayed."""
        return shipped()
