"""One request for every call of supervision and of its door, each about an issue of its own, in a district in March."""

from dataclasses import replace

from services.supervision.service import EscalationService, SupervisionService
from shared.auth import Role
from shared.contracts.vocabulary import Outcome
from tests.harness import Bus, Request
from tests.supervision.builders import (
    COMMUNITY,
    DISTRICT,
    GRID,
    ISSUE,
    MONDAY,
    STREET,
    days,
    issue_evaluated,
    issue_handled,
    issue_raised,
)
from tests.supervision.railway import RAILWAY
from tests.told import few_duties, tell

SERVICES = (SupervisionService, EscalationService)
BEGIN, LATER = MONDAY, MONDAY + days(40)
CLIMBING = {"from_unit": COMMUNITY, "reason": "over_duty", "explanation": "归口区级部门"}
A_MODEL = {"reason": "general", "words": "各小区均可参照"}
MORE_TIME = {"reason": "weather", "words": "连日降雨,无法施工"}
THEIR_LAND = {"organisation_id": RAILWAY.id, "reason": "their_land", "words": "请清理铁路用地上的垃圾"}
THEIR_ANSWER = {
    "agrees": True,
    "words": "下月清理",
    "answered_by": "工务段",
    "evidence": [{"uri": "https://example.org/letter.pdf", "sha256": "a" * 64}],
}
A_PLAN = {
    "reason": "planning",
    "words": "需先报规划",
    "plan": "六月报规划,十一月完工",
    "owner": RAILWAY.id,
    "review_on": "2026-05-01",
    "interim_reply": "已列入计划,每季度反馈进展",
}
STAYS = {"stays": True, "review_on": "2026-06-01", "words": "规划已批,等待招标"}
GIVEN_BACK = {"reason": "网格可以解决"}


def raised(bus: Bus, issue_id: str, unit_code: str = COMMUNITY) -> str:
    now = bus.clock.now()
    bus.hear(issue_raised(issue_id=issue_id, unit_code=unit_code, dispatched_at=now, due_at=now + days(7)))
    return issue_id


def judged(bus: Bus, issue_id: str, outcome: Outcome, unit_code: str) -> str:
    now = bus.clock.now()
    handling, evaluation = issue_handled(now, unit_code), issue_evaluated(outcome, now + days(1), unit_code)
    bus.hear(replace(handling, issue_id=issue_id), replace(evaluation, issue_id=issue_id))
    return issue_id


def climbed(bus: Bus, door: Bus, issue_id: str, from_unit: str = COMMUNITY) -> str:
    """It was there, and is in the unit above now."""
    about = {"issue_id": raised(bus, issue_id, from_unit), "from_unit": from_unit, "idempotency_key": issue_id}
    door.ask("escalate", CLIMBING | about, Role.STREET_SYSTEM, STREET)
    return issue_id


def paused(bus: Bus, issue_id: str) -> str:
    about = {"clock_id": f"{raised(bus, issue_id)}/resident", "reason": "等待鉴定", "idempotency_key": issue_id}
    bus.ask("pause_clock", about, Role.SUPERVISOR)
    return issue_id


def asked(bus: Bus, issue_id: str) -> str:
    about = MORE_TIME | {"issue_id": raised(bus, issue_id), "idempotency_key": issue_id}
    request_id: str = bus.ask("ask_extension", about, Role.HANDLER, COMMUNITY)["request_id"]
    return request_id


def refused(bus: Bus, issue_id: str) -> str:
    about = {"request_id": asked(bus, issue_id), "grant": False, "reason": "理由不足", "idempotency_key": issue_id}
    bus.ask("decide_request", about, Role.LEADER, STREET)
    return str(about["request_id"])


def asked_railway(bus: Bus, issue_id: str) -> str:
    about = THEIR_LAND | {"issue_id": raised(bus, issue_id), "idempotency_key": issue_id}
    request_id: str = bus.ask("ask_organisation", about, Role.HANDLER, COMMUNITY)["request_id"]
    return request_id


def pended(bus: Bus, issue_id: str) -> str:
    about = A_PLAN | {"issue_id": raised(bus, issue_id), "idempotency_key": issue_id}
    request_id = bus.ask("ask_pending", about, Role.HANDLER, COMMUNITY)["request_id"]
    decision = {"request_id": request_id, "grant": True, "reason": "同意挂账", "idempotency_key": request_id}
    bus.ask("decide_request", decision, Role.LEADER, DISTRICT)
    return issue_id


def requests(bus: Bus, door: Bus) -> dict[str, Request]:
    tell(bus.engine, *few_duties(), RAILWAY)
    closed = judged(bus, raised(bus, "I-closed"), Outcome.SOLVED, COMMUNITY)
    bus.move(LATER)
    stuck = judged(bus, raised(bus, "I-stuck", DISTRICT), Outcome.UNSOLVED, DISTRICT)
    seen = {"issue_id": climbed(bus, door, ISSUE)}
    found = {"relapsed": False, "remark": "没有反弹"}
    settled = {"incident_id": f"{stuck}/B1", "decision": "close_unsolved", "reason": "无法解决"}
    return {
        "get_case": Request(COMMUNITY, seen),
        "timeline": Request(COMMUNITY, seen),
        "status": Request(COMMUNITY, seen),
        "explain_clock": Request(COMMUNITY, {"clock_id": f"{ISSUE}/resident"}),
        "list_my_work": Request(COMMUNITY, {}),
        "list_cases": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "preview": Request(COMMUNITY, CLIMBING | {"issue_id": raised(bus, "I-preview")}),
        "escalate": Request(COMMUNITY, CLIMBING | {"issue_id": raised(bus, "I-escalate")}),
        "withdraw": Request(COMMUNITY, {"escalation_id": f"{climbed(bus, door, 'I-back')}/E1", "reason": "有误"}),
        "return_down": Request(COMMUNITY, GIVEN_BACK | {"issue_id": climbed(bus, door, "I-down", GRID)}),
        "pause_clock": Request(STREET, {"clock_id": f"{raised(bus, 'I-pause')}/resident", "reason": "等待鉴定"}),
        "resume_clock": Request(STREET, {"clock_id": f"{paused(bus, 'I-resume')}/resident"}),
        "ask_extension": Request(COMMUNITY, MORE_TIME | {"issue_id": raised(bus, "I-extend")}),
        "ask_demonstration": Request(COMMUNITY, A_MODEL | {"issue_id": raised(bus, "I-model")}),
        "ask_pending": Request(COMMUNITY, A_PLAN | {"issue_id": raised(bus, "I-plan")}),
        "review_pending": Request(DISTRICT, STAYS | {"issue_id": pended(bus, "I-review")}),
        "list_pending": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "ask_organisation": Request(COMMUNITY, THEIR_LAND | {"issue_id": raised(bus, "I-land")}),
        "record_answer": Request(COMMUNITY, {"request_id": asked_railway(bus, "I-answer")} | THEIR_ANSWER),
        "decide_request": Request(STREET, {"request_id": asked(bus, "I-decide"), "grant": True, "reason": "情况属实"}),
        "appeal_request": Request(COMMUNITY, {"request_id": refused(bus, "I-refused"), "words": "雨季延长"}),
        "get_request": Request(COMMUNITY, {"request_id": asked(bus, "I-asked")}),
        "list_requests": Request(STREET, {"unit_code": STREET}),
        "record_look_back": Request(COMMUNITY, found | {"issue_id": closed}),
        "settle_incident": Request(DISTRICT, settled),
    }
