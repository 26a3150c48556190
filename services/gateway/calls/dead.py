"""How many messages lie in each dead queue on the broker."""

from collections.abc import Mapping

from shared.bus import connection as broker
from shared.bus import topology
from shared.bus.queue_reading import read_queues
from shared.errors import Unavailable


def count_dead() -> Mapping[str, int]:
    """By the queue's name; those that there are. Raises Unavailable without a broker."""
    try:
        with broker.broker_connection() as connection:
            found = read_queues(connection, topology.dead_queues())
    except broker.TROUBLE as trouble:
        raise Unavailable(f"the broker can't be reached: {trouble}") from None
    return {name: queue.messages for name, queue in found.items() if queue}
