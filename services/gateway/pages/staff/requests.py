"""Requests to decide 待批复: what others asked for in all services; one of them, with what follows from a decision."""

from flask import Blueprint, abort, render_template

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.api.catalogue import roles_of
from services.gateway.at_hand import Reply, ask, with_instants
from services.gateway.pages.addressed import asked
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.doing import address
from services.gateway.pages.staff.my_work import SERVICE_NAMES
from services.gateway.pages.staff.request_acts import ACTS
from services.gateway.person import Person, of_people
from services.gateway.words.requests import IF_GRANTED, IF_REFUSED
from shared.auth import Role
from shared.errors import Unavailable

page = Blueprint("requests", __name__)

READERS = (Role.CHAIR, Role.CLERK, Role.HANDLER, Role.LEADER, Role.SUPERVISOR)
MOST = 500
OF_HOTLINE = frozenset({"return", "exclusion", "callback"})
"""The hotline decides these, and answers by itself."""


@page.get("/requests", endpoint="all")
@staff_page(*READERS)
def show_all() -> str:
    person, also_decided = colleague(), asked("decided") == "yes"
    found: list[Reply] = []
    silent = []
    for service in ACTS:
        if _may_list(service, person):
            try:
                found += _listed(service, person, open_only=not also_decided)
            except Unavailable:
                silent.append(SERVICE_NAMES[service])
    return render_template("staff/requests.html", part=part_of(found, _place), silent=silent, decided=also_decided)


@page.get("/requests/<service>/<path:request_id>", endpoint="one")
@staff_page(*READERS)
def show(service: str, request_id: str) -> str:
    if service not in ACTS:
        abort(404)
    person = colleague()
    one = _shown(service, ask(service, "get_request", {"request_id": request_id}, by=person))
    return render_template(
        "staff/request.html",
        one=one,
        acts=_open_to(person, service, one),
        is_own=one["asked_by"] == person.login,
        granted=IF_GRANTED.get(one["wants"], ""),
        refused=IF_REFUSED.get(one["wants"], ""),
    )


def _place(one: Reply) -> str:
    """What waits first, by when it must be decided."""
    is_decided = one["state"] != "asked"
    return f"{is_decided:d} {one['decide_by'].isoformat()} {one['service']} {one['request_id']}"


def _open_to(person: Person, service: str, one: Reply) -> list[tuple[str, str]]:
    """Acts with their addresses: nobody decides what they asked for; an organisation that is asked answers itself."""
    thing, whom = f"request-{service}", one["facts"].get("whom", "")
    acts = ACTS[service]
    names = [name for name, act in acts.items() if act.suits(person, one["state"])]
    if one["asked_by"] == person.login or one["wants"] in OF_HOTLINE:
        names = [name for name in names if name == "appeal"]
    decides = not whom or whom == person.post.organisation
    names = [name for name in names if decides or name not in ("grant", "refuse")]
    names = [name for name in names if whom or name != "answer"]
    if one["appeals"]:
        names = [name for name in names if name != "appeal"]
    return [(acts[name].title, address(thing, name, one["request_id"])) for name in names]


def _may_list(service: str, person: Person) -> bool:
    return person.is_any_of(*roles_of(service, "list_requests"))


def _listed(service: str, person: Person, *, open_only: bool) -> list[Reply]:
    wanted = {"unit_code": person.unit, "open_only": open_only, "most": MOST}
    found = ask(service, "list_requests", wanted, by=person)["requests"]
    return [_shown(service, one) for one in found if one["wants"] not in OF_HOTLINE]


def _shown(service: str, one: Reply) -> Reply:
    """With the roles that decide it, or that take down what the organisation that is asked answers."""
    call = "record_answer" if one["facts"].get("whom") else "decide_request"
    told = {"service": service, "deciders": of_people(roles_of(service, call))}
    return with_instants(one, "asked_at", "decide_by", "decided_at") | told
