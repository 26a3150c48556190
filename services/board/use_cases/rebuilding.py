"""What was told before, taken in anew: into a generation that does not serve yet.

The copy of the directory is not touched: it is filled anew by `directory snapshot`, as every service's.
"""

from collections.abc import Callable, Sequence
from typing import Any

from services.board.domain.session import ABOUT_SESSIONS
from services.board.storage.repository import BoardStore
from services.board.use_cases import events
from shared.bus.moment import Moment
from shared.bus.outbox.outbox import Cause
from shared.contracts import alarms, directory, evaluation, intake
from shared.contracts.base import Event

Taken = tuple[str, Event]
"""An event with its id."""

HANDLERS: dict[type[Event], Callable[[BoardStore, Any, Moment], None]] = {
    **dict.fromkeys(events.STORIES, events.follow_issue),
    **dict.fromkeys(ABOUT_SESSIONS, events.follow_session),
    **dict.fromkeys(events.ABOUT_RESOLUTIONS, events.follow_resolution),
    intake.ComplaintAcceptedV1: events.count_order,
    intake.IssueRaisedV1: events.raise_issue,
    alarms.IncidentOpenedV1: events.open_incident,
    alarms.IncidentSettledV1: events.settle_incident,
    evaluation.PeriodPublishedV1: events.publish_period,
    evaluation.ErratumIssuedV1: events.mend_period,
    directory.HallsChangedV1: events.show_halls,
}
"""As the service hears them, but for what the directory tells."""


def take_in(work: BoardStore, taken: Sequence[Taken], at: Moment) -> None:
    """In this order, each as if it were heard now."""
    events.read_ahead(work, [event for _, event in taken])
    for event_id, event in taken:
        work.outbox.cause = Cause(event_id=event_id)
        HANDLERS[type(event)](work, event, at)
