"""Where a benchmark runs: with a fresh broker and PostgreSQL below var/bench, and only the processes it asks for."""

import json
import os
import signal
import subprocess
from collections.abc import Callable
from typing import Any

from services import SERVICES, home_of
from services.cli.bench.copies import Copies
from services.cli.folders import log_folder, topology_file
from services.cli.servers.broker import BrokerNode, connection_to
from services.cli.servers.postgres import PostgresNode, find_postgres
from services.cli.servers.topology_file import write_topology
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite.databases import migrate
from services.cli.suite.world import STOP_SECONDS, World, clear, surroundings, tied
from shared.bus import topology
from shared.bus.queue_reading import read_queue
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for

OURS = ("GONGSHANG_VAR", "GONGSHANG_KEYS_FOLDER", "GONGSHANG_CLOCK", "GONGSHANG_DATABASE", "GONGSHANG_LOG_LEVEL")
UNWANTED = ("AMQP_URI", "GONGSHANG_METRICS_PORT", "GONGSHANG_OUTBOX")


class Ground(World):
    """`with Ground(say=say) as ground: ground.start("intake")`. Leaves the settings as it found them."""

    most_restarts = 0  # what is measured is not started again

    def __init__(self, *, clock: str = "", say: Callable[[str], None] = lambda _: None) -> None:
        super().__init__("bench", clock=clock, say=say)
        self._found = {name: os.environ.get(name) for name in (*OURS, *UNWANTED)}
        self._databases: list[str] = []

    def _begin(self) -> None:
        PostgresNode(self.folder / "postgres").stop()
        clear(self.folder)
        self._say("Starting a broker and a PostgreSQL ...")
        for name in UNWANTED:
            os.environ.pop(name, None)
        self._postgres = find_postgres(self.folder / "postgres")
        self._postgres.start()
        self._database = self.create_database("main")
        self._settle_in()
        write_topology(topology_file())
        self._broker = BrokerNode(self.folder / "broker", definitions=topology_file())
        self._start_broker()
        migrate(SERVICES)
        self.copies = Copies()

    @property
    def plain_url(self) -> str:
        """The services' database, for psycopg itself."""
        return self._database.replace("+psycopg", "")

    @property
    def broker_pid(self) -> int:
        assert isinstance(self._broker, BrokerNode)
        return self._broker.server_pid or 0

    @property
    def postgres_pid(self) -> int:
        """0 where the server isn't ours."""
        return (self._postgres.server_pid or 0) if isinstance(self._postgres, PostgresNode) else 0

    @property
    def families(self) -> dict[str, int]:
        """Servers whose work is done by processes of theirs."""
        found = {"rabbitmq": self.broker_pid, "postgresql": self.postgres_pid}
        return {name: pid for name, pid in found.items() if pid}

    @property
    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self.processes.items()}

    def create_database(self, name: str) -> str:
        """An empty one; its URL for SQLAlchemy."""
        full = f"bench_{os.getpid()}_{name}"
        self._postgres.drop_database(full)
        self._databases.append(full)
        return self._postgres.create_database(full)

    def start(self, *services: str) -> None:
        """Start processes of these services, which know who and where, and wait until they read and answer."""
        self.copies.fill(*map(home_of, services))
        self.start_services(services)
        self.wait_for_consumers([topology.calls_of(name) for name in services])
        self.wait_for_consumers([topology.inbox_of(name) for name in services if name in topology.SERVICES])

    def start_program(self, name: str, module: str, **given: Any) -> None:
        """Start a program of the benchmark's own; what it is given it gets as JSON."""
        self.launch(name, module, as_json(given))

    def run_program(self, module: str, **given: Any) -> dict[str, Any]:
        """Run a program of the benchmark's own to its end; what it prints is a JSON object."""
        with (log_folder() / f"{module.rpartition('.')[2]}.log").open("ab") as log:
            command = tied(module, as_json(given))
            ran = subprocess.run(command, stdout=subprocess.PIPE, stderr=log, check=False, **surroundings())
        if ran.returncode:
            raise NodeUnavailable(f"{module} ended with {ran.returncode}; see {log.name}")
        printed: dict[str, Any] = json.loads(ran.stdout)
        return printed

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def purge(self, *queues: str) -> None:
        with connection_to(self.uri) as connection:
            channel = connection.channel()
            for queue in queues or [one.name for one in topology.queues()]:
                channel.queue_purge(queue)

    def depth(self, queue: str) -> int:
        with connection_to(self.uri) as connection:
            found = read_queue(connection, queue)
        return found.messages if found else 0

    def end(self) -> None:
        try:
            super().end()
            engines = [engine_for(name) for name in SERVICES] if self._databases else []
            for engine in engines:
                engine.dispose()
            for name in self._databases:
                self._postgres.drop_database(name)
            if self._databases:
                self._postgres.stop()
        finally:
            self._leave()

    def _leave(self) -> None:
        for name, value in self._found.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        settings.cache_clear()
        close_engines()


def as_json(given: dict[str, Any]) -> str:
    return json.dumps(given, ensure_ascii=False)
