"""Exchanges, queues and bindings, from the contracts in code.

`declare` makes them over AMQP and may be repeated. Arguments of queues can't be changed later, so only what must be
an argument is one; the rest are policies, which only the broker's own definitions can bring (`definitions.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import amqp
from kombu import Connection

from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, PUBLISHERS, STREET_NOTICES

STREETS_EXCHANGE = "streets"
RPC_EXCHANGE = "nameko-rpc"
HOTLINE_QUEUE = "hotline.replies"
DEAD_LETTER_EXCHANGE = "dead"
DEAD_CALLS = "rpc.dead"
"""Calls of all services that nobody could answer. No broker dead-letters into it: their tokens would lie there."""
SERVICES = tuple(LISTENERS)


class TopologyFault(Exception):
    """The broker has something under one of our names that is not what we need. The message says what to do."""


@dataclass(frozen=True)
class Exchange:
    name: str
    kind: str = "topic"


@dataclass(frozen=True)
class Queue:
    """A quorum queue. `single` lets one consumer at a time have it, so that order is kept."""

    name: str
    single: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        return {"x-queue-type": "quorum"} | ({"x-single-active-consumer": True} if self.single else {})


@dataclass(frozen=True)
class Binding:
    source: str
    destination: str
    routing_key: str = ""
    to_exchange: bool = False
    arguments: dict[str, Any] = field(default_factory=dict)


def inbox_of(service: str) -> str:
    """The one queue a service reads. Partitions, once wanted, are `<service>.inbox.<n>` behind a hash exchange."""
    return f"{service}.inbox"


def dead_of(service: str) -> str:
    return f"{service}.dead"


def calls_of(process: str) -> str:
    """The queue from which a process takes calls, as nameko names it."""
    return f"rpc-{process}"


def street_queue(street: str) -> str:
    return f"street.{street}.notices"


def exchanges() -> list[Exchange]:
    return [
        *(Exchange(f"{publisher}.events") for publisher in PUBLISHERS),
        Exchange(STREETS_EXCHANGE, "headers"),
        Exchange(DEAD_LETTER_EXCHANGE, "direct"),
        Exchange(RPC_EXCHANGE),
    ]


def queues(streets: tuple[str, ...] = ()) -> list[Queue]:
    return [
        *(Queue(inbox_of(service), single=True) for service in SERVICES),
        *(Queue(dead_of(service)) for service in SERVICES),
        Queue(DEAD_CALLS),
        Queue(HOTLINE_QUEUE),
        *(Queue(street_queue(street)) for street in streets),
    ]


def bindings(streets: tuple[str, ...] = ()) -> list[Binding]:
    return list(_bindings(streets))


def routed_keys() -> set[tuple[str, str]]:
    """Exchange and routing key of everything somebody listens to; a message returned for one of these is a fault."""
    return {(binding.source, binding.routing_key) for binding in _bindings(()) if not binding.to_exchange}


def _bindings(streets: tuple[str, ...]) -> Iterator[Binding]:
    for service, contracts in LISTENERS.items():
        for contract in contracts:
            yield Binding(f"{contract.publisher}.events", inbox_of(service), contract.wire_type)
        yield Binding(DEAD_LETTER_EXCHANGE, dead_of(service), inbox_of(service))
    yield Binding("hotline.events", inbox_of("intake"), "#")  # what we don't know is refused with a reason, not lost
    for contract in HOTLINE_REPLIES:
        yield Binding(f"{contract.publisher}.events", HOTLINE_QUEUE, contract.wire_type)
    for contract in STREET_NOTICES:
        yield Binding(f"{contract.publisher}.events", STREETS_EXCHANGE, contract.wire_type, to_exchange=True)
    for street in streets:
        yield Binding(
            STREETS_EXCHANGE, street_queue(street), "", arguments={"x-match": "all", f"street.{street}": "yes"}
        )


def declare(connection: Connection, streets: tuple[str, ...] = ()) -> None:
    """Make everything that is not there yet. Raises TopologyFault if something of ours exists with other arguments."""
    for exchange in exchanges():
        _declare(connection, f"exchange {exchange.name}", _declare_exchange, exchange)
    for queue in queues(streets):
        _declare(connection, f"queue {queue.name}", _declare_queue, queue)
    channel = connection.channel()
    for binding in bindings(streets):
        bind = channel.exchange_bind if binding.to_exchange else channel.queue_bind
        bind(binding.destination, binding.source, binding.routing_key, arguments=binding.arguments)
    channel.close()


def declare_calls(channel: Any, process: str) -> str:
    """The queue from which a process takes calls, as nameko makes it; its name."""
    channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    queue = calls_of(process)
    channel.queue_declare(queue, durable=True, auto_delete=False)
    channel.queue_bind(queue, RPC_EXCHANGE, f"{process}.*")
    return queue


def missing(connection: Connection) -> list[str]:
    """Names of exchanges and queues that are not there; asked passively, nothing is changed."""
    absent = []
    things: list[Exchange | Queue] = [*exchanges(), *queues()]
    for thing in things:
        channel = connection.channel()
        try:
            if isinstance(thing, Exchange):
                channel.exchange_declare(thing.name, thing.kind, passive=True)
            else:
                channel.queue_declare(thing.name, passive=True)
            channel.close()
        except amqp.exceptions.NotFound:
            absent.append(thing.name)
    return absent


def _declare(connection: Connection, what: str, make: Any, thing: Any) -> None:
    channel = connection.channel()
    try:
        make(channel, thing)
    except amqp.exceptions.PreconditionFailed as fault:
        raise TopologyFault(
            f"{what} exists with other settings: {fault.reply_text}. Empty and delete it first."
        ) from None
    channel.close()


def _declare_exchange(channel: Any, exchange: Exchange) -> None:
    channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False)


def _declare_queue(channel: Any, queue: Queue) -> None:
    channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments)
