"""The calls that services answer, as data: the gateway may not load the services to see them.

`calls.json` is printed by `./gongshang contracts calls`; a guard holds it against the services' code.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared.auth import Role

FILE = Path(__file__).with_name("calls.json")


@dataclass(frozen=True)
class Call:
    """A call of a service. `request` and `reply` point to their schemas in the document."""

    service: str
    method: str
    says: str
    roles: frozenset[Role]
    reads: bool
    request: dict[str, Any]
    reply: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.service}.{self.method}"


@cache
def all_calls() -> tuple[Call, ...]:
    """In the order of services."""
    return tuple(
        Call(**line | {"roles": frozenset(Role(role) for role in line["roles"])}) for line in _content()["calls"]
    )


def roles_of(service: str, method: str) -> frozenset[Role]:
    """Those that may make a call of a service; none of one that every service answers to who runs the machine."""
    return next((one.roles for one in all_calls() if (one.service, one.method) == (service, method)), frozenset())


def all_schemas() -> dict[str, dict[str, Any]]:
    """Of requests, replies and their parts, by name."""
    found: dict[str, dict[str, Any]] = _content()["schemas"]
    return found


@cache
def _content() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
