"""What a view has at hand: calls of services, the gateway's own database, the clock. Tests make an app with others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import Engine

from services.gateway.person import Person
from shared.clock import Clock

NAME = "gongshang"
Reply = dict[str, Any]


class Asks(Protocol):
    """Makes a call of a service: as the person, or as nobody in particular. Raises the suite's own errors."""

    def __call__(self, service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None) -> Reply: ...

    def trouble(self) -> str | None:
        """What keeps calls from being made, in a sentence; None when all is well."""


@dataclass(frozen=True)
class AtHand:
    """What an app stands on. `engine` is of the gateway's own database."""

    asks: Asks
    engine: Engine
    clock: Clock


def at_hand() -> AtHand:
    """Of the app that answers this request."""
    found: AtHand = current_app.extensions[NAME]
    return found


def ask(service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None) -> Reply:
    """One call. A command's request has an `idempotency_key`; what has none only looks, and may be done again."""
    return at_hand().asks(service, method, request, by=by)


def now() -> datetime:
    """What time it is for the suite: of deadlines and meetings, not of logins."""
    return at_hand().clock.now()
