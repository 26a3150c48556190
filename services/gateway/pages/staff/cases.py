"""A case 督办件 as supervision has it: who held it since when, its clocks and how they are reckoned, its incidents.

Read anew at supervision each time: the board may be a moment behind, and who escalates must see what is. The board only
says which clocks have warned, which supervision tells when it happens and does not list.
"""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy.exc import SQLAlchemyError

from services.board.reading.shapes import Light
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, board, with_instants
from services.gateway.pages.staff.case_acts import ACTS, issue_of
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.escalating import can_climb
from services.gateway.person import Person
from shared.auth import Role
from shared.errors import GongshangError
from shared.units import is_within, tier_of

page = Blueprint("cases", __name__)
READERS = (Role.CLERK, Role.HANDLER, Role.LEADER, Role.SUPERVISOR)
RUNNING = frozenset({"counting", "paused", "breached"})


@page.get("/cases/<path:issue_id>", endpoint="one")
@staff_page(*READERS)
def show(issue_id: str) -> str:
    person = colleague()
    file = ask("supervision", "get_case", {"issue_id": issue_id}, by=person)
    warned = _warned(issue_id, person)
    clocks = [_shown(one, warned) for one in file["clocks"]]
    climbs = [with_instants(one, "escalated_at", "due_at", "withdrawn_at") for one in file["escalations"]]
    case = with_instants(file["case"], "held_since")
    return render_template(
        "staff/case.html",
        case=case,
        ladder=_ladder(case, clocks, climbs),
        running=[one for one in clocks if one["state"] in RUNNING],
        past=[one for one in clocks if one["state"] not in RUNNING],
        incidents=[
            with_instants(one, "opened_at", "settled_at") | {"acts": _of_incident(one, person)}
            for one in file["incidents"]
        ],
        look_backs=[with_instants(one, "due_at", "done_at") for one in file["look_backs"]],
        pending=file["pending"] and with_instants(file["pending"], "review_at"),
        acts=_offered(file, person),
        asks=_asks(case, person),
        climbs=can_climb(file["case"], person),
    )


@page.get("/clocks/<path:clock_id>", endpoint="clock")
@staff_page(*READERS)
def explain(clock_id: str) -> str:
    """When it runs out, and why then: a line for each entry of its ledger."""
    person = colleague()
    told = ask("supervision", "explain_clock", {"clock_id": clock_id}, by=person)
    clock = _shown(told["clock"], _warned(issue_of(clock_id), person))
    return render_template(
        "staff/clock.html",
        clock=clock,
        words=told["words"],
        acts=offered("clock", clock_id, person, clock["state"]),
        issue_id=issue_of(clock_id),
        running=RUNNING,
    )


def _warned(issue_id: str, person: Person) -> set[str]:
    """Its clocks that have warned, by id; none while the board is away or has not heard of it."""
    try:
        clocks = board().issue(issue_id, duty_in=person.unit).clocks
    except (GongshangError, SQLAlchemyError):
        return set()
    return {one.clock_id for one in clocks if one.light is Light.WARNED}


def _shown(clock: Reply, warned: set[str]) -> Reply:
    return with_instants(clock, "started_at", "due_at") | {"has_warned": clock["clock_id"] in warned}


def _ladder(case: Reply, clocks: list[Reply], climbs: list[Reply]) -> list[Reply]:
    """Each holding, the present one first: every holder has a clock of its own; with why it came there."""
    holdings = sorted((one for one in clocks if one["kind"] == "tier"), key=_number, reverse=True)
    came = {(one["to_unit"], one["escalated_at"]): one for one in climbs}
    ladder = [
        one | {"since": one["started_at"], "tier": tier_of(one["unit_code"]), "climb": came.get(_begun(one))}
        for one in holdings
    ]
    return [one | {"since": case["held_since"]} for one in ladder[:1]] + ladder[1:]


def _number(clock: Reply) -> int:
    """A holder's clock that goes on after another's keeps its beginning; its number says which came later."""
    return int(clock["clock_id"].rpartition("-")[2])


def _begun(clock: Reply) -> tuple[str, datetime]:
    return clock["unit_code"], clock["started_at"]


def _offered(file: Reply, person: Person) -> list[tuple[str, str]]:
    """What this person can do with it as it stands; what supervision refuses nevertheless it says itself."""
    case, issue_id = file["case"], file["case"]["issue_id"]
    is_held_here = case["state"] == "open" and is_within(case["unit_code"], person.unit)
    suits: Mapping[str, bool] = {
        "return-down": is_held_here and bool(file["came_from"]),
        "look-back": any(one["announced_at"] and not one["done_at"] for one in file["look_backs"]),
        "review": is_held_here and file["pending"] is not None,
    }
    acts = offered("case", issue_id, person, case["state"], among=[name for name in ACTS if suits[name]])
    if _can_be_withdrawn(file, person):
        acts += offered("escalation", file["escalations"][-1]["escalation_id"], person, case["state"])
    return acts


def _asks(case: Reply, person: Person) -> list[tuple[str, str]]:
    """What the person can ask others for."""
    is_held_here = is_within(case["unit_code"], person.unit)
    return offered("ask", case["issue_id"], person, case["state"]) if is_held_here else []


def _can_be_withdrawn(file: Reply, person: Person) -> bool:
    """Only the latest, by who made it, while the next holder has not begun: that only supervision knows."""
    if not file["escalations"]:
        return False
    last = file["escalations"][-1]
    is_there = not last["withdrawn_at"] and file["case"]["unit_code"] == last["to_unit"]
    return is_there and is_within(last["from_unit"], person.unit)


def _of_incident(incident: Reply, person: Person) -> list[tuple[str, str]]:
    is_open = not incident["settled_at"] and bool(incident["decisions"])
    return offered("incident", incident["incident_id"], person, "open") if is_open else []
