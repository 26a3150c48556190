"""What supervision and the escalation service tell of a case in tests: it climbed once, and has an incident."""

from typing import Any

from tests.gateway.fake_board import ISSUE
from tests.gateway.people import STREET

COMMUNITY = f"{STREET}034"
BEGAN, CLIMBED, DUE = "2026-02-10T01:00:00+00:00", "2026-02-24T02:00:00+00:00", "2026-03-09T02:00:00+00:00"
CLOCK, FIRST_CLOCK, OF_ORDER = f"{ISSUE}/tier-2", f"{ISSUE}/tier-1", f"{ISSUE}/resident"
CLIMB, INCIDENT = f"{ISSUE}/E1", f"{ISSUE}/X1"
HOW = ["承办层级时限：自 2026-02-24 10:00 起计，限 7天。", "共可用 7天，已用 5天23小时，尚余 1小时。"]


def a_clock(clock_id: str = CLOCK, **changed: Any) -> dict[str, Any]:
    told = {"clock_id": clock_id, "kind": "tier", "unit_code": STREET, "state": "counting", "started_at": CLIMBED}
    told |= {"due_at": DUE, "remaining_seconds": 3600.0, "late_on_arrival": False, "order_no": "", "dispatch_no": None}
    return told | changed


def a_case(**changed: Any) -> dict[str, Any]:
    """`changed` are fields of the case itself; those of the file stand beside it."""
    case = {"issue_id": ISSUE, "title": "5 号楼水管老化漏水", "category": "water_supply", "sla_class": "general"}
    case |= {"unit_code": STREET, "tier": "street", "route": "handle", "state": "open", "outcome": "", "rung": 1}
    first = a_clock(FIRST_CLOCK, unit_code=COMMUNITY, state="ended", started_at=BEGAN, due_at=CLIMBED)
    of_order = a_clock(OF_ORDER, kind="resident", order_no="W-1", dispatch_no=1, started_at=BEGAN)
    file = {"case": case | {"relapses": 0, "held_since": CLIMBED} | changed, "order_no": "W-1"}
    file |= {"origin_unit": COMMUNITY, "came_from": [COMMUNITY], "raised_at": BEGAN, "handled_at": None}
    file |= {"closed_at": None, "clocks": [of_order, first, a_clock()], "escalations": [a_climb()]}
    return file | {"incidents": [an_incident()], "look_backs": [], "pending": None, "case_url": f"/cases/{ISSUE}"}


def a_climb(**changed: Any) -> dict[str, Any]:
    told = {"escalation_id": CLIMB, "rung": 1, "from_unit": COMMUNITY, "to_unit": STREET, "reason": "over_level"}
    told |= {"explanation": "须动公共管网", "tried": "开过两次会", "escalated_by": "wang.wei", "escalated_at": CLIMBED}
    return told | {"due_at": DUE, "withdrawn_at": None} | changed


def an_incident(**changed: Any) -> dict[str, Any]:
    told = {"incident_id": INCIDENT, "issue_id": ISSUE, "unit_code": STREET, "kind": "lapsed", "about": ""}
    told |= {"reason": "到期没有开会", "opened_at": CLIMBED, "settled_at": None, "settled_by": "", "decision": ""}
    return told | {"remark": "", "decisions": ["noted"]} | changed


def a_look_back(**changed: Any) -> dict[str, Any]:
    told = {"number": 1, "due_at": CLIMBED, "announced_at": CLIMBED, "done_at": None, "has_relapsed": None}
    return told | {"remark": ""} | changed


def a_preview() -> dict[str, Any]:
    clocks = [a_clock(OF_ORDER, kind="resident", order_no="W-1", dispatch_no=1, started_at=BEGAN)]
    return {
        "escalation_id": "",
        "to_unit": "110105",
        "to_tier": "district",
        "due_at": DUE,
        "clocks": clocks,
        "case_url": f"/cases/{ISSUE}",
    }


PENDING = {
    "issue_id": ISSUE,
    "title": "5 号楼水管老化漏水",
    "category": "water_supply",
    "unit_code": STREET,
    "request_id": f"{ISSUE}/Q1",
    "reason": "planning",
    "plan": "六月报规划，十一月完工",
    "owner": "ORG-9",
    "owner_name": "自来水公司",
    "interim_reply": "已列入计划",
    "approved_by": "li.na",
    "approved_at": CLIMBED,
    "review_at": DUE,
}


def answers() -> dict[str, Any]:
    """Of all calls that the pages of a case make."""
    done = (
        "ask_extension",
        "ask_organisation",
        "ask_pending",
        "ask_demonstration",
        "return_down",
        "record_look_back",
        "review_pending",
        "pause_clock",
        "resume_clock",
        "settle_incident",
    )
    return {
        "supervision.get_case": a_case(),
        "supervision.explain_clock": {"clock": a_clock(), "words": HOW},
        "directory.list_entries": {"entries": [], "next_after": ""},
        "escalation.preview": a_preview(),
        "escalation.escalate": {},
        "escalation.withdraw": {},
        **{f"supervision.{name}": {} for name in done},
    }
