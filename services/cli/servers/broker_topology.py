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
from shared.bus.topology.remaking import INTERIM, CantRemake, is_there, readers, remake, waiting

NOT_SEEN = "Policies, users and what is too much are seen only with GONGSHANG_BROKER_MANAGEMENT."
NOT_SEEN_ON_OURS = (
    "Policies, users and what is too much can't be seen: our broker runs without its management, because its folder's "
    "name has other letters than ASCII's. It loads all of them anew each time it starts."
)
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
    too_much = [one for one in before.differences if one.fault is Fault.TOO_MUCH]
    admitted = _with_admitted(streets)
    with broker_connection(broker.uri) as connection:
        others = _declare(connection, admitted)
        _unbind(connection, [one for one in too_much if one.kind == "binding"], done)
        if is_remaking:
            others = _remake(connection, admitted, done)
        done.left += [f"queue {name} has other settings; --remake makes it anew" for name in others if not is_remaking]
        if management is not None:
            management.load(whole_definitions(streets))
            _remove_policies(management, [one for one in too_much if one.kind == "policy"], bool(others), done)
        _remove_queues(connection, [one for one in too_much if one.kind == "queue"], done)
    done.left += [
        f"{one.kind} {one.name} is too much: ./gongshang topology user --revoke ends it"
        for one in too_much
        if one.kind not in ("binding", "policy", "queue")
    ]
    return done


def not_seen(broker: BrokerNode | GivenBroker) -> str:
    """What stays unseen of a broker of which not everything is seen, and why."""
    return NOT_SEEN_ON_OURS if isinstance(broker, BrokerNode) else NOT_SEEN


def told(done: Applied, broker: BrokerNode | GivenBroker) -> list[str]:
    parts = (("Made", done.made), ("Remade", done.remade), ("Removed", done.removed))
    lines = [f"{word}: {', '.join(names)}." for word, names in parts if names] or ["Nothing was to be done."]
    return lines + [f"Left: {one}." for one in done.left] + ([] if done.is_complete else [not_seen(broker)])


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
    """Names of queues that still have other arguments."""
    bindings, others = topology.bindings(streets), []
    for queue in topology.queues(streets):
        try:
            if remake(connection, queue, bindings):
                done.remade.append(queue.name)
        except CantRemake as reason:
            done.left.append(str(reason))
            others.append(queue.name)
    return others


def _unbind(connection: Connection, bindings: list[Difference], done: Applied) -> None:
    channel = connection.channel()
    for one in bindings:
        entry = one.entry
        unbind = channel.exchange_unbind if entry["destination_type"] == "exchange" else channel.queue_unbind
        unbind(entry["destination"], entry["source"], entry["routing_key"], arguments=entry["arguments"])
        done.removed.append(f"binding {one.name}")
    channel.close()


def _remove_policies(management: Management, policies: list[Difference], are_queues_old: bool, done: Applied) -> None:
    """An older version's keep its queues safe for as long as these are there."""
    for one in policies:
        if one.name not in REPLACED_POLICIES:
            done.left.append(f"policy {one.name} is somebody else's, and holds for queues of ours in place of ours")
        elif not are_queues_old:
            management.delete_policy(one.name)
            done.removed.append(f"policy {one.name}")


def _remove_queues(connection: Connection, queues: list[Difference], done: Applied) -> None:
    """Nothing comes into them any more: their bindings are gone with them."""
    for one in queues:
        if not is_there(connection, one.name):
            continue  # an interim one that was just taken over
        if readers(connection, one.name) or waiting(connection, one.name):
            advice = "; --remake takes them over" if one.name.endswith(INTERIM) else ""
            done.left.append(f"queue {one.name} is too much: it is read, or messages lie in it{advice}")
            continue
        channel = connection.channel()
        channel.queue_delete(one.name)
        channel.close()
        done.removed.append(f"queue {one.name}")
