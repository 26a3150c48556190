"""Runs modules as `python -m` would, each in a fork of this process, which has loaded what all services load.

Loading it takes a second of processor time, and hundreds of tests start a service. A request is a line of JSON on
standard input, its answer a line with the process's number; how that process ended is written to a file of its number.
All of them end with this one, and this one with whoever asks.
Nothing may be connected and no green thread may run here: a fork would share it.
"""
# ruff: noqa: E402, I001

import gc
import importlib
import json
import os
import runpy
import signal
import sys
from pathlib import Path
from typing import Any

GIVEN = dict(os.environ)

from shared import run  # noqa: F401 switches green threads on, so it comes first

import psycopg  # noqa: F401
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite  # noqa: F401
from eventlet import hubs
from eventlet.patcher import original

from services import SERVICES
from shared.policy import PolicyBook
from shared.tied import tie_to_parent
from shared.settings import settings
from tests.bus import toy  # noqa: F401

PolicyBook.load()  # all keep what they were forked with
for service in SERVICES:
    importlib.import_module(f"services.{service}.service")
gc.collect()
gc.freeze()  # a fork that looked through what it was born with would copy all of it
hubs.get_hub().poll.close()  # loading opened it; forks that share it wake each other with whatever any of them hears
hubs.use_hub()
SET_BY_LOADING = {name: value for name, value in os.environ.items() if GIVEN.get(name) != value}
_os: Any = original("os")  # its calls wait without green threads


def next_request() -> dict[str, Any] | None:
    """In each fork the request that it is for; None when no more will come."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            tie_to_parent()
            request: dict[str, Any] = json.loads(line)
            number = os.fork()
            if number == 0:
                tie_to_parent()
                return request
            see_to_its_end(number, Path(request["ends"]))
    return None


def see_to_its_end(number: int, ends: Path) -> None:
    """A process stands by each, as only a parent learns how its child ended."""
    _os.write(1, b"%d\n" % number)
    _, status = _os.waitpid(number, 0)
    ended = ends / str(number)
    ended.with_suffix(".fresh").write_text(str(os.waitstatus_to_exitcode(status)))
    ended.with_suffix(".fresh").rename(ended)
    os._exit(0)


def become(request: dict[str, Any]) -> None:
    output = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT) if request["log"] else 2
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(SET_BY_LOADING | request["environment"])
    settings.cache_clear()
    sys.argv[1:] = request["words"]
    try:
        runpy.run_module(request["module"], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        if ended.code and not isinstance(ended.code, int):
            raise
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(ended.code or 0)  # to take apart what it was born with would cost as much as its start


if __name__ == "__main__":
    asked = next_request()
    if asked is not None:
        become(asked)
