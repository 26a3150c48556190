"""A PostgreSQL cluster of the suite's own, for tests and benchmarks: loopback only. Its settings are durable ones,
unless what it holds need not outlive a power cut; that its processes are killed it outlives as well.

`find_postgres()` is the way in: it respects `GONGSHANG_TEST_POSTGRES`. Not for deployments: those bring a server.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from services.cli.folders import in_var
from services.cli.servers import postgres_programs, processes
from services.cli.servers.broker_files import write_privately
from services.cli.servers.ports import LOOPBACK, becomes_free, pick_free_ports
from services.cli.servers.unavailable import NodeUnavailable

READY_SECONDS = 60.0
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
max_connections = 200
fsync = {flushing}
full_page_writes = {flushing}
logging_collector = off
log_timezone = 'UTC'
timezone = 'UTC'
"""


class PostgresServer:
    """What can be asked of any server, ours or given: an address per database, and databases."""

    is_private = False

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url

    def start(self, timeout: float = READY_SECONDS) -> None:
        self.wait_ready(timeout)

    def stop(self) -> None:
        return

    def kill(self) -> None:
        raise NodeUnavailable("GONGSHANG_TEST_POSTGRES names a server that is not ours to kill.")

    def is_running(self) -> bool:
        return self.answers()

    def url(self, database: str = "postgres") -> str:
        """For SQLAlchemy."""
        address = make_url(self.server_url).set(drivername="postgresql+psycopg", database=database)
        return address.render_as_string(hide_password=False)

    def create_database(self, name: str) -> str:
        """Make an empty database and give its URL."""
        self.run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Also with connections to it still open."""
        self.run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.plain_url(), autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)

    def plain_url(self) -> str:
        """For psycopg itself, which knows no driver names. Keeps the database that a given URL names."""
        return make_url(self.server_url).set(drivername="postgresql").render_as_string(hide_password=False)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.plain_url(), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def wait_ready(self, timeout: float = READY_SECONDS) -> None:
        if not processes.wait_until(self.answers, timeout, interval=0.1):
            raise NodeUnavailable(f"PostgreSQL did not answer within {timeout:.0f} s.")


class PostgresNode(PostgresServer):
    """One private cluster under `folder`. Objects over the same folder, in any process, are the same cluster."""

    is_private = True

    def __init__(self, folder: Path | None = None, *, outlives_power_cut: bool = True) -> None:
        self.folder = Path(folder or in_var("postgres")).absolute()
        self.outlives_power_cut = outlives_power_cut

    @property
    def server_url(self) -> str:  # type: ignore[override]
        return f"postgresql://gongshang:{self.identity['password']}@{LOOPBACK}:{self.identity['port']}/postgres"

    @property
    def identity(self) -> dict[str, str]:
        """Port, password and place of the data; made at first use and kept."""
        file = self.folder / "node.json"
        if not file.exists():
            self.remember({"port": str(pick_free_ports(1)[0]), "password": secrets.token_urlsafe(18), "data": ""})
        found: dict[str, str] = json.loads(file.read_text())
        return found

    def remember(self, identity: dict[str, str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_privately(self.folder / "node.json", json.dumps(identity))

    @property
    def data_folder(self) -> Path | None:
        data = self.identity["data"]
        return Path(data) if data and Path(data, "PG_VERSION").exists() else None

    @property
    def server_pid(self) -> int | None:
        if self.data_folder is None:
            return None
        try:
            pid = int((self.data_folder / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if processes.is_alive(pid, having=str(self.data_folder)) else None

    def is_running(self) -> bool:
        return self.server_pid is not None

    def start(self, timeout: float = READY_SECONDS) -> None:
        """Start and wait until it answers; makes the cluster the first time."""
        if not self.is_running():
            programs, runner = postgres_programs.find_or_install(), postgres_programs.find_runner()
            data = self.data_folder or self.make_cluster(programs, runner)
            self.spawn(programs, runner, data)
        self.wait_ready(timeout)

    def spawn(self, programs: Path, runner: postgres_programs.Runner, data: Path) -> None:
        if not becomes_free(int(self.identity["port"])):
            self.remember({**self.identity, "port": str(pick_free_ports(1)[0])})
        # No server of ours runs, so a number left behind by a killed one may now belong to a stranger.
        (data / "postmaster.pid").unlink(missing_ok=True)
        flushing = "on" if self.outlives_power_cut else "off"
        settings = SETTINGS.format(port=self.identity["port"], flushing=flushing)
        (data / "postgresql.auto.conf").write_text(settings)
        command = [str(programs / "postgres"), "-D", str(data)]
        processes.start_detached(command, log=self.folder / "server.log", cwd=data, **runner.as_arguments)

    def make_cluster(self, programs: Path, runner: postgres_programs.Runner) -> Path:
        data = self.make_data_folder(runner)
        with tempfile.NamedTemporaryFile("w", dir=data.parent) as password:
            password.write(self.identity["password"])
            password.flush()
            if runner.user is not None:
                os.chown(password.name, runner.user, runner.group or 0)
            options = ["--username=gongshang", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
            options += [] if self.outlives_power_cut else ["--no-sync"]
            command = [str(programs / "initdb"), *options, f"--pwfile={password.name}", "-D", str(data)]
            made = subprocess.run(command, cwd=data, capture_output=True, text=True, check=False, **runner.as_arguments)
        if made.returncode != 0:
            raise NodeUnavailable(f"initdb failed: {made.stderr.strip()}")
        self.remember({**self.identity, "data": str(data)})
        return data

    def make_data_folder(self, runner: postgres_programs.Runner) -> Path:
        """Under our folder; where the server's account can't get in there, under the system's temporary folder."""
        data = self.folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir(mode=0o700, parents=True)
        self.hand_over(data, runner)
        if runner.can_reach(data):
            return data
        data.rmdir()
        outside = Path(tempfile.mkdtemp(prefix="gongshang-postgres-"))
        self.hand_over(outside, runner)
        data = outside / "data"
        data.mkdir(mode=0o700)
        self.hand_over(data, runner)
        return data

    @staticmethod
    def hand_over(folder: Path, runner: postgres_programs.Runner) -> None:
        if runner.user is not None:
            os.chown(folder, runner.user, runner.group or 0)

    def stop(self, timeout: float = 30.0) -> None:
        """Stop in good order. Data kept outside our folder, for want of access to it, are removed."""
        pid = self.server_pid
        if pid is not None:
            processes.send(pid, signal.SIGINT)
            if not processes.wait_for_end(pid, timeout):
                self.kill()
        data = self.data_folder
        if data is not None and self.folder not in data.parents:
            shutil.rmtree(data.parent)
            self.remember({**self.identity, "data": ""})

    def kill(self) -> None:
        """SIGKILL to the server and every process of it, as a power cut would."""
        pid = self.server_pid
        if pid is None:
            return
        processes.send(pid, signal.SIGSTOP)
        family = (*processes.children_of(pid), pid)
        for each in family:
            processes.send(each, signal.SIGKILL)
        for each in family:
            processes.wait_for_end(each, 30.0)


def find_postgres(folder: Path | None = None, *, outlives_power_cut: bool = True) -> PostgresServer:
    """The server to use here: the one `GONGSHANG_TEST_POSTGRES` names, else a private cluster, not yet started."""
    given = os.environ.get("GONGSHANG_TEST_POSTGRES")
    return PostgresServer(given) if given else PostgresNode(folder, outlives_power_cut=outlives_power_cut)
