"""One request for every call of councils."""

from services.councils.service import CouncilsService
from shared.auth import Role
from tests.councils.builders import COMMUNITY, ISSUE, MONDAY_9AM, listed, the_directory
from tests.harness import Bus, Request
from tests.told import tell

SERVICES = (CouncilsService,)
BEGIN = MONDAY_9AM


def asked(bus: Bus, issue: str) -> str:
    about = {"session_id": f"{issue}/S1", "reason": "hall_lost", "idempotency_key": issue}
    request_id: str = bus.ask("postpone_session", about, Role.CLERK, COMMUNITY, subject="qian")["request_id"]
    return request_id


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine, *the_directory())
    bus.hear(listed(), *(listed(issue=issue) for issue in ("I-postponed", "I-asked", "I-seen")))
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
        "decide_request": Request(COMMUNITY, {"request_id": asked(bus, "I-asked"), "grant": True, "reason": "属实"}),
        "get_request": Request(COMMUNITY, {"request_id": asked(bus, "I-seen")}),
        "list_requests": Request(COMMUNITY, here),
    }
