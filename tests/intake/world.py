"""One request for every call of intake: six orders on two matters, by callers who said who they are,
one that the hotline answered, and three of which a clerk must say which unit they are for."""

from services.intake.service import IntakeService
from services.intake.storage.seal import seal_in
from shared.auth import Role
from shared.contracts.hotline import CallerPart, OrderRequestAnsweredV1, PlacePart
from shared.contracts.vocabulary import Disposition, RequestKind
from tests.harness import Bus, Request
from tests.intake.builders import COMMUNITY, DISTRICT, NEIGHBOUR, NOW, STREET, an_order
from tests.intake.reports import assigned
from tests.staff import first_office
from tests.told import tell_streets

SERVICES = (IntakeService,)
BEGIN = NOW
CALLER = ("王大明", "13900001111")
CONTRADICTING = {"place": PlacePart(address="劲松一区社区"), "title": "劲松东社区停车难"}
OTHER_MATTER = {"title": "楼下饭店油烟熏人", "content": "厨房油烟直排到居民家里。"}

FURTHER = {"title": "夜间噪声", "content": "夜间施工噪声扰民。", "category": "noise"}
BEFORE_A_COURT = {"channel": "court", "reference": "(2026)京0105民初12345号", "entered_on": "2026-03-01"}
NEXT_DOOR = {"unit_code": NEIGHBOUR}
EXCLUDED = {"wants": "exclusion", "reason": "force_majeure", "words": "暴雨停工"}
RAISED = {
    "unit_code": COMMUNITY,
    "origin": "deputy",
    "category": "parking",
    "wording": "小区停车",
    "proposed_by": "P-1",
}


def _take_in_all(bus: Bus) -> None:
    name, phone = CALLER
    tell_streets(bus.engine)
    for number in range(1, 7):
        caller = CallerPart(ref=f"w-{number}", name=name, phone=phone)
        bus.hear(an_order(f"A{number}", caller=caller, **({} if number < 4 else OTHER_MATTER)))
    bus.hear(an_order("W1", disposition=Disposition.OUTSIDE_DUTY))
    bus.hear(an_order("S1", **CONTRADICTING), an_order("S2", **CONTRADICTING), an_order("S3", units=["110108011"]))
    bus.hear(an_order("P1", request_kind=RequestKind.PROPOSAL, **OTHER_MATTER, category="sanitation"))
    bus.hear(*(assigned("I-A4", organisation_id=first_office(unit)) for unit in (COMMUNITY, DISTRICT)))
    bus.hear(an_order("P120", signatures=120, **OTHER_MATTER))
    bus.hear(an_order("E1", disposition=Disposition.EMERGENCY_LINE, **OTHER_MATTER))


def _raised(bus: Bus) -> str:
    issue_id: str = bus.ask("raise_issue", RAISED | {"idempotency_key": "own"}, Role.CLERK, COMMUNITY)["issue_id"]
    return issue_id


def _asked(bus: Bus) -> str:
    bus.hear(
        *(an_order(one, **OTHER_MATTER) for one in ("Q1", "Q2")), an_order("W2", disposition=Disposition.OUTSIDE_DUTY)
    )
    lower = {"order_no": "Q2", "sla_class": "complex", "reason": "danger_over", "words": "险情已除"}
    request_id: str = bus.ask("ask_urgency", lower | {"idempotency_key": "Q2"}, Role.LEADER, COMMUNITY)["request_id"]
    return request_id


def _refused(bus: Bus) -> str:
    asked = EXCLUDED | {"order_no": "Q1", "idempotency_key": "Q1"}
    request_id: str = bus.ask("ask_hotline", asked, Role.CLERK, COMMUNITY)["request_id"]
    said = {"granted": False, "answer": "不属剔除情形", "answered_at": NOW}
    bus.hear(OrderRequestAnsweredV1(order_no="Q1", request_id=request_id, **said))
    return request_id


