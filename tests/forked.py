"""Starts modules in processes of their own, quickly: as forks of one that has loaded what all services load."""

import atexit
import json
import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from shared.settings import PROJECT_FOLDER


class Forked:
    """What tests use of `subprocess.Popen`, for such a process."""

    def __init__(self, pid: int, ends: Path) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ends / str(pid)

    def poll(self) -> int | None:
        if self.returncode is None and self._ended.exists():
            self.returncode = int(self._ended.read_text())
            self._ended.unlink()
        return self.returncode

    def wait(self, timeout: float = math.inf) -> int:
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def fork(module: str, *words: str, environment: dict[str, str], log: Path | None = None) -> Forked:
    """Like `python -m module words`, with its output in the file."""
    server, ends = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    request = {"module": module, "words": words, "environment": environment, "log": str(log or ""), "ends": str(ends)}
    server.stdin.write(json.dumps(request).encode() + b"\n")
    server.stdin.flush()
    return Forked(int(server.stdout.readline()), ends)


@cache
def _server() -> tuple[subprocess.Popen[bytes], Path]:
    """It ends with this process, whose end its standard input has."""
    server = subprocess.Popen(
        [sys.executable, "-P", "-m", "tests.fork_server"],
        cwd=PROJECT_FOLDER,
        env=os.environ | {"PYTHONPATH": str(PROJECT_FOLDER)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    ends = Path(tempfile.mkdtemp(prefix="gongshang-ends-"))
    atexit.register(shutil.rmtree, ends, ignore_errors=True)
    return server, ends
