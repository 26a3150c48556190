"""A session as the board knows it: what councils planned, and what deliberation reported of it."""

from dataclasses import dataclass
from datetime import datetime

from services.board.domain.words import SessionState
from shared.contracts import councils, deliberation
from shared.contracts.base import Event
from shared.contracts.vocabulary import SessionKind


@dataclass(eq=False, kw_only=True)
class Session:
    """`planned` is councils' word, `held` deliberation's, which holds where there is one. Shown once it is planned."""

    session_id: str
    issue_id: str
    title: str = ""
    unit_code: str = ""
    number: int = 0
    kind: SessionKind | None = None
    planned: SessionState | None = None
    held: SessionState | None = None
    state: SessionState = SessionState.SCHEDULED
    starts_at: datetime | None = None
    hall_id: str = ""
    hall_name: str = ""
    items: int = 0
    is_noticed: bool = False

    def take(self, event: Event) -> None:
        match event:
            case councils.SessionScheduledV1():
                self._plan(event)
            case councils.NoticePublishedV1():
                self.title, self.hall_name, self.starts_at = event.title, event.hall_name, event.starts_at
                self.items, self.is_noticed = len(event.agenda), True
            case councils.SessionPostponedV1():
                self.planned, self.starts_at = SessionState.POSTPONED, event.starts_at
            case councils.SessionLapsedV1():
                self.planned = SessionState.LAPSED
            case councils.SessionMovedUpV1():
                self.planned = SessionState.MOVED_UP
            case deliberation.SessionOpenedV1():
                self.held = SessionState.OPEN
            case deliberation.SessionInquorateV1():
                self.held = SessionState.INQUORATE
            case deliberation.SessionClosedV1():
                self.held = SessionState.CLOSED
        self.state = self.held or self.planned or SessionState.SCHEDULED

    def _plan(self, event: councils.SessionScheduledV1) -> None:
        self.planned, self.title, self.unit_code = SessionState.SCHEDULED, event.title, event.unit_code
        self.number, self.kind, self.starts_at = event.number, event.kind, event.starts_at
        self.hall_id, self.hall_name, self.items = event.hall_id, event.hall_name, len(event.agenda)


ABOUT_SESSIONS = (
    councils.SessionScheduledV1,
    councils.NoticePublishedV1,
    councils.SessionPostponedV1,
    councils.SessionLapsedV1,
    councils.SessionMovedUpV1,
    deliberation.SessionOpenedV1,
    deliberation.SessionInquorateV1,
    deliberation.SessionClosedV1,
)
