"""How many messages lie in each dead queue on the broker."""

from collections.abc import Mapping

import amqp

from shared.bus import connection as broker
from shared.bus import topology
from shared.errors import Unavailable


def count_dead() -> Mapping[str, int]:
    """By the queue's name; those that there are. Raises Unavailable without a broker."""
    counted = {}
    try:
        with broker.broker_connection() as connection:
            for name in topology.dead_queues():
                channel = connection.channel()
                try:
                    counted[name] = int(channel.queue_declare(name, passive=True).message_count)
                    channel.close()
                except amqp.exceptions.NotFound:  # that closed the channel
                    continue
    except broker.TROUBLE as trouble:
        raise Unavailable(f"the broker can't be reached: {trouble}") from None
    return counted
