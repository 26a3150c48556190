"""How full queues are and whether anyone serves them, by plain AMQP, so that it works on any broker."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import amqp

from services.cli.servers.broker import connect


@dataclass(frozen=True)
class QueueReading:
    """A queue at one instant: messages ready for a consumer, and consumers."""

    messages: int
    consumers: int


@contextmanager
def connection_to(uri: str) -> Iterator[amqp.Connection]:
    connection = connect(uri)
    try:
        yield connection
    finally:
        connection.close()


def read_queues(connection: amqp.Connection, names: Sequence[str]) -> dict[str, QueueReading | None]:
    """None for a queue that does not exist."""
    return {name: read_queue(connection, name) for name in names}


def read_queue(connection: amqp.Connection, name: str) -> QueueReading | None:
    channel = connection.channel()
    try:
        declared = channel.queue_declare(queue=name, passive=True)
    except amqp.exceptions.NotFound:
        return None
    channel.close()
    return QueueReading(declared.message_count, declared.consumer_count)


def broker_version(connection: amqp.Connection) -> str:
    return str(connection.server_properties.get("version", "unknown"))
