"""What deliberation and councils tell a meeting room in tests: a session with two motions, and its record."""

from typing import Any

from tests.gateway.people import STREET

SESSION = "I-W-1/S1"
MOTION = f"{SESSION}/M1"
AT = "2026-03-02T01:00:00+00:00"
PEOPLE = {"P-1": "张桂芳", "P-2": "王建国", "P-3": "赵工"}


def a_session(state: str = "open", **changed: Any) -> dict[str, Any]:
    told = {
        "session_id": SESSION,
        "title": "甘露园停车",
        "kind": "ordinary",
        "hall_name": "甘露园社区议事厅",
        "state": state,
        "starts_at": AT,
        "chair": "P-9",
        "clerks": ["P-8"],
        "agenda": [{"number": 1, "matter": "施划车位", "amount_fen": 100_000, "money": "public"}],
        "invited": 12,
        "present": 6,
        "present_needed": 8,
        "residents": 3,
        "residents_needed": 2,
        "is_quorate": False,
        "present_ids": ["P-1", "P-3"],
        "motions": [{"motion_id": MOTION, "motion": "划定十个车位", "state": "stated", "next_step": "second_motion"}],
    }
    return told | changed


def a_motion(state: str = "stated", next_step: str = "second_motion", **changed: Any) -> dict[str, Any]:
    told = {
        "motion_id": MOTION,
        "mover": "P-2",
        "motion": "划定十个车位",
        "leaves_as_is": False,
        "state": state,
        "next_step": next_step,
        "recused": [],
        "resolution_id": "",
        "poll_id": "",
        "option": "",
        "votes": [],
    }
    return told | changed


INVITED = {
    "unit_code": STREET,
    "category": "parking",
    "deputies": [{"person_id": one, "name": PEOPLE[one], "category": "residents_delegate"} for one in ("P-1", "P-2")],
    "experts": [{"person_id": "P-3", "name": PEOPLE["P-3"], "category": "交通"}],
}
SAID = {"mover": "P-1", "motion": "划定十个车位"}
ENTRY = {"number": 1, "kind": "motion_stated", "recorded_by": "wu", "recorded_at": AT, "content": SAID}
RESOLUTION = f"{SESSION}/R1"
RESOLVED = {
    "resolution_id": RESOLUTION,
    "session_id": SESSION,
    "motion": "划定十个车位",
    "state": "contested",
    "objections": [{"number": 1, "reasons": "挡住了消防通道", "review": None, "answer": "", "due_at": AT}],
}
A_POST = {"department": "停车管理组", "person": "马庆明"}
DESK = {"leader": "孙庆强", "posts": [A_POST, A_POST | {"department": "社区居委会"}]}
RECORD = {"session_id": SESSION, "entries": [ENTRY], "head_hash": "9f2c", "is_intact": True}
MINUTES = {"state": "circulated", "objections_until": AT, "objections": []}
LISTED = {
    "issue_id": "I-W-1",
    "title": "甘露园停车",
    "unit_code": STREET,
    "listing_reason": "group",
    "publicity": "public",
    "worded_at": None,
    "listed_at": AT,
}


def answers() -> dict[str, Any]:
    """What each call answers."""
    return {
        "deliberation.get_session": a_session(),
        "deliberation.get_motion": a_motion(),
        "deliberation.get_record": RECORD,
        "deliberation.get_minutes": MINUTES,
        "deliberation.get_resolution": RESOLVED,
        "dispatch.get_desk": DESK,
        "councils.get_session": INVITED,
        "councils.list_my_work": {"waits": []},
        "councils.list_sessions": {"sessions": [a_session(issue_id="I-W-1")]},
        "intake.list_deliberation": {"issues": [LISTED]},
    }
