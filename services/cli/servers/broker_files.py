"""The files a private RabbitMQ node is made of: its identity, its settings, and the definitions it loads at start."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from services.cli.servers.broker_users import with_user
from services.cli.servers.ports import LOOPBACK, becomes_free, pick_free_ports
from shared.whole_file import write_whole

PLUGINS = "[rabbitmq_consistent_hash_exchange].\n"
PLUGINS_WITH_MANAGEMENT = "[rabbitmq_consistent_hash_exchange,rabbitmq_management].\n"
SETTINGS = """\
listeners.tcp.1 = {loopback}:{port}
load_definitions = definitions.json
disk_free_limit.absolute = 100MB
vm_memory_high_watermark.relative = 0.5
raft.wal_max_size_bytes = 67108864
log.console = false
log.file.level = warning
cluster_name = gongshang
"""
MANAGEMENT = """\
management.tcp.ip = {loopback}
management.tcp.port = {management_port}
management_agent.disable_metrics_collector = true
"""
# Schedulers that spin while idle would take the services' own processor time on a small machine.
ERLANG_FLAGS = "-kernel inet_dist_use_interface {{127,0,0,1}} +sbwt none +sbwtdcpu none +sbwtdio none -gongshang {name}"


@dataclass(frozen=True)
class Identity:
    """What a node keeps for life: its name is the name of its data folder, its user is in its clients' settings."""

    name: str
    port: int
    dist_port: int
    epmd_port: int
    user: str
    password: str
    management_port: int = 0

    @property
    def uri(self) -> str:
        return f"amqp://{self.user}:{self.password}@{LOOPBACK}:{self.port}/"


def new_identity() -> Identity:
    port, dist_port, epmd_port, management_port = pick_free_ports(4)
    name, password = f"gongshang_{secrets.token_hex(4)}@localhost", secrets.token_urlsafe(18)
    return Identity(name, port, dist_port, epmd_port, "gongshang", password, management_port)


def remembered_identity(file: Path) -> Identity | None:
    try:
        return Identity(**json.loads(file.read_text()))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def remember(identity: Identity, file: Path) -> None:
    write_privately(file, json.dumps(asdict(identity), indent=2))


def write_privately(file: Path, text: str) -> None:
    """Readable by its owner only, because a password is in it."""
    write_whole(file, text.encode(), 0o600)


def with_usable_ports(identity: Identity) -> Identity:
    """The same node; on other ports if a stranger has taken one of them meanwhile, or it never had one."""
    listened = (identity.port, identity.dist_port, identity.epmd_port, identity.management_port)
    if all(port and becomes_free(port) for port in listened):
        return identity
    return replace(new_identity(), name=identity.name, user=identity.user, password=identity.password)


def write_files(folder: Path, identity: Identity, definitions: Path | None) -> None:
    for name in ("home", "log", "data"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    everything = with_user(read_definitions(definitions), identity.user, identity.password)
    write_privately(folder / "definitions.json", json.dumps(everything, ensure_ascii=False))
    is_managed = has_management(folder)
    (folder / "enabled_plugins").write_text(PLUGINS_WITH_MANAGEMENT if is_managed else PLUGINS)
    (folder / "environment.conf").write_text("")
    ports = {"port": identity.port, "management_port": identity.management_port}
    settings = SETTINGS + (MANAGEMENT if is_managed else "")
    (folder / "rabbitmq.conf").write_text(settings.format(loopback=LOOPBACK, **ports))


def has_management(folder: Path) -> bool:
    """RabbitMQ's management ends the whole node where its log lies in a folder with other letters than ASCII's."""
    return str(folder).isascii()


def read_definitions(file: Path | None) -> dict[str, Any]:
    return json.loads(file.read_text()) if file and file.exists() else {}


def broker_environment(folder: Path, identity: Identity) -> dict[str, str]:
    """Everything RabbitMQ's scripts would otherwise take from the system's node."""
    own = {
        "HOME": folder / "home",
        "ERL_EPMD_PORT": identity.epmd_port,
        "ERL_EPMD_ADDRESS": LOOPBACK,
        "RABBITMQ_NODENAME": identity.name,
        "RABBITMQ_NODE_PORT": identity.port,
        "RABBITMQ_NODE_IP_ADDRESS": LOOPBACK,
        "RABBITMQ_DIST_PORT": identity.dist_port,
        "RABBITMQ_MNESIA_BASE": folder / "data",
        "RABBITMQ_LOG_BASE": folder / "log",
        "RABBITMQ_PID_FILE": folder / "server.pid",
        "RABBITMQ_CONFIG_FILE": folder / "rabbitmq.conf",
        "RABBITMQ_ADVANCED_CONFIG_FILE": folder / "advanced.config",
        "RABBITMQ_CONF_ENV_FILE": folder / "environment.conf",
        "RABBITMQ_GENERATED_CONFIG_DIR": folder / "generated",
        "RABBITMQ_ENABLED_PLUGINS_FILE": folder / "enabled_plugins",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": ERLANG_FLAGS.format(name=identity.name),
    }
    strangers = {name for name in os.environ if name.startswith(("RABBITMQ_", "ERL_"))}
    kept = {name: value for name, value in os.environ.items() if name not in strangers}
    return {**kept, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **{name: str(value) for name, value in own.items()}}
