"""What deliberation tells of a poll in tests: in its window, with a paper of the reader and one of somebody else."""

from datetime import timedelta
from typing import Any

from tests.gateway.conftest import NOW
from tests.gateway.people import STREET
from tests.gateway.room_things import MOTION, SESSION

POLL = f"{MOTION}/P1"
DESIGNS = ["透水砖", "沥青"]
WINDOW = {
    "opens_at": NOW - timedelta(days=1),
    "closes_at": NOW + timedelta(days=13),
    "due_at": NOW + timedelta(days=20),
}
SAID = {name: at.isoformat() for name, at in WINDOW.items()}
TALLY: dict[str, Any] = {
    "outcome": "carried",
    "option": DESIGNS[0],
    "votes": [
        {"option": DESIGNS[0], "heads": 3, "area_m2": 240.0},
        {"option": DESIGNS[1], "heads": 1, "area_m2": 80.0},
    ],
    "abstained": 0,
    "heads": 4,
    "area_m2": 320.0,
    "base_heads": 5,
    "base_area_m2": 400.0,
    "unchecked": 0,
    "quorum_heads": "> 1/2",
    "quorum_area": "",
    "majority": "> 1/2",
    "counted_by": "wu",
    "counted_at": NOW.isoformat(),
}


def a_paper(number: int, *, is_own: bool = False, is_checked: bool = False, **other: Any) -> dict[str, Any]:
    told = {"number": number, "dwelling": f"{number}室", "choice": 1, "signed_by": [f"H{number}"], "authorised": ""}
    return told | {"entered_by": "P-8", "is_own": is_own, "is_checked": is_checked} | other


def a_poll(**other: Any) -> dict[str, Any]:
    told = {"poll_id": POLL, "motion_id": MOTION, "motion": "铺装小广场", "issue_id": SESSION.partition("/")[0]}
    told |= {"unit_code": STREET, "electorate": "households", "options": DESIGNS, "owners_item": 0, "state": "open"}
    told |= {"base_heads": 5, "base_area_m2": 400.0, "entered": 2, "unchecked": 2, "tally": None, **SAID}
    papers = [a_paper(1, is_own=True), a_paper(2, choice=2, authorised="委托书 2026-3")]
    return told | {"papers": papers, "outstanding": ["3室", "4室", "5室"]} | other


COUNTED = a_poll(state="counted", tally=TALLY, unchecked=0)
LINE: dict[str, Any] = {
    **{name: a_poll()[name] for name in ("poll_id", "issue_id", "unit_code", "motion", "electorate", "state", *SAID)},
    **{"title": "小广场", "outcome": None, "option": ""},
}
FAULT = {"sheet": "名册", "row": 3, "column": "房号", "value": "", "wrong": "is empty", "right": "房号 in every row"}


def a_preview(**other: Any) -> dict[str, Any]:
    row = {"dwelling": "1室", "holders": ["H1"], "area_m2": 80.5}
    told = {"rows": 1, "faults": [], "faults_in_all": 0, "register": [row], "base_heads": 1, "base_area_m2": 80.5}
    return told | SAID | other


def answers() -> dict[str, Any]:
    """Of a poll that is collected for, and a register without faults."""
    return {
        "deliberation.list_polls": {"polls": [LINE]},
        "deliberation.get_poll": a_poll(),
        "deliberation.preview_poll": a_preview(),
        "deliberation.open_poll": a_poll(),
    }
