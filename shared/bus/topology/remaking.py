"""Makes a queue anew whose arguments are others than ours, without losing a message on the way.

RabbitMQ changes no argument, and deletes no quorum queue on condition that it is empty. So an interim queue takes what
comes in meanwhile, nobody may read, and the old queue is deleted only once it is seen to be empty. Killed at any
instant, doing it again ends it well; a message may then come twice, which every reader must bear anyway.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import amqp
from kombu import Connection

from shared.bus import topology
from shared.bus.door import headers_of
from shared.bus.frames import Incoming
from shared.bus.topology import Binding, Queue

INTERIM = ".interim"
LOOK_SECONDS = 1.0
BROKERS_HEADERS = frozenset(["x-delivery-count", "CC", "BCC"])
"""What the broker counts, and what would make it send copies once more."""


class CantRemake(Exception):
    """The queue is as it was. The message says what to do first."""


def remake(connection: Connection, queue: Queue, bindings: Sequence[Binding]) -> bool:
    """True if it had other arguments, or was left half done. Raises CantRemake while it is read or not empty."""
    fed_by = [binding for binding in bindings if binding.destination == queue.name and not binding.to_exchange]
    interim = Queue(queue.name + INTERIM, is_dead=True)
    if topology.is_declared(connection, queue):
        return _take_over(connection, interim, queue, fed_by)
    _must_be_at_rest(connection, queue)
    topology.is_declared(connection, interim)
    _feed(connection, interim.name, fed_by)
    _starve(connection, queue.name, fed_by)
    try:
        _must_be_at_rest(connection, queue)
    except CantRemake:
        _feed(connection, queue.name, fed_by)
        _take_over(connection, interim, queue, fed_by)
        raise
    with _channel(connection) as channel:
        channel.queue_delete(queue.name)
    topology.is_declared(connection, queue)
    return _take_over(connection, interim, queue, fed_by)


def waiting(connection: Connection, name: str) -> int:
    """Messages in a queue that nobody reads. A busy broker says 0 of a queue that has some: so one is asked for."""
    with _channel(connection) as channel:
        count = int(channel.queue_declare(name, passive=True).message_count)
    return count or sum(1 for _ in _first(connection, name))


def readers(connection: Connection, name: str) -> int:
    with _channel(connection) as channel:
        return int(channel.queue_declare(name, passive=True).consumer_count)


def is_there(connection: Connection, name: str) -> bool:
    return not topology.absent(connection, [Queue(name)])


def _must_be_at_rest(connection: Connection, queue: Queue) -> None:
    if reading := readers(connection, queue.name):
        raise CantRemake(f"{queue.name} is read by {reading}: stop who reads it first")
    if left := waiting(connection, queue.name):
        raise CantRemake(f"{queue.name} holds {left} messages: let them be read first")


def _take_over(connection: Connection, interim: Queue, queue: Queue, fed_by: Sequence[Binding]) -> bool:
    """What came into the interim queue, in order, and then that queue is gone. False if there is none."""
    if not is_there(connection, interim.name):
        return False
    _move(connection, interim.name, queue.name)
    _feed(connection, queue.name, fed_by)
    _starve(connection, interim.name, fed_by)
    _move(connection, interim.name, queue.name)
    with _channel(connection) as channel:
        channel.queue_delete(interim.name)
    return True


def _feed(connection: Connection, name: str, fed_by: Sequence[Binding]) -> None:
    with _channel(connection) as channel:
        for one in fed_by:
            channel.queue_bind(name, one.source, one.routing_key, arguments=one.arguments)


def _starve(connection: Connection, name: str, fed_by: Sequence[Binding]) -> None:
    with _channel(connection) as channel:
        for one in fed_by:
            channel.queue_unbind(name, one.source, one.routing_key, arguments=one.arguments)


def _move(connection: Connection, source: str, target: str) -> None:
    """Until nothing comes for a while. Each is acknowledged only when the broker has confirmed its copy."""
    with _channel(connection) as channel:
        channel.confirm_select()
        for message in _messages(connection, channel, source):
            if message.body_size != len(message.body):
                raise CantRemake(f"a message in {source} is too large to be taken: {message.fault}")
            channel.basic_publish_confirm(copy_of(message), "", target, mandatory=True)
            channel.basic_ack(message.delivery_tag)


def copy_of(message: Incoming) -> amqp.Message:
    """The same message to be sent again: bytes that are no text come back as they were, the broker's headers don't."""
    headers = headers_of(message)
    own = {name: value for name, value in headers.items() if name not in BROKERS_HEADERS}
    kept = {
        name: value.encode(errors="surrogateescape") if isinstance(value, str) else value
        for name, value in message.properties.items()
        if name != "application_headers"
    }
    return amqp.Message(message.body, application_headers=own, **kept)


def _first(connection: Connection, name: str) -> Iterator[Incoming]:
    """One message, if there is one; it goes back."""
    with _channel(connection) as channel:
        for message in _messages(connection, channel, name):
            yield message
            return


def _messages(connection: Connection, channel: Any, name: str) -> Iterator[Incoming]:
    taken: list[Incoming] = []
    channel.auto_decode = False
    channel.basic_qos(0, 1, False)
    channel.basic_consume(name, callback=taken.append)
    with suppress(TimeoutError):
        while True:
            while taken:
                yield taken.pop(0)
            connection.drain_events(timeout=LOOK_SECONDS)


@contextmanager
def _channel(connection: Connection) -> Iterator[Any]:
    channel = connection.channel()
    yield channel
    channel.close()
