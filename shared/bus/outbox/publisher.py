"""Publishes many messages at once and knows of each whether the broker took it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import amqp
import eventlet

from shared.bus import topology

CONFIRM_SECONDS = 30


class NotRouted(Exception):
    """The broker has no queue for an event that somebody listens to: its topology is incomplete."""


class Publisher:
    """A channel with confirms, many messages in flight, each accounted for by its delivery tag."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._returned)
        self._routed = topology.routed_keys()
        self._tag = 0
        self._in_flight: set[int] = set()
        self._refused: list[str] = []

    def publish(self, rows: list[dict[str, Any]]) -> None:
        """Returns when the broker has confirmed every row; raises on the first trouble, some may have been sent."""
        with eventlet.Timeout(CONFIRM_SECONDS):
            with one_write(self._connection.connection.transport):
                for row in rows:
                    self._publish_one(row)
            while self._in_flight:
                self._connection.drain_events(timeout=CONFIRM_SECONDS)
        if self._refused:
            refused, self._refused = self._refused, []
            raise NotRouted(f"the broker took no {', '.join(sorted(set(refused)))}; run: gongshang topology apply")

    def keep_alive(self) -> None:
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=0.001)
        self._connection.heartbeat_check()

    def _publish_one(self, row: dict[str, Any]) -> None:
        is_event = bool(row["exchange"])
        message = amqp.Message(
            row["body"],
            delivery_mode=2,
            message_id=row["event_id"],
            content_type="application/cloudevents+json" if is_event else "application/octet-stream",
            application_headers=row["headers"],
        )
        wanted = not is_event or (row["exchange"], row["routing_key"]) in self._routed
        self._tag += 1
        self._in_flight.add(self._tag)
        self._channel.basic_publish(message, exchange=row["exchange"], routing_key=row["routing_key"], mandatory=wanted)

    def _acked(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._in_flight = {one for one in self._in_flight if one > tag}
        else:
            self._in_flight.discard(tag)

    def _nacked(self, tag: int, multiple: bool) -> None:
        self._refused.append(f"message {tag} (refused)")
        self._acked(tag, multiple)

    def _returned(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        self._refused.append(routing_key)


@contextmanager
def one_write(transport: Any) -> Iterator[None]:
    """Collect what py-amqp writes, and write it at once: a system call and a switch of threads for each message cost
    a tenth of a busy service's time. The connection is this thread's own, so that nothing comes in between."""
    write, collected = transport._write, bytearray()
    transport._write = collected.extend
    try:
        yield
    finally:
        transport._write = write
    write(collected)
