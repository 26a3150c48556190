"""How full queues are and whether anyone serves them, by plain AMQP, so that it works on any broker."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import amqp


@dataclass(frozen=True)
class QueueReading:
    """A queue at one instant: messages ready for a consumer, and consumers."""

    messages: int
    consumers: int


def read_queues(connection: Any, names: Iterable[str]) -> dict[str, QueueReading | None]:
    """On a connection of py-amqp's or kombu's. None for a queue that does not exist."""
    return {name: read_queue(connection, name) for name in names}


def read_queue(connection: Any, name: str) -> QueueReading | None:
    channel = connection.channel()
    try:
        declared = channel.queue_declare(queue=name, passive=True)
    except amqp.exceptions.NotFound:  # that closed the channel
        return None
    channel.close()
    return QueueReading(declared.message_count, declared.consumer_count)
