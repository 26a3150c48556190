"""What is counted by unit and day: each event once, in the unit that it names, on the day on which it happened.

Units are counted as the events name them; who lies inside whom is asked when figures are looked at.
"""

from datetime import datetime

from services.board.storage.repository import BoardStore
from shared.clock import SHANGHAI
from shared.contracts import deliberation, dispatch, intake, supervision
from shared.contracts.base import Event

ORDERS = "orders"
CLOSED = "closed"
_COUNTED: dict[type[Event], tuple[str, str]] = {
    intake.IssueRaisedV1: ("raised", "unit_code"),
    intake.IssueListedV1: ("listed", "unit_code"),
    deliberation.SessionOpenedV1: ("sessions", "unit_code"),
    deliberation.ResolutionAdoptedV1: ("resolutions", "unit_code"),
    dispatch.TaskAssignedV1: ("tasks", "unit_code"),
    dispatch.TaskDoneV1: ("done", "unit_code"),
    dispatch.IssueHandledV1: ("handled", "unit_code"),
    supervision.ClockBreachedV1: ("breached", "unit_code"),
    supervision.IssueEscalatedV1: ("escalated", "from_unit"),
    supervision.IssueReturnedDownV1: ("returned", "from_unit"),
    supervision.IssueReopenedV1: ("reopened", "to_unit"),
    supervision.IssueClosedV1: (CLOSED, "unit_code"),
}
"""What is counted of an event, and in which of the units that it names."""


def count(work: BoardStore, event: Event, at: datetime) -> None:
    """Of a close its outcome is counted, of a task its first assignment alone."""
    if type(event) not in _COUNTED or (isinstance(event, dispatch.TaskAssignedV1) and event.attempt > 1):
        return
    what, unit = _COUNTED[type(event)]
    if isinstance(event, supervision.IssueClosedV1):
        what = f"{CLOSED}_{event.outcome}"
    _add(work, getattr(event, unit), at, what)


def count_order(work: BoardStore, event: intake.ComplaintAcceptedV1) -> None:
    at = event.dispatched_at
    _add(work, event.unit_code, at, ORDERS, hour=at.astimezone(SHANGHAI).hour)


def _add(work: BoardStore, unit_code: str, at: datetime, what: str, *, hour: int = 0) -> None:
    work.figures.add(1, unit_code=unit_code, day=at.astimezone(SHANGHAI).date(), hour=hour, what=what)
