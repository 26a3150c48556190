"""What stands on the broker, seen and set right: through its management where we know it, else as far as AMQP goes."""

from dataclasses import dataclass, field

from kombu import Connection

from services.cli.servers.broker import BrokerNode, GivenBroker
from services.cli.servers.management import Management, management_of
from services.cli.servers.neighbours import streets as streets_admitted
from services.cli.servers.neighbours import whole_definitions
from services.cli.servers.unavailable import NodeUnavailable
from shared.bus import topology
from shared.bus.connection import broker_connection, broker_uri
from shared.bus.topology.comparing import Difference, Fault, differences
from shared.bus.topology.remaking import CantRemake, is_there, readers, remake, waiting

NOT_SEEN = "Policies, users and what is too much are seen only with GONGSHANG_BROKER_MANAGEMENT."
REPLACED_POLICIES = {f"{service}-inbox" for service in topology.SERVICES}
"""Of versions that had dead-lettering in policies."""


@dataclass(frozen=True)
class Seen:
    """How a broker differs from what is declared. Without management it is not seen completely."""

    differences: list[Difference]
    is_complete: bool

    @property
    def missing(self) -> list[str]:
        return [one.name for one in self.differences if one.fault is Fault.MISSING]


@dataclass
class Applied:
    """What was done, and what is left to do by hand."""

    made: list[str] = field(default_factory=list)
    remade: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    is_complete: bool = True


def look(broker: BrokerNode | GivenBroker, streets: tuple[str, ...] = ()) -> Seen:
    management = management_of(broker)
    if management is not None and broker.is_running():
        return Seen(differences(whole_definitions(streets), management.definitions()), is_complete=True)
    with broker_connection(broker_uri()) as connection:
        return Seen(_by_amqp(connection, _with_admitted(streets)), is_complete=False)


def apply_all(broker: BrokerNode | GivenBroker, streets: tuple[str, ...], *, is_remaking: bool) -> Applied:
    """Raises TROUBLE of the broker and NodeUnavailable. May be repeated."""
    management = management_of(broker)
    before = look(broker, streets)
    done = Applied(made=before.missing, is_complete=before.is_complete)
    with broker_connection(broker.uri) as connection:
        others = _declare(connection, _with_admitted(streets))
        if management is not None:
            management.load(whole_definitions(streets))
            _remove(connection, management, before.differences, done)
        if is_remaking:
            others = _remake(connection, _with_admitted(streets), done)
        done.left += [f"queue {name} has other settings; --remake makes it anew" for name in others if not is_remaking]
    return done


def told(done: Applied) -> list[str]:
    parts = (("Made", done.made), ("Remade", done.remade), ("Removed", done.removed))
    lines = [f"{word}: {', '.join(names)}." for word, names in parts if names] or ["Nothing was to be done."]
    return lines + [f"Left: {one}." for one in done.left] + ([] if done.is_complete else [NOT_SEEN])


def _with_admitted(streets: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*streets, *streets_admitted()}))


def _by_amqp(connection: Connection, streets: tuple[str, ...]) -> list[Difference]:
    absent = topology.missing(connection, streets)
    found = [Difference(_word(name, streets), name, Fault.MISSING, {}) for name in absent]
    there = [queue for queue in topology.queues(streets) if queue.name not in absent]
    return found + [
        Difference("queue", queue.name, Fault.OTHER, {}, "other arguments")
        for queue in there
        if not topology.is_declared(connection, queue)
    ]


def _word(name: str, streets: tuple[str, ...]) -> str:
    return "queue" if name in {queue.name for queue in topology.queues(streets)} else "exchange"


def _declare(connection: Connection, streets: tuple[str, ...]) -> list[str]:
    """Names of queues with other arguments."""
    try:
        topology.declare(connection, streets)
    except topology.OtherArguments as others:
        return others.queues
    except topology.TopologyFault as fault:
        raise NodeUnavailable(str(fault)) from fault
    return []


def _remake(connection: Connection, streets: tuple[str, ...], done: Applied) -> list[str]:
    bindings = topology.bindings(streets)
    for queue in topology.queues(streets):
        try:
            if remake(connection, queue, bindings):
                done.remade.append(queue.name)
        except CantRemake as reason:
            done.left.append(str(reason))
    return []


def _remove(connection: Connection, management: Management, found: list[Difference], done: Applied) -> None:
    """Bindings first, so that nothing comes into the queues any more. Users are never taken away unasked."""
    too_much = [one for one in found if one.fault is Fault.TOO_MUCH]
    for one in sorted(too_much, key=lambda one: one.kind):
        if one.kind == "binding":
            _unbind(connection, one)
        elif one.kind == "policy" and one.name in REPLACED_POLICIES:
            management.delete_policy(one.name)
        elif one.kind == "queue" and _is_idle(connection, one.name):
            connection.channel().queue_delete(one.name)
        else:
            done.left.append(f"{one.kind} {one.name} is too much{_why(one)}")
            continue
        done.removed.append(f"{one.kind} {one.name}")


def _unbind(connection: Connection, binding: Difference) -> None:
    entry, channel = binding.entry, connection.channel()
    unbind = channel.exchange_unbind if entry["destination_type"] == "exchange" else channel.queue_unbind
    unbind(entry["destination"], entry["source"], entry["routing_key"], arguments=entry["arguments"])
    channel.close()


def _is_idle(connection: Connection, name: str) -> bool:
    return not is_there(connection, name) or not (readers(connection, name) or waiting(connection, name))


def _why(one: Difference) -> str:
    if one.kind == "queue":
        return ": it is read, or messages lie in it"
    if one.kind == "policy":
        return ": it is somebody else's, and holds for queues of ours in place of ours"
    return ": ./gongshang topology user --revoke ends it"
