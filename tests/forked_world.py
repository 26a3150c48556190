"""A world whose services are forks: they are quickly there, and do as those of `demo` and `up` in all else.

One that no test kills the broker of may lodge on that of the tests.
"""

import os
from typing import Any, cast
from urllib.request import urlopen

from services import GATEWAY
from services.cli.folders import log_folder
from services.cli.servers.ports import pick_free_ports
from services.cli.suite.world import World, surroundings
from tests.forked import fork


class ForkedWorld(World):
    """Its services end with the process of the tests, as those of any world with the program that began it."""

    lodges_at = ""
    """The address of an empty virtual host; without one it starts a broker of its own."""
    metrics_ports: dict[str, int] | None = None
    """Where its services show their metrics; none do unless there is a place to note it."""

    def metrics_of(self, name: str) -> str:
        """What one of its services shows to Prometheus."""
        assert self.metrics_ports is not None
        with urlopen(f"http://127.0.0.1:{self.metrics_ports[name]}/metrics", timeout=60) as told:
            return str(told.read().decode())

    def _settle_in(self) -> None:
        if self.lodges_at:
            os.environ["AMQP_URI"] = self.lodges_at
        super()._settle_in()

    def launch(self, name: str, module: str, *words: str) -> None:
        if name == GATEWAY:  # what is forked here has switched green threads on
            super().launch(name, module, *words)
            return
        environment = surroundings()["env"]
        if self.metrics_ports is not None:
            (self.metrics_ports[name],) = pick_free_ports(1)
            environment |= {"GONGSHANG_METRICS_PORT": str(self.metrics_ports[name])}
        log = log_folder() / f"{name}.log"
        self.processes[name] = cast(Any, fork(module, *words, environment=environment, log=log))
