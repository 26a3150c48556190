"""`up`, run as a user runs it, with a var folder of its own: what dies is restarted, Ctrl-C leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.folders import ROOT
from services.cli.servers.broker import BrokerNode
from services.cli.servers.processes import wait_until

SECONDS = 90.0


class Up:
    """A running `up` and its var folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.environment = {**os.environ, "GONGSHANG_VAR": str(folder), "PYTHONPATH": str(ROOT)}
        self.broker = BrokerNode(folder / "broker")
        self.process = self.start("up", "directory", "gateway")

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "services.cli.main", *words]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder
        )

    def ask(self, *words: str) -> tuple[int, str]:
        with self.start(*words) as asked:
            output, _ = asked.communicate(timeout=SECONDS)
        return asked.returncode, output

    def wait_until_up(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Ctrl-C stops everything" in line:
                return
        pytest.fail("up ended before all was up")

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=SECONDS)
        return self.process.returncode

    def left_behind(self) -> list[str]:
        """Every process that was started with our var folder in its environment."""
        mark = f"GONGSHANG_VAR={self.folder}".encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return found


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    running = Up(tmp_path / "共商 50%x")  # supervisord expands what begins with %, RabbitMQ reads ASCII
    running.wait_until_up()
    yield running
    if running.process.poll() is None:
        running.end(signal.SIGINT)


@pytest.mark.timeout(240)
def test_up_restarts_what_dies_refuses_to_run_twice_and_stops_clean_on_ctrl_c(up: Up) -> None:
    first = up.broker.server_pid
    assert first is not None

    up.broker.kill()
    assert wait_until(lambda: up.broker.server_pid not in (None, first), SECONDS)
    up.broker.wait_ready()

    code, output = up.ask("up")
    assert (code, "Already up" in output) == (1, True)
    seen = json.loads(up.ask("status", "--json")[1])
    assert seen["broker"]["version"]
    assert seen["services"]["gateway"]["is_well"]

    assert up.end(signal.SIGINT) == 0
    assert up.left_behind() == []


@pytest.mark.timeout(240)
def test_when_up_itself_is_killed_everything_else_ends_too(up: Up) -> None:
    up.end(signal.SIGKILL)

    assert wait_until(lambda: up.left_behind() == [], SECONDS), up.left_behind()
