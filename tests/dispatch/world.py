"""One request for every call of dispatch, each about a task of its own."""

from typing import Any

from services.dispatch.service import DispatchService
from shared.auth import Role
from shared.contracts.vocabulary import Route
from tests.dispatch.builders import (
    COMMUNITY,
    MONDAY,
    SHA,
    STREET,
    a_resolved_task,
    issue_escalated,
    issue_raised,
    resolution_adopted,
)
from tests.harness import Bus, Request
from tests.told import few_desks, few_duties, tell

SERVICES = (DispatchService,)
BEGIN = MONDAY
DONE = {"result": "已清运", "evidence": [{"uri": "https://example.org/1.jpg", "sha256": SHA}]}
OBJECTION = {"reason": "not_our_duty", "words": "不属于本部门职责"}
REASON = {"reason": "需要居民协商"}


def assigned(bus: Bus, name: str) -> dict[str, Any]:
    bus.hear(issue_raised(f"I-{name}", unit_code=COMMUNITY))
    return {"task_id": f"I-{name}/T1"}


def resolved(bus: Bus, name: str) -> dict[str, Any]:
    bus.hear(issue_raised(f"I-{name}", unit_code=COMMUNITY, route=Route.DELIBERATE))
    tasks = [a_resolved_task(department="社区服务站")]
    bus.hear(resolution_adopted(f"I-{name}", unit_code=COMMUNITY, tasks=tasks))
    return {"task_id": f"I-{name}/T1"}


def signed_for(bus: Bus, name: str) -> dict[str, Any]:
    task = assigned(bus, name)
    bus.ask("sign_for_task", task | {"idempotency_key": name}, Role.HANDLER, COMMUNITY)
    return task


def done(bus: Bus, name: str) -> dict[str, Any]:
    task = signed_for(bus, name)
    bus.ask("finish_task", task | DONE | {"idempotency_key": name}, Role.HANDLER, COMMUNITY)
    return task


def climbed(bus: Bus, name: str) -> dict[str, Any]:
    task = assigned(bus, name)
    bus.hear(issue_escalated(f"I-{name}", from_unit=COMMUNITY, to_unit=STREET))
    return task


def objected_to(bus: Bus, name: str) -> dict[str, Any]:
    asked = assigned(bus, name) | OBJECTION | {"idempotency_key": name}
    return {"request_id": bus.ask("return_task", asked, Role.HANDLER, COMMUNITY)["request_id"]}


def refused(bus: Bus, name: str) -> dict[str, Any]:
    request = objected_to(bus, name)
    bus.ask("decide_request", request | {"grant": False, "idempotency_key": name} | REASON, Role.LEADER, STREET)
    return request


def requests(bus: Bus) -> dict[str, Request]:
    tell(bus.engine, *few_duties(), *few_desks())
    return {
        "sign_for_task": Request(COMMUNITY, assigned(bus, "sign")),
        "return_task": Request(COMMUNITY, assigned(bus, "return") | OBJECTION),
        "appeal_request": Request(COMMUNITY, refused(bus, "appeal") | {"words": "确非本单位职责"}),
        "decide_request": Request(STREET, objected_to(bus, "decide") | REASON | {"grant": True}),
        "get_request": Request(COMMUNITY, objected_to(bus, "objected")),
        "list_requests": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "decline_task": Request(COMMUNITY, resolved(bus, "decline") | REASON),
        "fail_task": Request(COMMUNITY, assigned(bus, "fail") | REASON),
        "block_task": Request(COMMUNITY, signed_for(bus, "block") | {"explanation": "等待配件"}),
        "reach_milestone": Request(COMMUNITY, signed_for(bus, "reach") | {"milestone": "handling"}),
        "finish_task": Request(COMMUNITY, signed_for(bus, "finish") | DONE),
        "accept_task": Request(COMMUNITY, done(bus, "accept")),
        "send_back_task": Request(COMMUNITY, done(bus, "back") | REASON),
        "take_over_task": Request(STREET, climbed(bus, "over") | REASON),
        "get_task": Request(COMMUNITY, assigned(bus, "seen")),
        "list_my_work": Request(COMMUNITY, {}),
        "list_tasks": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "get_desk": Request(COMMUNITY, {"unit_code": COMMUNITY, "category": "sanitation"}),
    }
