"""A RabbitMQ node of the suite's own: its own ports, cookie, name and data under one folder, on loopback only.

`find_broker()` is the way in: it respects `AMQP_URI` and otherwise finds or installs RabbitMQ. The system's own
node is never touched. `kill()` is for fault tests; everything else stops it with `stop()`.
"""

import fcntl
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import amqp

from services.cli.folders import broker_folder
from services.cli.servers import broker_files, processes, rabbitmq_programs
from services.cli.servers.ports import LOOPBACK, is_epmd, is_listening
from services.cli.servers.unavailable import NodeUnavailable
from shared.settings import settings

READY_SECONDS = 60.0
STOP_SECONDS = 40.0
PORT_TAKEN = (b"eaddrinuse", b"dist_port_already_used", b"nodistribution")
"""What its log then says: of a port of RabbitMQ's, of Erlang's own, and of one that epmd could not have."""
EPMD_SECONDS = 10.0
PORTS_TRIED = 3
PATIENCE = 15
"""Seconds for each word of a broker that is asked something: on a machine that is full, none comes at once."""


class GivenBroker:
    """A broker that someone else runs and `AMQP_URI` names. Never started or stopped from here."""

    is_private = False

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def start(self) -> None:
        self.wait_ready()

    def stop(self) -> None:
        return

    def discard(self) -> None:
        return

    def kill(self) -> None:
        raise NodeUnavailable("AMQP_URI names a broker that is not ours to kill.")

    def is_running(self) -> bool:
        return answers(self.uri)

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        if not processes.wait_until(self.is_running, timeout, interval=0.5):
            raise NodeUnavailable("No broker answers at AMQP_URI. Is it up, and are user and password right?")


