"""The web server: gunicorn with threads, some workers, each with an app and a connection to the broker of its own."""

import os
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from services.gateway.app import make_app
from shared.logs import configure
from shared.settings import Settings, settings

THREADS = 8
STOPS_WITHIN_SECONDS = 30
SILENT_SECONDS = 60
"""A worker that does not stir for so long is killed and started again."""


class Log(Logger):  # type: ignore[misc]
    """The server's own lines go where all others go."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.error_log.setLevel(settings().log_level.upper())


class Server(BaseApplication):  # type: ignore[misc]
    """Takes its configuration from the suite's settings, and from nowhere else."""

    def __init__(self, options: Settings) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in configuration(self._options).items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return make_app()


def configuration(options: Settings) -> dict[str, Any]:
    """What gunicorn is told. Limits on lines and fields of a request are its own; on bodies the app's."""
    tls = {"certfile": str(options.web_certificate), "keyfile": str(options.web_key)} if options.web_certificate else {}
    return tls | {
        "bind": f"{_bracketed(options.web_address)}:{options.web_port}",
        "workers": options.web_workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": SILENT_SECONDS,
        "graceful_timeout": STOPS_WITHIN_SECONDS,
        "keepalive": 15,
        "limit_request_line": 4094,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "forwarded_allow_ips": "",  # proxy.py knows which proxy counts
        "proc_name": "gongshang-gateway",
        "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,
        "control_socket_disable": True,
        "logger_class": Log,
        "child_exit": _forget,
    }


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _forget(_: Arbiter, worker: Worker) -> None:
    """Gauges of a worker that has ended count no more."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    configure("gateway", settings().log_level)
    Server(settings()).run()
