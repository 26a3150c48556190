"""Processes that tests start as forks are like those of `python -m`: their own environment, output and end."""

import os
import signal
from pathlib import Path

import pytest

from tests.bus.conftest import wait_until
from tests.forked import _server, fork


def test_it_has_the_environment_and_output_it_is_given_and_ends_as_it_ends(tmp_path, monkeypatch):
    monkeypatch.setenv("GONGSHANG_STRAY", "of the tests, not given")
    log, says = tmp_path / "log", "import os; print(*(n for n in os.environ if 'GONG' in n), flush=True); os._exit(3)"
    process = fork("timeit", "-n1", says, environment={"GONGSHANG_VAR": "here"}, log=log)
    assert process.wait(20) == 3
    assert log.read_text() == "GONGSHANG_VAR\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_it_can_be_ended_and_is_gone_when_it_has_ended(number):
    process = fork("timeit", "-n1", "import time; time.sleep(60)", environment={})
    assert process.poll() is None
    process.send_signal(number)
    wait_until(lambda: process.poll() is not None, "it has ended")
    assert process.returncode == -number


def test_forks_share_no_file_of_the_hub_by_which_they_would_wake_each_other():
    fork("timeit", "-n1", "pass", environment={}).wait(20)
    server, _ = _server()
    opened = [os.readlink(one) for one in Path(f"/proc/{server.pid}/fd").iterdir()]
    assert not any("eventpoll" in one for one in opened), opened
