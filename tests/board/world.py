"""One request for every call of the board, after one of every event has been told."""

from datetime import UTC, datetime

from services.board.service import BoardService
from tests.board.samples import ISSUE, SESSION, heard
from tests.harness import Bus, Request
from tests.told import DISTRICT, tell

SERVICES = (BoardService,)
BEGIN = datetime(2026, 3, 10, 2, tzinfo=UTC)


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine)
    bus.hear(*(event for events in heard().values() for event in events))
    return {
        "list_issues": Request(DISTRICT, {}),
        "get_issue": Request(DISTRICT, {"issue_id": ISSUE}),
        "get_session": Request(DISTRICT, {"session_id": SESSION}),
        "search": Request(DISTRICT, {"words": "议事"}),
    }