def _asking_and_deciding(bus: Bus) -> dict[str, Request]:
    words, reason = {"words": "确需如此"}, {"reason": "经核实"}
    raised, asked, refused = _raised(bus), _asked(bus), _refused(bus)
    return {
        "ask_transfer": Request(COMMUNITY, {"order_no": "Q1", "reason": "not_our_area"} | NEXT_DOOR | words),
        "ask_urgency": Request(COMMUNITY, {"order_no": "Q1", "sla_class": "emergency", "reason": "danger"} | words),
        "ask_reinstatement": Request(COMMUNITY, {"order_no": "W2", "reason": "caller_insists"} | words),
        "ask_withdrawal": Request(COMMUNITY, {"issue_id": raised, "reason": "raised_twice"} | words),
        "decide_request": Request(STREET, {"request_id": asked, "grant": False} | reason),
        "get_request": Request(COMMUNITY, {"request_id": asked}),
        "list_requests": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "appeal_request": Request(COMMUNITY, {"request_id": refused} | words),
    }


def requests(bus: Bus) -> dict[str, Request]:
    name, phone = CALLER
    _take_in_all(bus)
    attended = {"outcome": "attended", "words": "消防已到场"}
    moved, reason = {"order_no": "A3", "issue_id": "I-A4"}, {"reason": "另一件事"}
    filed = {"title": "门禁坏了", "content": "门禁坏了半个月", "caller_name": name, "caller_phone": phone}
    return {
        "file_order": Request(COMMUNITY, filed),
        "file_proposal": Request(COMMUNITY, filed),
        "raise_issue": Request(COMMUNITY, RAISED),
        "read_by_check_code": Request(COMMUNITY, {"order_no": "A1", "check_code": seal_in().check_code("A1")}),
        "get_complaint": Request(COMMUNITY, {"order_no": "A1"}),
        "read_order": Request(COMMUNITY, {"order_no": "A4", "reason": "handle"}),
        "list_looks": Request(COMMUNITY, {"order_no": "A4"}),
        "list_complaints": Request(COMMUNITY, {"issue_id": "I-A1"}),
        "list_orders": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "list_categories": Request(COMMUNITY, {}),
        "get_issue": Request(COMMUNITY, {"issue_id": "I-A1"}),
        "list_deliberation": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "link_complaint": Request(COMMUNITY, moved | reason),
        "list_to_settle": Request(STREET, {"unit_code": STREET}),
        "list_my_work": Request(STREET, {}),
        "list_wordings": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "confirm_wording": Request(COMMUNITY, {"issue_id": "I-P1", "wording": "小区停车位的使用规则"}),
        "ask_hotline": Request(COMMUNITY, {"order_no": "A1"} | EXCLUDED),
        "list_hotline_requests": Request(COMMUNITY, {"unit_code": COMMUNITY}),
        "settle_order": Request(STREET, {"order_no": "S1", "unit_code": COMMUNITY} | reason),
        "return_to_hotline": Request(DISTRICT, {"order_no": "S3"} | reason),
        "correct_order": Request(STREET, {"order_no": "A1", "unit_code": NEIGHBOUR} | reason),
        "hand_over_order": Request(COMMUNITY, {"order_no": "A2", "line": "fire", "words": "楼道起火"}),
        "follow_handover": Request(COMMUNITY, {"order_no": "E1"} | attended),
        "split_order": Request(COMMUNITY, {"order_no": "A4", "matters": [FURTHER]} | reason),
        "answer_order": Request(STREET, {"order_no": "A5", "disposition": "outside_duty", "answer": "请走市场渠道"}),
        "refer_order": Request(STREET, {"order_no": "A6"} | BEFORE_A_COURT),
        "verify_signatures": Request(COMMUNITY, {"order_no": "P120", "verified": 90} | reason),
        "reinstate_order": Request(DISTRICT, {"order_no": "W1"} | reason),
        "unlink_complaint": Request(COMMUNITY, {"order_no": "A2"} | reason),
        **_asking_and_deciding(bus),
    }
