"""A world of its own for demo and replay: a fresh var folder with broker, databases and one process per service.

Everything lives below one folder under var/ and ends with the program that began it.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from services import ANSWERING, GATEWAY, PROCESSES, SERVICES, program_of
from services.cli.folders import ROOT, in_var, log_folder, topology_file
from services.cli.servers import processors
from services.cli.servers.broker import BrokerNode, GivenBroker, connection_to, find_broker
from services.cli.servers.processes import wait_until
from services.cli.servers.topology_file import declare_topology, write_topology
from services.cli.servers.unavailable import NodeUnavailable
from services.cli.suite import choosing, web
from services.cli.suite.databases import migrate
from services.cli.suite.filling import has_learned, make_exercise
from services.cli.suite.own_files import must_be_readable
from shared.bus import topology
from shared.bus.queue_reading import read_queues
from shared.settings import settings
from shared.storage.engine import close_engines

READY_SECONDS = 60.0
TOLD_SECONDS = 180.0
STOP_SECONDS = 20.0
_PYTHON = (sys.executable, "-P", "-m")
KEPT_EMPTY = tuple(
    queue for service in SERVICES for queue in (*topology.queues_read_by(service), topology.dead_of(service))
)


class World:
    """`with World("demo", clock="stepped@…") as world:` everything runs inside, and nothing after.

    Its directory has people, desks and halls made from a seed. The gateway runs from `open_pages` on.
    """

    most_restarts = 3

    def __init__(
        self,
        name: str,
        *,
        clock: str = "",
        database: str = "",
        copies: int = 1,
        seed: int = 7,
        say: Callable[[str], None] = lambda _: None,
    ):
        self.folder = in_var(name)
        self.programs = choosing.copies(ANSWERING, copies)
        self._clock, self._database, self._seed, self._say = clock, database, seed, say
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts: Counter[str] = Counter()
        self._broker: BrokerNode | GivenBroker | None = None

    def __enter__(self) -> "World":
        try:
            self._begin()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def uri(self) -> str:
        assert self._broker is not None
        return self._broker.uri

    def _begin(self) -> None:
        must_be_readable()
        clear(self.folder)
        link_environment(self.folder)
        self._settle_in()
        self._say("Starting the broker, the databases and the services ...")
        write_topology(topology_file())
        self._broker = find_broker(definitions=topology_file())
        starting = Background(self._start_broker)
        if isinstance(self._broker, GivenBroker):
            starting.join()  # it may be somebody else's: nothing of ours runs before that is known
        self.start_services(self.programs)
        for process in self.processes.values():
            processors.leave_one(process.pid)
        migrate(PROCESSES)
        make_exercise(self._seed)
        starting.join()
        for process in self.processes.values():
            processors.use_all(process.pid)
        self.wait_ready()

    def _settle_in(self) -> None:
        """From here on this process, and those it starts, live in the world's own folder."""
        wanted = {"GONGSHANG_VAR": str(self.folder), "GONGSHANG_KEYS_FOLDER": ""}
        wanted |= {"GONGSHANG_CLOCK": self._clock or "real"} | (
            {"GONGSHANG_DATABASE": self._database} if self._database else {}
        )
        wanted.setdefault("GONGSHANG_LOG_LEVEL", os.environ.get("GONGSHANG_LOG_LEVEL") or "warning")
        os.environ.update(wanted)
        settings.cache_clear()
        close_engines()
        log_folder().mkdir(parents=True, exist_ok=True)

    def _start_broker(self) -> None:
        assert self._broker is not None
        self._broker.start()
        declare_topology(self._broker.uri)
        if isinstance(self._broker, GivenBroker):
            self._must_be_ours()

    def _must_be_ours(self) -> None:
        """A broker that others use as well would mix their complaints with ours."""
        with connection_to(self.uri) as connection:
            found = read_queues(connection, KEPT_EMPTY)
        busy = [name for name, queue in found.items() if queue and (queue.messages or queue.consumers)]
        if busy:
            raise NodeUnavailable(
                f"The broker that AMQP_URI names is in use ({', '.join(busy)}).\n"
                "Name an empty virtual host, or leave AMQP_URI out: then a broker of our own is started."
            )

    def start_services(self, names: Sequence[str]) -> None:
        for name in names:
            self.launch(name, *program_of(choosing.process_of(name)))

    def launch(self, name: str, module: str, *words: str) -> None:
        """Start a program of ours under this name."""
        with (log_folder() / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(tied(module, *words), stdout=log, stderr=log, **surroundings())

    def wait_ready(self) -> None:
        """Until every service reads its inbox, answers calls, and knows who and where."""
        self.wait_for_consumers([*map(topology.inbox_of, topology.SERVICES), *map(topology.calls_of, ANSWERING)])
        self.wait_until_told(topology.SERVICES)

    def open_pages(self) -> str:
        """Start the gateway; the address of the pages."""
        os.environ["GONGSHANG_WEB_PORT"] = str(web.pick_port())
        settings.cache_clear()
        self.start_services((GATEWAY,))

        def answers() -> bool:
            self.still_well()
            return web.is_well()

        if not wait_until(answers, READY_SECONDS, interval=0.1):
            raise NodeUnavailable(f"The pages were not ready after {READY_SECONDS:.0f} s; see {log_folder()}")
        return web.address()

    def wait_until_told(self, services: Sequence[str]) -> None:
        """Until these have heard all that the directory told."""

        def have_learned() -> bool:
            self.still_well()
            return all(map(has_learned, services))

        if not wait_until(have_learned, TOLD_SECONDS, interval=0.1):
            raise NodeUnavailable(f"The directory was not told to all in {TOLD_SECONDS:.0f} s; see {log_folder()}")

    def wait_for_consumers(self, queues: Sequence[str]) -> None:
        with connection_to(self.uri) as connection:

            def are_served() -> bool:
                self.still_well()
                found = read_queues(connection, queues)
                return all(queue is not None and queue.consumers for queue in found.values())

            if not wait_until(are_served, READY_SECONDS, interval=0.1):
                awaited = ", ".join(queues)
                raise NodeUnavailable(f"Not ready after {READY_SECONDS:.0f} s: {awaited}; see {log_folder()}")

    def still_well(self) -> None:
        """Start again what was killed, as `up` would. Raises if a service ended by itself, or is killed each time."""
        for name, process in list(self.processes.items()):
            if process.poll() is None:
                continue
            if process.returncode >= 0 or self.restarts[name] == self.most_restarts:
                raise NodeUnavailable(f"{name} ended; see {log_folder() / (name + '.log')}")
            self.restarts[name] += 1
            self._say(f"{name} was killed; it is started again.")
            self.start_services((name,))

    def end(self) -> None:
        """Services first, then the broker: nobody asks for what is in its queues, so it need not stop in good order.

        What is under the folder stays, to be looked at.
        """
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if self._broker is not None:
            self._broker.discard()


def tied(module: str, *words: str) -> list[str]:
    """The command for a program of ours that ends with this one."""
    return [*_PYTHON, "shared.tied", *_PYTHON, module, *words]


def surroundings() -> dict[str, Any]:
    """What every program that a world starts finds around it."""
    environment = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1")
    return {"cwd": ROOT, "env": environment, "stdin": subprocess.DEVNULL, "start_new_session": True}


class Background(threading.Thread):
    """Work beside ours, whose trouble becomes ours when we join it."""

    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._trouble: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
        except BaseException as trouble:
            self._trouble = trouble

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        if self._trouble is not None:
            raise self._trouble


def link_environment(folder: Path) -> None:
    """So that `GONGSHANG_VAR=<folder> ./gongshang …` finds itself installed there, and looks into this world."""
    if sys.prefix != sys.base_prefix:
        (folder / "venv").symlink_to(sys.prefix)


def clear(folder: Path) -> None:
    """Take away what an earlier run left, its broker too if that still runs."""
    if (folder / "broker" / "node.json").exists():
        BrokerNode(folder / "broker").stop()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
