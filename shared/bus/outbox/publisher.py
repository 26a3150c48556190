"""Publishes many messages at once and knows of each whether the broker took it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import amqp
import eventlet

from shared.bus import connection as broker
from shared.bus import topology
from shared.telling import told

CONFIRM_SECONDS = 30
LOOK_SECONDS = 1.0

Rows = dict[int, dict[str, Any]]


@dataclass
class Outcome:
    """What became of rows, by their positions. What is in none of the three was not sent, or is not known to be."""

    confirmed: list[int] = field(default_factory=list)
    returned: dict[int, str] = field(default_factory=dict)
    impossible: dict[int, str] = field(default_factory=dict)
    trouble: BaseException | None = None


class Publisher:
    """A channel with confirms, many messages in flight, each accounted for by its delivery tag. Trouble ends it.

    `written` counts messages so far, and is the tag of the last one.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._returned)
        self._routed = topology.routed_keys()
        self.written = 0
        self._rows: Rows = {}
        self._in_flight: dict[int, int] = {}
        self._refused: dict[int, str] = {}

    def publish(self, rows: Rows, meanwhile: Callable[[], None] = lambda: None) -> Outcome:
        """Returns when the broker has answered for every row, or at the first trouble; calls `meanwhile` as it waits.

        Behind a row that can't be put into a message, those of the same subject are not sent.
        """
        self._rows, self._refused = rows, {}
        outcome = Outcome()
        sent: list[int] = []
        try:
            with eventlet.Timeout(CONFIRM_SECONDS), one_write(self._connection.connection.transport):
                sent = self._write(outcome)
            self._wait(meanwhile)
        except (*broker.TROUBLE, eventlet.Timeout) as trouble:
            outcome.trouble = trouble
        outcome.returned = self._refused
        open_ends = self._refused.keys() | self._in_flight.values()
        outcome.confirmed = [position for position in sent if position not in open_ends]
        return outcome

    def keep_alive(self) -> None:
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=0.001)
        self._connection.heartbeat_check()

    def _write(self, outcome: Outcome) -> list[int]:
        sent: list[int] = []
        held: set[str] = set()
        for position, row in self._rows.items():
            if row["subject"] in held:
                continue
            try:
                self._publish_one(row)
            except broker.TROUBLE:
                raise
            except Exception as error:
                outcome.impossible[position] = f"it can't be put into a message: {told(error)}"
                held |= {row["subject"]} - {""}
                continue
            self.written += 1
            self._in_flight[self.written] = position
            sent.append(position)
        return sent

    def _wait(self, meanwhile: Callable[[], None]) -> None:
        silent_since = time.monotonic()
        while self._in_flight:
            try:
                self._connection.drain_events(timeout=LOOK_SECONDS)
                silent_since = time.monotonic()
            except TimeoutError:
                if time.monotonic() - silent_since > CONFIRM_SECONDS:
                    raise
            meanwhile()

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
        self._channel.basic_publish(message, exchange=row["exchange"], routing_key=row["routing_key"], mandatory=wanted)

    def _acked(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._in_flight = {one: position for one, position in self._in_flight.items() if one > tag}
        else:
            self._in_flight.pop(tag, None)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for one, position in self._in_flight.items():
            if one == tag or (multiple and one < tag):
                self._refused[position] = "the broker refused it"
        self._acked(tag, multiple)

    def _returned(self, error: Any, exchange: str, routing_key: str, message: Any) -> None:
        """Comes before its confirmation, so it is still in flight."""
        event_id = message.properties.get("message_id")
        position = next(one for one in self._in_flight.values() if self._rows[one]["event_id"] == event_id)
        self._refused[position] = "the broker has no queue for it"


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
