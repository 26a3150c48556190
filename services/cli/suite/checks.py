"""What `doctor` looks at. Each check says what it found and, where that is wrong, what to do about it."""

import importlib.metadata
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import amqp
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from services import ANSWERING, PROCESSES, home_of
from services.cli.folders import ROOT, in_var
from services.cli.servers import broker_topology, rabbitmq_programs
from services.cli.servers.broker import BrokerNode, GivenBroker, connection_to, find_broker, version_of
from services.cli.servers.ports import is_port_free
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite import databases, supervisord, web
from services.cli.suite.own_files import own_files
from services.gateway import listening
from shared.settings import BadSetting, FaultyFile, remembered_database, settings
from shared.storage.engine import CONNECTIONS_OF_A_WEB_WORKER, READS, connections_of, engine_for
from shared.token_keys import PRIVATE_KEY

LEAST_FREE_GIB = 2
OLDEST_RABBITMQ = (3, 10)
HASH_EXCHANGE = "x-consistent-hash"


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's. `advice` is there when something is wrong."""

    name: str
    found: str
    advice: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.advice


def all_findings() -> Iterator[Finding]:
    """In the order in which things are needed, so that the first wrong line is the one to begin with."""
    single: list[Callable[[], Finding]] = [python, packages, var_folder, disk, clock, keys]
    for look in single:
        yield look()
    yield from files()
    yield from broker()
    yield kind_of_database()
    for service in PROCESSES:
        if databases.has_migrations(service):
            yield database(service)
    yield from people()
    yield from connections()
    yield ports()
    yield web_pages()


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    advice = "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer and start ./gongshang again."
    return Finding("python", f"{version} in {sys.prefix}", advice)


def packages() -> Finding:
    lock = (ROOT / "docker" / "requirements.lock").read_text()
    pins = re.findall(r"^([\w.-]+)==(\S+)( ;.*)?", lock, re.MULTILINE)
    strays = [name for name, version, condition in pins if not condition and installed_version(name) != version]
    if strays:
        return Finding(
            "packages", f"not as locked: {', '.join(strays)}", "Remove var/venv and start ./gongshang again."
        )
    return Finding("packages", f"{len(pins)} as locked")


def installed_version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def var_folder() -> Finding:
    folder = in_var()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as trouble:
        return Finding(
            "var folder", f"{folder}: {trouble.strerror}", "Make it writable, or name another: GONGSHANG_VAR."
        )
    if not os.access(folder, os.W_OK):
        return Finding("var folder", f"{folder} is not writable", "Make it writable, or name another: GONGSHANG_VAR.")
    return Finding("var folder", str(folder))


def disk() -> Finding:
    free = shutil.disk_usage(nearest_existing(in_var())).free / 2**30
    advice = (
        "" if free >= LEAST_FREE_GIB else f"Free some: the broker stops taking messages; {LEAST_FREE_GIB} GiB at least."
    )
    return Finding("disk", f"{free:.1f} GiB free", advice)


def nearest_existing(path: Path) -> Path:
    return path if path.exists() else nearest_existing(path.parent)


def clock() -> Finding:
    try:
        zoneinfo.ZoneInfo("Asia/Shanghai")
    except zoneinfo.ZoneInfoNotFoundError:
        return Finding("clock", "no time zone data", "Install the system's package tzdata.")
    if is_synchronised() is False:
        return Finding("clock", "not synchronised", "Turn on time synchronisation: deadlines follow this clock.")
    return Finding("clock", "set; time zones known")


