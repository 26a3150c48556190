"""`gongshang status`: what runs, and what waits where."""

from dataclasses import dataclass, field
from typing import Any

import amqp
import click

from services import GATEWAY, PROCESSES, SERVICES
from services.cli.output import example, json_option, show_json, table
from services.cli.proof.backlog import expired_orders, read_backlog
from services.cli.proof.lagging import Behind, board_behind
from services.cli.servers import dead_messages
from services.cli.servers.broker import connection_to, version_of
from services.cli.suite import supervisord, web
from services.cli.suite.choosing import is_runnable
from services.cli.suite.healthcheck import trouble_at
from shared.bus import topology
from shared.bus.connection import broker_connection
from shared.bus.queue_reading import QueueReading, read_queues
from shared.clock import clock_from
from shared.settings import settings

HEAD = ("service", "state", "pid", "inbox queue", "dead", "early", "waiting", "parked", "unsent", "metrics port")
NEIGHBOURS_DEAD = topology.dead_of(topology.NEIGHBOURS)
OF_NO_SERVICE = {NEIGHBOURS_DEAD: "neighbours", topology.DEAD_CALLS: "services that were called"}
"""Dead queues, with from whom what lies there came back."""
RUNNING = "RUNNING"
NOT_KNOWN, NONE_THERE = "?", "-"


@dataclass(frozen=True)
class BrokerStatus:
    """The broker and its queues, as far as they can be seen from here."""

    address: str | None
    version: str | None
    queues: dict[str, QueueReading | None]
    unsettled: dict[str, int] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """It answers, and nothing came back too often from a neighbour, or as a call."""
        return self.version is not None and not any(self.unsettled.get(queue) for queue in OF_NO_SERVICE)

    @property
    def settled(self) -> int:
        """How many dead messages were refused and answered."""
        return sum((self.messages(queue) or 0) - needing for queue, needing in self.unsettled.items())

    def messages(self, queue: str) -> int | None:
        found = self.queues.get(queue)
        return found.messages if found else None


