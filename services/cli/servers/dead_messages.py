"""The dead queues on the broker, looked into, and their messages taken out: dropped, or sent anew to who gave them up.

To look is to take and give back; a second look at the same instant misses what the first one holds.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import amqp
from kombu import Connection

from shared.bus import topology
from shared.bus.door import headers_of
from shared.bus.frames import Incoming
from shared.bus.stuck import dead_id, is_answered
from shared.bus.topology.remaking import copy_of
from shared.contracts.envelope import CONTENT_TYPE
from shared.sealing import WrongKey, opened

MOST = 1000
"""More are not looked at in one go."""


@dataclass(frozen=True)
class Dead:
    """One message of a dead queue. What was refused and answered is settled: its sender knows."""

    id: str
    queue: str
    type: str
    reason: str
    message_id: str
    is_settled: bool
    body: bytes = field(repr=False)
    message: Incoming = field(repr=False)

    @property
    def home(self) -> str:
        """Where it was read last."""
        first = headers_of(self.message).get("x-first-death-queue")
        return str(first or topology.inbox_of(self.queue.removesuffix(topology.DEAD)))


def look(connection: Connection, queue: str) -> list[Dead]:
    """The oldest, MOST at most. All stay where they are."""
    with _channel(connection) as channel:
        return [_read(queue, message) for message in _taken(channel, queue)]


def take_out(connection: Connection, queue: str, dead_id: str, first: Callable[[Any, Dead], None]) -> list[Dead]:
    """Take all of this id out of the queue, each after `first` was done with it."""
    with _channel(connection) as channel:
        channel.confirm_select()
        found = [one for one in (_read(queue, message) for message in _taken(channel, queue)) if one.id == dead_id]
        for one in found:
            first(channel, one)
            channel.basic_ack(one.message.delivery_tag)
        return found


def send_anew(channel: Any, one: Dead) -> None:
    """To the queue where it was read last, as it was. It is marked by nothing: the reader looks at it afresh."""
    again = copy_of(one.message)
    if "reason" in headers_of(one.message):  # set aside by a service, which kept the body alone
        properties = {"content_type": CONTENT_TYPE, "delivery_mode": 2, "message_id": one.message_id}
        again = amqp.Message(one.body, **properties)
    channel.basic_publish_confirm(again, "", one.home, mandatory=True)


def unsettled(connection: Connection, queue: str) -> int:
    """What an operator must look at. What can't be looked at in one go counts as such."""
    with _channel(connection) as channel:
        count = int(channel.queue_declare(queue, passive=True).message_count)
    if not count:
        return 0
    seen = look(connection, queue)
    return max(count, len(seen)) - sum(one.is_settled for one in seen)


def _taken(channel: Any, queue: str) -> Iterator[Incoming]:
    channel.auto_decode = False
    for _ in range(MOST):
        message = channel.basic_get(queue)
        if message is None:
            return
        yield message


def _read(queue: str, message: Incoming) -> Dead:
    headers, body = headers_of(message), bytes(message.body)
    with suppress(WrongKey):
        body = opened(body)
    message_id = str(message.properties.get("message_id", ""))
    wire_type = str(headers.get("type", ""))
    told = ": ".join(str(headers[name]) for name in ("reason", "fields") if name in headers)
    return Dead(
        id=dead_id(queue, message_id, body),
        queue=queue,
        type=wire_type,
        reason=told or f"{headers.get('x-first-death-reason', 'unknown')} in {headers.get('x-first-death-queue', '?')}",
        message_id=message_id,
        is_settled="reason" in headers and is_answered(queue, wire_type),
        body=body,
        message=message,
    )


@contextmanager
def _channel(connection: Connection) -> Iterator[Any]:
    """Closing it gives back what was taken and not acknowledged."""
    channel = connection.channel()
    try:
        yield channel
    finally:
        channel.close()
