"""`gongshang up`: the broker and all services under a supervisor, in the foreground, until Ctrl-C."""

import subprocess
import time
import xmlrpc.client
from collections.abc import Sequence

import click

from services import GATEWAY, home_of
from services.cli.folders import log_folder, supervisor_folder, topology_file
from services.cli.output import example, say, table
from services.cli.servers import processors
from services.cli.servers.broker import BrokerNode, GivenBroker, find_broker
from services.cli.servers.processes import wait_until
from services.cli.servers.rabbitmq_programs import find_or_install
from services.cli.servers.topology_file import declare_topology, write_topology
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite import supervisord, web
from services.cli.suite.choosing import chosen, copies, process_of
from services.cli.suite.databases import clock_must_go_on, migrate, remember_database
from services.cli.suite.healthcheck import is_well
from services.cli.suite.own_files import must_be_readable
from services.cli.suite.shutdown import Shutdown
from shared.bus.connection import readable_address

LOOK_EVERY_SECONDS = 1.0
READY_SECONDS = 60.0
BROKER_SECONDS = 120.0
PATIENCE_SECONDS = 6.0
STOP_SECONDS = 180.0


@click.command(epilog=example("./gongshang up", "./gongshang up intake supervision", "./gongshang up --copies 2"))
@click.argument("service", nargs=-1)
@click.option(
    "--copies",
    "count",
    type=click.IntRange(1, 9),
    default=1,
    show_default=True,
    help="Of each service: one reads the inbox, the others stand by; all answer calls.",
)
@click.pass_context
def command(ctx: click.Context, service: tuple[str, ...], count: int) -> None:
    """Run the broker and every SERVICE (all, if none is named) until Ctrl-C; what dies is restarted."""
    services = copies(chosen(service), count)
    if supervisord.is_up():
        raise click.ClickException("Already up. See ./gongshang status; Ctrl-C where it runs, or SIGTERM, stops it.")
    must_be_readable()
    shutdown = Shutdown()
    broker = find_broker(definitions=topology_file())
    process = start(services, broker)
    try:
        bring_up(services, broker, process.pid, shutdown)
        watch(process, shutdown)
    finally:
        stop(process)
    ctx.exit(0 if shutdown.is_asked else 1)


def start(services: Sequence[str], broker: BrokerNode | GivenBroker) -> subprocess.Popen[bytes]:
    if broker.is_private:
        find_or_install()  # here, where its words are seen, and not by the supervisor
    remember_database()
    homes = tuple(dict.fromkeys(home_of(process_of(name)) for name in services))
    migrate(homes)
    clock_must_go_on(homes)
    write_topology(topology_file())
    configuration = supervisord.write_configuration(services, with_broker=broker.is_private)
    process = supervisord.start_supervisord(configuration)
    if not wait_until(lambda: supervisord.is_up() or process.poll() is not None, 20) or process.poll() is not None:
        stop(process)
        raise NodeUnavailable(f"The supervisor did not start; see {supervisor_folder()}")
    return process


def bring_up(
    services: Sequence[str], broker: BrokerNode | GivenBroker, supervisor_pid: int, shutdown: Shutdown
) -> None:
    """All at once: services wait for the broker by themselves, and the time that it takes is theirs to load in."""
    say("Starting the broker and the services ..." if broker.is_private else "Starting the services ...")
    if broker.is_private:
        launch(supervisord.BROKER)
        processors.leave_one(supervisor_pid)
    for name in services:
        launch(name)
    wait_for_broker(broker, shutdown)
    processors.use_all(supervisor_pid)
    if shutdown.is_asked:
        return
    declare_topology(broker.uri)
    wait_until(lambda: shutdown.is_asked or all(is_ready(name) for name in services), READY_SECONDS, interval=0.2)
    if shutdown.is_asked:
        return
    click.echo(overview(broker))
    if GATEWAY in services:
        say(f"The pages are at {web.address()}")
    say(f"Logs are in {log_folder()}. Ctrl-C stops everything.")


def launch(name: str) -> None:
    with supervisord.supervisor() as asked:
        asked.startProcess(name, False)


def wait_for_broker(broker: BrokerNode | GivenBroker, shutdown: Shutdown) -> None:
    """For as long as it takes when it is someone else's; our own either comes or something is wrong."""
    began, has_told = time.monotonic(), False
    while not shutdown.is_asked:
        try:
            broker.wait_ready(1.0)
            break
        except NodeUnavailable as trouble:
            waited = time.monotonic() - began
            if broker.is_private and waited > BROKER_SECONDS:
                log = log_folder() / "broker.log"
                raise NodeUnavailable(f"The broker was not ready after {waited:.0f} s; see {log}") from trouble
            if waited > PATIENCE_SECONDS and not has_told:
                what = "the broker" if broker.is_private else "the broker that AMQP_URI names"
                say(f"Still waiting for {what} ...")
                has_told = True


def is_ready(service: str) -> bool:
    """A process may run and still wait for its database or the broker; its own word counts."""
    return is_well(supervisord.metrics_ports_now()[service])


def overview(broker: BrokerNode | GivenBroker) -> str:
    ports = supervisord.metrics_ports_now()
    rows = [(supervisord.BROKER, "ready", supervised_pid(supervisord.BROKER), readable_address(broker.uri))]
    for name, found in (supervisord.process_states() or {}).items():
        if name != supervisord.BROKER:
            state = "ready" if is_ready(name) else f"not ready ({found['statename'].lower()})"
            rows.append((name, state, found["pid"] or "-", f"metrics on port {ports[name]}"))
    return table(("what", "state", "pid", "where"), rows)


def supervised_pid(name: str) -> int | str:
    """A broker that someone else runs has none here."""
    found = (supervisord.process_states() or {}).get(name)
    return int(found["pid"]) if found else "-"


def watch(process: subprocess.Popen[bytes], shutdown: Shutdown) -> None:
    """Say what changes, until asked to stop or the supervisor is gone."""
    before: dict[str, str] = {}
    while not shutdown.wait(LOOK_EVERY_SECONDS) and process.poll() is None:
        now = {name: found["statename"].lower() for name, found in (supervisord.process_states() or {}).items()}
        for name in now.keys() & before.keys():
            if now[name] != before[name]:
                say(f"{name} is {now[name]} (was {before[name]})")
        before = now
    if process.poll() is not None and not shutdown.is_asked:
        say(f"The supervisor ended by itself; see {supervisor_folder()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Services first, the broker last. What does not end in good time is killed by the supervisor."""
    if process.poll() is None:
        say("Stopping: services finish what they have in hand ...")
        try:
            with supervisord.supervisor() as asked:
                asked.shutdown()
        except (OSError, xmlrpc.client.Error):
            process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
    say("Stopped.")
