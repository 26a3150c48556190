"""While a broker boots, the rest keeps off one processor; afterwards everybody may use all."""

import os
import subprocess
import sys

import pytest

from services.cli.servers import processors
from services.cli.servers.processes import children_of, wait_until

if not processors.CAN_CHOOSE or len(os.sched_getaffinity(0)) < 2:
    pytest.skip("there is nothing to choose from", allow_module_level=True)
STARTS_ANOTHER = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"


@pytest.fixture
def parent():
    with subprocess.Popen([sys.executable, "-c", "input();" + STARTS_ANOTHER], stdin=subprocess.PIPE) as process:
        yield process
        process.stdin.close()


def start_child_of(parent):
    parent.stdin.write(b"\n")
    parent.stdin.flush()
    assert wait_until(lambda: children_of(parent.pid), 10)
    return children_of(parent.pid)[0]


def test_what_keeps_off_one_and_all_that_it_starts_are_let_free_together(parent):
    ours = os.sched_getaffinity(0)
    processors.leave_one(parent.pid)
    child = start_child_of(parent)
    kept_off = [os.sched_getaffinity(pid) for pid in (parent.pid, child)]

    processors.use_all(parent.pid)

    assert kept_off == [ours - {min(ours)}] * 2
    assert [os.sched_getaffinity(pid) for pid in (parent.pid, child)] == [ours] * 2


def test_a_process_that_has_ended_is_no_trouble(parent):
    parent.kill()
    parent.wait()
    processors.leave_one(parent.pid)
    processors.use_all(parent.pid)
