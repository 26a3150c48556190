"""A toy service on a real broker and both databases: started, killed, and looked at from outside."""

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import amqp
import pytest
from sqlalchemy import Engine, func, select

from shared.auth import Role, issue_token
from shared.bus import connection as broker_module
from shared.bus import topology
from shared.bus.rpc.client import RpcClient
from shared.contracts.base import Event
from shared.contracts.envelope import CONTENT_TYPE
from shared.settings import settings
from tests.bus import toy
from tests.forked import Forked, fork
from tests.harness import encoded

QUEUES = (
    *("deliberation.inbox", "deliberation.dead", "councils.inbox", "supervision.inbox"),
    *("hotline.replies", topology.DEAD_CALLS, topology.calls_of("deliberation")),
)


def wait_until(is_true: Callable[[], Any], what: str, seconds: float = 30) -> None:
    """Look again and again, for a bounded time."""
    end = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.02)


def body_of(event: Event, event_id: str = "") -> bytes:
    return encoded(event, event_id or str(uuid.uuid4()), datetime.now(UTC))


class Toy:
    """The service's process, its database and its queues."""

    def __init__(self, engine: Engine, uri: str) -> None:
        self.engine = engine
        self.uri = uri
        self.process: Forked | None = None
        self.environment = os.environ | {"AMQP_URI": uri}

    def start(self) -> None:
        self.process = fork("tests.bus.run_toy", environment=self.environment)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def publish(self, *events: Event) -> None:
        self.publish_bodies([(event.wire_type, body_of(event)) for event in events])

    def publish_bodies(self, bodies: list[tuple[str, bytes]], **properties: Any) -> None:
        properties = {"content_type": CONTENT_TYPE} | properties
        with broker_module.broker_connection(self.uri) as connection:
            channel = connection.channel()
            for routing_key, body in bodies:  # confirmed, so that what is missing later was not lost here
                message = amqp.Message(body, delivery_mode=2, **properties)
                channel.basic_publish_confirm(message, "councils.events", routing_key)

    def count(self, table: Any, *conditions: Any) -> int:
        with self.engine.connect().execution_options(reads=True) as connection:
            return connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    def column(self, column: Any, *conditions: Any) -> list[Any]:
        with self.engine.connect().execution_options(reads=True) as connection:
            return list(connection.scalars(select(column).where(*conditions).order_by(*column.table.primary_key)))

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def unsent(self) -> int:
        return self.count(toy.bus.outbox, toy.bus.outbox.c.sent_at.is_(None))

    def consumers(self) -> int:
        """Processes that take calls; of those that read the inbox the broker counts one alone."""
        with broker_module.broker_connection(self.uri) as connection:
            return int(connection.channel().queue_declare("rpc-deliberation", passive=True).consumer_count)

    def opened(self) -> int:
        return self.count(toy.opened)

    def is_idle(self, opened: int) -> bool:
        """So many sessions are opened, everything is published, and no queue holds anything back."""
        return self.opened() == opened and self.unsent() == 0

    def queue_length(self, name: str) -> int:
        with broker_module.broker_connection(self.uri) as connection:
            return int(connection.channel().queue_declare(name, passive=True).message_count)

    def drain(self, name: str, at_least: int = 0) -> list[Any]:
        """All messages of a queue: so many, waited for, and what still comes before a second of silence.

        The broker's own count won't do: for a quorum queue whose leader is busy it says 0.
        """
        with broker_module.broker_connection(self.uri) as connection:
            channel, messages = connection.channel(), []
            channel.basic_consume(name, callback=messages.append, no_ack=True)
            with suppress(TimeoutError):
                while True:
                    connection.drain_events(timeout=20 if len(messages) < at_least else 1)
            return messages

    def ask(
        self, method: str, request: dict[str, Any], *, token: str | None = None, seconds: float = 10
    ) -> dict[str, Any]:
        with RpcClient(token or a_token(), uri=self.uri, timeout_seconds=seconds) as client:
            return client("deliberation", method, request)


def a_token(
    role: Role = Role.STREET_SYSTEM, lifetime: timedelta = timedelta(hours=1), now: datetime | None = None
) -> str:
    return issue_token("clerk-1", role, "110105", lifetime=lifetime, now=now)


@pytest.fixture
def resting_toy(database: str, broker: Any) -> Iterator[Toy]:
    """The toy with its database made and its queues empty, not started."""
    one = Toy(toy.make_database(), broker.uri)
    with broker_module.broker_connection(broker.uri) as connection:
        topology.declare(connection)
        channel = connection.channel()
        topology.declare_calls(channel, "deliberation")
        for queue in QUEUES:
            channel.queue_purge(queue)
    issue_token("anyone", Role.OPERATOR, None, lifetime=timedelta(hours=1), keys_folder=settings().keys_folder)
    yield one
    if one.process is not None and one.process.poll() is None:
        one.kill()
    one.engine.dispose()


@pytest.fixture
def running_toy(resting_toy: Toy) -> Toy:
    resting_toy.start()
    return resting_toy