def is_synchronised() -> bool | None:
    """What systemd knows; None where it isn't in charge (a container takes its host's time)."""
    timedatectl = shutil.which("timedatectl")
    if timedatectl is None:
        return None
    asked = subprocess.run(
        [timedatectl, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, check=False
    )
    return {"yes": True, "no": False}.get(asked.stdout.strip())


def keys() -> Finding:
    key = settings().keys_folder / PRIVATE_KEY
    if not key.exists():
        return Finding("keys", "none yet; made with the first token")
    mode = stat.S_IMODE(key.stat().st_mode)
    if mode & 0o077:
        return Finding("keys", f"{key} can be read by others", f"chmod 600 {key}")
    return Finding("keys", str(key))


def files() -> Iterator[Finding]:
    for file in own_files():
        advice = "\n          ".join(["Mend it:", *file.faults]) if file.faults else ""
        yield Finding(file.variable, str(file.path), advice)


def broker() -> Iterator[Finding]:
    node = find_broker()
    if isinstance(node, BrokerNode) and not node.is_running():
        yield idle_broker()
        return
    try:
        with connection_to(node.uri) as connection:
            yield reached_broker(node.uri, version_of(connection))
            yield hash_plugin(connection)
        yield from stands_on(node)
    except FaultyFile:
        yield Finding("broker's topology", "can't be compared: it depends on the policy file", "Mend that file first.")
    except (OSError, amqp.exceptions.AMQPError) as trouble:
        advice = "Is it up, and are user, password and virtual host in AMQP_URI right?"
        yield Finding("broker", f"does not let us in at {without_secrets(node.uri)}: {trouble}", advice)


def without_secrets(uri: str) -> str:
    return uri.rpartition("@")[2]


def idle_broker() -> Finding:
    installation = rabbitmq_programs.find_installation()
    if installation is None:
        return Finding(
            "broker", "RabbitMQ is not installed", "As root, ./gongshang up installs it; or name one with AMQP_URI."
        )
    return Finding("broker", f"not running; ./gongshang up starts it ({installation.scripts})")


def reached_broker(uri: str, version: str) -> Finding:
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    advice = "" if numbers >= OLDEST_RABBITMQ else "Use RabbitMQ 3.10 or newer."
    return Finding("broker", f"RabbitMQ {version} at {without_secrets(uri)}", advice)


def stands_on(node: BrokerNode | GivenBroker) -> Iterator[Finding]:
    """Exchanges, queues, bindings, policies, users and rights, one by one."""
    try:
        seen = broker_topology.look(node)
    except NodeUnavailable as trouble:
        advice = "Name where it answers, with a user that is an administrator: GONGSHANG_BROKER_MANAGEMENT."
        yield Finding("broker management", trouble.format_message(), advice)
        return
    for one in seen.differences:
        yield Finding("on the broker", str(one), "Run ./gongshang topology apply.")
    if not seen.differences:
        yield Finding(
            "on the broker", "as declared" if seen.is_complete else f"as declared. {broker_topology.not_seen(node)}"
        )


def hash_plugin(connection: amqp.Connection) -> Finding:
    """The one way to see a plugin through AMQP is to use it. A broker without it ends the connection."""
    name = f"gongshang.doctor.{secrets.token_hex(4)}"
    channel = connection.channel()
    try:
        channel.exchange_declare(name, HASH_EXCHANGE, durable=False, auto_delete=True)
        channel.exchange_delete(name)
    except amqp.exceptions.AccessRefused:
        return Finding("broker plugins", "can't be seen with this user's rights")
    except (amqp.exceptions.AMQPError, OSError):
        advice = "On the broker: rabbitmq-plugins enable rabbitmq_consistent_hash_exchange"
        return Finding("broker plugins", f"{HASH_EXCHANGE} is missing", advice)
    return Finding("broker plugins", HASH_EXCHANGE)


def kind_of_database() -> Finding:
    """Which one this shell means, and which one `up` runs on."""
    here, there = settings().database, remembered_database(settings().var_folder)
    if there is None or here == there:
        return Finding("database", without_secrets(here))
    advice = "Leave GONGSHANG_DATABASE out in this shell, or give `up` the same one."
    return Finding("database", f"{without_secrets(here)} here, but `up` ran on {without_secrets(there)}", advice)


def database(service: str) -> Finding:
    name = f"database of {service}"
    try:
        has, newest = databases.versions(service)
    except SQLAlchemyError as trouble:
        return Finding(name, databases.first_line(trouble), "Is it up, and is GONGSHANG_DATABASE right?")
    if has != newest:
        return Finding(name, f"at version {has or 'none'}, newest is {newest}", "Run ./gongshang migrate.")
    return Finding(name, f"at version {has}")


def people() -> Iterator[Finding]:
    """Whether anybody could be given a task. Nothing is said while there is no directory that can be read."""
    engine = engine_for("directory")
    if not databases.is_made(engine):
        return
    asked = text("SELECT count(*) FROM directory_periods WHERE kind = 'desk'")
    try:
        with engine.connect().execution_options(**READS) as connection:
            desks = int(connection.execute(asked).scalar() or 0)
    except SQLAlchemyError:
        return
    advice = "Enter organisations, desks and staff (./gongshang directory import): until then every order gets stuck."
    yield Finding("people", f"{desks} desks in the directory", "" if desks else advice)


def connections() -> Iterator[Finding]:
    """Whether PostgreSQL lets so many in as the processes may open; nothing where it is not used or away."""
    allowed = databases.most_connections()
    if allowed is None:
        return
    each = sum(connections_of(home_of(name)) for name in ANSWERING)
    workers = settings().web_workers * CONNECTIONS_OF_A_WEB_WORKER
    found = f"all processes open up to {each + workers}, PostgreSQL allows {allowed}: room for"
    copies = max(0, (allowed - workers) // each)
    advice = "" if copies else "Raise max_connections in PostgreSQL's configuration."
    yield Finding("connections", f"{found} {copies} {'copy' if copies == 1 else 'copies'} of each", advice)


def ports() -> Finding:
    """While we are up, our ports are taken by ourselves."""
    wanted = supervisord.metrics_ports_now().values()
    taken = [str(port) for port in wanted if not is_port_free(port)]
    if taken and not supervisord.is_up():
        return Finding("ports", f"taken by others: {', '.join(taken)}; others will be picked at the next start")
    return Finding("ports", "as picked" if wanted else "picked at the first start")


def web_pages() -> Finding:
    """Whether the gateway would start, and who it would let in."""
    try:
        listening.must_be_safe(settings())
    except BadSetting as fault:
        return Finding("web pages", "would not start", str(fault))
    if settings().web_proxy:
        reach = "those that the proxy lets in"
    else:
        reach = "everybody, over TLS" if settings().web_certificate else "this machine alone"
    return Finding("web pages", f"at {web.address()}, for {reach}" if web.port_now() else f"for {reach}")
