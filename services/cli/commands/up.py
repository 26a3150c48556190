"""`gongshang up`: the broker and all services under a supervisor, in the foreground, until Ctrl-C."""

import subprocess
import xmlrpc.client
from collections.abc import Sequence

import click

from services import home_of
from services.cli import supervise
from services.cli.choosing import chosen
from services.cli.healthcheck import is_well
from services.cli.migrating import migrate
from services.cli.nodes.broker import BrokerNode, GivenBroker, find_broker
from services.cli.nodes.processes import wait_until
from services.cli.nodes.trouble import NodeUnavailable
from services.cli.output import example, say, table
from services.cli.places import log_folder, supervisor_folder, topology_file
from services.cli.shutdown import Shutdown
from services.cli.topology_file import declare_topology, write_topology
from shared.bus.connection import readable_address

LOOK_EVERY_SECONDS = 1.0
READY_SECONDS = 60.0
STOP_SECONDS = 180.0


@click.command(epilog=example("./gongshang up", "./gongshang up intake supervision"))
@click.argument("service", nargs=-1)
@click.pass_context
def command(ctx: click.Context, service: tuple[str, ...]) -> None:
    """Run the broker and every SERVICE (all, if none is named) until Ctrl-C; what dies is restarted."""
    services = chosen(service)
    if supervise.is_up():
        raise click.ClickException("Already up. See ./gongshang status; Ctrl-C where it runs, or SIGTERM, stops it.")
    shutdown = Shutdown()
    broker = find_broker(definitions=topology_file())
    supervisord = start(services, broker)
    try:
        bring_up(services, broker, shutdown)
        watch(supervisord, shutdown)
    finally:
        stop(supervisord)
    ctx.exit(0 if shutdown.is_asked else 1)


def start(services: Sequence[str], broker: BrokerNode | GivenBroker) -> subprocess.Popen[bytes]:
    migrate(tuple(dict.fromkeys(home_of(name) for name in services)))
    write_topology(topology_file())
    configuration = supervise.write_configuration(services, with_broker=broker.is_private)
    supervisord = supervise.start_supervisord(configuration)
    if (
        not wait_until(lambda: supervise.is_up() or supervisord.poll() is not None, 20)
        or supervisord.poll() is not None
    ):
        stop(supervisord)
        raise NodeUnavailable(f"The supervisor did not start; see {supervisor_folder()}")
    return supervisord


def bring_up(services: Sequence[str], broker: BrokerNode | GivenBroker, shutdown: Shutdown) -> None:
    """The broker first, then its queues, then those who use them."""
    if broker.is_private:
        say("Starting the broker ...")
        supervise.supervisor().startProcess(supervise.BROKER, False)
    wait_for_broker(broker, shutdown)
    if shutdown.is_asked:
        return
    declare_topology(broker.uri)
    for name in services:
        supervise.supervisor().startProcess(name, False)
    wait_until(lambda: shutdown.is_asked or all(is_ready(name) for name in services), READY_SECONDS, interval=0.2)
    if shutdown.is_asked:
        return
    click.echo(overview(broker))
    say(f"Logs are in {log_folder()}. Ctrl-C stops everything.")


def wait_for_broker(broker: BrokerNode | GivenBroker, shutdown: Shutdown) -> None:
    """For as long as it takes when it is someone else's; our own either comes or something is wrong."""
    for attempt in range(120):
        try:
            broker.wait_ready(1.0)
        except NodeUnavailable:
            if attempt == 5 and not broker.is_private:
                say("Waiting for the broker that AMQP_URI names ...")
        else:
            return
        if shutdown.is_asked:
            return
    broker.wait_ready(1.0)


def is_ready(service: str) -> bool:
    """A process may run and still wait for its database or the broker; its own word counts."""
    return is_well(supervise.metrics_ports_now()[service])


def overview(broker: BrokerNode | GivenBroker) -> str:
    ports = supervise.metrics_ports_now()
    rows = [(supervise.BROKER, "ready", supervised_pid(supervise.BROKER), readable_address(broker.uri))]
    for name, found in (supervise.process_states() or {}).items():
        if name != supervise.BROKER:
            state = "ready" if is_ready(name) else f"not ready ({found['statename'].lower()})"
            rows.append((name, state, found["pid"] or "-", f"metrics on port {ports[name]}"))
    return table(("what", "state", "pid", "where"), rows)


def supervised_pid(name: str) -> int | str:
    """A broker that someone else runs has none here."""
    found = (supervise.process_states() or {}).get(name)
    return int(found["pid"]) if found else "-"


def watch(supervisord: subprocess.Popen[bytes], shutdown: Shutdown) -> None:
    """Say what changes, until asked to stop or the supervisor is gone."""
    before: dict[str, str] = {}
    while not shutdown.wait(LOOK_EVERY_SECONDS) and supervisord.poll() is None:
        now = {name: found["statename"].lower() for name, found in (supervise.process_states() or {}).items()}
        for name in now.keys() & before.keys():
            if now[name] != before[name]:
                say(f"{name} is {now[name]} (was {before[name]})")
        before = now
    if supervisord.poll() is not None and not shutdown.is_asked:
        say(f"The supervisor ended by itself; see {supervisor_folder()}")


def stop(supervisord: subprocess.Popen[bytes]) -> None:
    """Services first, the broker last. What does not end in good time is killed by the supervisor."""
    if supervisord.poll() is None:
        try:
            supervise.supervisor().shutdown()
        except (OSError, xmlrpc.client.Error):
            supervisord.terminate()
    try:
        supervisord.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        supervisord.kill()
    say("Stopped.")
