"""What a view has at hand: calls of services, the gateway's own database, the clock. Tests make an app with others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import Engine

from services.board.reading.measures import Figures, Ranks, Wall
from services.board.reading.meetings import SessionPage
from services.board.reading.shapes import (
    Found,
    Front,
    HallFilter,
    HallRow,
    IssueFilter,
    IssueRow,
    Page,
    SessionFilter,
    SessionRow,
)
from services.board.reading.whole import HallPage, IssuePage
from services.gateway.api.catalogue import roles_of
from services.gateway.person import NotOfPost, Person
from shared.clock import Clock
from shared.errors import NotAllowed, Unavailable

NAME = "gongshang"
Reply = dict[str, Any]


class Asks(Protocol):
    """Makes a call of a service: as the person, or as nobody in particular. Raises the suite's own errors."""

    def __call__(self, service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None) -> Reply: ...

    def trouble(self) -> str | None:
        """What keeps calls from being made, in a sentence; None when all is well."""


class Looks(Protocol):
    """Looks at the board. What is not there, or not for a reader with a duty in `duty_in`, raises NotFound."""

    def front(self, now: datetime) -> Front: ...

    def issue(self, issue_id: str, *, duty_in: str = "") -> IssuePage: ...

    def issues(self, wanted: IssueFilter, cursor: str, /) -> Page[IssueRow]: ...

    def session(self, session_id: str, *, duty_in: str = "") -> SessionPage: ...

    def staff(self, unit_code: str, /) -> Mapping[str, str]: ...

    def sessions(self, wanted: SessionFilter, cursor: str, /) -> Page[SessionRow]: ...

    def hall(self, hall_id: str) -> HallPage: ...

    def halls(self, wanted: HallFilter, cursor: str, /) -> Page[HallRow]: ...

    def figures(self, unit: str, since: date, until: date, /) -> Figures: ...

    def ranks(self, period: str = "") -> Ranks: ...

    def search(self, words: str, cursor: str = "", *, duty_in: str = "") -> Page[Found]: ...

    def wall(self, unit: str, now: datetime, /) -> Wall: ...


@dataclass(frozen=True)
class AtHand:
    """What an app stands on. `engine` is of the gateway's own database; without a `board` no page can look at it.

    `dead_letters` counts the messages in each dead queue on the broker. Raises Unavailable.
    """

    asks: Asks
    engine: Engine
    clock: Clock
    board: Looks | None = None
    dead_letters: Callable[[], Mapping[str, int]] = dict


def at_hand() -> AtHand:
    """Of the app that answers this request."""
    found: AtHand = current_app.extensions[NAME]
    return found


def ask(service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None) -> Reply:
    """One call. A command's request has an `idempotency_key`; what has none only looks, and may be done again.

    Raises NotOfPost, which says who may, where the service says no more than that the caller may not.
    """
    try:
        return at_hand().asks(service, method, request, by=by)
    except NotAllowed as error:
        if error.code != NotAllowed.code:
            raise
        raise NotOfPost.of(by, roles_of(service, method), error.message) from error


def board() -> Looks:
    """What everybody may look at. Raises Unavailable where there is none."""
    found = at_hand().board
    if found is None:
        raise Unavailable("the board can't be looked at now")
    return found


def now() -> datetime:
    """What time it is for the suite: of deadlines and meetings, not of logins."""
    return at_hand().clock.now()


def with_instants(told: Reply, *names: str) -> Reply:
    """What a service told, with these as instants where it told them."""
    return told | {name: datetime.fromisoformat(told[name]) for name in names if told.get(name)}
