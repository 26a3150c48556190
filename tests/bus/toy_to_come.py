"""The toy as its next version will be: it knows a second version of one event, once this is imported."""

from datetime import datetime

from shared.bus.inbox.entrypoint import subscribe
from shared.bus.work import UnitOfWork
from shared.contracts import EVENTS
from shared.contracts.base import Event, event
from tests.bus.toy import ToyService, ToyStore, open_session


@event(publisher="councils", subject="issue_id")
class SessionScheduledV2(Event):
    """A session with its name in one field."""

    session_id: str
    issue_id: str
    called: str
    scheduled_at: datetime


EVENTS[SessionScheduledV2.wire_type] = SessionScheduledV2


class NewerToyService(ToyService):
    """Opens each session it hears of, in both versions."""

    work = UnitOfWork(ToyStore)

    @subscribe(SessionScheduledV2)
    def open_called(self, event, work, at):
        open_session(work, event.called, event.issue_id, at.now)
