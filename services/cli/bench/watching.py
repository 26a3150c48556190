"""Looks at a service's database while it works, cheaply enough not to disturb it."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import MetaData, exists, func, select

from services.cli.proof.drain import Books
from services.cli.servers.unavailable import NodeUnavailable
from shared.bus.tables import bus_tables
from shared.contracts.flow import LISTENERS
from shared.storage.engine import engine_for

LOOK_SECONDS = 0.05
PATIENCE_SECONDS = 120.0

_bus = bus_tables(MetaData())


class Watch:
    """Counts what a service has taken in, by its inbox, and whether all it announced is published."""

    def __init__(self, service: str) -> None:
        self.service = service
        self._engine = engine_for(service).execution_options(isolation_level="AUTOCOMMIT")

    def newest(self) -> int:
        """The number of the newest row; quick, and never less than the count."""
        return int(self._ask(select(func.coalesce(func.max(_bus.inbox.c.position), 0))))

    def count(self) -> int:
        return int(self._ask(select(func.count()).select_from(_bus.inbox)))

    def has_unsent(self) -> bool:
        outbox = _bus.outbox.c
        return bool(self._ask(select(exists().where(outbox.sent_at.is_(None), outbox.set_aside_at.is_(None)))))

    def announced(self) -> int:
        return int(self._ask(select(func.count()).select_from(_bus.outbox)))

    def is_through(self, wanted: int) -> bool:
        return self.newest() >= wanted and self.count() >= wanted and not self.has_unsent()

    def _ask(self, query: Any) -> Any:
        with self._engine.connect() as connection:
            return connection.scalar(query)


def wait_while_moving(
    is_done: Callable[[], bool], progress: Callable[[], Any], what: str, interval: float = LOOK_SECONDS
) -> None:
    """Until it is done, for as long as it gets on; raises NodeUnavailable when it stands still."""
    last, deadline = progress(), time.monotonic() + PATIENCE_SECONDS
    while not is_done():
        time.sleep(interval)
        now = progress()
        if now != last:
            last, deadline = now, time.monotonic() + PATIENCE_SECONDS
        elif time.monotonic() > deadline:
            raise NodeUnavailable(f"{what} has stood still for {PATIENCE_SECONDS:.0f} s at {last}")


def has_heard_all(listener: str, publisher: str) -> bool:
    """Whether everything one service told another was handled there."""
    heard, said = Books(listener), Books(publisher)
    heard.read_inbox()
    said.read_outbox()
    types = {contract.wire_type for contract in LISTENERS[listener] if contract.publisher == publisher}
    return not said.unsent and all(heard.heard[one] == said.said[one] for one in types)
