"""The supervisor of `up`: its configuration, starting it, and asking it things over its socket.

supervisord restarts what dies, waits longer each time it dies at once, and stops the broker after everything else.
"""

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import xmlrpc.client
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supervisor.xmlrpc import SupervisorTransport

from services import GATEWAY, program_of
from services.cli.folders import ROOT, log_folder, supervisor_folder
from services.cli.servers.ports import is_port_free, pick_free_ports
from services.cli.suite import web
from services.cli.suite.choosing import process_of

LONGEST_SOCKET_PATH = 100
BROKER = "broker"
HEAD = """\
[unix_http_server]
file = {socket}
chmod = 0700

[supervisord]
nodaemon = true
logfile = supervisord.log
logfile_maxbytes = 5MB
pidfile = supervisord.pid
childlogdir = .

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
# A program that ends within startsecs is tried again after 1, 2, 3 … seconds; one that ran longer, at once.
PROGRAM = """
[program:{name}]
command = {python} -P -m shared.tied {python} -P -m {module}
priority = {priority}
autostart = false
autorestart = true
startsecs = {startsecs}
startretries = 1000
stopsignal = TERM
stopwaitsecs = 60
directory = {root}
stdout_logfile = {log}
stdout_logfile_maxbytes = 20MB
stdout_logfile_backups = 3
redirect_stderr = true
environment = GONGSHANG_METRICS_PORT="{metrics_port}",PYTHONUNBUFFERED="1"{more}
"""


def socket_path() -> Path:
    """In our folder; the kernel allows a socket no long path, so under a deep one it is a temporary file."""
    path = supervisor_folder() / "up.sock"
    if len(str(path).encode()) <= LONGEST_SOCKET_PATH:
        return path
    return Path(tempfile.gettempdir()) / f"gongshang-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.sock"


def metrics_ports(names: Sequence[str]) -> dict[str, int]:
    """A port per service, remembered, so that whoever scrapes them finds them again after a restart."""
    known = metrics_ports_now()
    kept = {name: port for name, port in known.items() if is_port_free(port)}
    fresh = pick_free_ports(len(names))
    ports = {name: kept.get(name, fresh[place]) for place, name in enumerate(names)}
    metrics_ports_file().write_text(json.dumps({**known, **ports}))
    return ports


def metrics_ports_now() -> dict[str, int]:
    file = metrics_ports_file()
    return json.loads(file.read_text()) if file.exists() else {}


def metrics_ports_file() -> Path:
    return supervisor_folder() / "metrics_ports.json"


def write_configuration(services: Sequence[str], *, with_broker: bool) -> Path:
    for folder in (supervisor_folder(), log_folder()):
        folder.mkdir(parents=True, exist_ok=True)
    parts = [configuration_head()]
    if with_broker:
        parts.append(program(BROKER, "services.cli.servers.run_broker", priority=1))
    ports = metrics_ports(services)
    for name in services:
        module = " ".join(program_of(process_of(name)))
        more = f',GONGSHANG_WEB_PORT="{web.pick_port()}"' if name == GATEWAY else ""
        parts.append(program(name, module, priority=10, metrics_port=ports[name], more=more))
    file = supervisor_folder() / "supervisord.conf"
    file.write_text("".join(parts))
    return file


def configuration_head() -> str:
    return HEAD.format(socket=escaped(socket_path()))


def program(name: str, module: str, *, priority: int, metrics_port: int = 0, more: str = "") -> str:
    return PROGRAM.format(
        name=name,
        python=f'"{escaped(Path(sys.executable))}"',
        module=module,
        priority=priority,
        startsecs=3,
        root=escaped(ROOT),
        log=os.path.relpath(log_folder() / f"{name}.log", supervisor_folder()),
        metrics_port=metrics_port,
        more=more,
    )


def escaped(path: Path) -> str:
    """supervisord reads % as the start of an expansion; in the name of a log file twice, so that those are relative."""
    return str(path).replace("%", "%%")


def start_supervisord(configuration: Path) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C reaches `up` alone, which then stops things in order."""
    tied = [sys.executable, "-P", "-m", "shared.tied"]
    with (supervisor_folder() / "console.log").open("ab") as console:
        return subprocess.Popen(
            [*tied, sys.executable, "-P", "-m", "supervisor.supervisord", "-c", str(configuration)],
            cwd=supervisor_folder(),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=console,
            stderr=console,
            start_new_session=True,
        )


@contextmanager
def supervisor() -> Iterator[Any]:
    """supervisord's own calls, as documented with it (`startProcess`, `getAllProcessInfo` …)."""
    transport = SupervisorTransport(None, None, f"unix://{socket_path()}")
    try:
        yield xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor
    finally:
        transport.close()


def process_states() -> dict[str, dict[str, Any]] | None:
    """What supervisord says of each program, by name; None when nothing is up."""
    try:
        with supervisor() as asked:
            return {found["name"]: found for found in asked.getAllProcessInfo()}
    except (OSError, http.client.HTTPException, xmlrpc.client.Error):
        return None


def states_of(process: str) -> list[dict[str, Any]]:
    """The same of every copy of a process that `up` runs."""
    return [found for name, found in (process_states() or {}).items() if process_of(name) == process]


def is_up() -> bool:
    return process_states() is not None
