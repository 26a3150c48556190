"""Baseline: intake's own use case as a plain nameko service, one transaction and one acknowledgement per event.

What a team would write with nameko's defaults: `event_handler`, ten workers, events dispatched after the commit. It
loses events when it is killed at the wrong instant; here it is only to be compared with. A process of its own.
"""

import warnings

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet  # noqa: E402

eventlet.monkey_patch()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from typing import Any  # noqa: E402

import click  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from sqlalchemy import Engine  # noqa: E402

from services.cli.bench.plain_queue import SERVICE, SOURCE  # noqa: E402
from services.cli.bench.publishing import COMPLAINT_FILED  # noqa: E402
from services.intake.storage.catalogue import the_catalogue  # noqa: E402
from services.intake.storage.repository import IntakeStore  # noqa: E402
from services.intake.use_cases import orders  # noqa: E402
from shared.bus.moment import Moments  # noqa: E402
from shared.contracts.hotline import ComplaintFiledV1  # noqa: E402
from shared.storage.engine import make_engine  # noqa: E402


class Tally:
    """How many were handled, and since when."""

    handled = 0
    failed = 0
    events = 0
    began = 0.0


class PlainIntake:
    """Takes complaints in, the plain way."""

    name = SERVICE
    engine: Engine
    dispatch = EventDispatcher()
    moments = Moments()

    @event_handler(SOURCE, COMPLAINT_FILED)
    def take_in(self, body: dict[str, Any]) -> None:
        try:
            rows = self._take_in(ComplaintFiledV1.from_wire(body["data"]))
            for row in rows:
                self.dispatch(row["routing_key"], json.loads(row["body"]))
            Tally.events += len(rows)
        except Exception:
            Tally.failed += 1
            raise
        finally:
            Tally.handled += 1
            Tally.began = Tally.began or time.perf_counter()

    def _take_in(self, event: ComplaintFiledV1) -> list[dict[str, Any]]:
        with self.engine.begin() as connection:
            work = IntakeStore(connection)
            orders.take_in(work, event, self.moments.now())
            work.outbox.is_written = False
            work.flush()
        return work.outbox.rows


def main(given: dict[str, Any]) -> None:
    PlainIntake.engine = make_engine("intake", given["database"])
    the_catalogue()
    runner = ServiceRunner({"AMQP_URI": given["uri"], "serializer": "json", "max_workers": 10})
    runner.add_service(PlainIntake)
    runner.start()
    while Tally.handled < given["count"]:
        eventlet.sleep(0.02)
    seconds = time.perf_counter() - Tally.began
    runner.stop()
    rate = round((given["count"] - 1) / seconds, 1)
    found = {"complaints_per_second": rate, "seconds": round(seconds, 2), "complaints": given["count"]}
    click.echo(json.dumps(found | {"events_published": Tally.events, "failed": Tally.failed}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