class BrokerNode:
    """One private node under `folder`. Objects over the same folder, in any process, are the same node.

    While it runs, its address also stands in the file `uri` there, for every other process of the suite.
    """

    is_private = True

    def __init__(self, folder: Path | None = None, *, definitions: Path | None = None) -> None:
        self.folder = Path(folder or broker_folder()).absolute()
        self.definitions = definitions

    @property
    def uri(self) -> str:
        return self.identity.uri

    @property
    def identity(self) -> broker_files.Identity:
        """Made at first use and kept in the folder from then on."""
        found = broker_files.remembered_identity(self.identity_file)
        if found is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            found = broker_files.new_identity()
            broker_files.remember(found, self.identity_file)
        return found

    @property
    def identity_file(self) -> Path:
        return self.folder / "node.json"

    @property
    def log(self) -> Path:
        return self.folder / "log" / "console.log"

    @property
    def server_pid(self) -> int | None:
        return self.noted_pid("server", having=self.identity.name)

    @property
    def epmd_pid(self) -> int | None:
        return self.noted_pid("epmd", having=f"-port {self.identity.epmd_port}")

    def noted_pid(self, program: str, *, having: str) -> int | None:
        try:
            pid = int((self.folder / f"{program}.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if processes.is_alive(pid, having=having) else None

    def is_running(self) -> bool:
        return self.server_pid is not None

    def start(self, timeout: float = READY_SECONDS) -> None:
        """Start and wait until it takes connections. A node that runs already is left as it is.

        It boots for seconds before it listens: where somebody takes one of its ports meanwhile, it starts on others.
        """
        with self.held_alone():
            if self.is_running():
                self.wait_ready(timeout)
                return
            lacks_a_port = self._refusal_from_now_on()
            self.spawn()
            self.wait_ready(timeout, unless=lacks_a_port)
            if lacks_a_port():
                self.kill()
                self.spawn()
                self.wait_ready(timeout)

    def _refusal_from_now_on(self) -> Callable[[], bool]:
        """Whether its log tells of a port that was taken; what it told of earlier starts doesn't count."""
        known = self.log.stat().st_size if self.log.exists() else 0

        def is_told() -> bool:
            said = self.log.read_bytes()[known:]
            return any(taken in said for taken in PORT_TAKEN)

        return is_told

    def spawn(self) -> None:
        installation = rabbitmq_programs.find_or_install()
        for _ in range(PORTS_TRIED):
            self.end_epmd()
            identity = broker_files.with_usable_ports(self.identity)
            broker_files.remember(identity, self.identity_file)
            broker_files.write_privately(self.folder / "uri", identity.uri)
            broker_files.write_files(self.folder, identity, self.definitions)
            if installation.brings_epmd or self._begin_epmd(installation):
                break
        (self.folder / "server.pid").unlink(missing_ok=True)
        self.launch(installation.command("rabbitmq-server", sees=self.folder))

    def _begin_epmd(self, installation: rabbitmq_programs.Installation) -> bool:
        """Whether it answers at its port before the node asks for it: where that was taken meanwhile, it never does."""
        port = self.identity.epmd_port
        epmd = ["-port", str(port), "-address", LOOPBACK]
        epmd_pid = self.launch(installation.command("epmd", *epmd, sees=self.folder))
        (self.folder / "epmd.pid").write_text(str(epmd_pid))
        processes.wait_until(lambda: processes.has_ended(epmd_pid) or is_epmd(port), EPMD_SECONDS)
        return is_epmd(port)

    def launch(self, command: list[str]) -> int:
        environment = broker_files.broker_environment(self.folder, self.identity)
        return processes.start_detached(command, log=self.log, env=environment, cwd=self.folder)

    def is_ready(self) -> bool:
        return is_listening(self.identity.port) and answers(self.uri)

    def wait_ready(self, timeout: float = READY_SECONDS, *, unless: Callable[[], bool] = lambda: False) -> None:
        if not processes.wait_until(lambda: self.is_ready() or unless(), timeout, interval=0.1):
            ends = last_lines(self.log)
            raise NodeUnavailable(
                f"The broker was not ready after {timeout:.0f} s; its log in {self.log.parent} ends:\n{ends}"
            )

    def stop(self, timeout: float = STOP_SECONDS) -> None:
        """Stop in good order; what is in durable queues is there after the next start."""
        pid = self.server_pid
        if pid is not None:
            processes.send(pid, signal.SIGTERM)
            if not processes.wait_for_end(pid, timeout):
                self.kill()
        (self.folder / "uri").unlink(missing_ok=True)
        self.end_epmd()

    def kill(self) -> None:
        """SIGKILL, as a power cut would: nothing is flushed, nobody is told."""
        pid = self.server_pid
        if pid is not None:
            processes.send(pid, signal.SIGKILL)
            processes.wait_for_end(pid, STOP_SECONDS)

    def discard(self) -> None:
        """End a node whose queues nobody will ask for again: stopping in good order takes it some seconds."""
        self.kill()
        self.stop()

    def end_epmd(self) -> None:
        pid = self.epmd_pid
        if pid is not None:
            processes.send(pid, signal.SIGKILL)
            processes.wait_for_end(pid, STOP_SECONDS)

    @contextmanager
    def held_alone(self) -> Iterator[None]:
        """Two programs that start the same node at once must not make two of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def find_broker(folder: Path | None = None, *, definitions: Path | None = None) -> BrokerNode | GivenBroker:
    """The broker to use here: the one `AMQP_URI` names, else a private node under `folder`, not yet started."""
    given = settings().amqp_uri_given
    return GivenBroker(given) if given else BrokerNode(folder, definitions=definitions)


def last_lines(log: Path, count: int = 8) -> str:
    if not log.exists():
        return "(nothing was written)"
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-count:])


def answers(uri: str) -> bool:
    """Whether a broker lets us in at `uri`; that its port is open says too little while it boots."""
    try:
        connect(uri).close()
    except (OSError, amqp.exceptions.AMQPError):
        return False
    return True


@contextmanager
def connection_to(uri: str) -> Iterator[amqp.Connection]:
    connection = connect(uri, patience=PATIENCE)
    try:
        yield connection
    finally:
        connection.close()


def version_of(connection: amqp.Connection) -> str:
    return str(connection.server_properties.get("version", "unknown"))


def connect(uri: str, *, patience: int = 5) -> amqp.Connection:
    """`patience` in seconds, for each word of the broker's. One that isn't there refuses at once."""
    from kombu.utils.url import parse_url

    parts = parse_url(uri)
    connection = amqp.Connection(
        host=f"{parts['hostname']}:{parts['port'] or 5672}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"] or "/",
        ssl=uri.startswith("amqps"),
        connect_timeout=patience,
        read_timeout=patience,
        write_timeout=patience,
    )
    connection.connect()
    return connection
