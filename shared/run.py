"""Runs one process in the foreground: `python -m shared.run dispatch`. Stops gracefully on SIGTERM and Ctrl-C.

Green threads are switched on before anything else is imported; that is why this is no part of `shared.bus`.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import os

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # names are looked up once a connection; not worth 0.3 s a start

import sys

sys.modules["rich"] = None  # type: ignore[assignment]  # structlog would load it for colours that no log has

import eventlet

eventlet.monkey_patch()

import importlib
import inspect
import signal
from types import ModuleType
from typing import Any

from nameko.runners import ServiceRunner
from sqlalchemy.exc import SQLAlchemyError

from shared import metrics
from shared.bus import connection as broker
from shared.bus import topology
from shared.bus.rpc.entrypoint import register_errors
from shared.errors import Unavailable
from shared.logs import configure, get_logger
from shared.settings import BadSetting, settings
from shared.storage.engine import engine_for
from shared.storage.revisions import current_revision, newest_revision
from shared.telling import told

LONGEST_WAIT_SECONDS = 0.5  # a start waits at least for the broker; a look costs next to nothing

log = get_logger()


def main(name: str) -> int:
    try:
        options = settings()
    except BadSetting as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    configure(name, options.log_level)
    register_errors()
    home = importlib.import_module("services").home_of(name)
    wait_for("database", lambda: _check_database(home))
    wait_for("broker", check_broker)
    runner = ServiceRunner({"AMQP_URI": broker.broker_uri(), "serializer": "json", "max_workers": 20})
    runner.add_service(service_class(importlib.import_module(f"services.{home}.service"), name))
    if options.metrics_port:
        metrics.serve(options.metrics_port, options.metrics_address, lambda: trouble_of(runner))
    return serve(name, runner)


def service_class(module: ModuleType, name: str) -> type:
    """The nameko service of this name that the module defines."""
    return next(one for _, one in inspect.getmembers(module, inspect.isclass) if getattr(one, "name", None) == name)


def trouble_of(runner: ServiceRunner) -> str | None:
    """What keeps a service from its work, in a sentence; None when all is well."""
    extensions = [extension for container in runner.containers for extension in container.subextensions]
    return next((trouble for one in extensions if (trouble := getattr(one, "trouble", None))), None)


def serve(name: str, runner: ServiceRunner) -> int:
    """Until asked to stop (0), or until the service ends by itself (1)."""
    stop = eventlet.event.Event()
    ended: list[Exception] = []

    def ask_to_stop(*_: Any) -> None:
        eventlet.spawn_n(lambda: None if stop.ready() else stop.send(None))

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    runner.start()
    log.info("service_started", name=name)

    def watch() -> None:
        try:
            runner.wait()
        except Exception as error:
            ended.append(error)
            log.critical("service_ended", name=name, error=told(error), exc_info=error)
        ask_to_stop()

    eventlet.spawn(watch)
    stop.wait()
    if ended:
        return 1
    log.info("service_stops", name=name)
    runner.stop()
    return 0


def wait_for(what: str, check: Any) -> None:
    """Whatever a service needs may come later than the service."""
    wait, said = 0.2, ""
    while True:
        try:
            check()
            return
        except (SQLAlchemyError, Unavailable, *broker.TROUBLE) as trouble:
            if str(trouble) != said:
                said = str(trouble)
                log.warning(f"waits_for_{what}", trouble=said)
            eventlet.sleep(wait)
            wait = min(wait * 1.5, LONGEST_WAIT_SECONDS)


def _check_database(name: str) -> None:
    at, wanted = current_revision(engine_for(name)), newest_revision(name)
    if at != wanted:
        raise Unavailable(
            f"the database is at revision {at or 'none'}, this version needs {wanted}: run ./gongshang migrate"
        )


def check_broker() -> None:
    with broker.broker_connection() as connection:
        topology.prepare(connection)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