@click.command(epilog=example("./gongshang status", "./gongshang status --json"))
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show the broker, the services and their backlog. Exit code 1 if something is down or stuck.

    The broker counts what lies in a queue; up to some hundred messages that a service has in hand are in neither.
    """
    processes = [name for name in PROCESSES if is_runnable(name)]
    broker = look_at_broker(processes)
    found = {name: look_at_process(name, broker) for name in processes}
    is_well = broker.is_well and all(one["is_well"] for one in found.values())
    expired, behind = expired_orders(), behind_as_json(board_behind())
    if as_json:
        shown = {"well": is_well, "broker": broker_as_json(broker), "services": found, "expired_orders": expired}
        show_json(shown | {"board_behind": behind})
    else:
        click.echo(
            f"broker: {broker.address or 'not up'}"
            + (f", RabbitMQ {broker.version}" if broker.version else ", does not answer")
        )
        click.echo(table(HEAD, [row(name, one) for name, one in found.items()]))
        for name, one in found.items():
            if one["trouble"]:
                click.echo(f"{name} is not ready: {one['trouble']}")
            if one["late_timers"]:
                click.echo(f"{name} is behind: {one['late_timers']} timers have been due for more than a minute")
            if one["unknown"]:
                click.echo(f"{name} waits for newer code to read {one['unknown']} events; see ./gongshang stuck list")
        for line in dead_lines(broker):
            click.echo(line)
        for line in returned_lines(expired, broker.messages(topology.RETURNED_QUEUE)):
            click.echo(line)
        for name, one in found.items():
            if holding := one["event_log_held_back_by"]:
                click.echo(f"The event log of {name} is held back by {holding}; see ./gongshang stuck show {holding}")
        if behind and behind["events"]:
            click.echo(f"board is behind by {behind['events']} events, the oldest from {behind['seconds']:.1f} s ago")
        if unread := [name for name in SERVICES if found[name]["unsent"] is None]:
            click.echo(f"The database of {', '.join(unread)} can't be read: it is away, not made, or not migrated.")
    ctx.exit(0 if is_well else 1)


def dead_lines(broker: BrokerStatus) -> list[str]:
    """Those that need somebody and are of no service; and those that need nobody, which no column counts."""
    needing = [(broker.unsettled.get(queue), whence) for queue, whence in OF_NO_SERVICE.items()]
    lines = [f"{n} messages came back too often from {whence}; see ./gongshang dead list" for n, whence in needing if n]
    settled = (
        f"{broker.settled} dead messages were refused and answered, and need nobody; see ./gongshang dead list --all"
    )
    return [*lines, settled] if broker.settled else lines


def returned_lines(expired: int | None, untold: int | None) -> list[str]:
    """Orders that nobody read in time: those the hotline was told of, and those it will be told of."""
    told = f"orders that expired before intake read them, told to the hotline: {expired}" if expired else ""
    waiting = f"orders in {topology.RETURNED_QUEUE}, to be told once intake runs: {untold}" if untold else ""
    return [line for line in (told, waiting) if line]


def look_at_broker(processes: list[str]) -> BrokerStatus:
    uri = settings().amqp_uri
    if uri is None:
        return BrokerStatus(None, None, {})
    address = f"amqp://{uri.rpartition('@')[2]}"
    dead = [*(topology.dead_of(name) for name in processes if name in SERVICES), *OF_NO_SERVICE]
    names = [*map(queue_of, [name for name in processes if name != GATEWAY]), *dead]
    try:
        with connection_to(uri) as connection:
            queues = read_queues(connection, [*names, topology.HOTLINE_QUEUE, topology.RETURNED_QUEUE])
            version = version_of(connection)
        return BrokerStatus(address, version, queues, look_at_dead([name for name in dead if queues[name]]))
    except (OSError, amqp.exceptions.AMQPError):
        return BrokerStatus(address, None, {})


def look_at_dead(queues: list[str]) -> dict[str, int]:
    """How many dead messages need a person: what was refused and answered needs nobody."""
    with broker_connection() as connection:
        return {queue: dead_messages.unsettled(connection, queue) for queue in queues}


def queue_of(process: str) -> str:
    """What a process reads when it runs: its inbox, or calls where it has none. (The gateway reads nothing.)"""
    return topology.inbox_of(process) if process in topology.SERVICES else topology.calls_of(process)


def look_at_process(name: str, broker: BrokerStatus) -> dict[str, Any]:
    """A process with no inbox and database of its own has no backlog either."""
    supervised = supervisord.states_of(name)
    queue, dead = broker.queues.get(queue_of(name)), broker.queues.get(topology.dead_of(name))
    inbox, backlog = (queue, read_backlog(name)) if name in SERVICES else (None, None)
    is_seen = bool(queue and queue.consumers) or (name == GATEWAY and bool(web.port_now()) and web.is_well())
    state = state_of(supervised) or ("running" if is_seen else "not seen")
    trouble = trouble_of(supervised)
    is_elsewhere = name == GATEWAY and state == "not seen"  # nothing on the broker shows whether it runs
    is_stuck = bool(backlog and (backlog.parked or backlog.unknown)) or bool(
        broker.unsettled.get(topology.dead_of(name))
    )
    is_read = backlog is not None or name not in SERVICES
    return {
        "state": state if trouble is None else "not ready",
        "trouble": trouble,
        "copies": len(supervised) or None,
        "pid": next((one["pid"] for one in supervised if one["pid"]), None),
        "inbox_queue": inbox.messages if inbox else None,
        "dead": dead.messages if dead else None,
        "dead_unsettled": broker.unsettled.get(topology.dead_of(name)),
        "early": backlog.early if backlog else None,
        "waiting": backlog.waiting if backlog else None,
        "parked": backlog.parked if backlog else None,
        "unknown": backlog.unknown if backlog else None,
        "late_timers": backlog.late if backlog else None,
        "unsent": backlog.unsent if backlog else None,
        "event_log_held_back_by": f"{name}:unsent-{backlog.holds_log}" if backlog and backlog.holds_log else None,
        "metrics_port": supervisord.metrics_ports_now().get(name),
        "is_well": (state == "running" or is_elsewhere) and trouble is None and is_read and not is_stuck,
    }


def state_of(copies: list[dict[str, Any]]) -> str:
    """Of several copies, one that does not run; empty where none is supervised here."""
    states = [one["statename"] for one in copies]
    return next((state for state in states if state != RUNNING), RUNNING if states else "").lower()


def trouble_of(copies: list[dict[str, Any]]) -> str | None:
    """What keeps one that runs from its work, as it says itself."""
    ports = supervisord.metrics_ports_now()
    running = (one["name"] for one in copies if one["statename"] == RUNNING)
    troubles = (trouble_at(ports[name]) for name in running)
    return next((trouble for trouble in troubles if trouble), None)


def behind_as_json(behind: Behind | None) -> dict[str, Any] | None:
    """Null where a database can't be read."""
    if behind is None:
        return None
    return {"events": behind.events, "seconds": behind.length(clock_from(settings()).now()).total_seconds()}


def broker_as_json(broker: BrokerStatus) -> dict[str, Any]:
    return {
        "address": broker.address,
        "version": broker.version,
        "hotline_replies": broker.messages(topology.HOTLINE_QUEUE),
        "intake_returned": broker.messages(topology.RETURNED_QUEUE),
        "neighbours_dead": broker.unsettled.get(NEIGHBOURS_DEAD),
    }


def row(name: str, found: dict[str, Any]) -> list[Any]:
    cells = [
        found[key]
        for key in (
            "state",
            "pid",
            "inbox_queue",
            "dead_unsettled",
            "early",
            "waiting",
            "parked",
            "unsent",
            "metrics_port",
        )
    ]
    absent = NOT_KNOWN if name in SERVICES else NONE_THERE
    return [name, *(absent if cell is None else cell for cell in cells)]
