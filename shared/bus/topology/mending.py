"""What a service sends to, looked for on the running broker: what somebody deleted is made again."""

from collections.abc import Iterator

from kombu import Connection

from shared.bus import topology
from shared.bus.topology import Exchange, Queue


def gone(connection: Connection, service: str) -> list[str]:
    """Names of the exchange and the queues that a service sends to and that are not there; nothing is changed."""
    return topology.absent(connection, _targets(service))


def _targets(service: str) -> Iterator[Exchange | Queue]:
    own = f"{service}.events"
    fed = {binding.destination for binding in topology.bindings() if binding.source == own}
    yield from (one for one in topology.exchanges() if one.name == own)
    yield from (one for one in topology.queues() if one.name in fed or one.name == topology.dead_of(service))
