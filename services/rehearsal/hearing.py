"""Listens in on the suite as any AMQP client may: a queue of its own, bound to the exchanges for what it wants to know.

Read it often enough: it is gone with its connection.
"""

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import amqp

from shared.bus.connection import broker_connection
from shared.contracts import EVENTS
from shared.errors import Unavailable

PATIENCE_SECONDS = 30.0


@dataclass(frozen=True)
class Heard:
    """An event as it came: its type, what it is about, and its content as plain JSON values."""

    type: str
    subject: str
    content: dict[str, Any]


def keep_alive(connection: Any) -> None:
    """Take in what is there, and show the broker that we live."""
    with suppress(TimeoutError):
        connection.drain_events(timeout=0.001)
    connection.heartbeat_check()


class Ear:
    """`with Ear(uri, types) as ear: ear.listen(expected)`."""

    def __init__(self, uri: str, wire_types: Iterable[str]) -> None:
        self.wire_types = frozenset(wire_types)
        self._scope = broker_connection(uri)
        self._fresh: list[Heard] = []
        self._seen: set[str] = set()

    def __enter__(self) -> "Ear":
        self._connection = self._scope.__enter__()
        self._channel = self._connection.channel()
        queue = self._channel.queue_declare("", exclusive=True, auto_delete=True).queue
        for wire_type in sorted(self.wire_types):
            self._channel.queue_bind(queue, f"{EVENTS[wire_type].publisher}.events", wire_type)
        self._channel.basic_consume(queue, no_ack=True, callback=self._received)
        return self

    def __exit__(self, *exc_info: Any) -> None:
        self._scope.__exit__(*exc_info)

    def listen(self, expected: int) -> list[Heard]:
        """What came since the last time. Waits until `expected` different events have come in all."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self._seen) < expected:
            try:
                self._connection.drain_events(timeout=1.0)
            except TimeoutError:
                self._connection.heartbeat_check()
            if time.monotonic() > deadline:
                raise Unavailable(f"of {expected} events only {len(self._seen)} were heard")
        fresh, self._fresh = self._fresh, []
        return fresh

    def keep_alive(self) -> None:
        """Call it every now and then, also while nothing is expected."""
        keep_alive(self._connection)

    def _received(self, message: amqp.Message) -> None:
        event_id = message.properties["message_id"]
        if event_id not in self._seen:
            self._seen.add(event_id)
            wire = json.loads(message.body)
            self._fresh.append(Heard(wire["type"], wire["subject"], wire["data"]))
