"""Runs the toy service in a process of its own, as services are run."""
# ruff: noqa: I001

import importlib
import os
import sys

from shared import run  # switches green threads on, so it comes first

from nameko.runners import ServiceRunner

from shared.bus.connection import broker_uri
from shared.bus.rpc.entrypoint import register_errors
from shared.logs import configure
from tests.bus.toy import ToyService

if __name__ == "__main__":
    service = ToyService
    if os.environ.get("TOY_IS_NEWER"):
        service = importlib.import_module("tests.bus.toy_to_come").NewerToyService
    configure("deliberation")
    register_errors()
    run.wait_for("broker", run.check_broker)
    runner = ServiceRunner({"AMQP_URI": broker_uri(), "serializer": "json", "max_workers": 10})
    runner.add_service(service)
    sys.exit(run.serve("deliberation", runner))
