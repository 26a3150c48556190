"""The deliberation list 协商清单 of a unit: the issues that wait for a session, and what waits for its council."""

from flask import Blueprint, render_template

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import ask, now
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.my_work import place, waiting
from services.gateway.words.catalogue import zh
from shared.auth import Role
from shared.errors import Unavailable

page = Blueprint("listing", __name__)
MOST = 500


@page.get("/deliberation-list")
@staff_page(Role.CLERK, Role.CHAIR)
def show() -> str:
    person = colleague()
    silent = ""
    waits, sessions = [], {}
    issues = ask("intake", "list_deliberation", {"unit_code": person.unit}, by=person)["issues"]
    try:
        told = ask("councils", "list_my_work", {"most": MOST}, by=person)["waits"]
        waits = [waiting(one | {"service": "councils"}) for one in told]
        ahead = {"unit_code": person.unit, "starts_from": now().isoformat()}
        called = ask("councils", "list_sessions", ahead, by=person)["sessions"]
        sessions = {one["issue_id"]: one for one in reversed(called)}
    except Unavailable:
        silent = zh("会议安排现在查不到，下面只有清单上的议题。")
    return render_template(
        "staff/listing.html",
        issues=part_of(issues, lambda one: f"{one['listed_at']} {one['issue_id']}"),
        waits=part_of(waits, place, name="waits_after"),
        sessions=sessions,
        silent=silent,
        acts=offered("unit", person.unit, person),
    )
