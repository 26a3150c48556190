"""Where RabbitMQ's programs are on this machine, or how they get there."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.cli.servers.packages import can_install, install_without_starting
from services.cli.servers.unavailable import NodeUnavailable

SCRIPT_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/local/lib/rabbitmq/bin", "/opt/rabbitmq/sbin")
IMAGE = "rabbitmq:4.1"
PASSED_ON = (
    *("HOME", "LANG", "LC_ALL", "ERL_EPMD_PORT", "ERL_EPMD_ADDRESS", "RABBITMQ_NODENAME", "RABBITMQ_NODE_PORT"),
    *("RABBITMQ_NODE_IP_ADDRESS", "RABBITMQ_DIST_PORT", "RABBITMQ_MNESIA_BASE", "RABBITMQ_LOG_BASE"),
    *("RABBITMQ_PID_FILE", "RABBITMQ_CONFIG_FILE", "RABBITMQ_ADVANCED_CONFIG_FILE", "RABBITMQ_CONF_ENV_FILE"),
    *("RABBITMQ_GENERATED_CONFIG_DIR", "RABBITMQ_ENABLED_PLUGINS_FILE", "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"),
)
UNITS = ("rabbitmq-server.service", "epmd.service", "epmd.socket")
HOW_TO_GET_ONE = (
    "No RabbitMQ found, and it can't be installed from here. One of these helps:\n"
    "  Debian or Ubuntu, as root:  apt-get install rabbitmq-server\n"
    "  a broker you have already:  AMQP_URI=amqp://user:password@host:5672/ ./gongshang ..."
)


@dataclass(frozen=True)
class Installation:
    """RabbitMQ's scripts, seen from `root`: `/`, or a folder that holds a whole system of its own."""

    scripts: Path
    root: Path = Path("/")
    brings_epmd: bool = False

    def command(self, program: str, *arguments: str, sees: Path) -> list[str]:
        """The words that start one of RabbitMQ's programs. `sees` is the one folder both systems must share."""
        words = [self.program(program), *arguments]
        if self.root == Path("/"):
            return words
        inside = self.root / sees.relative_to("/")
        inside.mkdir(parents=True, exist_ok=True)
        mounts = (
            'mount --bind "$1" "$2" && mount -t proc proc "$3/proc" && sees="$1" && root="$3" && shift 3 && '
            """exec chroot "$root" sh -ec 'cd "$1" && shift && exec "$@"' sh "$sees" "$@\""""
        )
        return ["unshare", "--mount", "sh", "-ec", mounts, "sh", str(sees), str(inside), str(self.root), *words]

    def program(self, name: str) -> str:
        if name == "epmd":
            return self.epmd()
        return str(self.scripts / name)

    def epmd(self) -> str:
        """Erlang's name server; in Erlang's own folder where it is not on the path."""
        on_path = self.root / "usr/bin/epmd"
        found = [on_path] if on_path.exists() else sorted(self.root.glob("usr/lib/erlang/erts-*/bin/epmd"))
        if found:
            return "/" + str(found[-1].relative_to(self.root))
        return shutil.which("epmd") or "epmd"


@dataclass(frozen=True)
class Container(Installation):
    """RabbitMQ in a container that shares our folder, user, ports and process numbers, so that it runs like any other.

    It brings its own name server, which ends with it.
    """

    scripts: Path = Path("/")
    brings_epmd: bool = True

    def command(self, program: str, *arguments: str, sees: Path) -> list[str]:
        shared = [
            "--network",
            "host",
            "--pid",
            "host",
            "--user",
            f"{os.geteuid()}:{os.getegid()}",
            "-v",
            f"{sees}:{sees}",
            "-w",
            str(sees),
        ]
        passed = [word for name in PASSED_ON for word in ("-e", name)]
        return ["docker", "run", "--rm", *shared, *passed, "--entrypoint", program, IMAGE, *arguments]


def find_engine() -> Container | None:
    """A Docker engine that answers; a client alone is not enough."""
    if shutil.which("docker") is None:
        return None
    asked = subprocess.run(["docker", "info"], capture_output=True, check=False)
    return Container() if asked.returncode == 0 else None


def find_installation(environment: Mapping[str, str] = os.environ) -> Installation | None:
    root = environment.get("GONGSHANG_RABBITMQ_ROOT")
    if root:
        return installation_under(Path(root))
    for folder in SCRIPT_FOLDERS:
        if (Path(folder) / "rabbitmq-server").exists():
            return Installation(Path(folder))
    on_path = shutil.which("rabbitmq-server")
    return Installation(Path(on_path).resolve().parent) if on_path else None


def installation_under(root: Path) -> Installation:
    if not (root / "usr/lib/rabbitmq/bin/rabbitmq-server").exists():
        raise NodeUnavailable(f"GONGSHANG_RABBITMQ_ROOT: no usr/lib/rabbitmq/bin/rabbitmq-server under {root}")
    if os.geteuid() != 0:
        raise NodeUnavailable("GONGSHANG_RABBITMQ_ROOT needs root, because it uses chroot.")
    return Installation(Path("/usr/lib/rabbitmq/bin"), root=root)


def find_or_install() -> Installation:
    found = find_installation()
    if found is None and can_install():
        install_without_starting("rabbitmq-server", units=UNITS)
        found = find_installation()
    found = found or find_engine()
    if found is None:
        raise NodeUnavailable(HOW_TO_GET_ONE)
    return found
