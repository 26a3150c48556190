"""What intake tells an order desk in tests: an order that waits, one in hand, an issue, requests."""

from typing import Any

from tests.gateway.people import STREET

COMMUNITY = "110105015034"
NUMBER, ISSUE = "W-1", "I-W-1"
LATER, BEFORE = "2026-03-03T01:00:00+00:00", "2026-03-01T01:00:00+00:00"

DECIDED = {"kind": "corrected", "before": {}, "after": {}, "reason": "类别有误", "decided_by": "wu"}
DECIDED |= {"decided_at": BEFORE}


def an_order(state: str = "linked", **changed: Any) -> dict[str, Any]:
    told = {
        "order_no": NUMBER,
        "state": state,
        "received_at": BEFORE,
        "title": "停车 · 八里庄街道",
        "unit_code": STREET,
        "category": "parking",
        "request_kind": "complaint",
        "sla_class": "general",
        "due_at": LATER,
        "issue_id": "" if state == "to_settle" else ISSUE,
        "suggested_disposition": "",
        "reply": "",
        "signatures": 0,
        "history": [
            {
                "kind": "corrected",
                "before": {},
                "after": {},
                "reason": "类别有误",
                "decided_by": "wu",
                "decided_at": BEFORE,
            }
        ],
        "matters": [],
        "has_ended": False,
    }
    return told | changed


WAITING = {
    "order_no": NUMBER,
    "title": "停车 · 八里庄街道",
    "category": "parking",
    "request_kind": "complaint",
    "sla_class": "general",
    "doubt": "contradiction",
    "named": ["甘露园", "十里堡"],
    "suggestion": "give_unit",
    "suggested_unit": COMMUNITY,
    "suggested_disposition": "",
    "waits_at": STREET,
    "waits_since": BEFORE,
    "settles_at": LATER,
    "due_at": LATER,
}
AN_ISSUE = {
    "issue_id": ISSUE,
    "state": "open",
    "title": "停车 · 八里庄街道",
    "publicity": "public",
    "category": "parking",
    "unit_code": STREET,
    "request_kind": "complaint",
    "order_nos": [NUMBER, "W-2"],
    "people": 2,
}
OWN_WORDS = {
    "order_no": NUMBER,
    "title": "车位被占",
    "content": "三号楼前面的车位天天被占。",
    "address": "甘露园南里",
    "respondent": "",
    "caller_name": "",
    "caller_phone": "",
    "caller_contact": "",
    "concerned_name": "",
    "concerned_phone": "",
    "relation": "",
    "withheld": "not_needed",
    "earlier": [],
    "supplements": [{"at": BEFORE, "title": "", "content": "昨天又被占了。"}],
}
A_WORDING = {
    "issue_id": ISSUE,
    "order_no": NUMBER,
    "unit_code": STREET,
    "category": "parking",
    "request_kind": "complaint",
    "publicity": "public",
    "title": "停车 · 八里庄街道",
    "proposal": "某小区车位被占",
    "listed_at": BEFORE,
    "due_at": LATER,
}


def a_request(state: str = "asked", **changed: Any) -> dict[str, Any]:
    told = {
        "request_id": f"{NUMBER}/Q1",
        "wants": "transfer",
        "about": NUMBER,
        "unit_code": STREET,
        "reason": "not_our_duty",
        "words": "是园林局的绿地",
        "state": state,
        "asked_by": "zhao",
        "asked_at": BEFORE,
        "decide_by": LATER,
        "appeals": "",
        "answer": "",
    }
    return told | changed


def a_wait(call: str, about: str) -> dict[str, Any]:
    told = {"about": about, "title": "停车", "unit_code": STREET, "state": "open", "due_at": LATER}
    return told | {"act": "跟进", "calls": [call], "otherwise": "列为异常"}
