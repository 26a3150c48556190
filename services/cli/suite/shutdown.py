"""Ctrl-C and SIGTERM for commands that own other processes: remembered, not thrown into whatever runs just then."""

import signal
import threading

from services.cli.output import say


class Shutdown:
    """Ask `is_asked`, or `wait`. Asking twice changes nothing: what is being stopped is stopped in order."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        say("Already stopping ..." if self._asked.is_set() else "Stopping ...")
        self._asked.set()

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        return self._asked.wait(seconds)
