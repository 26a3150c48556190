"""Which processors may be used by what starts beside a broker.

A broker boots on one processor alone, and takes half as long again when it has to share it: until it answers,
everything else keeps off one processor. Where there is only one, or no way to say so, nothing happens.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from services.cli.servers.processes import children_of

CAN_CHOOSE = hasattr(os, "sched_setaffinity")


def leave_one(pid: int) -> None:
    """Keep a process, and all that it starts from now on, off one of the processors that we may use."""
    if CAN_CHOOSE:
        ours = sorted(os.sched_getaffinity(0))
        allow(pid, ours[1:] or ours)


def use_all(pid: int) -> None:
    """Let a process and everything below it use all the processors that we may use."""
    if CAN_CHOOSE:
        for child in children_of(pid):
            use_all(child)
        allow(pid, os.sched_getaffinity(0))


def allow(pid: int, processors: Iterable[int]) -> None:
    """For each of its threads. One that has just ended needs nothing any more."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), processors)
