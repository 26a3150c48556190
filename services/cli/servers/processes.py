"""Looking at, and ending, processes that a node started, possibly from an earlier run of the program."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any


def start_detached(command: Sequence[str], *, log: Path, **options: Any) -> int:
    """Start a server that outlives us, out of reach of Ctrl-C in our terminal. Gives its pid."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **options
        )
    process.returncode = 0  # so that Popen doesn't mind being forgotten; `reap` collects what ends
    return process.pid


def command_line(pid: int) -> str:
    """The words a process was started with, or nothing when it is gone or a zombie."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def is_alive(pid: int | None, *, having: str) -> bool:
    """Whether `pid` still runs the program it was noted for; a reused number must never be taken for it."""
    return pid is not None and having in command_line(pid)


def children_of(pid: int) -> list[int]:
    children = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == pid:
            children.append(int(status.parent.name))
    return children


def send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
    reap(pid)


def reap(pid: int) -> None:
    """Collect a dead child of ours. Someone else's child is someone else's to collect."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return


def wait_until(is_true: Callable[[], bool], timeout: float, interval: float = 0.05) -> bool:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if is_true():
            return True
        time.sleep(interval)
    return is_true()


def wait_for_end(pid: int, timeout: float) -> bool:
    """Until it holds no file and no port any more."""
    ended = wait_until(lambda: has_ended(pid), timeout)
    reap(pid)
    return ended


def has_ended(pid: int) -> bool:
    """A killed program of many threads keeps its ports until the last of them is gone, though it is a zombie before."""
    reap(pid)
    state = state_of(pid)
    return not state or (state == "Z" and len(list(Path(f"/proc/{pid}/task").glob("*"))) <= 1)


def state_of(pid: int) -> str:
    """The kernel's letter for it, nothing when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
