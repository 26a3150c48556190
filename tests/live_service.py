"""A service in a process of its own, on a real broker and the real clock: events it hears, people who ask it."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.auth import Role
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.bus.rpc.client import RpcClient
from shared.contracts import Event
from shared.contracts.envelope import CONTENT_TYPE
from shared.errors import NotFound, Unavailable
from shared.storage.engine import engine_for
from tests.forked import Forked, fork
from tests.harness import encoded
from tests.staff import a_token

PATIENCE_SECONDS = 30


class LiveService:
    """What tests know of the running service: where its broker is, and the keys it trusts."""

    def __init__(self, name: str, uri: str, keys: Path) -> None:
        self.name = name
        self.process: Forked | None = None
        self._uri = uri
        self._keys = keys

    def caller(self, role: Role, unit: str | None = None) -> RpcClient:
        """`with live.caller(Role.CLERK, unit) as ask: ask(service, method, request)`."""
        return RpcClient(self.token(role, unit), uri=self._uri, timeout_seconds=PATIENCE_SECONDS)

    def token(self, role: Role, unit: str | None = None) -> str:
        return a_token(engine_for(self.name), role, unit, f"{role}-1", keys_folder=self._keys)

    def kill(self) -> None:
        """Without a chance to finish anything."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(PATIENCE_SECONDS)

    def hear(self, *events: Event) -> None:
        """As any service would say it, to an inbox that holds nothing else."""
        with broker_connection(self._uri) as connection:
            topology.declare(connection)
            connection.default_channel.queue_purge(topology.inbox_of(self.name))
            for event in events:
                connection.Producer().publish(
                    encoded(event, f"{event.subject}-{event.wire_type}", datetime.now(UTC)),
                    exchange=f"{event.publisher}.events",
                    routing_key=event.wire_type,
                    content_type=CONTENT_TYPE,
                    content_encoding="utf-8",
                    delivery_mode=2,
                )


@contextmanager
def live_service(name: str, uri: str, folder: Path, *events: Event) -> Iterator[LiveService]:
    """The service on the databases that the settings name, with events waiting for it."""
    live = LiveService(name, uri, folder / "keys")
    live.token(Role.OPERATOR)  # the first one makes the keys
    live.hear(*events)
    given = {"AMQP_URI": uri, "GONGSHANG_KEYS_FOLDER": str(folder / "keys")}
    log = folder / "service.log"
    process = live.process = fork("shared.run", name, environment=os.environ | given, log=log)
    try:
        yield live
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def patiently(ask: Callable[[], Any]) -> Any:
    """The first answer that is not empty; neither the event nor the service may be there yet."""
    giving_up_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < giving_up_at:
        try:
            if answer := ask():
                return answer
        except (NotFound, Unavailable):
            continue
    raise AssertionError(f"no answer after {PATIENCE_SECONDS} s")
