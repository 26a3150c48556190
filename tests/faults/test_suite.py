"""The whole suite under fire: services, broker and database are killed while orders flow; nothing is lost or doubled.

The short campaign; run it longer with FAULT_ORDERS=20000.
"""

import itertools
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from services import PROCESSES
from services.cli.bench.complaints import write_complaints
from services.cli.demo.orders_file import envelope
from services.cli.proof.drain import Drain
from services.cli.proof.reconcile import reconcile
from services.cli.proof.rest import reconcile_at_rest
from services.cli.suite.world import World
from services.rehearsal.people.hotline import Line
from shared.bus.connection import broker_connection
from shared.settings import settings
from shared.storage.engine import close_engines, engine_for

ORDERS = int(os.environ.get("FAULT_ORDERS", "1200"))
PATIENCE_SECONDS = 60 + ORDERS / 20
_series = itertools.count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "sqlite without outbox"])
def flow(request: pytest.FixtureRequest) -> Iterator["Flow"]:
    """Orders into a suite of its own; it lives through one trouble after the other, as a suite in use does."""
    before = dict(os.environ)
    kind, _, without = request.param.partition(" ")
    url = request.getfixturevalue("postgres").create_database("faults") if kind == "postgresql" else ""
    os.environ["GONGSHANG_OUTBOX"] = "off" if without else "on"
    with World("faults", database=url) as running:
        yield Flow(running)
    os.environ.clear()
    os.environ.update(before)
    settings.cache_clear()
    close_engines()


on_each_database = pytest.mark.parametrize("flow", ["sqlite", "postgresql"], indirect=True)


class Flow:
    """Orders that were sent, and how far the suite has come with them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.drain = Drain()
        self.sent: dict[str, str] = {}

    def send(self, count: int) -> None:
        now = datetime.now(UTC)
        orders = write_complaints(count, at=now, series=f"F{next(_series)}")
        messages = [(one["order_no"], *envelope(one["order_no"], now, one)) for one in orders]
        with Line(self.world.uri) as line:
            line.publish((message_id, body) for _, message_id, body in messages)
        self.sent |= {message_id: order_no for order_no, message_id, _ in messages}

    def wait_for(self, service: str, events: int) -> None:
        """Until a service has heard so many more events than now."""
        wanted = self._heard(service) + events
        end = time.monotonic() + PATIENCE_SECONDS
        while self._heard(service) < wanted and self.drain.trouble(len(self.sent)) is not None:
            assert time.monotonic() < end, f"{service} does not come on"
            time.sleep(0.02)

    def wait_until_taken_in(self) -> None:
        """Until intake has settled every order that was sent."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.drain.books["intake"].from_outside < len(self.sent):
            assert time.monotonic() < end, "orders are not taken in"
            time.sleep(0.05)
            self.drain.books["intake"].read_inbox()

    def _heard(self, service: str) -> int:
        with engine_for(service).connect().execution_options(reads=True) as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar() or 0)

    def comes_to_rest_whole(self) -> None:
        found = reconcile_at_rest(
            self.drain, len(self.sent), partial(reconcile, self.sent), PATIENCE_SECONDS, self.world.still_well
        )
        assert found.lines() == []


def kill_service(world: World, name: str) -> None:
    process = world.processes[name]
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


@on_each_database
def test_every_service_is_killed_once_while_orders_flow(flow):
    flow.send(ORDERS)
    for name in PROCESSES:
        flow.wait_for("intake", ORDERS // 12)
        kill_service(flow.world, name)
        flow.world.start_services((name,))
    flow.comes_to_rest_whole()


@on_each_database
def test_the_broker_is_killed_while_orders_flow(flow):
    flow.send(ORDERS // 2)
    flow.wait_for("intake", ORDERS // 10)
    broker: Any = flow.world._broker
    broker.kill()
    broker.start()
    flow.send(ORDERS // 4)
    flow.comes_to_rest_whole()


@pytest.mark.parametrize("flow", ["postgresql"], indirect=True)
def test_the_database_is_killed_while_orders_flow(flow, postgres):
    flow.send(ORDERS // 2)
    flow.wait_for("intake", ORDERS // 10)
    postgres.kill()
    postgres.start()
    flow.comes_to_rest_whole()


@on_each_database
def test_services_may_start_before_the_broker_and_wait_for_it(flow):
    broker: Any = flow.world._broker
    for name in PROCESSES:
        kill_service(flow.world, name)
    broker.kill()
    flow.world.start_services(PROCESSES)
    broker.start()
    flow.world.wait_ready()
    flow.send(50)
    flow.comes_to_rest_whole()


FATES = {"complaint_accepted.v1", "complaint_answered.v1", "complaint_urged.v1", "complaint_rejected.v1"}


def orders_the_hotline_heard_of(uri: str) -> set[str]:
    """Whatever has come to the hotline's own queue: nothing of ours vouches for it."""
    with broker_connection(uri) as connection:
        channel, heard = connection.channel(), []
        channel.basic_consume("hotline.replies", callback=heard.append, no_ack=True)
        with suppress(TimeoutError):
            while True:
                connection.drain_events(timeout=3)
    replies = [json.loads(message.body) for message in heard]
    return {reply["data"]["order_no"] for reply in replies if reply["type"] in FATES}


@pytest.mark.parametrize("flow", ["sqlite", "sqlite without outbox"], indirect=True)
def test_the_hotline_hears_of_every_order_with_the_outbox_and_not_without(flow):
    """The negative control: without the outbox the same trouble must be seen as loss, or nothing here is proven."""
    has_outbox = settings().outbox_enabled
    flow.send(ORDERS)
    flow.wait_for("intake", ORDERS // 10)
    kill_service(flow.world, "intake")
    flow.world.start_services(("intake",))
    flow.wait_until_taken_in()
    intake = flow.world.processes["intake"]
    intake.send_signal(signal.SIGTERM)  # a graceful stop publishes what is in hand
    intake.wait(PATIENCE_SECONDS)
    if has_outbox:
        flow.world.start_services(("intake",))
        flow.comes_to_rest_whole()
    lost = set(flow.sent.values()) - orders_the_hotline_heard_of(flow.world.uri)
    assert bool(lost) != has_outbox
