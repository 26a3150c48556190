"""Exchanges, queues and bindings, from the contracts in code.

`declare` makes them over AMQP and may be repeated. What keeps messages safe is an argument of their queue, which stands
on any broker; only what may be tuned is a policy (`definitions.py`). An argument is never changed: `remaking.py`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import amqp
from kombu import Connection

from shared.contracts.flow import HOTLINE_REPLIES, LISTENERS, PUBLISHERS, STREET_NOTICES
from shared.logs import get_logger

log = get_logger()
STREETS_EXCHANGE = "streets"
RPC_EXCHANGE = "nameko-rpc"
HOTLINE_QUEUE = "hotline.replies"
NEIGHBOURS = "neighbours"
DEAD_LETTER_EXCHANGE = "dead"
DEAD = ".dead"
DEAD_CALLS = f"rpc{DEAD}"
"""Calls of all services that nobody could answer. No broker dead-letters into it: their tokens would lie there."""
RETURNED_QUEUE = "intake.returned"
"""What the broker took out of intake's inbox, mostly because its expiration ran out: intake tells the senders."""
SERVICES = tuple(LISTENERS)
MOST_RETURNS = 1000
"""Attempts are counted in the inbox table; this ends only what kills the reader each time."""
MOST_LOOKS = 1_000_000
"""Of dead messages, which are taken and given back to be looked at. Without a limit RabbitMQ 4 drops after 20."""


class TopologyFault(Exception):
    """The broker has something under one of our names that is not what we need. The message says what to do."""


class OtherArguments(TopologyFault):
    """Queues that were made by another version or by somebody else. They are read all the same, less safely."""

    def __init__(self, queues: list[str]) -> None:
        self.queues = queues
        one = len(queues) == 1
        super().__init__(
            f"{'queue' if one else 'queues'} {', '.join(queues)} {'exists' if one else 'exist'} with other settings. "
            "Stop who reads from there and run ./gongshang topology apply --remake."
        )


@dataclass(frozen=True)
class Exchange:
    name: str
    kind: str = "topic"


@dataclass(frozen=True)
class Queue:
    """A quorum queue. `single` lets one consumer at a time have it, so that order is kept.

    What comes back too often goes to the dead queue that is bound to its name; a dead queue itself keeps what it has.
    """

    name: str
    single: bool = False
    is_dead: bool = False

    @property
    def arguments(self) -> dict[str, Any]:
        single = {"x-single-active-consumer": True} if self.single else {}
        if self.is_dead:
            return {"x-queue-type": "quorum", "x-delivery-limit": MOST_LOOKS}
        return {
            "x-queue-type": "quorum",
            "x-delivery-limit": MOST_RETURNS,
            "x-dead-letter-exchange": DEAD_LETTER_EXCHANGE,
            "x-dead-letter-routing-key": self.name,
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",  # at-least-once needs it
        } | single


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


def queues_read_by(service: str) -> list[str]:
    """All from which a service takes events: its inbox, and for intake also what was returned from there."""
    return [inbox_of(service), *([RETURNED_QUEUE] if service == "intake" else [])]


def dead_of(service: str) -> str:
    """Where what nobody could read of a service's, or of the neighbours', is kept."""
    return f"{service}{DEAD}"


def dead_queues() -> list[str]:
    return [*map(dead_of, (*SERVICES, NEIGHBOURS)), DEAD_CALLS]


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
        Queue(RETURNED_QUEUE, single=True),
        *(Queue(dead, is_dead=True) for dead in dead_queues()),
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
        for queue, next_queue in pairwise([*queues_read_by(service), dead_of(service)]):
            yield Binding(DEAD_LETTER_EXCHANGE, next_queue, queue)
    yield Binding("hotline.events", inbox_of("intake"), "#")  # what we don't know is refused with a reason, not lost
    for queue in (HOTLINE_QUEUE, *map(street_queue, streets)):
        yield Binding(DEAD_LETTER_EXCHANGE, dead_of(NEIGHBOURS), queue)
    for contract in HOTLINE_REPLIES:
        yield Binding(f"{contract.publisher}.events", HOTLINE_QUEUE, contract.wire_type)
    for contract in STREET_NOTICES:
        yield Binding(f"{contract.publisher}.events", STREETS_EXCHANGE, contract.wire_type, to_exchange=True)
    for street in streets:
        yield Binding(
            STREETS_EXCHANGE, street_queue(street), "", arguments={"x-match": "all", f"street.{street}": "yes"}
        )


def declare(connection: Connection, streets: tuple[str, ...] = ()) -> None:
    """Make everything that is not there yet. Raises OtherArguments once all is done that could be done.

    Raises TopologyFault at once if an exchange is of another kind.
    """
    for exchange in exchanges():
        _declare_exchange(connection, exchange)
    others = [queue.name for queue in queues(streets) if not is_declared(connection, queue)]
    channel = connection.channel()
    for binding in bindings(streets):
        bind(channel, binding)
    channel.close()
    if others:
        raise OtherArguments(others)


def prepare(connection: Connection) -> None:
    """For a service: declare everything, and work with queues of other arguments too, for as long as they are there."""
    try:
        declare(connection)
    except OtherArguments as others:
        log.warning("queues_have_other_arguments", queues=others.queues, advice=str(others))


def is_declared(connection: Connection, queue: Queue) -> bool:
    """Make a queue if it is not there. False if it is there with other arguments."""
    channel = connection.channel()
    try:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=queue.arguments)
    except amqp.exceptions.PreconditionFailed:
        return False
    channel.close()
    return True


def bind(channel: Any, binding: Binding) -> None:
    make = channel.exchange_bind if binding.to_exchange else channel.queue_bind
    make(binding.destination, binding.source, binding.routing_key, arguments=binding.arguments)


def declare_calls(channel: Any, process: str) -> str:
    """The queue from which a process takes calls, as nameko makes it; its name."""
    channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    queue = calls_of(process)
    channel.queue_declare(queue, durable=True, auto_delete=False)
    channel.queue_bind(queue, RPC_EXCHANGE, f"{process}.*")
    return queue


def missing(connection: Connection, streets: tuple[str, ...] = ()) -> list[str]:
    """Names of exchanges and queues that are declared and not there."""
    return absent(connection, [*exchanges(), *queues(streets)])


def absent(connection: Connection, things: Iterable[Exchange | Queue]) -> list[str]:
    """Names of those that are not there; asked passively, nothing is changed."""
    gone = []
    channel = connection.channel()
    for thing in things:
        try:
            if isinstance(thing, Exchange):
                channel.exchange_declare(thing.name, thing.kind, passive=True)
            else:
                channel.queue_declare(thing.name, passive=True)
        except amqp.exceptions.NotFound:  # ends the channel
            gone.append(thing.name)
            channel = connection.channel()
    channel.close()
    return gone


def _declare_exchange(connection: Connection, exchange: Exchange) -> None:
    channel = connection.channel()
    try:
        channel.exchange_declare(exchange.name, exchange.kind, durable=True, auto_delete=False)
    except amqp.exceptions.PreconditionFailed as fault:
        raise TopologyFault(
            f"exchange {exchange.name} exists with other settings: {fault.reply_text}. Delete it first."
        ) from None
    channel.close()
