"""Runs the gateway in the foreground: `python -m services.gateway.server`. Stops gracefully on SIGTERM and Ctrl-C.

Browsers are answered by workers of a server of its own process (`serving.py`); this one watches it, ends with it, and
serves the metrics of all workers together.
"""

import http.client
import os
import shutil
import signal
import ssl
import subprocess
import sys
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from services.gateway import listening
from shared import metrics
from shared.logs import configure, get_logger
from shared.settings import PROJECT_FOLDER, BadSetting, settings

STOP_SECONDS = 40
COUNTED = "PROMETHEUS_MULTIPROC_DIR"

log = get_logger()


def main() -> int:
    try:
        options = settings()
        listening.must_be_safe(options)
    except BadSetting as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    configure("gateway", options.log_level)
    counted = options.var_folder / "gateway" / "counted"
    shutil.rmtree(counted, ignore_errors=True)
    counted.mkdir(parents=True)
    server = start(counted)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.send_signal(signal.SIGTERM))
    if options.metrics_port:
        metrics.serve(options.metrics_port, options.metrics_address, trouble, registry_of(counted))
    return 0 if server.wait() in (0, -signal.SIGTERM) else 1


def start(counted: Path) -> subprocess.Popen[bytes]:
    """The server, which ends with this process however that ends. Its workers count into the folder."""
    python = [sys.executable, "-P", "-m"]
    return subprocess.Popen(
        [*python, "shared.tied", *python, "services.gateway.serving"],
        cwd=PROJECT_FOLDER,
        env=os.environ | {COUNTED: str(counted)},
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def registry_of(counted: Path) -> CollectorRegistry:
    """What all workers have counted, those that have ended too."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(counted))  # type: ignore[no-untyped-call]
    return registry


def trouble() -> str | None:
    """What keeps it from answering, as a worker says itself."""
    connection = listening.connection()
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return None if answer.status == http.HTTPStatus.OK else "it is not ready: see its log"
    except (OSError, http.client.HTTPException, ssl.SSLError):
        return "no worker answers"
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
