"""The web server as it runs: in a process of its own, with workers that are watched, counted and stopped in order."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from services.cli.folders import ROOT
from services.cli.servers.ports import pick_free_ports
from tests.databases import lent

SECONDS = 30
_PYTHON = (sys.executable, "-P")


@pytest.fixture(params=["sqlite"])
def served(request) -> Iterator[tuple[str, str, subprocess.Popen[bytes]]]:
    """The address of the pages, that of the metrics, and the process."""
    with lent(request, "gateway"):
        port, metrics_port = pick_free_ports(2)
        ports = {"GONGSHANG_WEB_PORT": str(port), "GONGSHANG_METRICS_PORT": str(metrics_port)}
        command = [*_PYTHON, "-m", "services.gateway.server"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | ports | {"PYTHONPATH": str(ROOT)})
        yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{metrics_port}", process
        process.kill()
        process.wait(SECONDS)


def got(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return ""


def comes(what: str, address: str) -> bool:
    end = time.monotonic() + SECONDS
    while what not in got(address):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def test_it_answers_counts_for_all_workers_and_stops_when_asked(served):
    pages, metrics, process = served

    assert comes('"ok": true', f"{metrics}/healthz")
    assert '"ok":true' in got(f"{pages}/healthz")
    assert 'gongshang_web_seconds_count{route="/healthz",status="2xx"}' in got(f"{metrics}/metrics")
    process.send_signal(signal.SIGTERM)
    assert process.wait(SECONDS) == 0
    assert got(f"{pages}/healthz") == ""


def test_nothing_that_the_server_loads_loads_eventlet_or_nameko():
    look = "import sys, services.gateway.serving; sys.exit(bool({'eventlet', 'nameko'} & set(sys.modules)))"

    looked = subprocess.run([*_PYTHON, "-c", look], check=False, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert looked.returncode == 0
