"""The forms of commands on tasks, cases, requests and much else: `/do/<thing>/<name>?about=`.

Each thing has its acts by name, and says what it is to whoever may see it; whether an act is theirs, its service says.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.pages.forms import Form
from services.gateway.pages.staff import (
    asking_acts,
    case_acts,
    change_acts,
    period_acts,
    poll_acts,
    request_acts,
    stuck_acts,
    survey_acts,
    task_acts,
    unit_acts,
)
from services.gateway.pages.staff.acts import About, Act, do_act, show_act
from services.gateway.person import Person
from shared.errors import NotFound

page = Blueprint("doing", __name__)


@dataclass(frozen=True)
class Thing:
    """What commands are about: what can be done with it by name, and what it is, by its id, for this person."""

    acts: Mapping[str, Act]
    about: Callable[[str, Person, Act], About]


THINGS: Mapping[str, Thing] = {
    "task": Thing(task_acts.ACTS, task_acts.about),
    "unit": Thing(unit_acts.ACTS, unit_acts.about),
    "survey": Thing(survey_acts.ACTS, survey_acts.about),
    "ask": Thing(asking_acts.ACTS, case_acts.of_case),
    "case": Thing(case_acts.ACTS, case_acts.of_case),
    "clock": Thing(case_acts.CLOCK_ACTS, case_acts.of_clock),
    "escalation": Thing(case_acts.ESCALATION_ACTS, case_acts.of_escalation),
    "incident": Thing(case_acts.INCIDENT_ACTS, case_acts.of_incident),
    "change": Thing(change_acts.ACTS, change_acts.about),
    "poll": Thing(poll_acts.ACTS, poll_acts.about),
    "period": Thing(period_acts.ACTS, period_acts.about),
    **{f"stuck-{service}": Thing(acts, stuck_acts.about_of(service)) for service, acts in stuck_acts.ACTS.items()},
    **{
        f"stuck-type-{service}": Thing(acts, stuck_acts.about_type(service))
        for service, acts in stuck_acts.TYPE_ACTS.items()
    },
    **{
        f"request-{service}": Thing(acts, request_acts.about_of(service)) for service, acts in request_acts.ACTS.items()
    },
}


@page.get("/do/<thing>/<name>")
@staff_page()
def form(thing: str, name: str) -> str:
    return show_act(*_found(thing, name), Form())


@page.post("/do/<thing>/<name>")
@staff_page()
def do(thing: str, name: str) -> ResponseReturnValue:
    return do_act(*_found(thing, name))


def address(thing: str, name: str, about: str) -> str:
    """Where the form of an act stands."""
    return url_for("doing.form", thing=thing, name=name, about=about)


def offered(
    thing: str, about: str, person: Person, state: str = "", *, among: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """What the person can do with it in this state: what each act is called, and where its form stands.

    Of all its acts, or of those named here.
    """
    acts = [(name, act) for name, act in THINGS[thing].acts.items() if among is None or name in among]
    return [(act.title, address(thing, name, about)) for name, act in acts if act.suits(person, state)]


def _found(thing: str, name: str) -> tuple[Act, About]:
    act = THINGS[thing].acts.get(name) if thing in THINGS else None
    if act is None:
        raise NotFound(f"no form {name} about {thing}")
    person = colleague()
    act.must_be_for(person)
    return act, THINGS[thing].about(request.args.get("about", ""), person, act)
