"""Processes that tests start as forks are like those of `python -m`: their own environment, output and end."""

import signal

import pytest

from tests.bus.conftest import wait_until
from tests.forked import fork


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
