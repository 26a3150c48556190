"""All services behind the gateway, in this process, without a broker: each on a database of its own, with a world."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from services import SERVICES
from services.gateway.person import Person
from shared.auth import Role
from shared.bus.rpc.entrypoint import RpcEntrypoint
from shared.errors import NotFound
from shared.storage.engine import make_engine
from tests.databases import copy_migrated
from tests.harness import Bus, HandClock, Request, entrances
from tests.staff import a_token

DISTRICT = "110105"


class Suite:
    """Asks as `Asking` does. `requests` are those of the worlds, by call: what each can be asked there."""

    def __init__(self, folder: Path) -> None:
        copy_migrated(SERVICES, folder)
        self.processes: dict[str, Bus] = {}
        self.requests: dict[str, Request] = {}
        self._engines: list[Engine] = []
        for home in SERVICES:
            self._begin(home)

    def _begin(self, home: str) -> None:
        engine = make_engine(home, "sqlite")
        made = importlib.import_module(f"tests.{home}.world")
        clock = HandClock(made.BEGIN)
        begun = {service.name: Bus(engine, service, clock) for service in made.SERVICES}
        answered = {
            entry.method.name: service.name
            for service in made.SERVICES
            for _, entry in entrances(service, RpcEntrypoint)
        }
        for method, request in made.requests(*begun.values()).items():
            self.requests[f"{answered[method]}.{method}"] = request
        self.processes |= begun
        self._engines.append(engine)

    def __call__(
        self, service: str, method: str, request: Mapping[str, Any], *, by: Person | None = None
    ) -> dict[str, Any]:
        bus = self.processes.get(service)
        if bus is None:
            raise NotFound(f"there is no service {service}")
        roles = sorted(by.roles) if by else [Role.PUBLIC]
        token = a_token(bus.engine, roles[0], (by.unit or None) if by else None, by.login if by else "public")
        (answer,) = bus.ask_by(token, [(method, dict(request))])
        if isinstance(answer, Exception):
            raise answer
        found: dict[str, Any] = answer
        return found

    def trouble(self) -> str | None:
        return None

    def close(self) -> None:
        for engine in self._engines:
            engine.dispose()
