"""Baseline: a bare nameko service that sends back what it is given. No database, no checks. A process of its own."""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import json  # noqa: E402
import sys  # noqa: E402
from typing import Any  # noqa: E402

from nameko.rpc import rpc  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402


class Echo:
    """Says it again."""

    name = "echo"

    @rpc
    def say(self, request: dict[str, Any]) -> dict[str, Any]:
        return request


if __name__ == "__main__":
    runner = ServiceRunner({"AMQP_URI": json.loads(sys.argv[1])["uri"], "serializer": "json"})
    runner.add_service(Echo)
    runner.start()
    runner.wait()
