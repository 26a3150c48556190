"""The whole suite under fire: services, broker and database are killed while orders flow; nothing is lost or doubled.

The short campaign; run it longer with FAULT_ORDERS=20000.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from services import PROCESSES
from services.cli.folders import in_var
from services.cli.suite.world import World
from shared.bus.connection import broker_connection
from shared.settings import settings
from tests.faults.flow import ORDERS, PATIENCE_SECONDS, Flow, kill_service, surroundings
from tests.small_district import write_units


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "sqlite without outbox"])
def flow(request: pytest.FixtureRequest) -> Iterator["Flow"]:
    """Orders into a suite of its own; it lives through one trouble after the other, as a suite in use does."""
    kind, _, without = request.param.partition(" ")
    url = request.getfixturevalue("postgres").create_database("faults") if kind == "postgresql" else ""
    wanted = {"GONGSHANG_OUTBOX": "off" if without else "on", "GONGSHANG_UNITS_FILE": write_units(in_var("units.csv"))}
    with surroundings(**wanted), World("faults", database=url) as running:
        yield Flow(running)


on_each_database = pytest.mark.parametrize("flow", ["sqlite", "postgresql"], indirect=True)


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
