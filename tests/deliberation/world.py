"""One request for every call of deliberation. For each command there is a session that has come as far as it takes."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile
from typing import Any

from services.deliberation.service import DeliberationService
from shared.auth import Role
from tests.deliberation.builders import COMMUNITY, EVERYBODY, TUESDAY, a_scheduled
from tests.harness import Bus, Request
from tests.told import tell

SERVICES = (DeliberationService,)
BEGIN = TUESDAY
TASK = {
    "what": "施划",
    "leader": "赵",
    "department": "城管科",
    "person": "钱",
    "co_units": ["物业公司"],
    "due_at": "2099-01-01T00:00:00Z",
}
STORY: dict[str, dict[str, Any]] = {
    "record_arrivals": {"person_ids": EVERYBODY},
    "open_session": {},
    "state_motion": {"mover": "P-1", "motion": "划定十个车位"},
    "second_motion": {"seconder": "P-2"},
    "state_opposition": {},
    "record_turn": {"speaker": "P-1", "side": "for", "text": "够用"},
    "close_debate": {},
    "give_opinion": {},
    "vote": {"ballots": [{"person_id": person, "choice": "for"} for person in EVERYBODY]},
    "adopt_resolution": {"tasks": [TASK]},
    "record_objection": {"objector": "王阿姨", "reasons": "占了消防通道"},
    "review_objection": {"number": 1, "review": "stands", "answer": "已避让"},
    "close_session": {},
    "circulate_minutes": {},
    "object_to_minutes": {"person_id": "P-2", "objection": "漏记了反对意见"},
    "answer_objection": {"number": 1, "answer": "已补记"},
    "sign_minutes": {},
}
POLLED: dict[str, dict[str, Any]] = {
    "open_poll": {"electorate": "households", "register": [{"dwelling": "1室", "holders": ["户主"]}], "days": 14},
    "enter_papers": {"papers": [{"dwelling": "1室", "choice": 1, "signed_by": ["户主"]}]},
    "check_papers": {"right": [1]},
    "count_poll": {},
}
"""In place of a vote in the hall."""
POLL_STORY = [*takewhile(lambda step: step != "vote", STORY), *POLLED]
REGISTER = base64.b64encode("房号,权利人\n1室,户主".encode()).decode()
BESIDE: dict[str, tuple[str, dict[str, Any]]] = {
    "preview_poll": ("vote", {"electorate": "households", "days": 14, "name": "名册.csv", "content": REGISTER}),
    "object_to_resolution": ("review_objection", {"reasons": "挡了我家的窗"}),
    "record_departures": ("second_motion", {"person_ids": ["P-9"]}),
    "withdraw_motion": ("second_motion", {}),
    "record_recusal": ("vote", {"person_id": "P-9", "reason": "是利害关系人"}),
    "correct_minutes": ("object_to_minutes", {"correction": "第二项应为十二个车位"}),
}
"""Commands that are not in the story, with the one before which they come."""
BY_CLERK = {"record_arrivals", "record_objection", "enter_papers"}
LONG_AGO = {"sign_minutes": timedelta(days=2)}
"""How long before now the rest was done, where it takes time."""
ON_POLLS = {*list(POLLED)[1:], "get_poll"}
ON_MOTIONS = {*list(STORY)[3:10], "preview_poll", "open_poll", "withdraw_motion", "record_recusal", "get_motion"}


ON_RESOLUTIONS = {"record_objection", "review_objection", "object_to_resolution", "get_resolution"}


def about(method: str, issue_id: str) -> dict[str, str]:
    session_id = f"{issue_id}/S1"
    if method in ON_POLLS:
        return {"poll_id": f"{session_id}/M1/P1"}
    if method in ON_RESOLUTIONS:
        return {"resolution_id": f"{session_id}/R1"}
    return {"motion_id": f"{session_id}/M1"} if method in ON_MOTIONS else {"session_id": session_id}


def before(method: str) -> Iterator[str]:
    stop, _ = BESIDE.get(method, (method, {}))
    told = POLL_STORY if method in POLLED else list(STORY)
    return takewhile(lambda step: step != stop, told)


def play(bus: Bus, issue_id: str, upto: str) -> str:
    bus.clock.instant = BEGIN - LONG_AGO.get(upto, timedelta(0))
    bus.hear(a_scheduled(session_id=f"{issue_id}/S1", issue_id=issue_id, starts_at=bus.clock.now()))
    for step in before(upto):
        request = (STORY | POLLED)[step] | about(step, issue_id) | {"idempotency_key": issue_id}
        bus.ask(step, request, Role.CLERK if step in BY_CLERK else Role.CHAIR, COMMUNITY)
    bus.clock.instant = BEGIN
    return issue_id


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine)
    commands = STORY | POLLED | {method: fields for method, (_, fields) in BESIDE.items()}
    made = {
        method: Request(COMMUNITY, fields | about(method, play(bus, f"I-{method}", method)))
        for method, fields in commands.items()
    }
    read = play(bus, "I-read", "circulate_minutes")
    made["get_poll"] = Request(COMMUNITY, about("get_poll", play(bus, "I-polled", "check_papers")))
    looks = ("get_session", "get_motion", "get_record", "get_minutes", "get_resolution")
    made |= {method: Request(COMMUNITY, about(method, read)) for method in looks}
    lists = {"list_my_work": {}, "list_polls": {"unit_code": COMMUNITY}, "list_resolutions": {"unit_code": COMMUNITY}}
    return made | {method: Request(COMMUNITY, asked) for method, asked in lists.items()}
