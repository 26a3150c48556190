"""One request for every call of councils."""

from services.councils.service import CouncilsService
from tests.councils.builders import COMMUNITY, ISSUE, MONDAY_9AM, listed, the_directory
from tests.harness import Bus, Request
from tests.told import tell

SERVICES = (CouncilsService,)
BEGIN = MONDAY_9AM


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine, *the_directory())
    bus.hear(listed(), listed(issue="I-postponed"))
    bus.move(MONDAY_9AM)
    here = {"unit_code": COMMUNITY}
    return {
        "get_session": Request(COMMUNITY, {"session_id": f"{ISSUE}/S1"}),
        "list_sessions": Request(COMMUNITY, here),
        "list_halls": Request(COMMUNITY, here),
        "list_deputies": Request(COMMUNITY, here),
        "list_my_work": Request(COMMUNITY, {}),
        "put_on_agenda": Request(
            COMMUNITY, {"session_id": f"{ISSUE}/S1", "matter": "停车棚", "amount_fen": 2_000_000, "money": "public"}
        ),
        "postpone_session": Request(COMMUNITY, {"session_id": "I-postponed/S1", "reason": "hall_lost"}),
    }
