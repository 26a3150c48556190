"""Operations 运行: how each service stands, what is stuck in it, and setting that right. For whoever runs the machine.

Every service's bus answers for itself, asked all at once: one that does not answer holds up no other.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template

from services import ANSWERING, SERVICES
from services.gateway.accounts.signing import colleague, staff_page
from services.gateway.at_hand import Reply, ask, at_hand, with_instants
from services.gateway.pages.addressed import asked
from services.gateway.pages.paging import part_of
from services.gateway.pages.staff.doing import offered
from services.gateway.pages.staff.stuck_acts import service_of
from services.gateway.person import Person
from shared.auth import Role
from shared.errors import GongshangError, Unavailable
from shared.version import version

page = Blueprint("operations", __name__)
DEAD = ".dead"


@dataclass(frozen=True)
class Line:
    """A service, and what it says of itself; None where it does not answer. `dead` counts its dead queue."""

    service: str
    state: Reply | None
    dead: int | None

    @property
    def has_list(self) -> bool:
        """What is stuck is listed of services, each with a database of its own."""
        return self.service in SERVICES

    @property
    def has_dead(self) -> bool:
        """Messages that a person must look at. Outside senders were told what of theirs lies in intake's queue.

        `./gongshang status` and `dead list` look into the queues, and count these alone.
        """
        return bool(self.state and self.state["dead"]) or bool(self.dead and self.service != "intake")

    @property
    def lag(self) -> timedelta | None:
        return self._length("lag_seconds")

    @property
    def oldest(self) -> timedelta | None:
        return self._length("oldest_waiting_seconds")

    def _length(self, name: str) -> timedelta | None:
        seconds = self.state[name] if self.state else None
        return None if seconds is None else timedelta(seconds=seconds)


@page.get("/operations")
@staff_page(Role.OPERATOR)
def show() -> str:
    states, dead = _asked(ANSWERING, "get_state", {}), _dead_letters()
    lines = [Line(name, states[name], dead.get(f"{name}{DEAD}") if dead else None) for name in ANSWERING]
    others = {name: number for name, number in (dead or {}).items() if name.removesuffix(DEAD) not in SERVICES}
    return render_template(
        "staff/operations.html", lines=lines, others=others, has_broker=dead is not None, version=version()
    )


@page.get("/operations/stuck", endpoint="stuck")
@staff_page(Role.OPERATOR)
def show_stuck() -> str:
    """Of all services, or of the one that the address names."""
    service = asked("service") if asked("service") in SERVICES else ""
    told = _asked([service] if service else SERVICES, "list_stuck", {})
    found = [with_instants(one, "since") for reply in told.values() if reply for one in reply["stuck"]]
    return render_template(
        "staff/stuck.html",
        part=part_of(found, _place),
        types=_types(told),
        total=sum(reply["total"] for reply in told.values() if reply),
        silent=[name for name, reply in told.items() if reply is None],
        service=service,
    )


@page.get("/operations/stuck/<path:stuck_id>", endpoint="one")
@staff_page(Role.OPERATOR)
def show_one(stuck_id: str) -> str:
    service = service_of(stuck_id) or abort(404)
    told = ask(service, "get_stuck", {"stuck_id": stuck_id}, by=colleague())
    one = with_instants(told["stuck"], "since")
    acts = offered(f"stuck-{service}", stuck_id, colleague()) if one["can_be_mended"] else []
    return render_template("staff/stuck_one.html", one=one, message=told["message"], acts=acts)


def _types(told: Mapping[str, Reply | None]) -> list[Reply]:
    """How many of each type are stuck in each service, and where all of them can be tried again."""
    person = colleague()
    return [
        one | {"service": service, "acts": offered(f"stuck-type-{service}", one["type"], person)}
        for service, reply in told.items()
        if reply
        for one in reply["types"]
    ]


def _place(one: Reply) -> str:
    """By service, the oldest of each first."""
    return f"{one['stuck_id'].partition(':')[0]} {one['since'].isoformat() if one['since'] else ''} {one['stuck_id']}"


def _asked(services: tuple[str, ...] | list[str], method: str, request: Mapping[str, Any]) -> dict[str, Reply | None]:
    """What each answers; None for who does not."""
    asks, person = at_hand().asks, colleague()

    def answer(service: str, by: Person = person) -> Reply | None:
        try:
            return asks(service, method, request, by=by)
        except GongshangError:
            return None

    with ThreadPoolExecutor(len(services)) as pool:
        return dict(zip(services, pool.map(answer, services), strict=True))


def _dead_letters() -> Mapping[str, int] | None:
    try:
        return at_hand().dead_letters()
    except Unavailable:
        return None
